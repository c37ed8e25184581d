import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterKey, scopeKey, usageQueries } from "@/lib/discretion/counters";
import { countingHolds, evaluate } from "@/lib/discretion/evaluate";
import { largestOutside } from "@/lib/discretion/explain";
import type { FactsOfRecord } from "@/lib/discretion/findings";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { createSimulation, type SimulationRow } from "@/lib/discretion/simulate";
import type { Check, DecisionRequest, Hold, Usage, Used } from "@/lib/discretion/types";
import { policy, policyAndRow, type Turn, type World, world } from "./arbitraries";
import {
  answer,
  asPast,
  asRemembered,
  atLeast,
  countedOf,
  counts,
  exactWorth,
  isBefore,
  isHeld,
  largestByTrying,
  type OracleCheck,
  type Past,
  refundsOf,
  together,
} from "./oracle";

const DAY_MS = 86_400_000;
const UNUSED: Used = { postedAmount: 0, reservedAmount: 0, postedCount: 0, reservedCount: 0 };

const requestOf = (one: SimulationRow, { currency }: Policy): DecisionRequest => ({
  remedy: one.remedy,
  amount: one.amount,
  currency: one.currency ?? currency,
  rate: one.rate,
  caseId: one.case,
  cause: one.cause,
  channel: one.channel,
  at: one.at,
});

const factsOf = (one: SimulationRow, [refunded, reserved] = [0, 0]): FactsOfRecord => ({
  employee: {
    id: one.employee,
    role: one.role ?? "agent",
    team: one.team ?? null,
    startedAt: typeof one.tenureDays === "number" ? one.at - one.tenureDays * DAY_MS : null,
  },
  customer: { id: one.customer, tier: one.tier ?? null },
  order: one.order
    ? { id: one.order, paid: one.orderPaid ?? null, refunded, reserved, placedAt: one.orderAt ?? null }
    : null,
  hasOpenDispute: one.hasOpenDispute ?? null,
});

/** What a turn is for the turns to come. */
function pastOf(document: Policy, { row, remembered }: Turn, past: readonly Past[]): Past {
  return remembered ? asRemembered(document, row, remembered) : asPast(row, answer(document, row, past));
}

/** Lets the oracle live through all turns but the last, which is still to be decided. */
function untilTheLast({ document, turns }: World): { past: Past[]; last: SimulationRow } {
  const past: Past[] = [];
  for (const turn of turns.slice(0, -1)) past.push(pastOf(document, turn, past));
  return { past, last: (turns.at(-1) as Turn).row };
}

/** What the oracle's history amounts to, by limit, for a row to come. */
function usageOf(document: Policy, past: readonly Past[], one: SimulationRow): Usage {
  return Object.fromEntries(
    document.limits.map((limit) => {
      const before = past.filter((p) => isBefore(limit, document, p, one));
      const [held, posted] = [before.filter(isHeld), before.filter((p) => !isHeld(p))];
      const sum = (some: Past[]) => some.reduce((total, p) => total + p.worth, 0);
      return [
        limit.id,
        {
          postedAmount: sum(posted),
          reservedAmount: sum(held),
          postedCount: posted.length,
          reservedCount: held.length,
        },
      ];
    }),
  );
}

/** What both engines say of a check. */
const inShort = (checks: readonly Check[]): OracleCheck[] =>
  checks.map(({ id, effect, used, reserved, left }) => ({
    id,
    effect,
    ...(used === null || reserved === null ? {} : { used, reserved, left: left ?? undefined }),
  }));

describe("the engine, against a slow and simple one", () => {
  test("generated policies are policies", () => {
    fc.assert(
      fc.property(policy, (document) => {
        expect(policySchema.parse(document)).toEqual(document);
      }),
    );
  });

  test("gives the same verdict, binding, arithmetic and largest amount, on 2,500 policies and their histories", () => {
    fc.assert(
      fc.property(world(14), ({ document, turns }) => {
        const simulation = createSimulation(document);
        const past: Past[] = [];
        const held: (() => void)[] = [];
        for (const [index, turn] of turns.entries()) {
          const { row, remembered, givesBack } = turn;
          const ended = past[index - (givesBack ?? 0)];
          if (ended && counts(ended)) {
            held[index - (givesBack ?? 0)]?.();
            ended.verdict = "released";
          }
          if (remembered) {
            const holds = simulation.remember(row, remembered);
            held.push(() => simulation.release(holds, remembered));
          } else {
            const { verdict, counted, explanation, holds } = simulation.evaluateNext(row);
            held.push(() => simulation.release(holds, verdict === "handover" ? "reserved" : "posted"));
            const expected = answer(document, row, past);
            expect({ verdict, counted, binding: explanation.binding }).toEqual({
              verdict: expected.verdict,
              counted: expected.worth,
              binding: expected.binding,
            });
            expect(inShort(explanation.checks)).toEqual(expected.checks);
            // Trying every amount takes its time, so it is done for some rows of each history.
            const largest = index % 5 === 2 ? largestByTrying(document, row, past) : undefined;
            if (largest !== undefined) expect(explanation.maxAmount).toBe(largest);
          }
          past.push(pastOf(document, turn, past));
        }
      }),
      { numRuns: 2500 },
    );
  }, 60_000);

  test("gives the same on usage that was read elsewhere", () => {
    fc.assert(
      fc.property(world(8), (generated) => {
        const { document } = generated;
        const { past, last } = untilTheLast(generated);
        const { verdict, explanation } = evaluate(
          document,
          requestOf(last, document),
          factsOf(last, refundsOf(past, last)),
          usageOf(document, past, last),
        );
        const expected = answer(document, last, past);
        expect({ verdict, binding: explanation.binding, checks: inShort(explanation.checks) }).toEqual({
          verdict: expected.verdict,
          binding: expected.binding,
          checks: expected.checks,
        });
      }),
      { numRuns: 1500 },
    );
  });

  test("finds the largest amount that trying every one finds", () => {
    fc.assert(
      fc.property(world(4), (generated) => {
        const { document } = generated;
        const { past, last } = untilTheLast(generated);
        const largest = largestByTrying(document, last, past);
        fc.pre(largest !== undefined);
        const { explanation } = evaluate(
          document,
          requestOf(last, document),
          factsOf(last, refundsOf(past, last)),
          usageOf(document, past, last),
        );
        expect(explanation.maxAmount).toBe(largest);
      }),
      { numRuns: 600 },
    );
  });

  test("says by which rate an amount was brought into the policy's currency, and only then", () => {
    fc.assert(
      fc.property(policyAndRow, ([document, row]) => {
        const { explanation, counted } = evaluate(document, requestOf(row, document), factsOf(row), {});
        const isForeign = (row.currency ?? document.currency) !== document.currency;
        expect(explanation.exchange).toEqual(
          isForeign && row.rate ? { currency: document.currency, ...row.rate, counted } : undefined,
        );
        expect(explanation.checks.some(({ id }) => id === "exchange-rate")).toBe(isForeign && !row.rate);
      }),
      { numRuns: 500 },
    );
  });

  test("finds it among any spans that overlap, touch or leave gaps", () => {
    const end = fc.oneof(fc.integer({ min: -2, max: 30 }), fc.constant(Number.POSITIVE_INFINITY));
    const span = fc.record({ from: fc.integer({ min: -2, max: 30 }), to: end });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (blocked) => {
        const isFree = (amount: number) => !blocked.some(({ from, to }) => from <= amount && amount <= to);
        const free = Array.from({ length: 60 }, (_, amount) => amount).filter(isFree);
        expect(largestOutside(blocked)).toBe(isFree(59) ? null : (free.at(-1) ?? 0));
      }),
      { numRuns: 2000 },
    );
  });

  test("asked again for the largest amount it named, lets it pass, and not one unit more where that is bounded", () => {
    fc.assert(
      fc.property(policyAndRow, ([document, row]) => {
        const ask = (amount: number) =>
          evaluate(document, { ...requestOf(row, document), amount }, factsOf(row), {});
        const { maxAmount } = ask(row.amount).explanation;
        if (maxAmount === null) expect(["allow", "bend"]).toContain(ask(Number.MAX_SAFE_INTEGER).verdict);
        else {
          if (maxAmount > 0) expect(["allow", "bend"]).toContain(ask(maxAmount).verdict);
          expect(["handover", "deny"]).toContain(ask(maxAmount + 1).verdict);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("replays a history as it was lived through, and sums it up", () => {
    fc.assert(
      fc.property(world(25), ({ document, turns }) => {
        const simulation = createSimulation(document);
        const past: Past[] = [];
        const expected: Record<string, { count: number; amount: number }> = {};
        for (const verdict of ["allow", "bend", "handover", "deny"])
          expected[verdict] = { count: 0, amount: 0 };
        for (const turn of turns) {
          if (turn.remembered) simulation.remember(turn.row, turn.remembered);
          else {
            const { verdict, binding, worth } = answer(document, turn.row, past);
            expect(simulation.decide(turn.row)).toMatchObject({
              id: turn.row.id,
              verdict,
              binding,
              counted: worth,
            });
            const { count, amount } = expected[verdict] ?? { count: 0, amount: 0 };
            expected[verdict] = { count: count + 1, amount: amount + (worth ?? 0) };
          }
          past.push(pastOf(document, turn, past));
        }
        expect(simulation.totals()).toEqual(expected);
      }),
      { numRuns: 600 },
    );
  });
});

describe("what is never passed", () => {
  test("a limit that denies, by anything that was posted or is reserved, in any order of requests", () => {
    fc.assert(
      fc.property(world(25), ({ document, turns }) => {
        const simulation = createSimulation(document);
        const past = turns.map(({ row }) => {
          const { verdict, counted } = simulation.decide(row);
          return { row, verdict: verdict as string, counted: [], worth: counted };
        });
        // Only conditions that are certain: a limit whose condition is unknown does not count.
        for (const limit of document.limits.filter(
          ({ over, when }) => over === "deny" && when === undefined,
        )) {
          for (const { row: anchor } of past) {
            if (
              (limit.scope.includes("order") && !anchor.order) ||
              (limit.scope.includes("team") && !anchor.team)
            )
              continue;
            const inWindow = past.filter(
              (p) => p.verdict !== "deny" && p.worth !== null && together(limit, document, p.row, anchor),
            );
            const spent =
              limit.measure === "count"
                ? inWindow.length
                : inWindow.reduce((sum, p) => sum + (p.worth ?? 0), 0);
            expect(spent).toBeLessThanOrEqual(limit.max);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  test("what was paid on an order, by its refunds and what had been refunded before", () => {
    fc.assert(
      fc.property(world(25), ({ document, turns }) => {
        const simulation = createSimulation(document);
        const refunded = new Map<string, number>();
        for (const { row } of turns) {
          const one = { ...row, orderPaid: 150, orderRefunded: 20 };
          if (simulation.decide(one).verdict === "deny" || one.remedy !== "refund" || !one.order) continue;
          refunded.set(one.order, (refunded.get(one.order) ?? 0) + one.amount);
        }
        for (const sum of refunded.values()) expect(sum).toBeLessThanOrEqual(130);
      }),
      { numRuns: 300 },
    );
  });
});

/** A ledger in miniature: counter rows written under what decisions hold, read as the usage queries say. */
class MiniatureLedger {
  private readonly rows: { definition: string; scopeKey: string; bucket: string; used: Used }[] = [];

  record(holds: readonly Hold[], counted: number | null, isReserved: boolean): void {
    const amount = counted ?? 0;
    const added = isReserved
      ? { ...UNUSED, reservedAmount: amount, reservedCount: 1 }
      : { ...UNUSED, postedAmount: amount, postedCount: 1 };
    const seen = new Set<string>();
    for (const { counter } of holds) {
      const name = `${counter.definition}|${counter.scopeKey}`;
      if (seen.has(name)) continue;
      seen.add(name);
      this.rows.push({ ...counter, used: added });
    }
  }

  read(document: Policy, one: SimulationRow): Usage {
    const usage: Record<string, Used> = {};
    const ids = {
      employee: one.employee,
      customer: one.customer,
      team: one.team ?? null,
      order: one.order ?? null,
      case: one.case,
    };
    for (const { limitId, definition, scope, perCase, bucket, rollingFrom } of usageQueries(
      document,
      one.at,
    )) {
      const key = scopeKey(scope, ids, perCase);
      const total = { ...UNUSED };
      for (const { used, ...counter } of this.rows) {
        if (counter.definition !== definition || counter.scopeKey !== key) continue;
        if (counter.bucket > bucket || counter.bucket < (rollingFrom ?? bucket)) continue;
        for (const field of Object.keys(total) as (keyof Used)[]) total[field] += used[field];
      }
      usage[limitId] = total;
    }
    return usage;
  }
}

describe("counters", () => {
  test("hold for every limit what a walk over the whole history sums up", () => {
    fc.assert(
      fc.property(world(20), ({ document, turns }) => {
        const ledger = new MiniatureLedger();
        const past: Past[] = [];
        for (const turn of turns) {
          const { row, remembered } = turn;
          const request = requestOf(row, document);
          const facts = factsOf(row, refundsOf(past, row));
          const fromCounters = ledger.read(document, row);
          const fromHistory = usageOf(document, past, row);
          for (const limit of document.limits) {
            // A limit that this request does not reach keeps no usage for it.
            if (counterKey(limit, document, request, facts) === null) continue;
            expect(fromCounters[limit.id]).toEqual(fromHistory[limit.id]);
          }
          const { holds, counted, verdict } = evaluate(document, request, facts, fromCounters);
          if (remembered) {
            ledger.record(countingHolds(document, request, facts), counted, remembered === "reserved");
          } else ledger.record(holds, counted, verdict === "handover");
          past.push(pastOf(document, turn, past));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("of another policy count what they would have held themselves", () => {
    fc.assert(
      fc.property(world(8), (generated) => {
        const { document } = generated;
        const { past, last } = untilTheLast(generated);
        const request = requestOf(last, document);
        const facts = factsOf(last, refundsOf(past, last));
        const { verdict, holds } = evaluate(document, request, facts, usageOf(document, past, last));
        const counting = countingHolds(document, request, facts);
        const { applying } = answer(document, last, past);
        expect(counting.map(({ limitId }) => limitId)).toEqual(
          applying.filter((id) => {
            const limit = document.limits.find((one) => one.id === id);
            return limit && counterKey(limit, document, request, facts) !== null;
          }),
        );
        if (verdict === "deny") return;
        const own = holds.filter(({ limitId }) => limitId !== "order-refundable");
        expect(counting).toEqual(own.map((hold) => ({ ...hold, guardMax: null })));
      }),
      { numRuns: 1000 },
    );
  });

  test("guard exactly what passes: whatever was used meanwhile, the ledger takes what the engine would let pass", () => {
    fc.assert(
      fc.property(policyAndRow, fc.nat({ max: 210 }), ([document, row], meanwhile) => {
        const request = requestOf(row, document);
        const evaluation = evaluate(document, request, factsOf(row), {});
        const usedBy = {
          postedAmount: meanwhile,
          postedCount: meanwhile,
          reservedAmount: 0,
          reservedCount: 0,
        };
        const usage = Object.fromEntries(document.limits.map(({ id }) => [id, usedBy]));
        const later = evaluate(document, request, factsOf(row), usage).explanation.checks;
        for (const { limitId, guardMax, asked } of evaluation.holds) {
          const check = evaluation.explanation.checks.find(({ id }) => id === limitId);
          expect(guardMax === null).toBe(check?.effect !== "pass");
          if (guardMax === null || limitId === "order-refundable") continue;
          const passesLater = later.find(({ id }) => id === limitId)?.effect === "pass";
          expect(meanwhile + asked <= guardMax).toBe(passesLater);
        }
        if (evaluation.verdict === "deny") expect(evaluation.holds).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test("add what is counted, whatever rounding asks of a limit, and leave room for the exact amount", () => {
    fc.assert(
      fc.property(policyAndRow, ([document, row]) => {
        const { holds, counted } = evaluate(document, requestOf(row, document), factsOf(row), {});
        for (const { limitId, measure, guardMax, asked } of holds) {
          if (limitId === "order-refundable")
            expect([asked, guardMax ?? row.orderPaid]).toEqual([row.amount, row.orderPaid]);
          else if (measure === "count") expect(asked).toBe(1);
          else {
            const exact = exactWorth(document, row);
            const max = document.limits.find(({ id }) => id === limitId)?.max ?? Number.NaN;
            expect(asked).toBe(counted);
            expect(BigInt(asked)).toBe(exact && countedOf(exact));
            if (guardMax !== null) expect(BigInt(max - guardMax + asked)).toBe(exact && atLeast(exact));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
