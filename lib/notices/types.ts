import type { NotAdmin } from "@/lib/auth/admin";
import type { Remedy } from "@/lib/discretion/schema";

/** What customers are told of one kind of gesture. */
export interface Notice {
  remedy: Remedy;
  subject: string;
  body: string;
  isOn: boolean;
}

export interface NoticesPage {
  mayEdit: boolean;
  sends: boolean;
  organization: string;
  currency: string;
  email: string;
  /** Those that somebody has written; of the others the page offers words to begin with. */
  notices: Notice[];
}

export type SaveNoticeAnswer = { ok: true } | NotAdmin;
export type TestNoticeAnswer = { ok: true } | { ok: false; code: "no_mail" } | NotAdmin;
