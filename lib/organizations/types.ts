import type { NotAdmin } from "@/lib/auth/admin";
import type { OrganizationSettings } from "@/lib/organizations/schema";

/** The settings as they stand, and which change of them this is. */
export interface StoredSettings extends OrganizationSettings {
  revision: number;
}

/** The organization's page. */
export interface OrganizationPage {
  mayEdit: boolean;
  name: string;
  currency: string;
  timeZone: string;
  settings: StoredSettings;
}

/** What became of settings that were to be kept. */
export type SaveSettingsAnswer =
  | { ok: true; settings: StoredSettings }
  /** Somebody else changed them meanwhile: how they stand now. */
  | { ok: false; code: "moved"; settings: StoredSettings }
  | NotAdmin;
