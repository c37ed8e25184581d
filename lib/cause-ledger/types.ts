import type { SpanPage } from "@/lib/dashboards/types";
import type { FieldError } from "@/lib/decisions/types";
import type { Sums } from "@/lib/sums/types";

/** What somebody said of a cause, and when. Instants are ISO 8601. */
export interface CauseNote {
  id: string;
  owner: { id: string; name: string } | null;
  note: string | null;
  writtenBy: string;
  writtenAt: string;
}

/** What a root cause costs, and what is being done about it. */
export interface CauseLine {
  /** What it is on record as. */
  cause: string;
  /** What the catalogue calls it, or what it is on record as. */
  name: string;
  sums: Sums;
  before: Sums;
  /** What was given because of it, one day or week after the other. */
  trend: number[];
  /** The newest first; the first one holds. */
  notes: CauseNote[];
}

export interface CausesPage extends SpanPage {
  mayEdit: boolean;
  grain: "day" | "week";
  /** The dearest first. */
  lines: CauseLine[];
  /** So many causes more that cost less. */
  leftOut: number;
  /** What was given without a cause. */
  without: Sums;
  total: Sums;
}

export type NoteCauseAnswer =
  | { ok: true }
  /** Somebody else wrote meanwhile: what holds now. */
  | { ok: false; code: "moved"; theirs: CauseNote }
  | { ok: false; code: "signed_out" | "not_allowed" }
  | { ok: false; code: "invalid"; errors: FieldError[] };
