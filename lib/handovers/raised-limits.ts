import { evaluate } from "@/lib/discretion/evaluate";
import type { Policy } from "@/lib/discretion/schema";
import type { DecisionRequest, Explanation, Facts, Usage, Used } from "@/lib/discretion/types";

export interface RaisedLimit {
  id: string;
  before: number;
  max: number;
}

/** What stood against a limit at the moment of the request, as the explanation has it. */
function usageThen({ checks }: Explanation): Usage {
  const usage: Record<string, Used> = {};
  for (const check of checks) {
    if (check.kind !== "limit" || check.used === null) continue;
    const reserved = check.reserved ?? 0;
    const posted = check.used - reserved;
    usage[check.id] =
      check.measure === "count"
        ? { postedAmount: 0, reservedAmount: 0, postedCount: posted, reservedCount: reserved }
        : { postedAmount: posted, reservedAmount: reserved, postedCount: 0, reservedCount: 0 };
  }
  return usage;
}

/**
 * The policy with the limits that handed a request over raised by just as much as it needed; null where no limit did, or
 * it would have been handed over all the same. `explanation` is that of the request.
 */
export function raiseLimits(
  policy: Policy,
  explanation: Explanation,
  request: DecisionRequest,
  facts: Facts,
): { policy: Policy; limits: RaisedLimit[] } | null {
  const needed = new Map<string, number>();
  for (const { id, kind, effect, used, asked } of explanation.checks) {
    if (kind === "limit" && effect === "handover" && used !== null && asked !== null)
      needed.set(id, used + asked);
  }
  const limits: RaisedLimit[] = [];
  const raised: Policy = {
    ...policy,
    limits: policy.limits.map((limit) => {
      const max = needed.get(limit.id);
      if (max === undefined || max <= limit.max) return limit;
      limits.push({ id: limit.id, before: limit.max, max });
      return { ...limit, max };
    }),
  };
  if (limits.length === 0) return null;
  const { verdict } = evaluate(raised, request, facts, usageThen(explanation));
  return verdict === "allow" || verdict === "bend" ? { policy: raised, limits } : null;
}
