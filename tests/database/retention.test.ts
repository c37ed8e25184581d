import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openSession, revokeSession } from "@/lib/auth/sessions";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { answerHandover } from "@/lib/handovers/mutations";
import { TASKS } from "@/lib/jobs/tasks";
import { mergeCustomers } from "@/lib/merges/mutations";
import { readSettings } from "@/lib/organizations/data";
import { updateSettings } from "@/lib/organizations/mutations";
import { enforceEverywhere, enforceRetention } from "@/lib/retention/mutations";
import type { Retention } from "@/lib/retention/schema";
import { reverseDecision } from "@/lib/reversals/mutations";
import { sealHistory } from "@/lib/seals/sealer";
import { verifyHistory } from "@/lib/seals/verify";
import { requestSimulation, runSimulation } from "@/lib/simulations/mutations";
import { keepUnsent } from "@/lib/unsent/mutations";
import { expectBalanced } from "../setup/books";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 3000,
    when: { roles: ["agent"] },
  }),
];

const SYSTEM = { kind: "system", id: null } as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Scenario = Awaited<ReturnType<typeof scenario>>;

async function rowsOf<T extends object>(sql: string, values: unknown[]): Promise<T[]> {
  return (await testDatabase().pool.query<T>(sql, values)).rows;
}

async function count(s: Scenario, table: string): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    `select count(*)::integer as n from ${table} where organization_id = $1`,
    [s.organizationId],
  );
  return row?.n ?? -1;
}

async function keep(s: Scenario, change: Partial<Retention>): Promise<void> {
  const settings = await readSettings(s.organizationId);
  if (!settings) throw new Error("no organization");
  const { revision, ...before } = settings;
  const answer = await updateSettings({
    organizationId: s.organizationId,
    revision,
    settings: { ...before, retention: { ...before.retention, ...change } },
    writer: SYSTEM,
    at: new Date(),
  });
  expect(answer.ok).toBe(true);
}

function enforce(s: Scenario, batch?: number) {
  return enforceRetention({
    organizationId: s.organizationId,
    writer: SYSTEM,
    at: new Date(),
    ...(batch ? { batch } : {}),
  });
}

async function eventsOf(s: Scenario, action: string) {
  return rowsOf<{ subject_id: string; data: Record<string, unknown>; actor_kind: string }>(
    "select subject_id, data, actor_kind from audit_events where organization_id = $1 and action = $2 order by id",
    [s.organizationId, action],
  );
}

const ago = (ms: number) => new Date(Date.now() - ms);

describe("what is kept for a time", () => {
  it("begins with defaults that take no text that anybody wrote", async () => {
    const s = await scenario();
    expect((await readSettings(s.organizationId))?.retention).toEqual({
      sessions: 90,
      idempotencyKeys: 30,
      unsentRequests: 365,
      simulations: 365,
      caseTexts: null,
      notes: null,
      webhookMessages: 30,
      mails: 30,
      providerEvents: 90,
      disputes: 90,
    });
  });

  it.each([
    '{"sessions": 0}',
    '{"sessions": -1}',
    '{"sessions": 1.5}',
    '{"sessions": "30"}',
    '{"sessions": 36501}',
    '{"more": 1}',
  ])("is refused by the database where it makes no sense: %s", async (change) => {
    const s = await scenario();
    const attempt = withTenant(s.organizationId, (client) =>
      client.query("update organizations set retention = retention || $1", [change]),
    );
    await expect(attempt).rejects.toThrow(/organizations_retention/);
  });

  // Risk: a session that is still used is gone, or one that nobody uses stays for good.
  it("of sessions is what has ended, however it ended, a batch at a time", async () => {
    const s = await scenario();
    const open = (at: Date) =>
      openSession({ organizationId: s.organizationId, employeeId: s.agent.employeeId, userAgent: null, at });
    // Expired 3 days ago, revoked 11 days ago, expired yesterday, open.
    await open(ago(10 * DAY));
    const revoked = await open(ago(12 * DAY));
    await revokeSession(s.organizationId, revoked, ago(11 * DAY));
    const young = [await open(ago(8 * DAY)), await open(ago(HOUR))];
    await keep(s, { sessions: 2 });
    expect(await enforce(s, 1)).toMatchObject({ sessions: 2 });
    const left = await rowsOf<{ id: string }>("select id from sessions where organization_id = $1", [
      s.organizationId,
    ]);
    expect(left.map(({ id }) => id).sort()).toEqual(young.sort());
    expect(await enforce(s)).toMatchObject({ sessions: 0 });
  });

  // Risk: a key that is gone too early lets the same intent through twice.
  it("of idempotency keys is what is over, never within a day, and by nobody but the retention", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const keys = { old: ago(49 * HOUR), older: ago(80 * HOUR), young: ago(23 * HOUR), now: new Date() };
    for (const [key, now] of Object.entries(keys))
      decided(await s.ask({ customer, amount: 1 }, { key, now }));
    await keep(s, { idempotencyKeys: 1 });
    const owner = testDatabase().pool;
    await expect(owner.query("delete from idempotency_keys")).rejects.toThrow(/history/);
    const app = withTenant(s.organizationId, (client) => client.query("delete from idempotency_keys"));
    await expect(app).rejects.toThrow(/permission denied/);
    const earlier = pool().query("select expire_batch($1, 'idempotencyKeys', now(), null, 10, now())", [
      s.organizationId,
    ]);
    await expect(earlier).rejects.toThrow(/kept for longer/);
    // As the function would, by itself, of a key of 23 hours.
    const client = await owner.connect();
    try {
      await client.query("begin");
      await client.query("set local role leeway_ledger");
      await client.query("select set_config('leeway.organization_id', $1, true)", [s.organizationId]);
      await expect(client.query("delete from idempotency_keys where key = 'young'")).rejects.toThrow(
        /history/,
      );
    } finally {
      await client.query("rollback");
      client.release();
    }
    expect(await enforce(s, 1)).toMatchObject({ idempotencyKeys: 2 });
    const left = await rowsOf<{ key: string }>(
      "select key from idempotency_keys where organization_id = $1 order by key",
      [s.organizationId],
    );
    expect(left.map(({ key }) => key)).toEqual(["now", "young"]);
    expect(await s.ask({ customer, amount: 1 }, { key: "young" })).toMatchObject({ replayed: true });
  });

  it("of what was nearly asked for and of simulations is what is over", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const unsent = (now: Date) =>
      keepUnsent({
        actor: s.agent,
        now,
        input: {
          intent: randomBytes(16).toString("hex"),
          began: new Date(now.getTime() - 1000).toISOString(),
          customer,
          remedy: "credit",
          amount: 4000,
          currency: "USD",
        },
      });
    // The policy is younger than that, so the first ones are made old by hand.
    const at = ago(5 * DAY);
    for (let i = 0; i < 3; i++) {
      await withTenant(s.organizationId, (client) =>
        client.query(
          `insert into unsent_requests (organization_id, id, employee_id, customer_id, remedy, amount, currency, verdict,
             policy_version, facts, created_at) values ($1, $2, $3, $4, 'credit', 1, 'USD', 'handover', 1, '{}', $5)`,
          [s.organizationId, newId(at), s.agent.employeeId, customer, at],
        ),
      );
    }
    expect(await unsent(new Date())).toBe(true);
    const version = await s.draft({});
    const simulate = async () => {
      const asked = await requestSimulation({
        organizationId: s.organizationId,
        version,
        span: {},
        timeZone: "America/New_York",
        askedBy: s.manager.employeeId,
        now: ago(4 * DAY),
      });
      if (!asked.ok) throw new Error(asked.code);
      return asked.id;
    };
    await runSimulation({ organizationId: s.organizationId, id: await simulate(), now: ago(3 * DAY) });
    // The second one still waits: what is not over is not old.
    await simulate();
    await testDatabase().pool.query(
      "update policy_simulations set finished_at = $2 where organization_id = $1 and finished_at is not null",
      [s.organizationId, ago(3 * DAY)],
    );
    await keep(s, { unsentRequests: 2, simulations: 2 });
    expect(await enforce(s, 2)).toMatchObject({ unsentRequests: 3, simulations: 1 });
    expect([await count(s, "unsent_requests"), await count(s, "policy_simulations")]).toEqual([1, 1]);
    await expect(testDatabase().pool.query("delete from unsent_requests")).rejects.toThrow(/history/);
  });

  /** A decision with every text that there is, of that moment. */
  async function written(s: Scenario, at: Date) {
    const customer = await s.customer();
    const duplicate = await s.customer();
    const theCase = { channel: "phone", happened: "It broke.", need: "A new one.", cause: "damaged" };
    const noted = decided(
      await s.ask({ customer, amount: 100, note: "Because it broke.", case: theCase }, { now: at }),
    );
    const held = decided(await s.ask({ customer, amount: 4000, note: "Please." }, { now: at }));
    const [handover] = await rowsOf<{ id: string }>("select id from handovers where decision_id = $1", [
      held.id,
    ]);
    await answerHandover({
      actor: s.manager,
      handoverId: handover?.id ?? "",
      input: { answer: "approve", note: "Gladly." },
      now: at,
    });
    await reverseDecision({
      actor: s.manager,
      decisionId: noted.id ?? "",
      reason: "It came after all.",
      idempotencyKey: randomUUID(),
      now: at,
    });
    await mergeCustomers({
      organizationId: s.organizationId,
      duplicateId: duplicate,
      customerId: customer,
      reason: "The same person.",
      writer: { actor: SYSTEM, employeeId: null },
      now: at,
    });
    const read = async () => {
      const [row] = await rowsOf<Record<string, string | null>>(
        `select d.note, c.happened, c.need, h.answer_note, r.reason as reversal, m.reason as merge
         from decisions d join cases c on c.id = d.case_id, handovers h, reversals r, customer_merges m
         where d.id = $1 and h.decision_id = $2 and r.decision_id = $1 and m.duplicate_id = $3`,
        [noted.id, held.id, duplicate],
      );
      return row;
    };
    return { read, customer };
  }

  // Risk: the words about a person stay for good, or those of yesterday go with them.
  it("of texts is what is older, with an event that says so before the first is missing; amounts stay", async () => {
    const s = await scenario({ limits: LIMITS });
    const old = await written(s, ago(40 * DAY));
    const young = await written(s, ago(5 * DAY));
    await keep(s, { caseTexts: 30, notes: null });
    const whole = {
      note: "Because it broke.",
      happened: "It broke.",
      need: "A new one.",
      answer_note: "Gladly.",
      reversal: "It came after all.",
      merge: "The same person.",
    };
    expect(await enforce(s, 1)).toMatchObject({ caseTexts: 1, notes: 0 });
    expect(await old.read()).toEqual({ ...whole, happened: "[erased]", need: null });
    expect(await young.read()).toEqual(whole);

    await keep(s, { notes: 30 });
    const began = Date.now();
    expect(await enforce(s, 1)).toMatchObject({ caseTexts: 0, notes: 5 });
    expect(await old.read()).toEqual({
      note: null,
      happened: "[erased]",
      need: null,
      answer_note: null,
      reversal: "[erased]",
      merge: "[erased]",
    });
    expect(await young.read()).toEqual(whole);
    const events = await eventsOf(s, "texts.expired");
    expect(events.map(({ subject_id, data }) => [subject_id, data.kind])).toEqual([
      [s.organizationId, "caseTexts"],
      [s.organizationId, "notes"],
    ]);
    for (const { data } of events) {
      expect(Object.keys(data).sort()).toEqual(["before", "kind"]);
      expect(data.before).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(String(data.before)) - (began - 30 * DAY))).toBeLessThan(DAY);
    }
    await expectBalanced(s.organizationId);
    // Nothing is left to go, so nothing is said again.
    await enforce(s);
    expect(await eventsOf(s, "texts.expired")).toHaveLength(2);
  });

  // Risk: the night takes an old note, and the morning says that somebody tampered.
  it("leaves history that verifies when the words of it are gone", async () => {
    const s = await scenario({ limits: LIMITS });
    const { organizationId } = s;
    await written(s, ago(40 * DAY));
    await sealHistory({ organizationId });
    await keep(s, { caseTexts: 30, notes: 30 });
    expect(await enforce(s)).toMatchObject({ caseTexts: 1, notes: 5 });
    expect(await verifyHistory({ organizationId })).toMatchObject({ break: null });
    await sealHistory({ organizationId });
    expect(await verifyHistory({ organizationId })).toMatchObject({ break: null });
  });

  // Risk: a refund is paid for which the bank has been asked already, because the dispute was forgotten; or what nobody has heard
  // is gone for good.
  it("of what comes and goes is what is over: nothing that is open, waits, or has not been heard", async () => {
    const s = await scenario({ limits: LIMITS });
    const { organizationId } = s;
    const decision = decided(await s.ask({ customer: await s.customer(), amount: 1 }));
    const held = decided(await s.ask({ customer: await s.customer(), amount: 4000 }));
    const [handover] = await rowsOf<{ id: string }>("select id from handovers where decision_id = $1", [
      held.id,
    ]);
    const at = (days: number) => ago(days * DAY);
    const event = (id: string, applied: Date | null, aside: Date | null) =>
      rowsOf(
        `insert into provider_events (organization_id, provider, event_id, decision_id, concerns, outcome, happened_at, received_at,
           applied_at, set_aside_at) values ($1, 'stripe', $2, $3, 'execution', '{}', $4, $4, $5, $6)`,
        [organizationId, id, decision.id, at(400), applied, aside],
      );
    await event("heard long ago", at(400), null);
    await event("heard in spring", at(20), null);
    await event("heard this week", at(6), null);
    await event("waits", null, null);
    await event("set aside", null, at(399));
    const dispute = (id: string, isOpen: boolean, asOf: Date) =>
      rowsOf(
        `insert into payment_disputes (organization_id, provider, dispute_id, payment_refs, is_open, as_of, received_at)
         values ($1, 'stripe', $2, '{pi_1}', $3, $4, $4)`,
        [organizationId, id, isOpen, asOf],
      );
    await dispute("over", false, at(400));
    await dispute("over this week", false, at(6));
    await dispute("open", true, at(400));
    const mail = (dedupe: string, status: string, kind: string, about: object) =>
      rowsOf(
        `insert into mails (organization_id, id, kind, dedupe, to_employee, about, status, next_attempt_at, finished_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, case when $7 <> 'waiting' then $8::timestamptz end, $8)`,
        [
          organizationId,
          newId(at(400)),
          kind,
          dedupe,
          s.agent.employeeId,
          JSON.stringify(about),
          status,
          at(400),
        ],
      );
    await mail("sent", "sent", "policy_published", { version: 1 });
    await mail("dead", "dead", "policy_published", { version: 1 });
    await mail("waits", "waiting", "policy_published", { version: 1 });
    await mail("keeps its like away", "sent", "handover_waiting", { handover: handover?.id });
    const left = async (table: string, column: string) =>
      (
        await rowsOf<{ name: string }>(
          `select ${column} as name from ${table} where organization_id = $1 order by 1`,
          [organizationId],
        )
      ).map(({ name }) => name);

    expect(await enforce(s, 1)).toMatchObject({ providerEvents: 1, disputes: 1, mails: 2 });
    expect(await left("provider_events", "event_id")).toEqual([
      "heard in spring",
      "heard this week",
      "set aside",
      "waits",
    ]);
    expect(await left("payment_disputes", "dispute_id")).toEqual(["open", "over this week"]);
    expect(await left("mails", "dedupe")).toEqual(["keeps its like away", "waits"]);
    // However short it is kept, a week is kept of what a provider may send again.
    await keep(s, { providerEvents: 1, disputes: 1, mails: 1 });
    expect(await enforce(s)).toMatchObject({ providerEvents: 1, disputes: 0, mails: 0 });
    expect(await left("provider_events", "event_id")).toEqual(["heard this week", "set aside", "waits"]);
    for (const table of ["provider_events", "payment_disputes", "mails", "webhook_messages"]) {
      const attempt = withTenant(organizationId, (client) => client.query(`delete from ${table}`));
      await expect(attempt).rejects.toThrow(/permission denied/);
    }
    const early = pool().query("select expire_batch($1, 'disputes', now(), null, 10, now())", [
      organizationId,
    ]);
    await expect(early).rejects.toThrow(/kept for longer/);
    await keep(s, { providerEvents: null, disputes: null, mails: null });
    expect(await enforce(s)).toMatchObject({ providerEvents: 0, disputes: 0, mails: 0 });
  });

  it("goes in every run with an event that counts it, of its own organization alone", async () => {
    const s = await scenario({ limits: LIMITS });
    const other = await scenario({ limits: LIMITS });
    const ours = await written(s, ago(40 * DAY));
    const theirs = await written(other, ago(40 * DAY));
    await keep(s, { caseTexts: 30, notes: 30, idempotencyKeys: 30 });
    await enforceEverywhere({ at: new Date(), batch: 2 });
    expect((await ours.read())?.note).toBeNull();
    expect((await theirs.read())?.note).toBe("Because it broke.");
    const [event, ...more] = await eventsOf(s, "retention.enforced");
    expect(more).toEqual([]);
    expect(event).toEqual({
      subject_id: s.organizationId,
      actor_kind: "system",
      data: {
        sessions: 0,
        idempotencyKeys: 3,
        unsentRequests: 0,
        simulations: 0,
        caseTexts: 1,
        notes: 5,
        webhookMessages: 0,
        mails: 0,
        providerEvents: 0,
        disputes: 0,
      },
    });
  });

  it("of attempts to sign in is what counts no more", async () => {
    const now = Date.now();
    await testDatabase().pool.query(
      "insert into rate_limits (key, points, expire) values ('gone', 1, $1), ('counts', 1, $2), ('for good', 1, null)",
      [now - 2 * HOUR, now + HOUR],
    );
    await TASKS.enforce_retention({}, {});
    const left = await rowsOf<{ key: string }>(
      "select key from rate_limits where key in ('gone', 'counts', 'for good') order by key",
      [],
    );
    expect(left.map(({ key }) => key)).toEqual(["counts", "for good"]);
  });
});

describe("an organization's settings", () => {
  // Risk: of two admins the second one overwrites what the first one wrote, and never saw it.
  it("are kept for who saw them as they are, and say which fields changed", async () => {
    const s = await scenario();
    const before = await readSettings(s.organizationId);
    if (!before) throw new Error("no organization");
    const { revision, ...settings } = before;
    const save = (change: Partial<typeof settings>, seen = revision) =>
      updateSettings({
        organizationId: s.organizationId,
        revision: seen,
        settings: { ...settings, ...change },
        writer: { kind: "employee", id: s.manager.employeeId },
        at: new Date(),
      });
    expect(await save({})).toEqual({ ok: true, settings: before });
    const both = await Promise.all([save({ undoSeconds: 60 }), save({ handoverMinutes: 60 })]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const refused = both.find(({ ok }) => !ok);
    expect(refused).toMatchObject({ code: "moved", settings: { revision: revision + 1 } });
    expect(await save({ retention: { ...settings.retention, notes: 400 } }, revision + 1)).toMatchObject({
      ok: true,
    });
    const events = await eventsOf(s, "organization.updated");
    expect(events).toHaveLength(2);
    expect(events[1]?.data.fields).toContain("retention.notes");
  });

  it("hold for the next decision", async () => {
    const s = await scenario({ limits: LIMITS });
    const before = await readSettings(s.organizationId);
    if (!before) throw new Error("no organization");
    const { revision, ...settings } = before;
    await updateSettings({
      organizationId: s.organizationId,
      revision,
      settings: { ...settings, undoSeconds: 0, handoverMinutes: 5 },
      writer: SYSTEM,
      at: new Date(),
    });
    const now = new Date();
    const done = decided(await s.ask({ customer: await s.customer(), amount: 100 }, { now }));
    const held = decided(await s.ask({ customer: await s.customer(), amount: 4000 }, { now }));
    const jobs = await rowsOf<{ run_at: Date }>(
      "select run_at from jobs where decision_id = any ($1) order by run_at",
      [[done.id, held.id]],
    );
    expect(jobs.map(({ run_at }) => run_at.getTime() - now.getTime())).toEqual([0, 5 * 60_000]);
  });
});
