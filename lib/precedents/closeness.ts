import type { UsualAmount } from "@/lib/customers/types";
import type { Remedy } from "@/lib/discretion/schema";
import type { Precedent } from "@/lib/precedents/types";

/** A past decision under the same cause. The latest stand first in every list of them. */
export interface PastCase extends Precedent {
  /** It was decided for the very customer who is asked about: their history tells of it already. */
  isOwn: boolean;
}

/** Fewer than these say nothing about what is usual. */
export const ENOUGH = 5;

/** How many precedents are shown. */
const FEW = 3;

/** Whether something came of it that is a measure for others: given at once, and not taken back. */
export function isGiven({ verdict, status }: Pick<PastCase, "verdict" | "status">): boolean {
  return (verdict === "allow" || verdict === "bend") && status === "posted";
}

/**
 * The middle half of what was given, by remedy, where it was given often enough. A quartile is an amount that was given,
 * as `percentile_disc` has it: the first in order that at least a quarter (three quarters) lie at or below.
 */
export function usualByRemedy(
  cases: readonly Pick<PastCase, "remedy" | "amount">[],
): Partial<Record<Remedy, UsualAmount>> {
  const amounts = new Map<Remedy, number[]>();
  for (const { remedy, amount } of cases) amounts.set(remedy, [...(amounts.get(remedy) ?? []), amount]);
  const usual: Partial<Record<Remedy, UsualAmount>> = {};
  for (const [remedy, all] of amounts) {
    if (all.length < ENOUGH) continue;
    const sorted = all.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    usual[remedy] = { from: at(0.25), to: at(0.75) };
  }
  return usual;
}

/**
 * The nearest few cases: of the same remedy and currency, and of other customers. Those of the same tier and a near
 * amount stand first, and of equally near ones the latest. What still waits says nothing yet.
 */
export function nearest(
  cases: readonly PastCase[],
  asked: { remedy: Remedy; currency: string; amount?: number | undefined },
): Precedent[] {
  return cases
    .filter(
      (each) =>
        !each.isOwn &&
        each.remedy === asked.remedy &&
        each.currency === asked.currency &&
        each.status !== "reserved",
    )
    .map((each, age) => ({ each, far: farness(each, asked.amount), age }))
    .toSorted((a, b) => a.far - b.far || a.age - b.age)
    .slice(0, FEW)
    .map(({ each: { isOwn, ...precedent } }) => precedent);
}

/** Twice or half the amount is as far as another tier. */
function farness(each: PastCase, amount: number | undefined): number {
  const tier = each.sameTier ? 0 : 1;
  if (amount === undefined) return tier;
  return tier + Math.abs(Math.log2((each.amount + 1) / (amount + 1)));
}
