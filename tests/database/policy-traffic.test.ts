import { describe, expect, it } from "vitest";
import type { Limit, PolicyInput } from "@/lib/discretion/schema";
import { findPolicy } from "@/lib/policies/data";
import { personAuthor, publishVersion } from "@/lib/policies/mutations";
import { endTrial, startTrial } from "@/lib/trials/mutations";
import { testDatabase } from "../setup/database";
import { limit, scenario } from "../setup/scenario";

/** Is in every version and never reached: its entries tell in which order the decisions were recorded. */
const ALL = limit({ id: "all", scope: ["organization"], window: "lifetime", max: 900_000_000 });
const GUEST = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 4000 });
const WEEK = limit({
  id: "customer-7",
  scope: ["customer"],
  window: { rollingDays: 7 },
  max: 9000,
  over: "deny",
});
const FEW = limit({
  id: "few",
  scope: ["employee"],
  window: "week",
  measure: "count",
  max: 60,
  over: "handover",
});
const LARGE = limit({
  id: "large",
  scope: ["customer"],
  window: "month",
  max: 3000,
  when: { amount: { over: 150 } },
});

interface Recorded {
  id: string;
  version: number;
  verdict: string;
  employee: string;
  team: string | null;
  customer: string;
  amount: number;
  at: Date;
}

/** What was recorded of an organization, in the order in which it was: every entry begins where the last one ended. */
async function recordedInOrder(organizationId: string): Promise<Recorded[]> {
  const { rows } = await testDatabase().pool.query<
    Omit<Recorded, "amount"> & { amount: string; before: string; after: string }
  >(
    `select d.id, d.policy_version as version, d.verdict, d.employee_id as employee, d.team_id as team,
       d.customer_id as customer, d.amount, d.created_at as at,
       l.posted_amount_before + l.reserved_amount_before as before, l.posted_amount_after + l.reserved_amount_after as after
     from decisions d
     join ledger_entries l on l.organization_id = d.organization_id and l.decision_id = d.id and l.scope_key = 'organization'
     where d.organization_id = $1 order by before`,
    [organizationId],
  );
  let total = 0;
  for (const row of rows) {
    expect([row.id, Number(row.before)]).toEqual([row.id, total]);
    total = Number(row.after);
  }
  return rows.map((row) => ({ ...row, amount: Number(row.amount) }));
}

/** A limit as a slow model sees it: it walks all that was recorded before. Every decision of these tests is of one day. */
function usedBefore(one: Limit, of: Recorded, before: readonly Recorded[]): number {
  const threshold = one.when?.amount?.over ?? -1;
  const counted = before.filter(
    (past) =>
      past.amount > threshold &&
      (!one.scope.includes("employee") || past.employee === of.employee) &&
      (!one.scope.includes("customer") || past.customer === of.customer),
  );
  return one.measure === "count" ? counted.length : counted.reduce((sum, past) => sum + past.amount, 0);
}

/** What the version that a decision was taken under allowed at that place in the order, by the model. */
async function expectAllowed(organizationId: string, recorded: readonly Recorded[]): Promise<void> {
  const versions = new Map<number, Limit[]>();
  for (const version of new Set(recorded.map((each) => each.version))) {
    versions.set(version, (await findPolicy(organizationId, version))?.document.limits ?? []);
  }
  for (const [index, decision] of recorded.entries()) {
    const before = recorded.slice(0, index);
    const limits = (versions.get(decision.version) ?? []).filter(
      (one) => decision.amount > (one.when?.amount?.over ?? -1),
    );
    const passed = limits.filter((one) => {
      const asked = one.measure === "count" ? 1 : decision.amount;
      return usedBefore(one, decision, before) + asked > one.max;
    });
    const names = passed.map(({ id }) => id);
    // An allowed one passed no limit; one that was handed over passed some, and none that denies.
    if (decision.verdict === "allow") expect([decision.id, names]).toEqual([decision.id, []]);
    else expect([decision.id, decision.verdict, names.length > 0]).toEqual([decision.id, "handover", true]);
    expect(passed.filter((one) => one.over === "deny")).toEqual([]);
  }
}

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** Has agents decide as fast as they can until they are told to stop. */
function traffic(s: Scenario, agents: Awaited<ReturnType<Scenario["employee"]>>[], customers: string[]) {
  let stopped = false;
  let turn = 0;
  const workers = Array.from({ length: 10 }, async () => {
    while (!stopped) {
      turn += 1;
      const actor = agents[turn % agents.length];
      const customer = customers[(turn * 7) % customers.length];
      if (!actor || !customer) throw new Error("Nobody.");
      const answer = await s.ask({ customer, amount: 20 + ((turn * 37) % 180) }, { actor });
      if (!answer.ok) expect(answer.code).toBe("busy");
    }
  });
  return async () => {
    stopped = true;
    await Promise.all(workers);
  };
}

/** Lets the traffic go on until so many decisions more were recorded, since a moment or at all, under a version or any. */
async function more(organizationId: string, of: { version?: number; since?: Date; count?: number } = {}) {
  const { version = null, since = new Date(), count = 12 } = of;
  const recorded = async () => {
    const { rows } = await testDatabase().pool.query<{ count: number }>(
      `select count(*)::int as count from decisions
       where organization_id = $1 and ($2::int is null or policy_version = $2) and created_at >= $3`,
      [organizationId, version, since],
    );
    return rows[0]?.count ?? 0;
  };
  await expect.poll(recorded, { timeout: 20_000, interval: 40 }).toBeGreaterThanOrEqual(count);
}

describe("under live traffic", () => {
  // Risk: between two versions a decision is taken that neither of them allowed, or counts on neither.
  it("a limit that is lowered, raised, removed and added again lets nothing through that the version in force didn't allow", async () => {
    const s = await scenario({ limits: [ALL, GUEST, WEEK] });
    const agents = await Promise.all(Array.from({ length: 3 }, () => s.employee("agent")));
    const customers = await Promise.all(Array.from({ length: 4 }, () => s.customer()));
    const stop = traffic(s, agents, customers);
    const steps: PolicyInput["limits"][] = [
      [ALL, { ...GUEST, max: 1500 }, WEEK],
      [ALL, { ...GUEST, max: 2500 }, WEEK, FEW],
      [ALL, WEEK, FEW],
      [ALL, GUEST, { ...WEEK, max: 20_000 }, LARGE],
      [ALL, { ...GUEST, max: 6000 }, { ...WEEK, max: 30_000 }, { ...FEW, max: 200 }, LARGE],
    ];
    let version = 1;
    for (const limits of steps) {
      await more(s.organizationId, { version });
      const answer = await s.publish(version, { limits });
      if (!answer.ok) throw new Error(JSON.stringify(answer));
      version = answer.version;
    }
    await more(s.organizationId, { version });
    const author = personAuthor(s.manager.employeeId);
    await publishVersion({ organizationId: s.organizationId, version: 2, author, now: new Date() });
    await more(s.organizationId, { version: version + 1 });
    await stop();

    const recorded = await recordedInOrder(s.organizationId);
    await expectAllowed(s.organizationId, recorded);
    const versions = recorded.map((each) => each.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBeGreaterThanOrEqual(5);
  });

  it("a trial that starts and ends has its team, and nobody else, decide under it, and no budget is lost on the way", async () => {
    const s = await scenario({ limits: [ALL, GUEST, { ...WEEK, max: 900_000 }] });
    const agent = (team: string) => s.employee("agent", { team });
    const north = [await agent("north"), await agent("north")];
    const south = [await agent("south"), await agent("south")];
    const customers = await Promise.all(Array.from({ length: 3 }, () => s.customer()));
    const stop = traffic(s, [...north, ...south], customers);
    await more(s.organizationId);
    const version = await s.draft({
      limits: [ALL, { ...GUEST, max: 2000 }, { ...WEEK, max: 900_000, window: { rollingDays: 9 } }, LARGE],
    });
    const author = { ...personAuthor(s.manager.employeeId), employeeId: s.manager.employeeId };
    const now = new Date();
    const trial = await startTrial({
      organizationId: s.organizationId,
      version,
      teamId: await s.team("north"),
      endsAt: new Date(now.getTime() + 3_600_000),
      author,
      now,
    });
    if (!trial.ok) throw new Error(JSON.stringify(trial));
    await more(s.organizationId, { version });
    const over = new Date();
    await endTrial({ organizationId: s.organizationId, trialId: trial.trialId, author, now: over });
    // Whoever was deciding while it was being ended may have been the last to do so under it.
    const ended = new Date();
    await more(s.organizationId, { since: ended, count: 24 });
    await stop();

    const recorded = await recordedInOrder(s.organizationId);
    await expectAllowed(s.organizationId, recorded);
    const team = await s.team("north");
    const tried = recorded.filter((each) => each.version === version);
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.filter((each) => each.team !== team || each.at < now || each.at >= ended)).toEqual([]);
    const first = recorded.findIndex((each) => each.version === version);
    const beside = recorded.slice(first).filter((each) => each.team === team && each.version !== version);
    expect(beside.length).toBeGreaterThan(0);
    expect(beside.filter((each) => each.at < over)).toEqual([]);
  });
});
