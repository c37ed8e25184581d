import type { ReviewRule } from "@/lib/reviews/schema";
import type { Sampled, SampleReason } from "@/lib/reviews/types";

/**
 * Why the rule puts a decision before those who review; empty where it doesn't. The share is drawn from the random end of
 * the decision's id: it is the same for everybody who asks, and nobody can choose it.
 */
export function sampleReasons(decision: Sampled, rule: ReviewRule): SampleReason[] {
  const { countedAmount, daysSinceStart } = decision;
  const reasons: SampleReason[] = [];
  if (rule.bends && decision.verdict === "bend") reasons.push("bend");
  if (rule.fromAmount !== null && countedAmount !== null && countedAmount >= rule.fromAmount)
    reasons.push("amount");
  if (rule.newDays !== null && daysSinceStart !== null && daysSinceStart < rule.newDays) reasons.push("new");
  if (drawOf(decision.id) < rule.sharePercent) reasons.push("share");
  return reasons;
}

/** A number from 0 to 99 that belongs to an id. */
export function drawOf(id: string): number {
  return Number.parseInt(id.slice(-8), 16) % 100;
}

/** The same in SQL over `d`, `e` and the parameters of a rule; a test holds the two together. */
export const SAMPLED = `(
  ($3 and d.verdict = 'bend')
  or d.counted_amount >= $4::bigint
  or (d.created_at at time zone $6)::date - e.started_on < $5::integer
  or ('x' || right(d.id::text, 8))::bit(32)::bigint % 100 < $2::integer
)`;
