import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterKey, scopeKey, usageQueries } from "@/lib/discretion/counters";
import { evaluate } from "@/lib/discretion/evaluate";
import { largestOutside } from "@/lib/discretion/explain";
import type { FactsOfRecord } from "@/lib/discretion/findings";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { createSimulation, type SimulationRow } from "@/lib/discretion/simulate";
import type { DecisionRequest, Hold, Usage, Used } from "@/lib/discretion/types";
import { history, policy, row } from "./arbitraries";
import { answer, counts, largestByTrying, type Past, together } from "./oracle";

const DAY_MS = 86_400_000;
const UNUSED: Used = { postedAmount: 0, reservedAmount: 0, postedCount: 0, reservedCount: 0 };

const requestOf = (one: SimulationRow): DecisionRequest => ({
  remedy: one.remedy,
  amount: one.amount,
  currency: one.currency ?? "USD",
  caseId: one.case,
  cause: one.cause,
  channel: one.channel,
  at: one.at,
});

const factsOf = (one: SimulationRow, refunded = 0, reserved = 0): FactsOfRecord => ({
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

/** Lets the oracle live through a history. */
function liveThrough(document: Policy, rows: readonly SimulationRow[]): Past[] {
  const past: Past[] = [];
  for (const one of rows) {
    const { verdict, counted } = answer(document, one, past);
    past.push({ row: one, verdict, counted });
  }
  return past;
}

/** What the oracle's history amounts to, by limit, for a row to come. */
function usageOf(document: Policy, past: readonly Past[], one: SimulationRow): Usage {
  return Object.fromEntries(
    document.limits.map((limit) => {
      const before = past.filter(
        (p) => counts(p) && p.counted.includes(limit.id) && together(limit, document, p.row, one),
      );
      const [held, posted] = [true, false].map((isHeld) =>
        before.filter((p) => (p.verdict === "handover") === isHeld),
      );
      const sum = (some: Past[] = []) => some.reduce((total, p) => total + p.row.amount, 0);
      return [
        limit.id,
        {
          postedAmount: sum(posted),
          reservedAmount: sum(held),
          postedCount: posted?.length ?? 0,
          reservedCount: held?.length ?? 0,
        },
      ];
    }),
  );
}

function refundsOf(
  past: readonly Past[],
  order: string | null | undefined,
): [refunded: number, reserved: number] {
  const refunds = past.filter(
    (p) => counts(p) && p.row.remedy === "refund" && order && p.row.order === order,
  );
  const sum = (held: boolean) =>
    refunds.filter((p) => (p.verdict === "handover") === held).reduce((total, p) => total + p.row.amount, 0);
  return [sum(false), sum(true)];
}

describe("the engine, against a slow and simple one", () => {
  test("generated policies are policies", () => {
    fc.assert(
      fc.property(policy, (document) => {
        expect(policySchema.parse(document)).toEqual(document);
      }),
    );
  });

  test("gives the same verdict, binding and arithmetic", () => {
    fc.assert(
      fc.property(policy, history(8), (document, rows) => {
        const past = liveThrough(document, rows.slice(0, -1));
        const last = rows.at(-1) as SimulationRow;
        const facts = factsOf(last, ...refundsOf(past, last.order));
        const { verdict, explanation } = evaluate(
          document,
          requestOf(last),
          facts,
          usageOf(document, past, last),
        );
        const expected = answer(document, last, past);
        expect(verdict).toBe(expected.verdict);
        expect(explanation.binding).toBe(expected.binding);
        expect(
          explanation.checks.map(({ id, effect, used, left }) => ({
            id,
            effect,
            ...(used === null ? {} : { used, left: left ?? undefined }),
          })),
        ).toEqual(expected.checks);
      }),
      { numRuns: 1500 },
    );
  });

  test("finds the largest amount that trying every one finds", () => {
    fc.assert(
      fc.property(policy, history(4), (document, rows) => {
        const past = liveThrough(document, rows.slice(0, -1));
        const last = rows.at(-1) as SimulationRow;
        const facts = factsOf(last, ...refundsOf(past, last.order));
        const { explanation } = evaluate(document, requestOf(last), facts, usageOf(document, past, last));
        expect(explanation.maxAmount).toBe(largestByTrying(document, last, past));
      }),
      { numRuns: 400 },
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
      fc.property(policy, row, (document, one) => {
        const ask = (amount: number) => evaluate(document, { ...requestOf(one), amount }, factsOf(one), {});
        const { maxAmount } = ask(one.amount).explanation;
        if (maxAmount === null) expect(["allow", "bend"]).toContain(ask(Number.MAX_SAFE_INTEGER).verdict);
        else {
          if (maxAmount > 0) expect(["allow", "bend"]).toContain(ask(maxAmount).verdict);
          expect(["handover", "deny"]).toContain(ask(maxAmount + 1).verdict);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("replays a history as it was lived through", () => {
    fc.assert(
      fc.property(policy, history(25), (document, rows) => {
        const simulation = createSimulation(document);
        const past: Past[] = [];
        for (const one of rows) {
          const expected = answer(document, one, past);
          past.push({ row: one, verdict: expected.verdict, counted: expected.counted });
          const { id, verdict, binding } = simulation.decide(one);
          expect({ id, verdict, binding }).toEqual({
            id: one.id,
            verdict: expected.verdict,
            binding: expected.binding,
          });
        }
        const counted = Object.values(simulation.totals()).reduce((sum, total) => sum + total.count, 0);
        expect(counted).toBe(rows.length);
      }),
      { numRuns: 600 },
    );
  });
});

describe("what is never passed", () => {
  test("a limit that denies, by anything that was posted or is reserved, in any order of requests", () => {
    fc.assert(
      fc.property(policy, history(25), (document, rows) => {
        const simulation = createSimulation(document);
        const past = rows.map((one) => ({
          row: one,
          verdict: simulation.decide(one).verdict as string,
          counted: [],
        }));
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
              (p) =>
                counts(p) && (p.row.currency ?? "USD") === "USD" && together(limit, document, p.row, anchor),
            );
            const spent =
              limit.measure === "count"
                ? inWindow.length
                : inWindow.reduce((sum, p) => sum + p.row.amount, 0);
            expect(spent).toBeLessThanOrEqual(limit.max);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  test("what was paid on an order, by its refunds", () => {
    fc.assert(
      fc.property(policy, history(25), (document, rows) => {
        const simulation = createSimulation(document);
        const refunded = new Map<string, number>();
        for (const each of rows) {
          const one = { ...each, orderPaid: 150 };
          if (simulation.decide(one).verdict === "deny" || one.remedy !== "refund" || !one.order) continue;
          refunded.set(one.order, (refunded.get(one.order) ?? 0) + one.amount);
        }
        for (const sum of refunded.values()) expect(sum).toBeLessThanOrEqual(150);
      }),
      { numRuns: 300 },
    );
  });
});

/** A ledger in miniature: counter rows written under what decisions hold, read as the usage queries say. */
class MiniatureLedger {
  private readonly rows: { definition: string; scopeKey: string; bucket: string; used: Used }[] = [];

  record(holds: readonly Hold[], amount: number, isReserved: boolean): void {
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
      fc.property(policy, history(20), (document, rows) => {
        const ledger = new MiniatureLedger();
        const past: Past[] = [];
        for (const one of rows) {
          const facts = factsOf(one, ...refundsOf(past, one.order));
          const fromCounters = ledger.read(document, one);
          const fromHistory = usageOf(document, past, one);
          for (const limit of document.limits) {
            // A limit that this request does not reach keeps no usage for it.
            if (counterKey(limit, document, requestOf(one), facts) === null) continue;
            expect(fromCounters[limit.id]).toEqual(fromHistory[limit.id]);
          }
          const evaluation = evaluate(document, requestOf(one), facts, fromCounters);
          ledger.record(evaluation.holds, one.amount, evaluation.verdict === "handover");
          const { verdict, counted } = answer(document, one, past);
          past.push({ row: one, verdict, counted });
        }
      }),
      { numRuns: 400 },
    );
  });

  test("guard what passed at exactly the limit, so that what is within it goes through and what is not does not", () => {
    fc.assert(
      fc.property(policy, row, (document, one) => {
        const evaluation = evaluate(document, requestOf(one), factsOf(one), {});
        for (const { limitId, guardMax, asked } of evaluation.holds) {
          const check = evaluation.explanation.checks.find(({ id }) => id === limitId);
          expect(guardMax).toBe(check?.effect === "pass" ? check.max : null);
          expect(asked).toBe(check?.asked);
        }
        if (evaluation.verdict === "deny") expect(evaluation.holds).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
