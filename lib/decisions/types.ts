import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { Explanation } from "@/lib/discretion/types";

export const STATUSES = [
  "posted",
  "reserved",
  "refused",
  "declined",
  "expired",
  "released",
  "reversed",
] as const;
export type DecisionStatus = (typeof STATUSES)[number];

/** A decision as REST and the desk show it. Amounts are minor units of `currency`. */
export interface DecisionView {
  /** Null in a preview: nothing was written. */
  id: string | null;
  verdict: Verdict;
  status: DecisionStatus;
  remedy: Remedy;
  amount: number;
  currency: string;
  employee: string;
  customer: string;
  order: string | null;
  policyVersion: number;
  createdAt: string;
  explanation: Explanation;
}

/** What was decided also says until when it can be undone; null where nothing was given. */
export interface DecidedView extends DecisionView {
  undoUntil: string | null;
}

/** A preview also says whether the verdict stands only with a written reason. */
export interface PreviewView extends DecisionView {
  noteRequired: boolean;
}

export interface FieldError {
  path: string;
  message: string;
}

/** Why a request was not decided at all. Each is expected, so it is returned, not thrown. */
export type RefusalCode =
  | "employee_required"
  | "employee_not_found"
  | "employee_suspended"
  | "not_allowed"
  | "customer_not_found"
  | "order_not_found"
  | "order_of_another_customer"
  | "currency_mismatch"
  | "amount_required"
  | "case_not_found"
  | "note_required"
  | "no_policy"
  | "idempotency_mismatch"
  | "busy";

export interface Refusal {
  ok: false;
  code: RefusalCode;
  errors: FieldError[];
}

/** What several requests of one case would come to, each after the ones before it. */
export type TogetherAnswer = { ok: true; decisions: PreviewView[] } | Refusal;

export type DecideAnswer = { ok: true; replayed: boolean; decision: DecidedView } | Refusal;
export type PreviewAnswer = { ok: true; decision: PreviewView } | Refusal;

/** What an employee can still give one customer at this moment. Amounts are minor units of `currency`. */
export interface Allowance {
  customer: string;
  employee: string;
  currency: string;
  policyVersion: number;
  /** The least that the limits leave which hold for every gesture; null when none bounds it. */
  available: number | null;
  /** The limit that leaves the least. */
  binding: string | null;
  limits: AllowanceLimit[];
}

export interface AllowanceLimit {
  id: string;
  scope: readonly string[];
  window: string | { rollingDays: number };
  measure: "amount" | "count";
  max: number;
  /** Posted and reserved; `reserved` is the held part of it. */
  used: number;
  reserved: number;
  left: number;
  over: "bend" | "handover" | "deny";
  /** Holds only for some remedies, amounts, orders, causes or channels, so it doesn't bound `available`. */
  conditional: boolean;
  why: string;
  say: string;
  /** When the window begins anew; null where it never does by itself. */
  resetsAt: string | null;
}
