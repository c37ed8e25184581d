import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { EmployeeActor } from "@/lib/auth/types";
import { databaseTrouble } from "@/lib/db/health";
import type { DecisionInput } from "@/lib/decisions/schema";
import type { DecideAnswer, DecisionView } from "@/lib/decisions/types";
import { expectNothingWrong } from "./aftermath";
import { testDatabase } from "./database";
import type { scenario } from "./scenario";

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** What somebody wants, and goes on to want under the same key until an answer comes. */
export interface Intent {
  key: string;
  actor: EmployeeActor;
  input: Pick<DecisionInput, "customer" | "amount"> & Partial<DecisionInput>;
}

/** How an intent is sent. Answers null where nobody knows what became of it, or it is to come again. */
export type Send = (intent: Intent) => Promise<DecisionView | null>;

/** By the function that the routes call; what it throws must say that the database is away or busy. */
export function sendTo(s: Scenario, now?: Date): Send {
  return async ({ key, actor, input }) => {
    let answer: DecideAnswer;
    try {
      answer = await s.ask(input, { actor, key, now });
    } catch (error) {
      if (databaseTrouble(error) === null) throw error;
      return null;
    }
    if (answer.ok) return answer.decision;
    expect(answer.code).toBe("busy");
    return null;
  };
}

/**
 * Has callers decide as fast as they can. Every other intent whose answer is missing is tried again at once; the others
 * stay in doubt until `settle`, which has all callers stop and every intent answered under its own key.
 */
export function traffic(
  s: Scenario,
  options: { send?: Send; callers?: number; agents: EmployeeActor[]; customers: string[] },
) {
  const { send = sendTo(s), callers = 8, agents, customers } = options;
  const acknowledged = new Map<string, string>();
  const inDoubt: Intent[] = [];
  let stopped = false;
  let turn = 0;
  let missing = 0;

  const attempt = async (intent: Intent): Promise<boolean> => {
    const decision = await send(intent);
    if (decision === null) {
      missing++;
      return false;
    }
    const known = acknowledged.get(intent.key);
    expect(decision.id, "one intent, one decision").toBe(known ?? decision.id);
    acknowledged.set(intent.key, decision.id ?? "");
    return true;
  };
  const caller = async () => {
    while (!stopped) {
      const mine = turn++;
      const [actor, customer] = [agents[mine % agents.length], customers[(mine * 7) % customers.length]];
      if (!actor || !customer) throw new Error("Nobody.");
      const intent = { key: randomUUID(), actor, input: { customer, amount: 20 + ((mine * 37) % 180) } };
      let done = await attempt(intent);
      while (!done && !stopped && mine % 2 === 0) {
        await sleep(20);
        done = await attempt(intent);
      }
      if (!done) {
        inDoubt.push(intent);
        await sleep(10);
      }
    }
  };
  const running = Promise.all(Array.from({ length: callers }, caller));
  // Whoever settles hears of it.
  running.catch(() => undefined);

  return {
    acknowledged,
    /** How many answers have been missing so far. */
    missing: () => missing,
    settle: async () => {
      stopped = true;
      await running;
      for (const end = Date.now() + 60_000; inDoubt.length > 0; ) {
        const again = inDoubt.splice(0);
        for (const intent of again) if (!(await attempt(intent))) inDoubt.push(intent);
        if (inDoubt.length === 0) return;
        if (Date.now() > end) throw new Error(`${inDoubt.length} intents are not answered any more.`);
        await sleep(100);
      }
    },
  };
}

type Traffic = ReturnType<typeof traffic>;

/** Waits until so many answers have been missing. */
export function untilMissing(load: Traffic, count: number): Promise<void> {
  return until(() => load.missing() >= count, `${count} answers never came to be missing.`);
}

/** Waits until so many intents have been answered. */
export function untilAcknowledged(load: Traffic, count: number): Promise<void> {
  return until(() => load.acknowledged.size >= count, `${count} intents were never answered.`);
}

async function until(condition: () => boolean, fault: string): Promise<void> {
  for (const end = Date.now() + 60_000; !condition(); await sleep(10))
    if (Date.now() > end) throw new Error(fault);
}

/** Every acknowledged decision is there once, nothing else is, and the app finds nothing wrong. */
export async function expectKept(s: Scenario, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const { rows } = await testDatabase().pool.query<{ key: string; id: string }>(
    `select i.key, d.id from decisions d
     left join idempotency_keys i on i.organization_id = d.organization_id and i.decision_id = d.id
     where d.organization_id = $1`,
    [s.organizationId],
  );
  const kept = rows.map(({ key, id }) => `${key} ${id}`).sort();
  expect(kept).toEqual([...acknowledged].map(([key, id]) => `${key} ${id}`).sort());
  await expectNothingWrong(s.organizationId);
}

/** No entry of a limit left its counter above the limit, in a calendar window that nobody merged into. */
export async function expectNeverPassed(organizationId: string, limitId: string, max: number): Promise<void> {
  const { rows } = await testDatabase().pool.query<{ most: string | null }>(
    `select max(posted_amount_after + reserved_amount_after) as most from ledger_entries
     where organization_id = $1 and $2 = any (limit_ids)`,
    [organizationId, limitId],
  );
  expect(Number(rows[0]?.most ?? 0)).toBeLessThanOrEqual(max);
}
