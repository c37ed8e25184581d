import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import { answerHandover } from "@/lib/handovers/mutations";
import { mergeCustomers } from "@/lib/merges/mutations";
import { eraseCustomer } from "@/lib/personal-data/mutations";
import { enforceRetention } from "@/lib/retention/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import { sealHash } from "@/lib/seals/chain";
import { readNewestSeals, readSeals } from "@/lib/seals/data";
import { checkProof } from "@/lib/seals/proof";
import { proveDecision } from "@/lib/seals/prover";
import { SEALED_TABLES } from "@/lib/seals/records";
import { sealHistory } from "@/lib/seals/sealer";
import { verifyHistory } from "@/lib/seals/verify";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";
import { insertAs, tamper } from "../setup/tampering";

const LIMITS = [
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 3000,
    when: { roles: ["agent"] },
  }),
  limit({ id: "customer-30", scope: ["customer"], window: { rollingDays: 30 }, max: 50_000, over: "deny" }),
];
const HOUR = 3_600_000;
const SYSTEM = { kind: "system", id: null } as const;

type Scenario = Awaited<ReturnType<typeof scenario>>;

const verify = (organizationId: string) => verifyHistory({ organizationId });

async function one<Row>(text: string, values: unknown[]): Promise<Row> {
  const { rows } = await testDatabase().pool.query(text, values);
  if (!rows[0]) throw new Error("There is no such row.");
  return rows[0] as Row;
}

/** Some history of every kind in several seals: given, approved, reversed and refused. */
async function house() {
  const s = await scenario({ limits: LIMITS });
  const { organizationId } = s;
  const customer = await s.customer();
  const given = decided(await s.ask({ customer, amount: 1000, note: "The parcel was wet." }));
  const held = decided(await s.ask({ customer, amount: 4000 }));
  const handover = await one<{ id: string }>("select id from handovers where decision_id = $1", [held.id]);
  const now = new Date();
  await answerHandover({
    actor: s.manager,
    handoverId: handover.id,
    input: { answer: "adjust", amount: 3500, note: "As much as is fair." },
    now,
  });
  await reverseDecision({
    actor: s.manager,
    decisionId: given.id ?? "",
    reason: "The parcel came after all.",
    idempotencyKey: randomUUID(),
    now,
  });
  const refused = decided(await s.ask({ customer, amount: 60_000 }));
  const other = decided(await s.ask({ customer: await s.customer(), amount: 1000 }));
  await sealHistory({ organizationId, eventsPerSeal: 3 });
  const ids = { given: given.id, held: held.id, refused: refused.id, other: other.id } as Record<
    "given" | "held" | "refused" | "other",
    string
  >;
  return { s, organizationId, customer, ...ids };
}

function recordedBy(decisionId: string): Promise<{ id: string }> {
  return one("select id from audit_events where subject_id = $1 and action = 'decision.recorded'", [
    decisionId,
  ]);
}

/** Expects the first break to be this row. */
async function expectBreak(organizationId: string, row: { table: string; id: string; kind: string }) {
  const result = await verify(organizationId);
  expect(result.break).toMatchObject(row);
  expect(result.state).toBe("broken");
  return result;
}

describe("the sealer", () => {
  it("covers every event with the rows that it wrote, in a chain that verifies", async () => {
    const { organizationId } = await house();
    const result = await verify(organizationId);
    const { events, entries } = await one<{ events: number; entries: number }>(
      `select (select count(*)::int from audit_events where organization_id = $1) as events,
         (select count(*)::int from ledger_entries where organization_id = $1) as entries`,
      [organizationId],
    );
    expect(result).toMatchObject({ state: "whole", break: null, doubtCount: 0, waiting: 0, anchors: null });
    expect([result.events, result.entries, result.decisions]).toEqual([events, entries, 4]);
    expect(result.seals).toBe(Math.ceil(events / 3));
    expect(await sealHistory({ organizationId })).toMatchObject({ seals: 0, events: 0 });
  });

  it("says how much waits, and takes it into the next seal", async () => {
    const { s, organizationId } = await house();
    const before = await verify(organizationId);
    await s.ask({ customer: await s.customer(), amount: 10 });
    expect(await verify(organizationId)).toMatchObject({ state: "whole", waiting: 2, seals: before.seals });
    await sealHistory({ organizationId });
    expect(await verify(organizationId)).toMatchObject({
      state: "whole",
      waiting: 0,
      seals: before.seals + 1,
    });
  });

  // Risk: two workers seal the same events, or each half of them, and the chain forks.
  it("may be there several times at once, while people decide: one chain, each event once, none left out", async () => {
    const s = await scenario({ limits: LIMITS });
    const { organizationId } = s;
    let open = true;
    const sealing = Array.from({ length: 4 }, async () => {
      while (open) await sealHistory({ organizationId, eventsPerSeal: 5 });
    });
    const customers = await Promise.all(Array.from({ length: 8 }, () => s.customer()));
    await Promise.all(
      customers.map(async (customer) => {
        for (let turn = 0; turn < 8; turn++) await s.ask({ customer, amount: 1 + turn });
      }),
    );
    open = false;
    await Promise.all(sealing);
    await sealHistory({ organizationId });
    const result = await verify(organizationId);
    expect(result).toMatchObject({ state: "whole", waiting: 0, decisions: 64 });
    const { count } = await one<{ count: number }>(
      "select count(*)::int as count from audit_events where organization_id = $1",
      [organizationId],
    );
    expect(result.events).toBe(count);
  });

  // Risk: an id that was made before a seal and committed after it falls between two seals.
  it("takes an event that was begun early and committed late into a later seal", async () => {
    const s = await scenario({ limits: LIMITS });
    const { organizationId } = s;
    const early = newId();
    const client = await testDatabase().pool.connect();
    try {
      await client.query("begin");
      await client.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
      await client.query(
        `insert into audit_events (organization_id, id, actor_kind, action, subject_kind, subject_id, created_at)
         values ($1, $2, 'system', 'session.opened', 'session', 'x', now())`,
        [organizationId, early],
      );
      await s.ask({ customer: await s.customer(), amount: 10 });
      await sealHistory({ organizationId });
      const during = await verify(organizationId);
      expect(during).toMatchObject({ state: "whole", waiting: 0 });
      await client.query("commit");
      expect(await verify(organizationId)).toMatchObject({ state: "whole", waiting: 1 });
      await sealHistory({ organizationId });
      const leaf = await one<{ seal_seq: string }>("select seal_seq from seal_leaves where event_id = $1", [
        early,
      ]);
      expect(Number(leaf.seal_seq)).toBe(during.seals + 1);
      expect(await verify(organizationId)).toMatchObject({ state: "whole", waiting: 0 });
    } finally {
      client.release();
    }
  });

  it("goes on though the queue holds what can't be sealed, and the verification names it", async () => {
    const { s, organizationId, given } = await house();
    const sealed = await recordedBy(given);
    await tamper("insert into unsealed (organization_id, event_id) values ($1, $2)", [
      organizationId,
      sealed.id,
    ]);
    await s.ask({ customer: await s.customer(), amount: 10 });
    expect(await sealHistory({ organizationId })).toMatchObject({ seals: 1, events: 2 });
    await expectBreak(organizationId, { table: "unsealed", id: sealed.id, kind: "contradicts" });
  });

  it("hashes the same whatever a session's settings are", async () => {
    const { organizationId } = await house();
    const settings = ["timezone = 'Asia/Kathmandu'", "datestyle = 'German, DMY'", "extra_float_digits = -10"];
    const { name } = await one<{ name: string }>("select current_database() as name", []);
    for (const setting of settings) {
      await testDatabase().pool.query(`alter database "${name}" set ${setting}`);
    }
    const { closePool } = await import("@/lib/db/pool");
    await closePool();
    expect(await withTenant(organizationId, (client) => client.query("show datestyle"))).toMatchObject({
      rows: [{ DateStyle: "German, DMY" }],
    });
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
    await testDatabase().pool.query(`alter database "${name}" reset all`);
    await closePool();
  });

  // Risk: a column that was added later can be changed, and nobody notices.
  it("covers each column of history, or says why not", async () => {
    for (const [table, { columns, exempt }] of Object.entries(SEALED_TABLES)) {
      const { rows } = await testDatabase().pool.query<{ column_name: string }>(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = $1",
        [table],
      );
      const decidedOn = [...columns.map(([name]) => name), ...Object.keys(exempt)];
      expect(decidedOn.sort(), table).toEqual(rows.map(({ column_name }) => column_name).sort());
    }
  });
});

describe("somebody who may do everything in the database, and changes", () => {
  it.each([
    ["the amount", "amount = amount + 1"],
    ["who it was for", "customer_id = employee_id"],
    ["why", "facts = facts || '{\"x\": 1}'"],
    ["a moment", "created_at = created_at + interval '1 microsecond'"],
    ["the note", "note = 'Nothing happened.'"],
    ["the note away", "note = null"],
  ])("%s of a decision is found at that row", async (_, change) => {
    const { organizationId, given } = await house();
    await tamper(`update decisions set ${change} where id = $1`, [given]);
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "changed" });
  });

  it("the status of a decision is found, because its entries say another one", async () => {
    const { organizationId, given, refused } = await house();
    await tamper("update decisions set status = 'posted' where id = $1", [given]);
    const { break: found } = await expectBreak(organizationId, {
      table: "decisions",
      id: given,
      kind: "contradicts",
    });
    expect(found?.text).toContain("Its status is posted; its last ledger entry says reversed");
    await tamper("update decisions set status = 'reversed' where id = $1", [given]);
    await tamper("update decisions set verdict = 'allow', status = 'posted' where id = $1", [refused]);
    await expectBreak(organizationId, { table: "decisions", id: refused, kind: "changed" });
  });

  it.each([
    "amount = amount + 1, posted_amount_after = posted_amount_after + 1",
    "limit_ids = '{other}'",
    "bucket = bucket - 1",
    "status_after = 'expired'",
    "scope_key = scope_key || '0'",
    "slot = 1",
  ])("%s of a ledger entry is found at that row", async (change) => {
    const { organizationId, other } = await house();
    await tamper(`update ledger_entries set ${change} where decision_id = $1 and seq = 1`, [other]);
    await expectBreak(organizationId, { table: "ledger_entries", id: `${other}/1`, kind: "changed" });
  });

  it.each(["data = data || '{\"x\": 1}'", "actor_id = null", "action = 'decision.counted'"])(
    "%s of an event is found at that row",
    async (change) => {
      const { organizationId, given } = await house();
      const { id } = await recordedBy(given);
      await tamper(`update audit_events set ${change} where id = $1`, [id]);
      await expectBreak(organizationId, { table: "audit_events", id, kind: "changed" });
    },
  );

  it("nothing in two rows but swaps them is found", async () => {
    const { organizationId, given, other } = await house();
    await tamper(
      `update decisions d set customer_id = o.customer_id, note = o.note from decisions o
       where d.id in ($1, $2) and o.id in ($1, $2) and o.id <> d.id`,
      [given, other],
    );
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "changed" });

    const second = await house();
    const [a, b] = [await recordedBy(second.given), await recordedBy(second.other)];
    await tamper("update audit_events set id = $2 where id = $1", [a.id, randomUUID()]);
    await tamper("update audit_events set id = $2 where id = $1", [b.id, a.id]);
    await expectBreak(second.organizationId, { table: "audit_events", id: a.id, kind: "changed" });

    const third = await house();
    const free = 1000;
    for (const [from, to] of [
      [1, free],
      [2, 1],
      [free, 2],
    ]) {
      await tamper("update ledger_entries set seq = $2 where decision_id = $3 and seq = $1", [
        from,
        to,
        third.other,
      ]);
    }
    await expectBreak(third.organizationId, {
      table: "ledger_entries",
      id: `${third.other}/1`,
      kind: "changed",
    });

    const fourth = await house();
    for (const [from, to] of [
      [0, free],
      [1, 0],
      [free, 1],
    ]) {
      await tamper(
        "update seal_leaves set position = $3 where organization_id = $1 and seal_seq = 1 and position = $2",
        [fourth.organizationId, from, to],
      );
    }
    await expectBreak(fourth.organizationId, { table: "seal_leaves", id: "1", kind: "changed" });
  });

  it("the leaf along with the row is found at the seal", async () => {
    const { organizationId, given } = await house();
    const { id } = await recordedBy(given);
    await tamper("update audit_events set data = '{}' where id = $1", [id]);
    const leaf = await one<{ seal_seq: string; position: number; row_hashes: Buffer }>(
      "select * from seal_leaves where event_id = $1",
      [id],
    );
    const { readRecords } = await import("@/lib/seals/data");
    const { leafHash } = await import("@/lib/seals/tree");
    const records = await withTenant(organizationId, (client) => readRecords(client, organizationId, [id]));
    const rowHashes = Buffer.concat((records.get(id)?.rows ?? []).map(({ hash }) => hash));
    await tamper("update seal_leaves set row_hashes = $2 where event_id = $1", [id, rowHashes]);
    await expectBreak(organizationId, {
      table: "seal_leaves",
      id: `${leaf.seal_seq}/${leaf.position}`,
      kind: "changed",
    });
    await tamper("update seal_leaves set hash = $2 where event_id = $1", [id, leafHash(rowHashes)]);
    await expectBreak(organizationId, { table: "seal_leaves", id: leaf.seal_seq, kind: "changed" });
  });

  it("a seal, with or without those after it, is found at that seal", async () => {
    const { organizationId } = await house();
    await tamper(
      "update seals set sealed_at = sealed_at - interval '1 hour' where organization_id = $1 and seq = 2",
      [organizationId],
    );
    await expectBreak(organizationId, { table: "seals", id: "2", kind: "changed" });
    // All of them anew, as the sealer would: only what was kept elsewhere tells.
    let previousHash: string | null = null;
    for (const seal of await readSeals(organizationId, 0, 100)) {
      const hash = sealHash({ ...seal, previousHash });
      await tamper("update seals set previous_hash = $3, hash = $4 where organization_id = $1 and seq = $2", [
        organizationId,
        seal.seq,
        previousHash && Buffer.from(previousHash, "hex"),
        Buffer.from(hash, "hex"),
      ]);
      previousHash = hash;
    }
    await expectBreak(organizationId, { table: "seals", id: "2", kind: "changed" });
  });
});

describe("somebody who may do everything in the database, and takes away", () => {
  it("a decision is found", async () => {
    const { organizationId, given } = await house();
    await tamper("delete from decisions where id = $1", [given]);
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "missing" });
  });

  it.each([1, 2, 3])("ledger entry %i of a decision is found", async (seq) => {
    const { organizationId, held } = await house();
    await tamper("delete from ledger_entries where decision_id = $1 and seq = $2", [held, seq]);
    await expectBreak(organizationId, { table: "ledger_entries", id: `${held}/${seq}`, kind: "missing" });
  });

  it("an event is found, also before it is sealed", async () => {
    const { s, organizationId, given } = await house();
    const waiting = decided(await s.ask({ customer: await s.customer(), amount: 1 }));
    const event = await recordedBy(waiting.id ?? "");
    await tamper("delete from audit_events where id = $1", [event.id]);
    await expectBreak(organizationId, { table: "audit_events", id: event.id, kind: "missing" });
    const { id } = await recordedBy(given);
    await tamper("delete from audit_events where id = $1", [id]);
    await expectBreak(organizationId, { table: "audit_events", id, kind: "missing" });
  });

  it("a decision with all that belongs to it is found", async () => {
    const { organizationId, given } = await house();
    const { id } = await recordedBy(given);
    await tamper("delete from ledger_entries where decision_id = $1", [given]);
    await tamper("delete from audit_events where subject_id = $1", [given]);
    await tamper("delete from decisions where id = $1", [given]);
    await expectBreak(organizationId, { table: "audit_events", id, kind: "missing" });
    // Its leaf too: then the seal lacks one.
    const leaf = await one<{ seal_seq: string; position: number }>(
      "select * from seal_leaves where event_id = $1",
      [id],
    );
    await tamper("delete from seal_leaves where event_id = $1", [id]);
    await expectBreak(organizationId, {
      table: "seal_leaves",
      id: `${leaf.seal_seq}/${leaf.position}`,
      kind: "missing",
    });
  });

  it("a seal in the middle is found", async () => {
    const { organizationId } = await house();
    await tamper("delete from seals where organization_id = $1 and seq = 2", [organizationId]);
    const { break: found } = await verify(organizationId);
    expect(found).toMatchObject({ table: "seals", kind: "missing" });
    expect(found?.text).toContain("Seal 2 is gone");
  });

  const newest = "(select max(seq) from seal_register where organization_id = $1)";
  const LEAVES = `delete from seal_leaves where organization_id = $1 and seal_seq = ${newest}`;
  const REQUEUE = `insert into unsealed (organization_id, event_id)
    select organization_id, event_id from seal_leaves where organization_id = $1 and seal_seq = ${newest}`;

  // Risk: the newest part of history is cut off, and what is left looks whole.
  it.each([
    ["alone", []],
    ["with its leaves", [LEAVES]],
    ["with its leaves, and puts its events into the queue again", [REQUEUE, LEAVES]],
  ])("the newest seal %s is found", async (_, before) => {
    const { organizationId } = await house();
    const [last] = await readNewestSeals(organizationId, { below: null, limit: 1 });
    for (const text of before) await tamper(text, [organizationId]);
    await tamper(`delete from seals where organization_id = $1 and seq = ${newest}`, [organizationId]);
    await expectBreak(organizationId, { table: "seals", id: String(last?.seq), kind: "missing" });
  });

  it("the newest seal, and lets the worker write another one, is found", async () => {
    const { organizationId } = await house();
    const [last] = await readNewestSeals(organizationId, { below: null, limit: 1 });
    for (const text of [REQUEUE, LEAVES]) await tamper(text, [organizationId]);
    await tamper(`delete from seals where organization_id = $1 and seq = ${newest}`, [organizationId]);
    await sealHistory({ organizationId, now: () => new Date(Date.now() + 1000) });
    const result = await expectBreak(organizationId, {
      table: "seals",
      id: String(last?.seq),
      kind: "changed",
    });
    expect(result.break?.text).toContain("gone");
  });

  it("every trace of the newest seal is found by who has kept its hash elsewhere", async () => {
    const { organizationId } = await house();
    const [last] = await readNewestSeals(organizationId, { below: null, limit: 1 });
    if (!last) throw new Error("There is no seal.");
    const anchors = new Map([[last.seq, new Set([last.hash])]]);
    expect(await verifyHistory({ organizationId, anchors })).toMatchObject({ state: "whole", anchors: 1 });
    for (const text of [REQUEUE, LEAVES]) await tamper(text, [organizationId]);
    await tamper(`delete from seals where organization_id = $1 and seq = ${newest}`, [organizationId]);
    await tamper(`delete from seal_register where organization_id = $1 and seq = ${newest}`, [
      organizationId,
    ]);
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
    expect(await verifyHistory({ organizationId, anchors })).toMatchObject({
      state: "broken",
      break: { table: "seals", id: String(last.seq), kind: "missing" },
    });
    await sealHistory({ organizationId, now: () => new Date(Date.now() + 1000) });
    expect(await verifyHistory({ organizationId, anchors })).toMatchObject({
      state: "broken",
      break: { table: "seals", id: String(last.seq), kind: "changed" },
    });
  });
});

describe("somebody who may do everything in the database, and puts in", () => {
  /** An id of a quarter of an hour ago and more, as an attacker makes one up. */
  const oldId = () => newId(new Date(Date.now() - 2 * HOUR));
  const COLUMNS = `organization_id, employee_id, team_id, customer_id, order_id, case_id, remedy, amount, currency, counted_amount,
    verdict, status, note, cause, channel, policy_version, explanation, facts, api_key_id, created_at`;

  it("a decision with an old id is found", async () => {
    const { organizationId, given } = await house();
    const id = oldId();
    await testDatabase().pool.query(
      `insert into decisions (id, ${COLUMNS}) select $2, ${COLUMNS} from decisions where id = $1`,
      [given, id],
    );
    await expectBreak(organizationId, { table: "decisions", id, kind: "unknown" });
  });

  it("a ledger entry is found: under an event that there is, under none, and under another's", async () => {
    const { organizationId, given, other } = await house();
    const { id } = await recordedBy(given);
    const another = await recordedBy(other);
    const entry = `insert into ledger_entries select (jsonb_populate_record(l, jsonb_build_object('seq', 100, 'event_id', $2::text))).*
      from ledger_entries l where decision_id = $1 and seq = 1`;
    for (const event of [id, oldId(), another.id]) {
      await testDatabase().pool.query(entry, [given, event]);
      await expectBreak(organizationId, { table: "ledger_entries", id: `${given}/100`, kind: "unknown" });
      await tamper("delete from ledger_entries where decision_id = $1 and seq = 100", [given]);
    }
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
  });

  const EVENT = `insert into audit_events select (jsonb_populate_record(e, jsonb_build_object('id', $2::text))).*
    from audit_events e where id = $1`;

  it("an event with an old id past the triggers is found", async () => {
    const { organizationId, given } = await house();
    const id = oldId();
    await tamper(EVENT, [(await recordedBy(given)).id, id]);
    await expectBreak(organizationId, { table: "audit_events", id, kind: "unknown" });
  });

  it("an event with an old id by way of the queue is doubted, while it waits and once it is sealed", async () => {
    const { s, organizationId, customer } = await house();
    const id = oldId();
    const created = await one<{ id: string }>(
      "select id from audit_events where subject_id = $1 and action = 'customer.created'",
      [customer],
    );
    await insertAs(organizationId, EVENT, [created.id, id]);
    expect(await verify(organizationId)).toMatchObject({
      state: "doubtful",
      break: null,
      doubts: [{ id, seal: null }],
    });
    await s.ask({ customer: await s.customer(), amount: 10 });
    await sealHistory({ organizationId });
    const result = await verify(organizationId);
    expect(result).toMatchObject({ state: "doubtful", doubtCount: 1, doubts: [{ id, seal: result.seals }] });
    // Who writes when it came doesn't make it any younger than what was sealed before.
    await tamper("update seal_leaves set queued_at = null where event_id = $1", [id]);
    expect(await verify(organizationId)).toMatchObject({ state: "doubtful" });
  });

  it("what a clock that was set back for an hour wrote is not doubted: it came when it says", async () => {
    const { organizationId, customer } = await house();
    const created = await one<{ id: string }>(
      "select id from audit_events where subject_id = $1 and action = 'customer.created'",
      [customer],
    );
    const back = new Date(Date.now() - HOUR);
    await insertAs(organizationId, EVENT, [created.id, newId(back)]);
    await tamper("update unsealed set queued_at = $2 where organization_id = $1", [organizationId, back]);
    expect(await verify(organizationId)).toMatchObject({ state: "whole", waiting: 1 });
  });

  it("a second recording of a decision is found", async () => {
    const { organizationId, given } = await house();
    await insertAs(organizationId, EVENT, [(await recordedBy(given)).id, newId()]);
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "contradicts" });
  });

  it("a leaf or a seal is found", async () => {
    const { organizationId } = await house();
    const [last] = await readNewestSeals(organizationId, { below: null, limit: 1 });
    await tamper(
      `insert into seal_leaves (organization_id, seal_seq, position, event_id, hash, row_hashes)
       select organization_id, seal_seq, 999, $2, hash, row_hashes from seal_leaves where organization_id = $1 and seal_seq = 1 limit 1`,
      [organizationId, randomUUID()],
    );
    expect((await verify(organizationId)).break).toMatchObject({ table: "seal_leaves" });
    await tamper("delete from seal_leaves where organization_id = $1 and position = 999", [organizationId]);
    const header = { ...last, seq: (last?.seq ?? 0) + 1, previousHash: last?.hash ?? null } as NonNullable<
      typeof last
    >;
    await tamper(
      `insert into seals (organization_id, seq, previous_hash, root, hash, leaf_count, sealed_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        organizationId,
        header.seq,
        Buffer.from(header.previousHash ?? "", "hex"),
        Buffer.from(header.root, "hex"),
        Buffer.from(sealHash(header), "hex"),
        header.leafCount,
        header.sealedAt,
      ],
    );
    await expectBreak(organizationId, { table: "seals", id: String(header.seq), kind: "unknown" });
  });
});

describe("a note", () => {
  const erasure = `insert into audit_events (organization_id, id, actor_kind, action, subject_kind, subject_id, created_at)
    values ($1, $2, 'system', 'customer.erased', 'customer', $3, now())`;

  it("may be erased with its customer, also under the record that the customer was merged into; no other one", async () => {
    const { s, organizationId, customer, given } = await house();
    const kept = await s.customer();
    await mergeCustomers({
      organizationId,
      duplicateId: customer,
      customerId: kept,
      reason: "One person.",
      writer: { actor: { kind: "system", id: null }, employeeId: null },
      now: new Date(),
    });
    await tamper("update decisions set note = null where id = $1", [given]);
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "changed" });
    await insertAs(organizationId, erasure, [organizationId, newId(), randomUUID()]);
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "changed" });
    await insertAs(organizationId, erasure, [organizationId, newId(), kept]);
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
    await sealHistory({ organizationId });
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
    await tamper("update decisions set note = 'Another one.' where id = $1", [given]);
    await expectBreak(organizationId, { table: "decisions", id: given, kind: "changed" });
  });
});

describe("what may go from history", () => {
  it("goes with its customer, and history stays whole before and after that is sealed", async () => {
    const { organizationId, customer } = await house();
    await eraseCustomer({
      organizationId,
      customerId: customer,
      reason: "request",
      writer: SYSTEM,
      at: new Date(),
    });
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
    await sealHistory({ organizationId });
    expect(await verify(organizationId)).toMatchObject({ state: "whole", waiting: 0 });
  });

  it("goes when its time is over, and history stays whole; nothing younger may be missing", async () => {
    const s = await scenario({ limits: LIMITS });
    const { organizationId } = s;
    const long = new Date(Date.now() - 40 * 24 * HOUR);
    const customer = await s.customer();
    const old = decided(await s.ask({ customer, amount: 10, note: "Long ago." }, { now: long }));
    const young = decided(await s.ask({ customer, amount: 10, note: "Just now." }));
    await sealHistory({ organizationId });
    await testDatabase().pool.query(
      "update organizations set retention = retention || '{\"notes\": 30}' where id = $1",
      [organizationId],
    );
    await enforceRetention({ organizationId, writer: SYSTEM, at: new Date() });
    expect(await one("select note from decisions where id = $1", [old.id])).toEqual({ note: null });
    expect(await verify(organizationId)).toMatchObject({ state: "whole" });
    await sealHistory({ organizationId });
    expect(await verify(organizationId)).toMatchObject({ state: "whole", waiting: 0 });
    await tamper("update decisions set note = null where id = $1", [young.id]);
    await expectBreak(organizationId, { table: "decisions", id: young.id ?? "", kind: "changed" });
  });
});

describe("a proof", () => {
  let organizationId = "";
  afterEach(() => {
    organizationId = "";
  });

  it("holds without the database, for a decision with all that became of it, and against a published seal", async () => {
    const made = await house();
    organizationId = made.organizationId;
    for (const [decisionId, actions, status] of [
      [made.given, ["decision.recorded", "decision.reversed"], "reversed"],
      [made.held, ["decision.recorded", "handover.adjusted"], "posted"],
      [made.refused, ["decision.recorded"], "refused"],
    ] as const) {
      const answer = await proveDecision({ organizationId, decisionId });
      if (!answer.ok) throw new Error(answer.code);
      // As it is once it has been a file.
      const proof = JSON.parse(JSON.stringify(answer.proof));
      const [last] = await readNewestSeals(organizationId, { below: null, limit: 1 });
      const checked = checkProof(proof, new Set([last?.hash ?? ""]));
      if (!checked.ok) throw new Error(checked.reason);
      expect(checked.proven).toMatchObject({ decisionId, status, anchor: { seq: last?.seq }, waiting: 0 });
      expect(checked.proven.events.map(({ action }) => action)).toEqual(actions);
      expect(checkProof(proof, new Set(["0".repeat(64)]))).toMatchObject({ ok: false });
    }
  });

  it("is not made of what isn't there, isn't sealed, or isn't what was sealed", async () => {
    const { s, ...made } = await house();
    organizationId = made.organizationId;
    expect(await proveDecision({ organizationId, decisionId: randomUUID() })).toMatchObject({
      code: "not_found",
    });
    const fresh = decided(await s.ask({ customer: await s.customer(), amount: 1 }));
    expect(await proveDecision({ organizationId, decisionId: fresh.id ?? "" })).toMatchObject({
      code: "waiting",
    });
    expect(await proveDecision({ organizationId, decisionId: made.given, upTo: 1000 })).toMatchObject({
      code: "no_such_seal",
    });
    await tamper("update decisions set amount = 1 where id = $1", [made.given]);
    expect(await proveDecision({ organizationId, decisionId: made.given })).toMatchObject({ code: "broken" });
    const stranger: Scenario = await scenario();
    expect(
      await proveDecision({ organizationId: stranger.organizationId, decisionId: made.held }),
    ).toMatchObject({ code: "not_found" });
  });

  it("holds after the note was erased", async () => {
    const made = await house();
    organizationId = made.organizationId;
    await tamper("update decisions set note = null where id = $1", [made.given]);
    const answer = await proveDecision({ organizationId, decisionId: made.given });
    if (!answer.ok) throw new Error(answer.code);
    expect(checkProof(answer.proof, null)).toMatchObject({ ok: true, proven: { note: "erased" } });
  });
});
