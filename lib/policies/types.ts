import type { FieldError } from "@/lib/decisions/types";
import type { Policy } from "@/lib/discretion/schema";

/** A version as the list of versions shows it. Instants are ISO 8601. */
export interface VersionLine {
  version: number;
  status: "draft" | "published" | "superseded";
  note: string | null;
  /** Null where no person made it. */
  author: string | null;
  createdAt: string;
  publishedAt: string | null;
}

/** A version with its document. */
export interface VersionPage extends VersionLine {
  document: Policy;
  /** The version before it, to tell what changed; null for the first. */
  before: { version: number; document: Policy } | null;
  now: string;
  timeZone: string;
}

export interface VersionsPage {
  versions: VersionLine[];
  /** Where the pages on either side begin; null where there is none. */
  newerHref: string | null;
  olderHref: string | null;
  now: string;
  timeZone: string;
}

/** What the organization has that conditions can name. */
export interface KnownNames {
  teams: string[];
  tiers: string[];
  causes: string[];
}

/** The policy in force, to read or to change. */
export interface PolicyPage {
  mayEdit: boolean;
  /** Null before an organization's first. */
  current: (VersionLine & { document: Policy }) | null;
  /** What a first version is written in. */
  currency: string;
  timeZone: string;
  known: KnownNames;
  now: string;
}

/** What became of saving. Nothing was saved unless it is `ok`. */
export type SaveAnswer =
  | { ok: true; version: number }
  /** Every fault at once, by the path in the document. */
  | { ok: false; code: "invalid"; errors: FieldError[] }
  /** Somebody published meanwhile; `current` is what is in force. */
  | { ok: false; code: "stale"; current: (VersionLine & { document: Policy }) | null }
  | { ok: false; code: "signed_out" | "not_allowed" };
