import type { NotAdmin } from "@/lib/auth/admin";

/** A cause that is offered on the desk. */
export interface OfferedCause {
  /** What a decision carries, and what policies ask about. Never changes. */
  key: string;
  /** What people read. */
  name: string;
  /** Whether whoever decides under it has to write why. */
  needsNote: boolean;
}

/** A cause of the catalogue as the admins keep it. */
export interface KeptCause extends OfferedCause {
  /** Since when it is no longer offered, ISO 8601; null while it is. */
  retiredAt: string | null;
  /** Counts the changes, so that of two who edit it the second one hears of the first. */
  revision: number;
}

/** A cause that was named lately and is in no catalogue. */
export interface FreeCause {
  cause: string;
  count: number;
}

export interface CausesPage {
  mayEdit: boolean;
  offered: KeptCause[];
  retired: KeptCause[];
  free: FreeCause[];
}

export type CauseAnswer =
  | { ok: true; cause: KeptCause }
  /** Another one that is offered has this name already, or is on record as it. */
  | { ok: false; code: "name_taken"; by: KeptCause }
  /** Somebody else has changed it meanwhile; this is what it is now. */
  | { ok: false; code: "moved"; current: KeptCause }
  | { ok: false; code: "cause_not_found" };

export type SaveCauseAnswer = CauseAnswer | NotAdmin;
