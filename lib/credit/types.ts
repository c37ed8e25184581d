/** What a customer may spend of one currency. Amounts are minor units. */
export interface CreditBalance {
  currency: string;
  balance: number;
  /** What of it has an end, the soonest first. */
  expiring: { amount: number; expiresAt: string }[];
}

export const CREDIT_KINDS = ["grant", "redemption", "undo", "expiry", "take_back"] as const;
export type CreditKind = (typeof CREDIT_KINDS)[number];

/** One movement of a customer's credit; the amount is signed as the customer sees it. */
export interface CreditMovement {
  id: string;
  kind: CreditKind;
  amount: number;
  currency: string;
  /** The decision that gave it, or that was taken back. */
  decision: string | null;
  reference: string | null;
  note: string | null;
  createdAt: string;
}

/** A customer's credit, of all records that are theirs. */
export interface CustomerCredit {
  /** The record that stands for them. */
  customer: string;
  balances: CreditBalance[];
  /** The latest movements. */
  movements: CreditMovement[];
}

/** What was spent. */
export interface Redemption {
  id: string;
  customer: string;
  amount: number;
  currency: string;
  reference: string | null;
  note: string | null;
  /** What was left then. */
  left: number;
  createdAt: string;
}

export type RedeemAnswer =
  | { ok: true; replayed: boolean; redemption: Redemption }
  | { ok: false; code: "customer_not_found" | "idempotency_mismatch" }
  | { ok: false; code: "insufficient_credit"; left: number };

export type UndoRedemptionAnswer =
  | { ok: true }
  | { ok: false; code: "not_found" | "not_allowed" | "too_late" };
