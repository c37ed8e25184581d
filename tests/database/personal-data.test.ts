import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openSession, peekSession } from "@/lib/auth/sessions";
import { findCustomer, readCustomer, searchCustomers } from "@/lib/customers/data";
import { upsertCustomer } from "@/lib/customers/mutations";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { makePromise } from "@/lib/follow-ups/mutations";
import { answerHandover, askBack, giveFacts } from "@/lib/handovers/mutations";
import { mergeCustomers, unmergeCustomers } from "@/lib/merges/mutations";
import { upsertOrder } from "@/lib/orders/mutations";
import { readCustomerSummary } from "@/lib/personal-data/data";
import { EXEMPT, EXPORTED } from "@/lib/personal-data/exported";
import { eraseCustomer, eraseEmployee, exportPerson } from "@/lib/personal-data/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import { sealHistory } from "@/lib/seals/sealer";
import { verifyHistory } from "@/lib/seals/verify";
import { recordSurveyAnswer } from "@/lib/surveys/mutations";
import { keepUnsent } from "@/lib/unsent/mutations";
import { createCustomer } from "../factories/customers";
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
  limit({ id: "agent-day", scope: ["employee"], window: "day", max: 9000, over: "deny" }),
];

const SYSTEM = { kind: "system", id: null } as const;

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** Rows as the owner sees them, past row-level security. */
async function rowsOf<T extends object>(sql: string, values: unknown[]): Promise<T[]> {
  return (await testDatabase().pool.query<T>(sql, values)).rows;
}

/** Everything in the database that contains one of the texts, as "table: text". All tables, the queue's too. */
async function findTexts(texts: readonly string[]): Promise<string[]> {
  const tables = await rowsOf<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')`,
    [],
  );
  expect(tables.length).toBeGreaterThan(30);
  const found: string[] = [];
  for (const { name } of tables) {
    for (const text of texts) {
      const [row] = await rowsOf<{ there: boolean }>(
        `select exists (select from ${name} as t where strpos(lower(t::text), lower($1)) > 0) as there`,
        [text],
      );
      if (row?.there) found.push(`${name}: ${text}`);
    }
  }
  return found;
}

function markers() {
  // Digits alone, so that the telephone number is a word of the search as well.
  const mark = randomBytes(5).readUIntBE(0, 5).toString().padStart(13, "7");
  return {
    name: `Zenobia${mark}`,
    email: `zenobia-${mark}@guests.test`,
    phone: `+44${mark}`,
    digits: mark,
    ref: `ref-${mark}-a`,
    note: `note-${mark}-n`,
    happened: `happened-${mark}-h`,
    need: `need-${mark}-d`,
    answer: `answer-${mark}-w`,
    question: `question-${mark}-q`,
    facts: `facts-${mark}-f`,
    customerWords: `words-${mark}-c`,
    reversal: `reversal-${mark}-r`,
    merge: `merge-${mark}-m`,
    promise: `promise-${mark}-p`,
    survey: `survey-${mark}-s`,
    otherName: `Zenobie${mark}`,
    otherRef: `ref-${mark}-b`,
  };
}

async function handoverOf(decisionId: string | null): Promise<string> {
  const [row] = await rowsOf<{ id: string }>("select id from handovers where decision_id = $1", [decisionId]);
  return row?.id ?? "";
}

function reverse(s: Scenario, decisionId: string | null, reason: string) {
  return reverseDecision({
    actor: s.manager,
    decisionId: decisionId ?? "",
    reason,
    idempotencyKey: randomUUID(),
    now: new Date(),
  });
}

/** A customer about whom every text is written that can be, under two records that were merged. */
async function knownCustomer(s: Scenario) {
  const m = markers();
  const { id } = await createCustomer(s, {
    ref: m.ref,
    name: m.name,
    email: m.email,
    phone: m.phone,
    tier: "gold",
  });
  const { id: duplicate } = await createCustomer(s, { ref: m.otherRef, name: m.otherName });
  const order = await s.order(id, 10_000);
  const theCase = { channel: "phone", happened: m.happened, need: m.need, cause: "late" };
  const noted = decided(
    await s.ask({ customer: id, order, amount: 700, note: `${m.note} ${m.name}`, case: theCase }),
  );
  const promised = await makePromise({
    actor: s.agent,
    input: { decision: noted.id ?? "", text: `${m.promise} ${m.name}`, dueOn: "2999-01-01" },
    now: new Date(),
  });
  expect(promised.ok).toBe(true);
  const onDuplicate = decided(await s.ask({ customer: duplicate, amount: 300, note: m.note, case: theCase }));
  const held = decided(await s.ask({ customer: id, amount: 2500, note: m.note }));
  expect(held.verdict).toBe("handover");
  const handoverId = await handoverOf(held.id);
  const asked = await askBack({ actor: s.manager, handoverId, question: m.question, now: new Date() });
  expect(asked.ok).toBe(true);
  const given = await giveFacts({
    organizationId: s.organizationId,
    handoverId,
    employeeId: s.agent.employeeId,
    facts: m.facts,
    actor: { kind: "employee", id: s.agent.employeeId },
    now: new Date(),
  });
  expect(given.ok).toBe(true);
  const answered = await answerHandover({
    actor: s.manager,
    handoverId,
    input: { answer: "approve", note: m.answer, customerWords: m.customerWords },
    now: new Date(),
  });
  expect(answered.ok).toBe(true);
  expect(await reverse(s, noted.id, m.reversal)).toMatchObject({ ok: true });
  const merged = await mergeCustomers({
    organizationId: s.organizationId,
    duplicateId: duplicate,
    customerId: id,
    reason: m.merge,
    writer: { actor: SYSTEM, employeeId: s.manager.employeeId },
    now: new Date(),
  });
  if (!merged.ok) throw new Error(merged.code);
  const now = new Date();
  for (const [i, { id: decision }] of [noted, onDuplicate].entries()) {
    const reference = `${m.survey} ${i} ${m.email}`;
    const surveyed = await recordSurveyAnswer({
      organizationId: s.organizationId,
      input: { decision: decision ?? "", reference, score: 4, answeredAt: now.toISOString() },
      writer: SYSTEM,
      at: now,
    });
    expect(surveyed.ok).toBe(true);
  }
  const unsent = await keepUnsent({
    actor: s.agent,
    now,
    input: {
      intent: randomBytes(16).toString("hex"),
      began: new Date(now.getTime() - 1000).toISOString(),
      customer: id,
      remedy: "credit",
      amount: 8000,
      currency: "USD",
    },
  });
  expect(unsent).toBe(true);
  return { m, id, duplicate, order, noted, onDuplicate, held, mergeId: merged.mergeId };
}

function erase(s: { organizationId: string }, customerId: string) {
  return eraseCustomer({
    organizationId: s.organizationId,
    customerId,
    reason: "request",
    writer: SYSTEM,
    at: new Date(),
  });
}

async function erasures(s: Scenario) {
  return rowsOf<{ subject_id: string; data: Record<string, unknown> }>(
    "select subject_id, data from audit_events where organization_id = $1 and action = 'customer.erased' order by id",
    [s.organizationId],
  );
}

/** All of history but the texts that an erasure takes. */
async function historyOf(s: Scenario) {
  const history: Record<string, unknown> = {};
  for (const [table, without] of [
    ["decisions", ["note"]],
    ["ledger_entries", []],
    ["counters", []],
    ["cases", ["happened", "need"]],
    ["handovers", ["answer_note"]],
    ["handover_words", ["text"]],
    ["reversals", ["reason"]],
    ["customer_merges", ["reason"]],
    ["orders", []],
    ["unsent_requests", []],
    ["idempotency_keys", []],
    ["jobs", []],
    ["decision_rollups", []],
  ] as const) {
    history[table] = await rowsOf(
      `select to_jsonb(t) - $2::text[] as row from ${table} t where organization_id = $1 order by 1`,
      [s.organizationId, without],
    );
  }
  return history;
}

describe("an erased customer", () => {
  // Risk: somebody who asked to be forgotten is found again, in a table that nobody thought of.
  it("is in no column of any table any more, under any of their records, nor is what was written about them", async () => {
    const s = await scenario({ limits: LIMITS });
    const { m, id, duplicate } = await knownCustomer(s);
    const texts = Object.values(m);
    const before = await findTexts(texts);
    expect(new Set(before.map((line) => line.split(":")[1]?.trim()))).toEqual(new Set(texts));
    const answer = await erase(s, id);
    expect(answer).toMatchObject({
      ok: true,
      customer: id,
      changed: 2,
      notes: 3,
      cases: 2,
      answers: 4,
      reversals: 1,
    });
    expect(answer.ok && [...answer.records].sort()).toEqual([id, duplicate].sort());
    expect(await findTexts(texts)).toEqual([]);
  });

  // Risk: what was given away changes with whom it was given to, and nobody can check the books any more.
  it("leaves decisions, entries, counters and ids as they were, and what was spent still counts", async () => {
    const s = await scenario({ limits: LIMITS });
    const { id, order } = await knownCustomer(s);
    const before = await historyOf(s);
    await erase(s, id);
    expect(await historyOf(s)).toEqual(before);
    await expectBalanced(s.organizationId);
    const [record] = await rowsOf("select tier, kind from customers where id = $1", [id]);
    expect(record).toEqual({ tier: "gold", kind: "external" });
    // 2,500 + 300 of the 9,000 of the agent's day are spent; 700 were given back.
    const other = await s.customer();
    expect(await s.ask({ customer: other, amount: 6300 })).toMatchObject({ decision: { verdict: "deny" } });
    expect(order).toBeTruthy();
  });

  // Risk: whoever keeps the law breaks the seals, and from then on nobody can tell who else did.
  it("leaves history that verifies, sealed before the erasure or after it", async () => {
    const s = await scenario({ limits: LIMITS });
    const { organizationId } = s;
    const { id } = await knownCustomer(s);
    await sealHistory({ organizationId });
    const { id: late } = await knownCustomer(s);
    await erase(s, id);
    await erase(s, late);
    expect(await verifyHistory({ organizationId })).toMatchObject({ break: null });
    await sealHistory({ organizationId });
    expect(await verifyHistory({ organizationId })).toMatchObject({ break: null, state: "whole" });
  });

  it("is erased with an event for each of their records, which holds counts and no text", async () => {
    const s = await scenario({ limits: LIMITS });
    const { id, duplicate } = await knownCustomer(s);
    // By the duplicate: it is the same person.
    await erase(s, duplicate);
    const events = await erasures(s);
    expect(events.map(({ subject_id }) => subject_id).sort()).toEqual([id, duplicate].sort());
    expect(events.find(({ subject_id }) => subject_id === id)?.data).toEqual({
      reason: "request",
      notes: 2,
      cases: 1,
      answers: 4,
      reversals: 1,
      merges: 1,
    });
    expect(events.find(({ subject_id }) => subject_id === duplicate)?.data).toMatchObject({
      notes: 1,
      cases: 1,
    });
  });

  it("is erased again without a trace, and with what was written about them since", async () => {
    const s = await scenario({ limits: LIMITS });
    const { id, held } = await knownCustomer(s);
    await erase(s, id);
    const [before] = await rowsOf("select * from customers where id = $1", [id]);
    expect(await erase(s, id)).toMatchObject({ ok: true, changed: 0, notes: 0 });
    expect(await rowsOf("select * from customers where id = $1", [id])).toEqual([before]);
    expect(await erasures(s)).toHaveLength(2);
    const late = `late-${randomUUID()}`;
    expect(await reverse(s, held.id, late)).toMatchObject({ ok: true });
    expect(await erase(s, id)).toMatchObject({ changed: 1, reversals: 1 });
    expect(await erasures(s)).toHaveLength(3);
    expect(await findTexts([late])).toEqual([]);
  });

  it("is decided for no more, by any of their names; the same reference makes somebody new", async () => {
    const s = await scenario({ limits: LIMITS });
    const { m, id, duplicate } = await knownCustomer(s);
    await erase(s, id);
    const writer = SYSTEM;
    for (const customer of [id, duplicate, m.ref]) {
      expect(await s.ask({ customer, amount: 100 })).toMatchObject({ ok: false, code: "customer_not_found" });
    }
    const placedAt = new Date().toISOString();
    const order = { customer: id, amountPaid: 100, currency: "USD", placedAt };
    const at = new Date();
    expect(
      await upsertOrder({
        organizationId: s.organizationId,
        externalRef: randomUUID(),
        input: order,
        writer,
        at,
      }),
    ).toMatchObject({ ok: false, code: "customer_not_found" });
    expect(await findCustomer(s.organizationId, id)).toBeNull();
    expect(await readCustomer(s.organizationId, id)).toBeNull();
    expect(await readCustomerSummary(s.organizationId, id)).toBeNull();
    for (const search of [m.name, m.digits, m.email, m.ref, "erased"]) {
      expect(await searchCustomers(s.organizationId, search, 5)).toEqual([]);
    }
    const again = await upsertCustomer({
      organizationId: s.organizationId,
      externalRef: m.ref,
      input: { name: "Somebody", kind: "external" },
      writer,
      at: new Date(),
    });
    expect(again.outcome).toBe("created");
    expect(again.customer.id).not.toBe(id);
    expect(decided(await s.ask({ customer: m.ref, amount: 100 })).customer).toBe(again.customer.id);
  });

  it("can't be merged with anybody, and an old merge can still be undone", async () => {
    const s = await scenario({ limits: LIMITS });
    const { id, mergeId } = await knownCustomer(s);
    const living = await s.customer();
    await erase(s, id);
    const writer = { actor: SYSTEM, employeeId: null };
    const common = { organizationId: s.organizationId, reason: "The same.", writer, now: new Date() };
    expect(await mergeCustomers({ ...common, duplicateId: living, customerId: id })).toMatchObject({
      code: "customer_not_found",
    });
    expect(await mergeCustomers({ ...common, duplicateId: id, customerId: living })).toMatchObject({
      code: "customer_not_found",
    });
    expect(
      await unmergeCustomers({ organizationId: s.organizationId, mergeId, writer, now: new Date() }),
    ).toMatchObject({ ok: true });
    await expectBalanced(s.organizationId);
  });

  it("still gets an answer to what they asked for before", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const held = decided(await s.ask({ customer, amount: 4000 }));
    await erase(s, customer);
    const answer = await answerHandover({
      actor: s.manager,
      handoverId: await handoverOf(held.id),
      input: { answer: "approve", note: "Promised before they left." },
      now: new Date(),
    });
    expect(answer).toMatchObject({ ok: true, handover: { status: "approved" } });
    await expectBalanced(s.organizationId);
  });

  // Risk: a decision that is under way is recorded behind the erasure's back, with its note.
  it("waits for decisions that are under way, and takes the note of each", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const { id } = decided(await s.ask({ customer, amount: 10, note: "Said before." }));
    const underWay = await pool().connect();
    try {
      await underWay.query("begin");
      // As each decision does before it looks whom it is for.
      await underWay.query("select pg_advisory_xact_lock_shared(policy_lock_key($1))", [s.organizationId]);
      const erased = erase(s, customer);
      const waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted";
      await expect.poll(async () => (await rowsOf(waiting, [])).length).toBe(1);
      expect(await rowsOf("select note from decisions where id = $1", [id])).toEqual([
        { note: "Said before." },
      ]);
      await underWay.query("commit");
      expect(await erased).toMatchObject({ changed: 1, notes: 1 });
    } finally {
      underWay.release();
    }
  });

  // Risk: a decision that was read before the erasure is recorded after it, with its note.
  it("leaves no text behind, though many decide at that very moment", async () => {
    const s = await scenario({
      limits: [limit({ id: "wide", scope: ["customer"], window: "day", max: 10_000_000 })],
    });
    const customer = await s.customer();
    const note = `storm-${randomUUID()}`;
    const asks = Array.from({ length: 40 }, (_, index) => {
      const asked = s.ask({
        customer,
        amount: 10,
        note,
        case: { channel: "phone", happened: note, cause: "late" },
      });
      return index === 20 ? Promise.all([asked, erase(s, customer)]).then(([answer]) => answer) : asked;
    });
    const answers = await Promise.all(asks);
    expect(
      new Set(answers.map((answer) => (answer.ok ? answer.decision.verdict : answer.code))).size,
    ).toBeLessThanOrEqual(2);
    for (const answer of answers) if (!answer.ok) expect(answer.code).toBe("customer_not_found");
    expect(await findTexts([note])).toEqual([]);
    await expectBalanced(s.organizationId);
  });
});

describe("what may go from history", () => {
  /** As the function itself would, but with another statement. */
  async function asLedger(s: Scenario, sql: string, values: unknown[]) {
    const client = await testDatabase().pool.connect();
    try {
      await client.query("begin");
      await client.query("set local role leeway_ledger");
      await client.query("select set_config('leeway.organization_id', $1, true)", [s.organizationId]);
      return (await client.query(sql, values)).rowCount;
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  // With something else that the function's role may change of the row, or that nobody may.
  const TEXTS = [
    ["decisions", "note", "null", "id = $1", "status = 'posted'"],
    [
      "cases",
      "happened",
      "'[erased]', need = null",
      "id = (select case_id from decisions where id = $1)",
      "cause = 'x'",
    ],
    ["handovers", "answer_note", "null", "decision_id = $2", "granted_amount = 1"],
    [
      "handover_words",
      "text",
      "'[erased]'",
      "kind = 'facts' and handover_id = (select id from handovers where decision_id = $2)",
      "kind = 'question'",
    ],
    ["reversals", "reason", "'[erased]'", "decision_id = $1", "kind = 'undo'"],
    ["customer_merges", "reason", "'[erased]'", "id = $3", "undone_at = now()"],
  ] as const;

  // Risk: a hole in the guard of history, made for erasing, through which anything can be changed.
  it.each(TEXTS)(
    "of %s is the text alone, for an erased customer alone, by the erasure alone",
    async (table, column, gone, where, more) => {
      const s = await scenario({ limits: LIMITS });
      const { id, noted, held, mergeId } = await knownCustomer(s);
      const values = [noted.id, held.id, mergeId];
      const used = [1, 2, 3].filter((n) => where.includes(`$${n}`));
      const args = used.map((n) => values[n - 1]);
      const numbered = where.replace(/\$\d/, "$1");
      const update = (set: string) => `update ${table} set ${set} where ${numbered}`;
      const owner = testDatabase().pool;
      const app = (sql: string) => withTenant(s.organizationId, (client) => client.query(sql, args));

      await expect(asLedger(s, update(`${column} = ${gone}`), args)).rejects.toThrow(/history/);
      await expect(owner.query(update(`${column} = ${gone}`), args)).rejects.toThrow(/history/);
      await expect(app(update(`${column} = ${gone}`))).rejects.toThrow(/permission denied/);
      // Once the customer is erased, though not the texts yet.
      const client = await owner.connect();
      try {
        await client.query("begin");
        await client.query(
          "update customers set name = 'Erased customer', email = null, phone = null, external_ref = null, erased_at = now() where id = $1",
          [id],
        );
        const attempt = async (sql: string, role: string | null) => {
          await client.query("savepoint before");
          if (role) await client.query(`set local role ${role}`);
          await client.query("select set_config('leeway.organization_id', $1, true)", [s.organizationId]);
          try {
            return (await client.query(sql, args)).rowCount;
          } finally {
            await client.query("rollback to savepoint before");
          }
        };
        await expect(attempt(update(`${column} = ${gone}`), null)).rejects.toThrow(/history/);
        await expect(attempt(update(`${column} = 'another text'`), "leeway_ledger")).rejects.toThrow(
          /history/,
        );
        await expect(attempt(update(`${column} = ${gone}, ${more}`), "leeway_ledger")).rejects.toThrow(
          /permission denied|history/,
        );
        await expect(attempt(`delete from ${table} where ${numbered}`, "leeway_ledger")).rejects.toThrow(
          /permission denied/,
        );
        expect(await attempt(update(`${column} = ${gone}`), "leeway_ledger")).toBe(1);
      } finally {
        await client.query("rollback");
        client.release();
      }
    },
  );

  it("lets the owner change nothing beside a text, not even together with one", async () => {
    const s = await scenario({ limits: LIMITS });
    const { id, noted, held, mergeId } = await knownCustomer(s);
    await erase(s, id);
    const owner = testDatabase().pool;
    for (const [sql, value] of [
      ["update decisions set amount = amount + 1 where id = $1", noted.id],
      ["update decisions set note = 'x' where id = $1", noted.id],
      ["update cases set cause = 'x' where id = (select case_id from decisions where id = $1)", noted.id],
      ["update cases set happened = 'x' where id = (select case_id from decisions where id = $1)", noted.id],
      ["update handovers set answer_note = 'x' where decision_id = $1", held.id],
      ["update handovers set granted_amount = 1 where decision_id = $1", held.id],
      ["update reversals set reason = 'x' where decision_id = $1", noted.id],
      ["update reversals set kind = 'undo' where decision_id = $1", noted.id],
      ["update customer_merges set reason = 'x' where id = $1", mergeId],
      ["update customer_merges set merged_at = now() where id = $1", mergeId],
    ] as const) {
      await expect(owner.query(sql, [value]), sql).rejects.toThrow(/history/);
    }
    await expect(owner.query("update customers set erased_at = null where id = $1", [id])).rejects.toThrow(
      /stays so/,
    );
    await expect(owner.query("update customers set name = 'Ada' where id = $1", [id])).rejects.toThrow(
      /customers_erased/,
    );
  });

  it("gives the app no way to say that somebody is erased, but the erasure", async () => {
    const s = await scenario();
    const customer = await s.customer();
    for (const [table, id] of [
      ["customers", customer],
      ["employees", s.agent.employeeId],
    ] as const) {
      const attempt = withTenant(s.organizationId, (client) =>
        client.query(`update ${table} set erased_at = now() where id = $1`, [id]),
      );
      await expect(attempt).rejects.toThrow(/permission denied/);
    }
    for (const helper of [
      "erase_record(null, null, null, null, null)",
      "note_expiry(null, null, null, null)",
    ]) {
      await expect(pool().query(`select ${helper}`)).rejects.toThrow(/permission denied/);
    }
  });
});

describe("an erased employee", () => {
  it("can't sign in, has no session and no reports, and is nobody any more; what they decided stays theirs", async () => {
    const s = await scenario({ limits: LIMITS });
    const lead = await s.employee("manager", { password: "long-enough-for-this" });
    const report = await s.employee("agent", { managerId: lead.employeeId });
    const agent = `Mozilla ${randomUUID()}`;
    const session = await openSession({
      organizationId: s.organizationId,
      employeeId: lead.employeeId,
      userAgent: agent,
      at: new Date(),
    });
    const customer = await s.customer();
    decided(await s.ask({ customer, amount: 100 }, { actor: lead }));
    const before = await historyOf(s);
    const answer = await eraseEmployee({
      organizationId: s.organizationId,
      employeeId: lead.employeeId,
      reason: "request",
      writer: SYSTEM,
      at: new Date(),
    });
    expect(answer).toEqual({ ok: true, changed: true, sessions: 1, reports: 1 });
    expect(await findTexts([lead.email, agent])).toEqual([]);
    expect(await peekSession(s.organizationId, session, new Date())).toBeNull();
    expect(
      await rowsOf(
        "select name, email, password_hash, status, manager_id from employees where id = any ($1) order by name",
        [[lead.employeeId, report.employeeId]],
      ),
    ).toEqual([
      {
        ...{ name: "An agent", email: report.email, password_hash: null },
        status: "active",
        manager_id: null,
      },
      {
        name: "Former employee",
        email: `${lead.employeeId}@erased.invalid`,
        password_hash: null,
        status: "suspended",
        manager_id: null,
      },
    ]);
    expect(await historyOf(s)).toEqual(before);
    expect(await s.ask({ customer, amount: 100 }, { actor: lead })).toMatchObject({
      code: "employee_suspended",
    });
    expect(
      await rowsOf("select data from audit_events where action = 'employee.erased' and subject_id = $1", [
        lead.employeeId,
      ]),
    ).toEqual([{ data: { reason: "request", sessions: 1, reports: 1 } }]);
    expect(
      await eraseEmployee({
        organizationId: s.organizationId,
        employeeId: lead.employeeId,
        reason: "request",
        writer: SYSTEM,
        at: new Date(),
      }),
    ).toMatchObject({ ok: true, changed: false });
  });

  // Risk: nobody is left who may keep the settings.
  it("is never the last admin, though two erase one another at once", async () => {
    const s = await scenario();
    const admins = [await s.employee("admin"), await s.employee("admin")];
    const answers = await Promise.all(
      admins.map(({ employeeId }) =>
        eraseEmployee({
          organizationId: s.organizationId,
          employeeId,
          reason: "request",
          writer: SYSTEM,
          at: new Date(),
        }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.code === "last_admin")).toHaveLength(1);
  });
});

interface Exported {
  customer?: string;
  employee?: string;
  tables: Record<string, Record<string, unknown>[]>;
}

async function exported(s: Scenario, kind: "customer" | "employee", id: string): Promise<Exported> {
  const pieces = await exportPerson({
    organizationId: s.organizationId,
    person: { kind, id },
    writer: SYSTEM,
    at: new Date(),
  });
  let text = "";
  for await (const piece of pieces) text += piece;
  return JSON.parse(text) as Exported;
}

/** Every column that names a person: by what it is called, or by what it refers to. */
async function columnsOf(kind: "customer" | "employee"): Promise<string[]> {
  const rows = await rowsOf<{ place: string }>(
    `select c.table_name || '.' || c.column_name as place from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = $1
       and not (select relispartition from pg_class where oid = format('public.%I', c.table_name)::regclass)
     union
     select con.conrelid::regclass || '.' || a.attname from pg_constraint con
       join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[2]
     where con.contype = 'f' and con.confrelid = $2::regclass
       and not (select relispartition from pg_class where oid = con.conrelid)`,
    [`${kind}_id`, `${kind}s`],
  );
  return rows.map(({ place }) => place).sort();
}

describe("the export of one person", () => {
  // Risk: a table that is added later holds data that nobody hands out.
  it.each(["customer", "employee"] as const)(
    "covers every table that names a %s, or says why it need not",
    async (kind) => {
      const covered = new Set(EXPORTED[kind].map(({ table }) => table));
      const columns = await columnsOf(kind);
      expect(columns.length).toBeGreaterThan(5);
      const open = columns.filter((place) => !covered.has(place.split(".")[0] ?? ""));
      const exempt = Object.keys(EXEMPT[kind]).filter(
        (place) => !covered.has(place.split(".")[0] ?? "") || columns.includes(place),
      );
      expect(open.filter((place) => !exempt.includes(place))).toEqual([]);
      expect(Object.keys(EXEMPT[kind]).filter((place) => !columns.includes(place))).toEqual([]);
      for (const reason of Object.values(EXEMPT[kind])) expect(reason.length).toBeGreaterThan(20);
      // In a table that is covered, each column that names a person is one that the export looks at.
      for (const place of columns) {
        const [table = "", column = ""] = place.split(".");
        const found = EXPORTED[kind].find((each) => each.table === table);
        if (!found || place in EXEMPT[kind] || place === "customers.merged_into") continue;
        expect([place, found.about.includes(`t.${column} `)]).toEqual([place, true]);
      }
    },
  );

  it("of a customer is whole: their records, orders, cases, decisions, entries, answers, and what was written down", async () => {
    const s = await scenario({ limits: LIMITS });
    const { m, id, duplicate, order, noted, onDuplicate, held } = await knownCustomer(s);
    const stranger = await knownCustomer(s);
    const { customer, tables } = await exported(s, "customer", id);
    expect(customer).toBe(id);
    const text = JSON.stringify(tables);
    for (const [name, mark] of Object.entries(m)) expect([name, text.includes(mark)]).toEqual([name, true]);
    for (const mark of Object.values(stranger.m)) expect(text).not.toContain(mark);
    expect(tables.customers?.map((row) => row.id).sort()).toEqual([id, duplicate].sort());
    expect(tables.orders?.map((row) => row.id)).toEqual([order]);
    expect(tables.decisions?.map((row) => row.id).sort()).toEqual([noted.id, onDuplicate.id, held.id].sort());
    expect(tables.decisions?.[0]).toHaveProperty("explanation.checks");
    const [counts] = await rowsOf<{ entries: string; events: string }>(
      `select (select count(*) from ledger_entries where decision_id = any ($1)) as entries,
         (select count(*) from audit_events where subject_id = any ($2)) as events`,
      [
        [noted.id, onDuplicate.id, held.id],
        [noted.id, onDuplicate.id, held.id, id, duplicate, order],
      ],
    );
    expect([tables.ledger_entries?.length, tables.audit_events?.length]).toEqual([
      Number(counts?.entries),
      Number(counts?.events),
    ]);
    for (const [table, length] of [
      ["handovers", 1],
      ["handover_words", 3],
      ["reversals", 1],
      ["customer_merges", 1],
      ["unsent_requests", 1],
      ["cases", 2],
      // The one that was granted had a deadline before.
      ["jobs", 4],
    ] as const) {
      expect([table, tables[table]?.length]).toEqual([table, length]);
    }
    expect(Object.keys(tables)).toEqual(EXPORTED.customer.map(({ table }) => table));
    // Taken by the duplicate it is the same.
    const again = await exported(s, "customer", duplicate);
    expect(again.tables.decisions).toEqual(tables.decisions);
  });

  it("loses no row between two pages", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const at = new Date();
    await withTenant(s.organizationId, (client) =>
      client.query(
        `insert into orders (organization_id, id, external_ref, customer_id, amount_paid, currency, placed_at, created_at, updated_at)
         select $1, gen_random_uuid(), 'bulk-' || n, $2, n, 'USD', $3, $3, $3 from generate_series(1, 1200) as n`,
        [s.organizationId, customer, at],
      ),
    );
    const { tables } = await exported(s, "customer", customer);
    expect(new Set(tables.orders?.map((row) => row.external_ref)).size).toBe(1200);
  });

  it("of an employee is what they did and what is kept about them, without the secrets", async () => {
    const s = await scenario({ limits: LIMITS });
    const lead = await s.employee("manager", { password: "long-enough-for-this" });
    const customer = await s.customer();
    const decision = decided(await s.ask({ customer, amount: 100 }, { actor: lead, key: "a-key" }));
    await openSession({
      organizationId: s.organizationId,
      employeeId: lead.employeeId,
      userAgent: "Mozilla",
      at: new Date(),
    });
    const { employee, tables } = await exported(s, "employee", lead.employeeId);
    expect(employee).toBe(lead.employeeId);
    expect(tables.employees).toHaveLength(1);
    expect(tables.employees?.[0]).toMatchObject({ email: lead.email, role: "manager" });
    expect(JSON.stringify(tables)).not.toMatch(/argon2|password_hash/);
    expect(tables.decisions?.map((row) => row.id)).toEqual([decision.id]);
    expect(tables.sessions).toHaveLength(1);
    expect(tables.idempotency_keys?.map((row) => row.key)).toEqual(["a-key"]);
    const actions = tables.audit_events?.map((row) => row.action);
    expect(actions).toEqual(expect.arrayContaining(["decision.recorded", "session.opened"]));
    expect(Object.keys(tables)).toEqual(EXPORTED.employee.map(({ table }) => table));
  });

  it("is written down before anything is given out", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const { tables } = await exported(s, "customer", customer);
    expect(tables.audit_events?.map((row) => row.action)).toEqual(["customer.created", "customer.exported"]);
  });
});

describe("another organization's people", () => {
  // Risk: an id is enough to take or to destroy what somebody else keeps.
  it("can be neither erased nor exported by their ids", async () => {
    const ours = await scenario({ limits: LIMITS });
    const theirs = await scenario({ limits: LIMITS });
    const { m, id, mergeId } = await knownCustomer(theirs);
    expect(await erase(ours, id)).toEqual({ ok: false, code: "customer_not_found" });
    expect(
      await eraseEmployee({
        organizationId: ours.organizationId,
        employeeId: theirs.agent.employeeId,
        reason: "mistake",
        writer: SYSTEM,
        at: new Date(),
      }),
    ).toEqual({ ok: false, code: "employee_not_found" });
    expect(mergeId).toBeTruthy();
    expect((await findTexts([m.name, m.note])).length).toBeGreaterThan(1);
    const { tables } = await exported(ours, "customer", id);
    expect(
      Object.entries(tables).filter(([name, rows]) => name !== "audit_events" && rows.length > 0),
    ).toEqual([]);
    expect(await readCustomerSummary(ours.organizationId, id)).toBeNull();
  });
});
