import { randomUUID } from "node:crypto";
import { evaluate } from "@/lib/discretion/evaluate";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import type { Facts } from "@/lib/discretion/types";
import { hold, runProgram, say } from "./operations/program";
import { AGAIN, step } from "./operations/step";
import { addDatabase, openTestDatabases } from "./operations/test-databases";

const ROUNDS = 5;
const CLIENTS = 8;

type Measures = Record<string, number>;

/**
 * Measures in adjacent rounds of one run, because a machine is never twice the same: what is compared is measured one
 * after the other in each round, and the medians of the rounds are told. `--json` prints one line of JSON last.
 */
async function bench(): Promise<number> {
  const databases = await hold(
    () => openTestDatabases(() => undefined),
    (opened) => opened.stop(),
  );
  const url = await addDatabase(databases, "bench");
  process.env.DATABASE_URL = url;
  process.env.NEXTAUTH_SECRET ??= randomUUID();
  process.env.LEEWAY_DATABASE_POOL = String(CLIENTS);
  const house = await step("Making an organization", AGAIN, () => makeHouse(url));

  const rounds: Measures[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.push(
      await step(`Round ${round} of ${ROUNDS}`, AGAIN, async () => {
        const bare = await rate(2_000, () => house.bare());
        const uniform = await rate(1_200, (turn) => house.decide(turn));
        const hot = await rate(1_200, () => house.decide(0));
        return {
          evaluationsPerSecond: evaluations(),
          emptyCallPerSecond: bare,
          decidePerSecond: uniform,
          decideHotPerSecond: hot,
          decideVsEmptyCall: uniform / bare,
          hotVsUniform: hot / uniform,
        };
      }),
    );
  }
  const { closePool } = await import("@/lib/db/pool");
  await closePool();
  const result: Record<string, { median: number; least: number; most: number }> = {};
  for (const name of Object.keys(rounds[0] ?? {})) {
    const values = rounds.map((round) => round[name] ?? 0).sort((a, b) => a - b);
    const median = values[Math.floor(values.length / 2)] ?? 0;
    result[name] = { median, least: values[0] ?? 0, most: values.at(-1) ?? 0 };
  }
  say("");
  for (const [name, { median, least, most }] of Object.entries(result)) {
    say(`${name.padEnd(24)} ${rounded(median).padStart(10)}   (${rounded(least)} to ${rounded(most)})`);
  }
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(result)}\n`);
  return 0;
}

function rounded(value: number): string {
  return value < 10 ? (Math.round(value * 1000) / 1000).toString() : Math.round(value).toString();
}

/** How often a second `work` is done by as many clients as the pool has connections. */
async function rate(times: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let turn = next++; turn < times; turn = next++) await work(turn);
    }),
  );
  return (times * 1000) / (performance.now() - begun);
}

/** A house of 200 customers and one agent each, so that nobody waits for anybody but on purpose. */
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
    Array.from({ length: 200 }, async () => ({
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

const LIMIT = {
  measure: "amount",
  max: 1_000_000_000,
  over: "handover",
  why: "A bench.",
  say: "A bench.",
} as const;

/** Evaluations a second against 50 limits and 50 rules, on one core. */
function evaluations(): number {
  const policy: Policy = policySchema.parse({
    currency: "USD",
    timeZone: "America/New_York",
    limits: Array.from({ length: 50 }, (_, i) => ({
      ...LIMIT,
      id: `limit-${i}`,
      scope: ["employee", "customer"],
      window: (["day", "week", "month", "year", "lifetime"] as const)[i % 5],
      when: { remedies: ["credit"], amount: { over: i } },
    })),
    rules: Array.from({ length: 50 }, (_, i) => ({
      id: `rule-${i}`,
      effect: "bend",
      when: { tiers: ["gold"], amount: { over: 1_000_000 + i } },
      why: "A bench.",
      say: "A bench.",
    })),
  });
  const facts: Facts = {
    employee: { id: "e", role: "agent", team: null, startedAt: null },
    customer: { id: "c", tier: "gold" },
    order: null,
    hasOpenDispute: false,
  };
  const times = 5_000;
  const begun = performance.now();
  for (let i = 0; i < times; i++) {
    evaluate(
      policy,
      { remedy: "credit", amount: 1_000 + i, currency: "USD", at: 1_770_000_000_000 },
      facts,
      {},
    );
  }
  return (times * 1000) / (performance.now() - begun);
}

await runProgram(bench);
