import { type OrganizationSettings, organizationSettingsSchema } from "@/lib/organizations/schema";
import { RETENTION_KINDS, type RetentionKind } from "@/lib/retention/schema";

/** The settings as they are being typed, by field. */
export type SettingsField = "undoSeconds" | "handoverMinutes" | RetentionKind;
export type SettingsDraft = Record<SettingsField, string>;
export type SettingsFaults = Partial<Record<SettingsField, string>>;

export function toDraft({ undoSeconds, handoverMinutes, retention }: OrganizationSettings): SettingsDraft {
  const days = Object.fromEntries(
    RETENTION_KINDS.map((kind) => [kind, retention[kind] === null ? "" : String(retention[kind])]),
  ) as Record<RetentionKind, string>;
  return { undoSeconds: String(undoSeconds), handoverMinutes: String(handoverMinutes), ...days };
}

/** What was typed as settings, or every fault by its field. An empty number of days keeps a kind for good. */
export function readDraft(
  draft: SettingsDraft,
): { ok: true; settings: OrganizationSettings } | { ok: false; faults: SettingsFaults } {
  const number = (text: string) => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN);
  const parsed = organizationSettingsSchema.safeParse({
    undoSeconds: number(draft.undoSeconds),
    handoverMinutes: number(draft.handoverMinutes),
    retention: Object.fromEntries(
      RETENTION_KINDS.map((kind) => [kind, draft[kind].trim() === "" ? null : number(draft[kind])]),
    ),
  });
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, faults: faultsOf(parsed.error.issues) };
}

/** Faults by their fields, as the schema or the server names them. */
export function faultsOf(
  issues: readonly { path: string | readonly PropertyKey[]; message: string }[],
): SettingsFaults {
  const faults: SettingsFaults = {};
  for (const { path, message } of issues) {
    const parts = typeof path === "string" ? path.split(".") : path;
    faults[parts.at(-1) as SettingsField] ??= message;
  }
  return faults;
}
