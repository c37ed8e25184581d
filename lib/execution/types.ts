import type { FieldError } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import type { FailureCode, ProviderKind, Quote } from "@/lib/execution/provider";
import type { ByHandFilter, ListShown } from "@/lib/execution/schema";

/**
 * How far it is with carrying a decision out. `queued`: nobody has begun, and until its time it can be undone. `cancelled`:
 * it was taken back before anybody did it.
 */
export const EXECUTION_STATES = [
  "queued",
  "processing",
  "succeeded",
  "pending",
  "failed",
  "unknown",
  "by_hand",
  "cancelled",
] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

/** How far it is with taking back what was carried out. */
export const REVERSAL_STATES = [
  "queued",
  "processing",
  "succeeded",
  "pending",
  "unknown",
  "by_hand",
  "failed",
] as const;
export type ReversalState = (typeof REVERSAL_STATES)[number];

export interface Failure {
  code: FailureCode;
  /** What the provider, or a person, said. */
  detail: string | null;
}

/** How a decision is carried out. */
export interface ExecutionView {
  status: ExecutionState;
  /** Null until somebody begins. */
  provider: ProviderKind | null;
  attempt: number;
  reference: string | null;
  failure: Failure | null;
  begunAt: string | null;
  movedAt: string | null;
  finishedAt: string | null;
  /** By when people should have done it. */
  dueAt: string | null;
  reversal: { status: ReversalState; reference: string | null; failure: Failure | null } | null;
}

/** What a step was said by: the call itself, a look, a message of the provider's, a person. */
export type Via = "call" | "look" | "message" | "person";

/** An execution with what is needed to speak of it. */
export interface ToldExecution {
  execution: ExecutionView;
  /** What was granted, minor units. */
  amount: number;
  currency: string;
  timeZone: string;
  now: string;
}

/** Something that is open, or didn't work, as the floor lists it. */
export interface OpenExecution {
  decisionId: string;
  /** The execution itself, or the taking back of one. */
  of: "execution" | "reversal";
  status: ExecutionState | ReversalState;
  provider: ProviderKind;
  remedy: Remedy;
  amount: number;
  currency: string;
  customer: { id: string; name: string };
  employee: { id: string; name: string };
  owner: { id: string; name: string } | null;
  failure: Failure | null;
  /** What was said when nobody knew what came of it. */
  why: string | null;
  /** The provider can't be asked, and is told no more by itself. */
  stopped: boolean;
  reference: string | null;
  /** Who said what came of it, where a person did, and how they know; null once that has gone with the customer, or with time. */
  settled: { by: string; at: string; reason: string | null } | null;
  begunAt: string;
  movedAt: string;
  dueAt: string | null;
}

/** What could not be carried out, as whoever decided it hears of it. */
export interface FailedExecution {
  decisionId: string;
  customer: { id: string; name: string };
  remedy: Remedy;
  amount: number;
  currency: string;
  failure: Failure;
  at: string;
}

export interface ProviderChoice {
  remedy: Remedy;
  provider: ProviderKind;
  /** Somebody said so; else it is as shipped. */
  chosen: boolean;
}

export interface ProviderHealth {
  provider: ProviderKind;
  light: "good" | "waits" | "bad" | "idle";
  succeededAt: string | null;
  failedAt: string | null;
  open: number;
  oldest: string | null;
}

export interface ExecutionNumbers {
  byHandHours: number;
  creditDays: number | null;
}

/** The page of the settings. */
export interface ExecutionPage {
  mayEdit: boolean;
  /** For each remedy the kinds that could serve it: set up, and able to. */
  choices: (ProviderChoice & { possible: ProviderKind[] })[];
  /** Of each kind that this build has; `configured`: set up here, and on. */
  providers: (ProviderHealth & { configured: boolean; turnedOff: boolean; keyMissing: boolean })[];
  numbers: ExecutionNumbers;
  currency: string;
  timeZone: string;
  now: string;
}

export interface ExecutionsPage {
  show: ListShown;
  counts: Record<ListShown, number>;
  executions: OpenExecution[];
  maySettle: boolean;
  timeZone: string;
  now: string;
}

export interface ByHandPage {
  filter: ByHandFilter;
  items: OpenExecution[];
  maySettle: boolean;
  employeeId: string;
  timeZone: string;
  now: string;
}

/**
 * What came of what a person said. `gone`: it isn't to be done any more. `changed`: somebody else sees to it since. `unable`: whom
 * it should go to can't see to anything.
 */
export type SettleAnswer =
  | { ok: true }
  | { ok: false; code: "gone" | "changed" | "unable" | "signed_out" | "not_allowed" }
  | { ok: false; code: "invalid"; errors: FieldError[] };

export type UploadAnswer =
  | { ok: true; applied: number; errors: { line: number; message: string }[] }
  | { ok: false; code: "signed_out" | "not_allowed" | "unreadable" | "too_long" };

export type QuoteAnswer =
  | { ok: true; quote: Quote; provider: ProviderKind }
  | { ok: false; code: "no_answer"; provider: ProviderKind };
