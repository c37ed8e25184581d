import type { NotAdmin } from "@/lib/auth/admin";

/** Whose data it is. */
export type Person = { kind: "customer"; id: string } | { kind: "employee"; id: string };

/** What an erasure took, by kind: texts are counted by the row that they stood in. */
export interface ErasedTexts {
  notes: number;
  cases: number;
  answers: number;
  reversals: number;
  merges: number;
}

export type EraseCustomerAnswer =
  | ({
      ok: true;
      /** The record that stands for the others, and all of them. */
      customer: string;
      records: string[];
      /** How many records anything was left to be taken from; none, where all of it was erased before. */
      changed: number;
    } & ErasedTexts)
  | { ok: false; code: "customer_not_found" };

export type EraseEmployeeAnswer =
  | { ok: true; changed: boolean; sessions: number; reports: number }
  | { ok: false; code: "employee_not_found" | "last_admin" };

/** What an admin is shown before they export or erase somebody. */
export interface CustomerSummary {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  externalRef: string | null;
  /** Records that were merged with this one. */
  duplicates: number;
  decisions: number;
  /** Handovers that still wait for an answer. */
  waiting: number;
}

/** What an admin is shown of a customer whom they chose; `gone`: nobody stands there any more. */
export type SummaryAnswer = { ok: true; customer: CustomerSummary } | { ok: false; code: "gone" } | NotAdmin;

/** What became of an erasure that was asked for on the page. */
export type EraseAnswer =
  | { ok: true; name: string; records: number }
  | { ok: false; code: "gone" }
  | NotAdmin;
