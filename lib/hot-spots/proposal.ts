import {
  EXCHANGE_RATE,
  MAX_MINOR_UNITS,
  ORDER_REFUNDABLE,
  type Policy,
  type Range,
} from "@/lib/discretion/schema";
import type { HotPart, NoProposal, Proposal } from "@/lib/hot-spots/types";
import { answeredOf, type Sums } from "@/lib/sums/types";

/** Fewer answers than these say nothing about a rule. */
export const ANSWERED_MIN = 20;
/** So many of a hundred answers approve it whole. */
export const APPROVED_MIN = 0.9;
/** So many of what was approved should have passed. */
export const PASSING = 0.95;

/** Of what a person answered, how much was approved whole, 0 to 1; null where nothing was answered. */
export function approvedShare(sums: Sums): number | null {
  const answered = answeredOf(sums);
  return answered === 0 ? null : sums.approved / answered;
}

/** Whether what was handed over is approved so often that nobody need have been asked. */
export function isHot(sums: Sums): boolean {
  return answeredOf(sums) >= ANSWERED_MIN && (approvedShare(sums) ?? 0) >= APPROVED_MIN;
}

/** The least number that lets 95 of 100 pass; null for none. */
export function leastPassing(needed: readonly number[]): number | null {
  const sorted = [...needed].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * PASSING) - 1] ?? null;
}

/** What the policy in force has under a check's id. */
export function partOf(policy: Policy | null, check: string): HotPart {
  if (check === EXCHANGE_RATE || check === ORDER_REFUNDABLE) return { kind: "builtIn" };
  const limit = policy?.limits.find(({ id }) => id === check);
  if (limit) return { kind: "limit", limit };
  const rule = policy?.rules.find(({ id }) => id === check);
  return rule ? { kind: "rule", rule } : { kind: "gone" };
}

/**
 * The number that would have been right for a part: the least that lets 95 of 100 of what was approved pass, or why there is
 * none.
 *
 * @param needed what each that was approved whole needed, as the days' sums keep it.
 */
export function proposalFor(part: HotPart, needed: readonly number[]): Omit<Proposal, "draft"> | NoProposal {
  const after = leastPassing(needed);
  if (after === null || after > MAX_MINOR_UNITS) return "by_hand";
  const passing = needed.filter((each) => each <= after).length;
  switch (part.kind) {
    case "limit": {
      const { measure, max, over } = part.limit;
      if (over !== "handover") return "raised";
      return after <= max ? "raised" : { measure, before: max, after, passing };
    }
    case "rule": {
      const { effect, when } = part.rule;
      if (effect !== "handover") return "raised";
      const { over, under } = when?.amount ?? {};
      if (over !== undefined && after <= over) return "raised";
      // Nothing would be left between the two.
      if (under !== undefined && under - after < 2) return "by_hand";
      return { measure: "amount", before: over ?? null, after, passing };
    }
    case "builtIn":
    case "gone":
      return "by_hand";
    default:
      return part satisfies never;
  }
}

/** The policy with that number in its part; the same policy where it has no such part. */
export function withProposal(policy: Policy, check: string, { after }: Pick<Proposal, "after">): Policy {
  return {
    ...policy,
    limits: policy.limits.map((limit) => (limit.id === check ? { ...limit, max: after } : limit)),
    rules: policy.rules.map((rule) => {
      if (rule.id !== check) return rule;
      const amount: Range = { ...rule.when?.amount, over: after };
      return { ...rule, when: { ...rule.when, amount } };
    }),
  };
}

/** Whether a document has that number in that part. */
export function says(policy: Policy, check: string, { after }: Pick<Proposal, "after">): boolean {
  const part = partOf(policy, check);
  if (part.kind === "limit") return part.limit.max === after;
  return part.kind === "rule" && part.rule.when?.amount?.over === after;
}
