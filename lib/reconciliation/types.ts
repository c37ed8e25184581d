import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { ProviderKind } from "@/lib/execution/provider";
import type { VerificationResult } from "@/lib/seals/types";

/** The row of a counter. */
export interface CounterKey {
  definition: string;
  scopeKey: string;
  /** First local day of its window, ISO; 0001-01-01 where it never begins anew. */
  bucket: string;
  slot: number;
}

/** What a counter says, or its entries come to. Minor units of `currency`, and decisions. */
export interface Counts {
  postedAmount: number;
  reservedAmount: number;
  postedCount: number;
  reservedCount: number;
}

/** The row of a day's sums. */
export interface RollupKey {
  /** ISO. */
  day: string;
  employeeId: string;
  remedy: Remedy;
  verdict: Verdict;
  status: string;
}

/** A day's sums, whoever decided. */
export type DayKey = Pick<RollupKey, "day" | "verdict" | "status">;

/** Minor units of the organization's currency, and decisions. */
export interface Sum {
  decisions: number;
  amount: number;
}

/** What is known of a counter besides its row, so that people know which one it is. */
export interface CounterPlace {
  /** The limits that counted there last; empty where no entry is. */
  limitIds: string[];
  /** A decision that counts there, the latest. */
  decisionId: string | null;
  currency: string;
}

export type JobKind = "execute" | "expire_handover";

/** Two things that say the same and don't: which row, what it should say, and what it says. */
export type Difference =
  /** A counter is not the sum of its entries; `found` null: there is no such counter. */
  | ({ kind: "counter"; key: CounterKey; expected: Counts; found: Counts | null } & CounterPlace)
  /** A counter is the sum of its entries, and they don't follow one another: one is missing, or was put between. */
  | ({ kind: "chain"; key: CounterKey } & CounterPlace)
  /** Entries or jobs of a decision that is not there. */
  | { kind: "orphan"; decisionId: string; of: "entry" | "job"; rows: number }
  /** A decision was taken under a version of the policy that is not there. */
  | { kind: "version"; decisionId: string; version: number }
  /** What an entry adds is not what it says was before and after it. */
  | { kind: "entry"; decisionId: string; seq: number }
  /** A decision's status is not that of its last entry. */
  | { kind: "status"; decisionId: string; expected: string; found: string }
  /** A handover is not as its decision's status says; "none" for no row. */
  | { kind: "handover"; decisionId: string; status: string; expected: string[]; found: string }
  /** A job is not as its decision's status says; "none" for no row. */
  | { kind: "job"; decisionId: string; job: JobKind; status: string; expected: string[]; found: string }
  /** A job that waits is not in the worker's queue, or the worker has given it up. */
  | { kind: "queue"; decisionId: string; job: JobKind; found: "lost" | "given_up" }
  /** The sum of an employee's day is not what their decisions come to. */
  | { kind: "rollup"; key: RollupKey; expected: Sum; found: Sum }
  /** The sum of a day is not what its decisions come to. */
  | { kind: "day"; key: DayKey; expected: Sum; found: Sum }
  /** What a customer's credit comes to is not what its movements do, or it was given without, or not given with, an execution. */
  | {
      kind: "credit";
      of: "account" | "lot" | "execution";
      id: string;
      expected: number;
      found: number;
      currency: string;
    }
  /** A provider says something else of an execution than we do, and no step leads there. */
  | { kind: "provider"; decisionId: string; provider: ProviderKind; expected: string; found: string }
  /** A row is not what was sealed; `seal` null where no seal covers it. */
  | { kind: "seal"; table: string; id: string; seal: number | null; text: string };

export type DifferenceKind = Difference["kind"];

/** In the order in which they are told. */
export const DIFFERENCE_KINDS = [
  "counter",
  "chain",
  "orphan",
  "version",
  "entry",
  "status",
  "handover",
  "job",
  "queue",
  "rollup",
  "day",
  "credit",
  "provider",
  "seal",
] as const satisfies readonly DifferenceKind[];

/** What `--repair` rebuilds; nothing else is ever touched. */
export const REPAIRABLE: readonly DifferenceKind[] = ["counter", "chain", "rollup", "day"];

/** So many, the first of them at that moment (ISO 8601; null where there are none). */
export interface Since {
  count: number;
  since: string | null;
}

/** What has to move and hasn't, or of which it isn't known. */
export interface Executions {
  /** People are to carry it out, and have not said that they did. */
  byHand: Since;
  /** A provider has taken it on, and says later what came of it. Runs of an earlier version don't say. */
  pending?: Since;
  /** Nobody knows whether it happened. */
  unknown: Since;
}

/** What one look at everything that is kept twice came to. */
export interface Comparison {
  decisions: number;
  counters: number;
  /** By kind, all of them. */
  counted: Record<DifferenceKind, number>;
  /** The first ones. */
  listed: Difference[];
  executions: Executions;
  /** Jobs that were due a while ago and that no worker has taken up. */
  overdue: Since;
}

/** A counter or a sum that was rebuilt. */
export type Rebuilt =
  | { kind: "counter"; key: CounterKey; was: Counts | null; is: Counts }
  | { kind: "rollup"; key: RollupKey; was: Sum; is: Sum }
  | { kind: "day"; key: DayKey; was: Sum; is: Sum };

/** What a repair did. */
export interface Repair {
  counters: number;
  rollups: number;
  days: number;
  /** Counters whose entries come to less than nothing, which no number makes right. */
  left: number;
  /** The first ones. */
  listed: Rebuilt[];
}

/** What a run came to: after a repair, what still differs. */
export interface ReconciliationResult extends Comparison {
  /** Null where nothing was to be rebuilt. */
  repair: Repair | null;
  /** How many executions providers were asked about. Runs of an earlier version don't say. */
  asked?: number;
  /** How far history is sealed: events in seals, and those that wait for one. */
  sealed: Pick<VerificationResult, "state" | "seals" | "events" | "waiting">;
}

export type ReconciliationStatus = "queued" | "running" | "done" | "failed";
export type ReconciliationStep = "decisions" | "counters" | "rebuilding" | "seals";
export type Origin = "nightly" | "asked" | "command";

/** How far a run is. */
export interface ReconciliationProgress {
  id: string;
  status: ReconciliationStatus;
  step: ReconciliationStep | null;
  processed: number;
  /** Decisions, or for the seals rows; null where it isn't known. */
  total: number | null;
}

/** A run as a list shows it. Instants are ISO 8601. */
export interface ReconciliationLine extends ReconciliationProgress {
  origin: Origin;
  askedBy: string | null;
  repairs: boolean;
  /** Null unless it is done. */
  differences: number | null;
  /** How many counters and sums it rebuilt. */
  rebuilt: number;
  /** Why there is nothing: it broke, which the log tells, or was broken off. */
  fault: "broken" | "abandoned" | null;
  createdAt: string;
  finishedAt: string | null;
  lookedAt: string | null;
  lookedBy: string | null;
}

/** A run with all that came of it. */
export interface ReconciliationView extends ReconciliationLine {
  result: ReconciliationResult | null;
}

/** That something differs, and nobody has looked at it yet. */
export interface BooksAlert {
  differences: number;
  finishedAt: string;
}

/** The page of reconciliations. */
export interface ReconciliationPage {
  /** Whether the person may have everything compared, and rebuilt. */
  mayRun: boolean;
  /** The one that is over and shown: the latest, or the one that the address names. */
  run: ReconciliationView | null;
  /** Whether there is a later one than `run`. */
  isLatest: boolean;
  /** The one that waits or runs. */
  underway: ReconciliationLine | null;
  /** Newest first. */
  runs: ReconciliationLine[];
  newestHref: string | null;
  olderHref: string | null;
  /** Names for the ids in what is listed. */
  names: Record<string, string>;
  currency: string;
  timeZone: string;
  now: string;
}

export type ReconcileAnswer =
  | { ok: true; id: string }
  | { ok: false; code: "signed_out" | "not_allowed" | "underway" };

export type LookAnswer = { ok: true } | { ok: false; code: "signed_out" | "not_allowed" };
