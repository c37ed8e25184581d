import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import type { DecisionView } from "@/lib/decisions/types";
import { answerHandover, withdrawHandover } from "@/lib/handovers/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import { expectNothingWrong } from "../setup/aftermath";
import { testDatabase } from "../setup/database";
import { rounds } from "../setup/faults";
import { decided, limit, scenario } from "../setup/scenario";
import { expectKept, sendTo } from "../setup/traffic";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Ten minutes before midnight in New York, of the day on which its clocks are put forward. */
const LATE = new Date("2026-03-09T03:50:00Z");

const DAY = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 1000, over: "deny" });
const ROLLING = limit({
  id: "rolling",
  scope: ["customer"],
  window: { rollingDays: 3 },
  max: 1500,
  over: "deny",
});
const GUEST = limit({
  id: "guest-day",
  scope: ["employee", "customer"],
  window: "day",
  max: 400,
  when: { roles: ["agent"] },
});

type Scenario = Awaited<ReturnType<typeof scenario>>;

function expire(s: Scenario, decision: string | null, at: Date): Promise<boolean> {
  return pool()
    .query<{ done: boolean }>("select expire_handover($1, $2, $3, $4) as done", [
      s.organizationId,
      decision,
      at,
      newId(at),
    ])
    .then(({ rows }) => rows[0]?.done ?? false);
}

async function handoverOf(decision: string | null): Promise<string> {
  const { rows } = await testDatabase().pool.query<{ id: string }>(
    "select id from handovers where decision_id = $1",
    [decision],
  );
  return rows[0]?.id ?? "";
}

describe("a clock that steps back and forward an hour", () => {
  // Risk: across midnight, yesterday's budget is opened again with today's beside it; or nobody is answered any more.
  it("over midnight under load lets through no more than each day and each span of days allows, and answers everybody", async () => {
    const s = await scenario({ limits: [DAY, ROLLING] });
    const acknowledged = new Map<string, string>();
    const allowed: { customer: string; day: number; amount: number }[] = [];
    for (let round = 0; round < rounds(4, 30); round++) {
      const customer = await s.customer();
      const steps = [0, HOUR, -HOUR, 0, 24 * HOUR, 23 * HOUR, HOUR];
      await Promise.all(
        Array.from({ length: 24 }, async (_, turn) => {
          const now = new Date(LATE.getTime() + (steps[turn % steps.length] ?? 0));
          const key = `round ${round} turn ${turn}`;
          const amount = 90 + ((turn * 31) % 140);
          let answered: DecisionView | null = null;
          // A machine that has much to do may be busy, and says so; what may not be is that it is busy for ever.
          for (let attempt = 0; answered === null && attempt < 20; attempt++) {
            answered = await sendTo(s, now)({ key, actor: s.agent, input: { customer, amount } });
          }
          if (!answered) throw new Error(`Nobody answers ${key}.`);
          const decision = answered;
          acknowledged.set(key, decision.id ?? "");
          // Two days on end, New York's: midnight is at 04:00 in summer time, which has begun at LATE.
          const day = Math.floor((now.getTime() - 4 * HOUR) / (24 * HOUR));
          if (decision.verdict === "allow") allowed.push({ customer, day, amount });
        }),
      );
      const sum = (days?: number) =>
        allowed
          .filter((one) => one.customer === customer && (days === undefined || one.day === days))
          .reduce((total, { amount }) => total + amount, 0);
      for (const { day } of allowed) expect(sum(day)).toBeLessThanOrEqual(1000);
      // All of it lies within three days.
      expect(sum()).toBeLessThanOrEqual(1500);
      // It is used up but for less than was asked for at most: nobody was refused without need.
      expect(sum()).toBeGreaterThan(1500 - 230);
    }
    await expectKept(s, acknowledged);
  });

  it("over a deadline expires a handover once, and never before the deadline of its own clock", async () => {
    const s = await scenario({ limits: [GUEST] });
    const held = decided(await s.ask({ customer: await s.customer(), amount: 500 }, { now: LATE }));
    const deadline = LATE.getTime() + 8 * HOUR;
    const at = [-HOUR, -MINUTE, -1, 0, -HOUR, HOUR, 0];
    const outcomes: boolean[] = [];
    for (const step of at) outcomes.push(await expire(s, held.id, new Date(deadline + step)));
    expect(outcomes).toEqual([false, false, false, true, false, false, false]);
    await expectNothingWrong(s.organizationId);
  });

  it("lets a handover be answered, withdrawn and reversed at a time before it was asked for, and the books stay sound", async () => {
    const s = await scenario({ limits: [GUEST] });
    const ask = async () =>
      decided(await s.ask({ customer: await s.customer(), amount: 500 }, { now: LATE }));
    const before = new Date(LATE.getTime() - HOUR);
    const [answered, withdrawn, declined] = [await ask(), await ask(), await ask()];
    const answer = (handoverId: string, kind: "approve" | "decline", now: Date) =>
      answerHandover({
        actor: s.manager,
        handoverId,
        input: { answer: kind, note: "The guest has waited for long." },
        now,
      });
    const past = new Date(LATE.getTime() + 9 * HOUR);
    const handoverId = await handoverOf(answered.id);
    expect(await answer(handoverId, "approve", past)).toMatchObject({ ok: false, code: "handover_expired" });
    expect(await answer(handoverId, "approve", before)).toMatchObject({ ok: true });
    expect(await answer(await handoverOf(declined.id), "decline", before)).toMatchObject({ ok: true });
    expect(
      await withdrawHandover({
        organizationId: s.organizationId,
        handoverId: await handoverOf(withdrawn.id),
        employeeId: s.agent.employeeId,
        actor: { kind: "employee", id: s.agent.employeeId },
        now: before,
      }),
    ).toMatchObject({ ok: true });
    const reversed = await reverseDecision({
      actor: s.manager,
      decisionId: answered.id ?? "",
      reason: "The parcel came after all.",
      idempotencyKey: "back",
      now: new Date(before.getTime() - HOUR),
    });
    expect(reversed).toMatchObject({ ok: true });
    await expectNothingWrong(s.organizationId);
  });
});
