import type { Remedy } from "@/lib/discretion/schema";

/** Where the money of a decision moves, or the thing that is given instead of money. */
export const PROVIDER_KINDS = ["store_credit", "stripe", "webhook", "by_hand"] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** What a provider is told of one decision. Amounts are minor units of `currency`. */
export interface Instruction {
  organizationId: string;
  /** The decision's id: the key under which a provider does this once, the same on every try. */
  decisionId: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  /** `paymentRef`: who they are to the payment provider. */
  customer: { id: string; externalRef: string | null; paymentRef?: string | null };
  order: { id: string; externalRef: string | null; paymentRef: string | null } | null;
}

/**
 * What came of a call.
 *
 * - `succeeded`: it moved.
 * - `pending`: the provider has taken it on and says later what came of it.
 * - `failed`: nothing moved, and nothing will under this key.
 * - `unknown`: it may have moved. It is looked up, and never given back as if it hadn't.
 */
export type Outcome =
  | { outcome: "succeeded"; reference: string | null }
  | { outcome: "pending"; reference: string | null }
  | { outcome: "failed"; code: FailureCode; detail: string; reference: string | null }
  | { outcome: "unknown"; detail: string };

/** Why nothing moved, as far as somebody on the desk can do something about it. */
export const FAILURE_CODES = [
  "no_payment",
  "more_than_paid",
  "already_refunded",
  "disputed",
  "method_unavailable",
  "not_configured",
  "spent",
  "cannot_be_done",
  "refused",
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** What a provider could do with an instruction, asked before anything is done. Nothing moves. */
export type Quote = { ok: true; most: number | null } | { ok: false; code: FailureCode; detail: string };

/** What a provider says by itself, of a decision that it was told of. */
export interface ProviderEvent {
  /** The provider's id of the message: the same one sent again is ignored. */
  id: string;
  decisionId: string;
  of: "execution" | "reversal";
  outcome: Outcome;
  /** When the provider says it happened: an older message never overwrites a newer one. */
  at: Date;
}

/** One way to carry decisions out. Each method may be called again with the same instruction, after a crash for instance. */
export interface Provider {
  readonly kind: ProviderKind;
  /**
   * What it can carry out at all, and whether it can take back what it did: of `reversible` alone, where that is said. One that
   * `answersLookups: false` can't be asked what became of something; while that is unknown, it is told again instead.
   */
  capabilities(): {
    remedies: readonly Remedy[];
    reverses: boolean;
    reversible?: readonly Remedy[];
    answersLookups?: boolean;
  };
  quote(instruction: Instruction): Promise<Quote>;
  /**
   * Does it once, however often it is called, as long as the instruction stays the same. Faults of the network are outcomes, not errors.
   * No call is surely the first: a refusal is a failure only where it is sure that no other call did it.
   */
  execute(instruction: Instruction, options: { signal: AbortSignal }): Promise<Outcome>;
  /** What became of an earlier `execute`; `absent` where the provider never heard of it. */
  lookup(
    instruction: Instruction,
    options: { signal: AbortSignal },
  ): Promise<Outcome | { outcome: "absent" }>;
  /** Takes back what was executed, once. */
  reverse(instruction: Instruction, options: { signal: AbortSignal }): Promise<Outcome>;
  /** Proves that a message comes from the provider, and reads it. `null`: it doesn't, or isn't of interest. */
  parseWebhook(message: { headers: Headers; body: string }): Promise<ProviderEvent[] | null>;
}
