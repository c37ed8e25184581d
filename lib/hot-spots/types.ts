import type { SpanPage } from "@/lib/dashboards/types";
import type { FieldError } from "@/lib/decisions/types";
import type { Limit, Remedy, Rule } from "@/lib/discretion/schema";
import type { PolicyStatus } from "@/lib/policies/types";
import type { Sums } from "@/lib/sums/types";

/** What hands over: a limit or a rule of the policy in force, or something that stands in no policy. */
export type HotPart =
  | { kind: "limit"; limit: Limit }
  | { kind: "rule"; rule: Rule }
  | { kind: "builtIn" }
  /** No part of the policy in force any more. */
  | { kind: "gone" };

/** What would have let most of what was approved pass. Amounts are minor units of the policy's currency. */
export interface Proposal {
  measure: "amount" | "count";
  /** Null where no amount was let through before. */
  before: number | null;
  after: number;
  /** So many of the handovers that were approved would have passed the changed part. */
  passing: number;
  /** A draft that says so already; null where there is none, or where the reader may not see drafts. */
  draft: number | null;
}

/** Why there is no proposal: it needs no change any more, or it is none that a number would mend. */
export type NoProposal = "raised" | "by_hand";

/** A decision to look at. */
export interface HotRow {
  decisionId: string;
  at: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  /** What its cause is called. */
  cause: string | null;
}

export interface TeamHeat {
  /** Null without a team. */
  value: string | null;
  label: string | null;
  sums: Sums;
  hot: boolean;
}

/** A check that blocks what is then approved. */
export interface HotSpot {
  check: string;
  part: HotPart;
  /** Those that it was blocking for, the hottest first. */
  teams: TeamHeat[];
  sums: Sums;
  proposal: Proposal | null;
  noProposal: NoProposal | null;
  rows: HotRow[];
}

export interface HotSpotsPage extends SpanPage {
  /** Null before an organization's first policy. */
  policyVersion: number | null;
  mayDraft: boolean;
  mayReadPolicy: boolean;
  spots: HotSpot[];
  /** The other checks that handed over, the most often first. */
  quiet: { check: string; part: HotPart; sums: Sums }[];
  /** Handed over although it need not have been. */
  within: { total: number; teams: TeamHeat[]; rows: HotRow[] };
  /** Cases in which nothing was given. */
  without: {
    total: number;
    causes: { cause: string | null; name: string | null; sums: Sums }[];
    rows: HotRow[];
  };
}

/** What became of a proposal that was to be drafted. */
export type DraftProposalAnswer =
  | { ok: true; version: number; simulation: string | null }
  | { ok: false; code: "signed_out" | "not_allowed" | "gone" | "busy" }
  | { ok: false; code: "not_draft"; status: PolicyStatus }
  | { ok: false; code: "invalid"; errors: FieldError[] };
