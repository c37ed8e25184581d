import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { decide } from "@/lib/decisions/decide";
import { type Policy, type PolicyInput, policySchema, type Remedy } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import { localDay, startOfDay } from "@/lib/discretion/windows";
import { TASKS } from "@/lib/jobs/tasks";
import { startWorker } from "@/lib/jobs/worker";
import { personAuthor, publishPolicy, saveDraft } from "@/lib/policies/mutations";
import { setRates } from "@/lib/rates/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import {
  countDifferences,
  findProgress,
  findSimulation,
  listDifferences,
  listSimulationLines,
} from "@/lib/simulations/data";
import { cancelSimulation, requestSimulation, runSimulation } from "@/lib/simulations/mutations";
import { SPAN_DAYS_MAX } from "@/lib/simulations/schema";
import type { Difference, SimulationView } from "@/lib/simulations/types";
import { createCustomer } from "../factories/customers";
import { createEmployee, type MadeEmployee } from "../factories/employees";
import { createOrder } from "../factories/orders";
import { createOrganization } from "../factories/organizations";
import { answer, asPast, asRemembered, type Past } from "../properties/oracle";
import { testDatabase } from "../setup/database";
import { limit } from "../setup/scenario";

const ZONE = "America/New_York";
const DAY = 86_400_000;
const HOUR = 3_600_000;
const DAYS = 14;

const POLICY = policySchema.parse({
  currency: "USD",
  timeZone: ZONE,
  limits: [
    limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 }),
    limit({ id: "customer-5", scope: ["customer"], window: { rollingDays: 5 }, max: 9000 }),
    limit({ id: "team-week", scope: ["team"], window: "week", measure: "count", max: 25, over: "bend" }),
    limit({ id: "order", scope: ["order"], window: "lifetime", max: 6000, when: { remedies: ["credit"] } }),
    limit({ id: "house-month", scope: ["organization"], window: "month", max: 260_000, over: "deny" }),
    limit({ id: "case", scope: ["customer"], window: "case", max: 5000, over: "bend" }),
  ],
  rules: [
    {
      id: "no-order",
      effect: "deny",
      when: { remedies: ["refund"], hasOrder: false },
      why: "Because.",
      say: "Gladly.",
    },
    { id: "old", effect: "bend", when: { orderAgeDays: { over: 20 } }, why: "Because.", say: "Gladly." },
    { id: "new", effect: "bend", when: { tenureDays: { under: 30 } }, why: "Because.", say: "Gladly." },
  ],
} satisfies PolicyInput);

/** Stricter here, looser there, with limits that nobody counted so far. */
const DRAFT = policySchema.parse({
  ...POLICY,
  limits: [
    limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 1800 }),
    limit({ id: "customer-5", scope: ["customer"], window: { rollingDays: 3 }, max: 12_000 }),
    limit({
      id: "employee-month",
      scope: ["employee"],
      window: "month",
      measure: "count",
      max: 30,
      over: "bend",
    }),
    limit({ id: "gold", scope: ["customer"], window: "week", max: 4000, when: { tiers: ["gold"] } }),
  ],
  rules: POLICY.rules.filter(({ id }) => id !== "new"),
});

/** What happened, as the test itself did it. */
interface Happened {
  row: SimulationRow;
  verdict: string;
  decisionId: string;
  /** When it ceased to count; epoch milliseconds. */
  endedAt: number | null;
  of: "handover" | "gift";
}

interface House {
  organizationId: string;
  admin: string;
  log: Happened[];
  end: number;
  draft(document: Policy): Promise<number>;
}

/** Numbers that are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

/**
 * Fourteen days of a house that decides one thing after the other, through the same function as everybody: with
 * refunds, another currency, handovers that run out after eight hours and gifts that are reversed.
 */
async function house(versions: readonly Policy[] = [POLICY], count = 260): Promise<House> {
  const organization = await createOrganization({ policy: versions[0], timeZone: ZONE });
  const { organizationId } = organization;
  const admin = await createEmployee(organization, { role: "admin" });
  const end = Date.now() - HOUR;
  const begin = end - DAYS * DAY;
  await setRates({
    organizationId,
    writer: { kind: "system", id: null },
    at: new Date(),
    rates: [{ currency: "EUR", day: localDay(begin - 40 * DAY, ZONE), rate: "1.0837" }],
  });
  const people: MadeEmployee[] = [];
  for (const options of [
    { team: "north", startedOn: localDay(end - 400 * DAY, ZONE) },
    { team: "north", startedOn: localDay(end - 35 * DAY, ZONE) },
    { team: "south", startedOn: localDay(end - 900 * DAY, ZONE) },
    { startedOn: localDay(end - 90 * DAY, ZONE) },
  ]) {
    people.push(await createEmployee(organization, options));
  }
  const customers = await Promise.all(
    ["gold", null, null, "gold", null].map(async (tier) => {
      const { id } = await createCustomer(organization, { tier: tier ?? undefined });
      const placedAt = new Date(begin - (tier ? 16 : 2) * DAY);
      const order = await createOrder(organization, { customer: id, amountPaid: 7000, placedAt });
      return { id, tier, order: { id: order.id, placedAt: placedAt.getTime() } };
    }),
  );

  const pick = numbers(7);
  const log: Happened[] = [];
  const due: (() => Promise<void>)[] = [];
  const dueAt: number[] = [];
  const reach = async (at: number) => {
    for (let next = Math.min(...dueAt); next <= at; next = Math.min(...dueAt)) {
      const index = dueAt.indexOf(next);
      const [act] = due.splice(index, 1);
      dueAt.splice(index, 1);
      await act?.();
    }
  };
  for (let i = 0; i < count; i++) {
    const at = begin + Math.floor((i * DAYS * DAY) / count) + pick(60_000);
    await reach(at);
    const change = versions[Math.floor((i * versions.length) / count)];
    if (change && i > 0 && change !== versions[Math.floor(((i - 1) * versions.length) / count)]) {
      await publish(organizationId, change);
    }
    const person = people[pick(people.length)];
    const customer = customers[pick(customers.length)];
    if (!person || !customer) throw new Error("Nobody.");
    const remedy = (["credit", "credit", "refund", "fee_waiver", "gift"] as const)[pick(5)] ?? "credit";
    const foreign = remedy !== "refund" && pick(5) === 0;
    const withOrder = pick(4) > 0;
    const request = {
      remedy,
      amount: [200, 450, 900, 1500, 2600, 3200][pick(6)] ?? 1,
      currency: foreign ? "EUR" : "USD",
      order: withOrder ? customer.order : null,
      cause: ["late", "broken", "lost"][pick(3)] ?? "late",
      hasCase: pick(3) > 0,
    };
    const happened = await tell(person.actor, customer, request, at);
    log.push(happened);
    const patience = at + 8 * HOUR;
    if (happened.verdict === "handover" && patience < end) {
      dueAt.push(patience);
      due.push(async () => {
        await expire(organizationId, happened.decisionId, patience);
        Object.assign(happened, { endedAt: patience, of: "handover" });
      });
    } else if (happened.verdict === "allow" && pick(9) === 0) {
      const moment = at + 30 * HOUR;
      if (moment >= end) continue;
      dueAt.push(moment);
      due.push(async () => {
        await reverse(organizationId, happened.decisionId, moment);
        Object.assign(happened, { endedAt: moment, of: "gift" });
      });
    }
  }
  await reach(end);
  return {
    organizationId,
    admin: admin.id,
    log,
    end,
    async draft(document) {
      const saved = await saveDraft({
        organizationId,
        version: null,
        revision: null,
        base: versions.length,
        document,
        note: null,
        author: personAuthor(admin.id),
        now: new Date(),
      });
      if (!saved.ok) throw new Error(JSON.stringify(saved));
      return saved.version;
    },
  };
}

interface Asked {
  remedy: Remedy;
  amount: number;
  currency: string;
  order: { id: string; placedAt: number } | null;
  cause: string;
  hasCase: boolean;
}

async function tell(
  actor: EmployeeActor,
  customer: { id: string; tier: string | null },
  asked: Asked,
  at: number,
): Promise<Happened> {
  const { order, cause, hasCase, ...rest } = asked;
  const answered = await decide({
    actor,
    input: {
      ...rest,
      customer: customer.id,
      order: order?.id,
      note: "As it should have been.",
      ...(hasCase ? { case: { channel: "phone", happened: "It broke.", cause } } : {}),
    },
    idempotencyKey: randomUUID(),
    now: new Date(at),
  });
  if (!answered.ok) throw new Error(JSON.stringify(answered));
  const { rows } = await testDatabase().pool.query<{ started: string; case_id: string | null }>(
    `select e.started_on as started, d.case_id from decisions d
     join employees e on e.organization_id = d.organization_id and e.id = d.employee_id where d.id = $1`,
    [answered.decision.id],
  );
  const started = startOfDay(rows[0]?.started ?? "", ZONE);
  const row: SimulationRow = {
    id: answered.decision.id ?? "",
    at,
    employee: actor.employeeId,
    customer: customer.id,
    remedy: asked.remedy,
    amount: asked.amount,
    currency: asked.currency,
    rate: asked.currency === "EUR" ? { rate: "1.0837", day: "any" } : null,
    role: actor.role,
    team: actor.team,
    tier: customer.tier,
    order: order?.id ?? null,
    orderPaid: order ? 7000 : null,
    orderAt: order?.placedAt ?? null,
    tenureDays: Math.floor((at - started) / DAY),
    hasOpenDispute: false,
    case: rows[0]?.case_id ?? null,
    cause: hasCase ? cause : null,
    channel: hasCase ? "phone" : null,
  };
  const { verdict } = answered.decision;
  return { row, verdict, decisionId: row.id, endedAt: null, of: "gift" };
}

async function publish(organizationId: string, document: Policy): Promise<void> {
  const { rows } = await testDatabase().pool.query<{ version: number }>(
    "select version from policies where organization_id = $1 and status = 'published'",
    [organizationId],
  );
  const base = rows[0]?.version ?? null;
  const answered = await publishPolicy({
    organizationId,
    base,
    document,
    note: null,
    authorId: null,
    now: new Date(),
  });
  if (!answered.ok) throw new Error(JSON.stringify(answered));
}

async function expire(organizationId: string, decisionId: string, at: number): Promise<void> {
  const moment = new Date(at);
  const { rows } = await pool().query<{ done: boolean }>("select expire_handover($1, $2, $3, $4) as done", [
    organizationId,
    decisionId,
    moment,
    newId(moment),
  ]);
  expect(rows[0]?.done).toBe(true);
}

async function reverse(organizationId: string, decisionId: string, at: number): Promise<void> {
  const { actor } = await createEmployee(
    { organizationId, name: "A house", currency: "USD", timeZone: ZONE, policyVersion: null },
    { role: "manager" },
  );
  const answer = await reverseDecision({
    actor,
    decisionId,
    reason: "It was given by mistake.",
    idempotencyKey: randomUUID(),
    now: new Date(at),
  });
  expect(answer).toMatchObject({ ok: true });
}

async function asOwner(
  organizationId: string,
  work: (query: (text: string, values?: unknown[]) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const client = await testDatabase().pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
    await work((text, values) => client.query(text, values));
    await client.query("commit");
  } finally {
    client.release();
  }
}

/** What the oracle says to each request of the span, and whether it was given back by then. */
function recompute(policy: Policy, log: readonly Happened[], from: number): Map<string, string> {
  const verdicts = new Map<string, string>();
  const past: { entry: Past; endedAt: number | null }[] = [];
  for (const { row, verdict, decisionId, endedAt, of } of log) {
    if (row.at < from) {
      const counted = verdict !== "deny" && (endedAt === null || endedAt > from);
      if (counted) past.push({ entry: asRemembered(policy, row, "posted"), endedAt });
      continue;
    }
    for (const each of past) {
      if (each.endedAt !== null && each.endedAt <= row.at)
        each.entry = { ...each.entry, verdict: "released" };
    }
    const said = answer(
      policy,
      row,
      past.map(({ entry }) => entry),
    );
    verdicts.set(decisionId, said.verdict);
    const ends = endedAt !== null && (of === "gift" || said.verdict === "handover");
    past.push({ entry: asPast(row, said), endedAt: ends ? endedAt : null });
  }
  return verdicts;
}

async function simulate(
  { organizationId, admin }: House,
  version: number,
  span: { from?: string; to?: string } = {},
): Promise<SimulationView> {
  const id = await request(organizationId, version, span, admin);
  await TASKS.simulate_policy({ organizationId, simulationId: id }, {});
  const found = await findSimulation(organizationId, id);
  if (!found) throw new Error("It is gone.");
  return found;
}

async function request(
  organizationId: string,
  version: number,
  span: { from?: string; to?: string } = {},
  askedBy: string | null = null,
): Promise<string> {
  const asked = await requestSimulation({
    organizationId,
    version,
    span,
    timeZone: ZONE,
    askedBy,
    now: new Date(),
  });
  if (!asked.ok) throw new Error(JSON.stringify(asked));
  return asked.id;
}

async function allDifferences(
  organizationId: string,
  id: string,
  against: "recorded" | "current",
): Promise<Difference[]> {
  const { rows } = await listDifferences(organizationId, id, { against }, { limit: 5000, cursor: null });
  return rows;
}

const midway = (h: House) => localDay(h.end - 6 * DAY, ZONE);

describe("a replay", () => {
  // Risk: the admin is shown changes that the draft doesn't make, because the replay is not what really happened.
  it("of history under the version that decided it says what was decided, refunds, rates and endings included", async () => {
    const h = await house();
    const version = await h.draft(POLICY);
    for (const span of [{}, { from: midway(h) }]) {
      const { status, result } = await simulate(h, version, span);
      expect(status).toBe("done");
      expect(result?.differing).toEqual({ recorded: 0, current: 0, kept: 0 });
      const from = span.from ? startOfDay(span.from, ZONE) : 0;
      const inSpan = h.log.filter(({ row }) => row.at >= from);
      for (const verdict of ["allow", "bend", "handover", "deny"] as const) {
        const count = inSpan.filter((each) => each.verdict === verdict).length;
        expect(count, verdict).toBeGreaterThan(span.from ? 0 : 4);
        expect(result?.verdicts.draft[verdict].count).toBe(count);
        expect(result?.flow.recorded[verdict][verdict].count).toBe(count);
      }
      expect(result?.decisions.count).toBe(inSpan.length);
      expect(result?.remembered.decisions).toBe(
        h.log.filter(
          ({ row, verdict, endedAt }) =>
            row.at < from && verdict !== "deny" && (endedAt === null || endedAt > from),
        ).length,
      );
    }
    expect(h.log.filter(({ endedAt }) => endedAt !== null).length).toBeGreaterThan(20);
    expect(h.log.some(({ row }) => row.currency === "EUR")).toBe(true);
  });

  // Risk: the one number that a change of policy is decided by is wrong, and nobody can tell.
  it("under two policies comes to what a second, slow engine comes to, decision by decision", async () => {
    const h = await house([POLICY, DRAFT, POLICY]);
    await publish(h.organizationId, POLICY);
    const version = await h.draft(DRAFT);
    for (const span of [{}, { from: midway(h) }]) {
      const { id, result, comparedWith } = await simulate(h, version, span);
      const from = span.from ? startOfDay(span.from, ZONE) : 0;
      const current = recompute(POLICY, h.log, from);
      const draft = recompute(DRAFT, h.log, from);
      expect(comparedWith).toBe(4);
      const inSpan = h.log.filter(({ row }) => row.at >= from);
      const expected = inSpan.map(({ decisionId, verdict }) => ({
        decisionId,
        recorded: verdict,
        current: current.get(decisionId),
        draft: draft.get(decisionId),
      }));
      for (const against of ["recorded", "current"] as const) {
        const listed = await allDifferences(h.organizationId, id, against);
        const differing = expected.filter((each) => each[against] !== each.draft);
        expect(listed.map((each) => pickVerdicts(each))).toEqual(differing.reverse());
        expect(result?.differing[against]).toBe(differing.length);
        expect(differing.length).toBeGreaterThan(15);
      }
      const solved = (verdicts: Map<string, string>) =>
        [...verdicts.values()].filter((verdict) => verdict === "allow" || verdict === "bend").length;
      const told = result?.verdicts;
      expect((told?.current.allow.count ?? 0) + (told?.current.bend.count ?? 0)).toBe(solved(current));
      expect((told?.draft.allow.count ?? 0) + (told?.draft.bend.count ?? 0)).toBe(solved(draft));
      const teams = Object.fromEntries(result?.teams.map(({ key, total }) => [key, total.count]) ?? []);
      for (const key of ["north", "south", null]) {
        expect(teams[String(key)]).toBe(inSpan.filter(({ row }) => (row.team ?? null) === key).length);
      }
      const byCause = result?.causes.find(({ key }) => key === "late");
      const late = inSpan.filter(({ row }) => row.cause === "late");
      expect(byCause?.total.count).toBe(late.length);
      expect(byCause?.solved.draft.count).toBe(
        late.filter(({ decisionId }) => ["allow", "bend"].includes(draft.get(decisionId) ?? "")).length,
      );
    }
  });

  it("says plainly that there was nothing to replay", async () => {
    const h = await house([POLICY], 4);
    const far = { from: "2001-01-01", to: "2001-01-31" };
    expect(await simulate(h, await h.draft(DRAFT), far)).toMatchObject({
      status: "failed",
      fault: "nothing",
      result: null,
      from: "2001-01-01",
      to: "2001-01-31",
    });
  });

  it("is asked for by version and span, and refused where it can't be done", async () => {
    const h = await house([POLICY], 4);
    const ask = (version: number, span: { from?: string; to?: string }) =>
      requestSimulation({
        organizationId: h.organizationId,
        version,
        span,
        timeZone: ZONE,
        askedBy: h.admin,
        now: new Date(),
      });
    expect(await ask(99, {})).toEqual({ ok: false, code: "not_found" });
    const long = localDay(Date.now() - SPAN_DAYS_MAX * DAY, ZONE);
    expect(await ask(1, { from: long })).toMatchObject({
      code: "invalid",
      errors: [{ path: "span.from" }],
    });
    expect(await ask(1, { from: localDay(Date.now() - (SPAN_DAYS_MAX - 1) * DAY, ZONE) })).toMatchObject({
      ok: true,
    });
    const empty = await createOrganization({ policy: null });
    const first = await saveDraft({
      organizationId: empty.organizationId,
      version: null,
      revision: null,
      base: null,
      document: POLICY,
      note: null,
      author: { actor: { kind: "system", id: null }, employeeId: null },
      now: new Date(),
    });
    expect(first).toMatchObject({ ok: true, version: 1 });
    expect(
      await requestSimulation({
        organizationId: empty.organizationId,
        version: 1,
        span: {},
        timeZone: ZONE,
        askedBy: null,
        now: new Date(),
      }),
    ).toEqual({ ok: false, code: "no_policy" });
  });

  it("replays the draft as it was when it was asked for, whatever is saved since", async () => {
    const h = await house([POLICY], 40);
    const version = await h.draft(POLICY);
    const id = await request(h.organizationId, version);
    const saved = await saveDraft({
      organizationId: h.organizationId,
      version,
      revision: 1,
      base: 1,
      document: DRAFT,
      note: null,
      author: personAuthor(h.admin),
      now: new Date(),
    });
    expect(saved).toMatchObject({ ok: true, revision: 2 });
    await runSimulation({ organizationId: h.organizationId, id, now: new Date() });
    const found = await findSimulation(h.organizationId, id);
    expect(found).toMatchObject({ revision: 1, status: "done", result: { differing: { current: 0 } } });
  });
});

function pickVerdicts({ decisionId, recorded, current, draft }: Difference) {
  return { decisionId, recorded, current, draft };
}

describe("amounts that were not sent", () => {
  it("are told apart: given up, asked for less, and sent after all", async () => {
    const organization = await createOrganization({ policy: POLICY, timeZone: ZONE });
    const { organizationId } = organization;
    const { actor } = await createEmployee(organization, { startedOn: "2001-01-01" });
    const [given, lowered, returned, told] = await Promise.all(
      Array.from({ length: 4 }, () => createCustomer(organization)),
    );
    const noon = startOfDay(localDay(Date.now() - 2 * DAY, ZONE), ZONE) + 12 * HOUR;
    const send = async (customer: string, amount: number, at: number, remedy: Remedy = "credit") => {
      const answered = await decide({
        actor,
        input: { customer, remedy, amount, currency: "USD" },
        idempotencyKey: randomUUID(),
        now: new Date(at),
      });
      if (!answered.ok) throw new Error(JSON.stringify(answered));
      return answered.decision;
    };
    const leave = (customer: string, amount: number, at: number, sent: string | null = null) =>
      asOwner(organizationId, async (query) => {
        await query(
          `insert into unsent_requests (organization_id, id, employee_id, customer_id, remedy, amount, currency,
             counted_amount, verdict, binding, policy_version, facts, sent_decision_id, created_at)
           values ($1, $2, $3, $4, 'credit', $5, 'USD', $5, 'handover', 'guest-day', 1, $6, $7, $8)`,
          [
            organizationId,
            newId(new Date(at)),
            actor.employeeId,
            customer,
            amount,
            JSON.stringify({
              employee: {
                id: actor.employeeId,
                role: "agent",
                team: null,
                startedAt: Date.parse("2001-01-01"),
              },
              customer: { id: customer, tier: null },
              order: null,
              hasOpenDispute: false,
            }),
            sent,
            new Date(at),
          ],
        );
      });
    await leave(given?.id ?? "", 2900, noon);
    // Under either policy what was given up is taken to have been asked for: it leaves less for what came after.
    const after = await send(given?.id ?? "", 200, noon + HOUR, "fee_waiver");
    expect(after.verdict).toBe("allow");
    await leave(lowered?.id ?? "", 3500, noon + 1);
    expect((await send(lowered?.id ?? "", 2000, noon + 2 * HOUR)).verdict).toBe("allow");
    await leave(returned?.id ?? "", 3400, noon + 2);
    expect((await send(returned?.id ?? "", 3400, noon + 3 * HOUR)).verdict).toBe("handover");
    const sent = await send(told?.id ?? "", 1000, noon + 4 * HOUR);
    await leave(told?.id ?? "", 5000, noon + 4 * HOUR - 1, sent.id);

    const version = await saveDraft({
      organizationId,
      version: null,
      revision: null,
      base: 1,
      document: { ...POLICY, limits: [{ ...POLICY.limits[0], max: 4000 }], rules: [] },
      note: null,
      author: { actor: { kind: "system", id: null }, employeeId: null },
      now: new Date(),
    });
    if (!version.ok) throw new Error(JSON.stringify(version));
    const id = await request(organizationId, version.version);
    await runSimulation({ organizationId, id, now: new Date() });
    const { result } = (await findSimulation(organizationId, id)) ?? {};
    expect(result?.unsent.abandoned.recorded.handover).toEqual({ count: 1, amount: 2900 });
    expect(result?.unsent.abandoned.current.allow).toEqual({ count: 1, amount: 2900 });
    expect(result?.unsent.lowered.recorded.handover).toEqual({ count: 2, amount: 8500 });
    expect(result?.unsent.lowered.draft).toMatchObject({ allow: { count: 1 }, handover: { count: 1 } });
    expect(result?.decisions.count).toBe(4);
    expect(result?.flow.recorded.allow.handover).toEqual({ count: 0, amount: 0 });
    // 2,900 given up and 200 sent are above 3,000 and within 4,000.
    expect(result?.flow.current.handover.allow).toMatchObject({ count: 2, amount: 3600 });
  });
});

/** Holds back whoever reads what was not sent, which a replay does right after it began. */
async function holdBack(): Promise<{ letGo(): Promise<void> }> {
  const client = await testDatabase().pool.connect();
  await client.query("begin; lock table unsent_requests in access exclusive mode");
  return {
    async letGo() {
      await client.query("commit");
      client.release();
    },
  };
}

async function begun(organizationId: string, id: string, turn = 1): Promise<void> {
  const waiting = async () => {
    const { rows } = await testDatabase().pool.query<{ count: number }>(
      "select count(*)::int as count from pg_locks where relation = 'unsent_requests'::regclass and not granted",
    );
    return rows[0]?.count;
  };
  await expect.poll(waiting, { timeout: 20_000 }).toBe(turn);
  expect(await findSimulation(organizationId, id)).toMatchObject({ status: "running" });
}

describe("a replay that is disturbed", () => {
  it("stops when it is cancelled, before it begins and while it runs, and leaves nothing behind", async () => {
    const h = await house([POLICY], 60);
    const version = await h.draft(DRAFT);
    const { organizationId } = h;
    const waiting = await request(organizationId, version);
    expect(await cancelSimulation(organizationId, waiting, new Date())).toBe(true);
    await runSimulation({ organizationId, id: waiting, now: new Date() });
    expect(await findSimulation(organizationId, waiting)).toMatchObject({
      status: "cancelled",
      processed: 0,
    });

    const running = await request(organizationId, version);
    const held = await holdBack();
    const run = runSimulation({ organizationId, id: running, now: new Date() });
    await begun(organizationId, running);
    expect(await cancelSimulation(organizationId, running, new Date())).toBe(true);
    await held.letGo();
    await run;
    expect(await findSimulation(organizationId, running)).toMatchObject({
      status: "cancelled",
      result: null,
    });
    expect(await countDifferences(organizationId, running, { against: "current" })).toBe(0);
    expect(await cancelSimulation(organizationId, running, new Date())).toBe(false);
  });

  // Risk: a worker is killed in the middle; the next one counts what the first had counted once more.
  it("begins anew where a worker was killed or stopped, and comes to the same", async () => {
    const h = await house([POLICY], 120);
    const version = await h.draft(DRAFT);
    const { organizationId } = h;
    const whole = await simulate(h, version);

    const stopped = await request(organizationId, version);
    const stop = new AbortController();
    const held = await holdBack();
    const run = runSimulation({ organizationId, id: stopped, now: new Date(), signal: stop.signal });
    await begun(organizationId, stopped);
    stop.abort();
    await held.letGo();
    await expect(run).rejects.toThrow();
    expect(await findSimulation(organizationId, stopped)).toMatchObject({ status: "running" });
    // What the killed one had written down already.
    const [first] = await allDifferences(organizationId, whole.id, "current");
    await asOwner(organizationId, async (query) => {
      await query(
        `insert into policy_simulation_differences (organization_id, simulation_id, decision_id, recorded, current, draft)
         values ($1, $2, $3, 'deny', 'deny', 'allow')`,
        [organizationId, stopped, first?.decisionId],
      );
    });
    await runSimulation({ organizationId, id: stopped, now: new Date() });
    const again = await findSimulation(organizationId, stopped);
    expect(again).toMatchObject({ status: "done", result: whole.result });
    expect(await allDifferences(organizationId, stopped, "current")).toEqual(
      await allDifferences(organizationId, whole.id, "current"),
    );
  });

  // Risk: the queue gives a job to a second worker while the first, which it believes dead, goes on.
  it("is one worker's at a time: who began last finishes, and the other one writes nothing more", async () => {
    const h = await house([POLICY], 120);
    const version = await h.draft(DRAFT);
    const { organizationId } = h;
    const whole = await simulate(h, version);
    const id = await request(organizationId, version);
    const held = await holdBack();
    const now = new Date();
    const runs = [runSimulation({ organizationId, id, now })];
    await begun(organizationId, id, 1);
    runs.push(runSimulation({ organizationId, id, now }));
    await begun(organizationId, id, 2);
    await held.letGo();
    await Promise.all(runs);
    expect(await findSimulation(organizationId, id)).toMatchObject({ status: "done", result: whole.result });
    expect(await allDifferences(organizationId, id, "current")).toHaveLength(
      whole.result?.differing.current ?? -1,
    );
  });

  it("says that it broke, and does not break again and again", async () => {
    const h = await house([POLICY], 4);
    const { organizationId } = h;
    const id = await request(organizationId, await h.draft(DRAFT));
    await asOwner(organizationId, async (query) => {
      await query(`update policy_simulations set document = '{"limits": 7}' where id = $1`, [id]);
    });
    await TASKS.simulate_policy({ organizationId, simulationId: id }, {});
    expect(await findSimulation(organizationId, id)).toMatchObject({
      status: "failed",
      fault: "broken",
      result: null,
    });
  });
});

describe("the worker", () => {
  it("takes up what is asked for, two at once, each with its own result", async () => {
    const h = await house([POLICY], 120);
    const { organizationId } = h;
    const same = await h.draft(POLICY);
    const other = await h.draft(DRAFT);
    const worker = await startWorker({ databaseUrl: testDatabase().url });
    try {
      const ids = await Promise.all([request(organizationId, same), request(organizationId, other)]);
      const statuses = async () =>
        Promise.all(ids.map(async (id) => (await findSimulation(organizationId, id))?.status));
      await expect.poll(statuses, { timeout: 30_000 }).toEqual(["done", "done"]);
      const [first, second] = await Promise.all(ids.map((id) => findSimulation(organizationId, id)));
      expect(first?.result?.differing.current).toBe(0);
      expect(second?.result?.differing.current).toBeGreaterThan(5);
      expect(second?.result?.verdicts.current).toEqual(first?.result?.verdicts.current);
    } finally {
      await worker.stop();
    }
  });
});

describe("a long history", () => {
  // Risk: the border between two batches swallows a decision or takes one twice; or nobody can see that it goes on.
  it("is read in batches, none of them lost, with its progress written down, and what differs listed up to a bound", async () => {
    const h = await house([POLICY], 30);
    const { organizationId } = h;
    const many = 12_345;
    const moment = Date.now() - 2 * HOUR;
    await asOwner(organizationId, async (query) => {
      await query(
        `insert into decisions (organization_id, id, employee_id, customer_id, remedy, amount, currency, counted_amount,
           verdict, status, policy_version, explanation, facts, created_at)
         select d.organization_id,
           (lpad(to_hex($2::bigint + i / 4), 12, '0') || '7000' || '8' || lpad(to_hex(i), 15, '0'))::uuid,
           d.employee_id, d.customer_id, 'credit', 10, 'USD', 10, 'allow', 'posted', 1,
           '{"binding": null, "maxAmount": null, "checks": []}', d.facts - 'order' || '{"order": null}',
           to_timestamp(($2::bigint + i / 4) / 1000.0)
         from (select * from decisions where organization_id = $1 order by id limit 1) d, generate_series(1, $3) i`,
        [organizationId, moment, many],
      );
      await query(`create table seen_progress (at serial, simulation uuid, processed bigint, total bigint)`);
      await query(`create function see_progress() returns trigger language plpgsql security definer as $$
        begin
          insert into seen_progress (simulation, processed, total) values (new.id, new.processed, new.total);
          return null;
        end $$`);
      await query(
        `create trigger see_progress after update on policy_simulations for each row execute function see_progress()`,
      );
    });
    const version = await h.draft(
      policySchema.parse({
        ...POLICY,
        limits: [limit({ id: "none", scope: ["customer"], window: "lifetime", max: 0, over: "deny" })],
        rules: [],
      }),
    );
    const { id, result, processed, total } = await simulate(h, version, {
      from: localDay(moment - DAY, ZONE),
    });
    const inSpan = h.log.filter(({ row }) => row.at >= startOfDay(localDay(moment - DAY, ZONE), ZONE)).length;
    expect(result?.decisions.count).toBe(many + inSpan);
    expect(result?.verdicts.draft.deny.count).toBe(many + inSpan);
    expect([processed, total]).toEqual([
      many + inSpan + (result?.remembered.decisions ?? 0),
      many + inSpan + (result?.remembered.decisions ?? 0),
    ]);
    expect(result?.differing.kept).toBe(10_000);
    expect(result?.differing.recorded).toBeGreaterThanOrEqual(many);
    expect(await countDifferences(organizationId, id, { against: "recorded" })).toBeLessThanOrEqual(10_000);
    const seen = await testDatabase().pool.query<{ processed: string }>(
      "select processed from seen_progress where simulation = $1 order by at",
      [id],
    );
    const steps = [...new Set(seen.rows.map((row) => Number(row.processed)))];
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(6);
    expect(await findProgress(organizationId, version, id)).toEqual({ id, status: "done", processed, total });
    expect(await findProgress(organizationId, 1, id)).toBeNull();

    // Paging forwards and back again shows each of them once.
    const filter = { against: "recorded", from: "allow", to: "deny" } as const;
    const first = await listDifferences(organizationId, id, filter, { limit: 50, cursor: null });
    expect(first.newer).toBeNull();
    const second = await listDifferences(organizationId, id, filter, {
      limit: 50,
      cursor: { than: first.older ?? "", towards: "older" },
    });
    const back = await listDifferences(organizationId, id, filter, {
      limit: 50,
      cursor: { than: second.newer ?? "", towards: "newer" },
    });
    expect(new Set([...first.rows, ...second.rows].map(({ decisionId }) => decisionId)).size).toBe(100);
    expect(back.rows).toEqual(first.rows);
    expect(back.newer).toBeNull();
    expect(back.older).toBe(first.older);
  });
});

describe("another organization", () => {
  it("neither finds, runs nor cancels a replay, nor reads what came of it", async () => {
    const h = await house([POLICY], 60);
    const version = await h.draft(DRAFT);
    const { id } = await simulate(h, version);
    const waiting = await request(h.organizationId, version);
    const { organizationId: stranger } = await createOrganization({ policy: POLICY });
    expect(await findSimulation(stranger, id)).toBeNull();
    expect(await findProgress(stranger, version, id)).toBeNull();
    expect(await listSimulationLines(stranger, version, 10)).toEqual([]);
    expect(await cancelSimulation(stranger, waiting, new Date())).toBe(false);
    await runSimulation({ organizationId: stranger, id: waiting, now: new Date() });
    expect(await findSimulation(h.organizationId, waiting)).toMatchObject({ status: "queued" });
    for (const against of ["recorded", "current"] as const) {
      expect(await allDifferences(stranger, id, against)).toEqual([]);
      expect(await countDifferences(stranger, id, { against })).toBe(0);
    }
    expect(await listSimulationLines(h.organizationId, version, 10)).toMatchObject([
      { id: waiting, status: "queued", verdicts: null },
      { id, status: "done", askedBy: "An admin" },
    ]);
  });
});
