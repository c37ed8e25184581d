import { randomUUID } from "node:crypto";
import { hold } from "../operations/program";
import { AGAIN, step } from "../operations/step";
import { addDatabase, openTestDatabases } from "../operations/test-databases";
import { measureRounds, perSecond, type Result } from "./rounds";

const CLIENTS = 8;
const PEOPLE = 200;

/** What one process does with a database of its own, and how that compares to a call which does nothing. */
export async function benchDatabase({ quick }: { quick: boolean }): Promise<Result> {
  const databases = await hold(
    () => openTestDatabases(() => undefined),
    (opened) => opened.stop(),
  );
  const url = await addDatabase(databases, "bench");
  process.env.DATABASE_URL = url;
  process.env.NEXTAUTH_SECRET ??= randomUUID();
  process.env.LEEWAY_DATABASE_POOL = String(CLIENTS);
  const house = await step("Making an organization", AGAIN, () => makeHouse(url));
  const [calls, decisions] = quick ? [600, 400] : [2_000, 1_200];

  const result = await measureRounds("The database", async () => {
    const bare = await rate(calls, () => house.bare());
    const uniform = await rate(decisions, (turn) => house.decide(turn));
    const hot = await rate(decisions, () => house.decide(0));
    return {
      emptyCallPerSecond: bare,
      decidePerSecond: uniform,
      decideHotPerSecond: hot,
      decideVsEmptyCall: uniform / bare,
      hotVsUniform: hot / uniform,
    };
  });
  const { closePool } = await import("@/lib/db/pool");
  await closePool();
  return result;
}

/** How often a second `work` is done by as many clients as the pool has connections. */
async function rate(times: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begunAt = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let turn = next++; turn < times; turn = next++) await work(turn);
    }),
  );
  return perSecond(times, begunAt);
}

const LIMIT = {
  measure: "amount",
  max: 1_000_000_000,
  over: "handover",
  why: "A bench.",
  say: "A bench.",
} as const;

/** A house of so many customers and one agent each, so that nobody waits for anybody but on purpose. */
async function makeHouse(url: string) {
  const { migrate } = await import("@/lib/db/migrate");
  await migrate({ databaseUrl: url });
  const { createOrganization } = await import("@/tests/factories/organizations");
  const { createEmployee } = await import("@/tests/factories/employees");
  const { createCustomer } = await import("@/tests/factories/customers");
  const { decide } = await import("@/lib/decisions/decide");
  const { pool } = await import("@/lib/db/pool");
  const limits = [
    { ...LIMIT, id: "guest-day", scope: ["employee" as const, "customer" as const], window: "day" as const },
    { ...LIMIT, id: "customer-30", scope: ["customer" as const], window: { rollingDays: 30 } },
  ];
  const organization = await createOrganization({ policy: { limits } });
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, async () => ({
      actor: (await createEmployee(organization)).actor,
      customer: (await createCustomer(organization)).id,
    })),
  );
  return {
    bare: () =>
      pool().query({
        name: "bench_bare",
        text: "select set_config('leeway.organization_id', $1, true)",
        values: [organization.organizationId],
      }),
    async decide(turn: number) {
      const who = people[turn % people.length];
      if (!who) throw new Error("Nobody.");
      const answer = await decide({
        actor: who.actor,
        input: { customer: who.customer, remedy: "credit", amount: 1, currency: "USD" },
        idempotencyKey: randomUUID(),
        now: new Date(),
      });
      if (!answer.ok || answer.decision.verdict !== "allow") throw new Error(JSON.stringify(answer));
    },
  };
}
