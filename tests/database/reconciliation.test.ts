import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it, vi } from "vitest";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { readMarks } from "@/lib/events/data";
import { closeListener, subscribe } from "@/lib/events/listener";
import { workOn } from "@/lib/execution/work";
import { answerHandover, withdrawHandover } from "@/lib/handovers/mutations";
import { dispatchJobs } from "@/lib/jobs/dispatcher";
import { log } from "@/lib/log";
import { mergeCustomers, unmergeCustomers } from "@/lib/merges/mutations";
import { compareBooks } from "@/lib/reconciliation/comparison";
import {
  findReconciliation,
  latestReconciliation,
  listReconciliations,
  readBooksAlert,
} from "@/lib/reconciliation/data";
import {
  lookAtReconciliation,
  requestNightly,
  requestReconciliation,
  runReconciliation,
} from "@/lib/reconciliation/mutations";
import type { Difference } from "@/lib/reconciliation/types";
import { reverseDecision } from "@/lib/reversals/mutations";
import { sealHistory } from "@/lib/seals/sealer";
import { splitLimit } from "@/lib/slots/mutations";
import { expectBalanced } from "../setup/books";
import { testDatabase } from "../setup/database";
import { serveByFake } from "../setup/fake-provider";
import { expectReconciled, reconcile } from "../setup/reconciled";
import { decided, limit, scenario } from "../setup/scenario";
import { tamper } from "../setup/tampering";

/** How it may be with carrying out what is posted. */
const TO_EXECUTE = ["queued", "processing", "pending", "unknown", "by_hand", "succeeded"];

const LIMITS = [
  limit({
    ...{ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 },
    when: { roles: ["agent"] },
  }),
  limit({ id: "customer-30", scope: ["customer"], window: { rollingDays: 30 }, max: 20_000, over: "deny" }),
];

type Scenario = Awaited<ReturnType<typeof scenario>>;

afterAll(closeListener);

async function handoverOf(decisionId: string | null): Promise<string> {
  const { rows } = await testDatabase().pool.query<{ id: string }>(
    "select id from handovers where decision_id = $1",
    [decisionId],
  );
  return rows[0]?.id ?? "";
}

function reverse(s: Scenario, decisionId: string | null, now = new Date()) {
  return reverseDecision({
    ...{ actor: s.manager, decisionId: decisionId ?? "", idempotencyKey: randomUUID(), now },
    reason: "The parcel came after all.",
  });
}

/** A house with one posted and one waiting decision, and one that was refused. */
async function house() {
  const s = await scenario({
    limits: LIMITS,
    rules: [{ id: "no-gifts", effect: "deny", when: { remedies: ["gift"] }, why: "No.", say: "Sorry." }],
  });
  const customer = await s.customer();
  const posted = decided(await s.ask({ customer, amount: 1000 })).id ?? "";
  const waiting = decided(await s.ask({ customer, amount: 4000 })).id ?? "";
  const refused = decided(await s.ask({ customer, amount: 1, remedy: "gift" })).id ?? "";
  return { ...s, customerId: customer, posted, waiting, refused };
}

/** Besides what the seals say; in an order that a test knows: ids of one millisecond come in any. */
async function listed(organizationId: string, first: readonly string[] = []): Promise<Difference[]> {
  const place = (each: Difference) => ("decisionId" in each ? first.indexOf(each.decisionId ?? "") : -1);
  const found = (await reconcile(organizationId)).listed.filter(({ kind }) => kind !== "seal");
  return found.sort((a, b) => place(a) - place(b));
}

const guestDay = (s: { agent: { employeeId: string }; customerId: string }) =>
  `employee:${s.agent.employeeId}/customer:${s.customerId}`;
const counts = (
  postedAmount: number,
  reservedAmount: number,
  postedCount: number,
  reservedCount: number,
) => ({
  ...{ postedAmount, reservedAmount, postedCount, reservedCount },
});

describe("a reconciliation", () => {
  // Risk: an alarm that rings without a reason is one that nobody hears when there is one.
  it("finds nothing in a busy house, whatever happened in it, also while it goes on happening", async () => {
    const TEAM = limit({ id: "team-day", scope: ["team"], window: "day", max: 500_000, over: "deny" });
    const s = await scenario({ limits: [...LIMITS, TEAM] });
    await testDatabase().pool.query("update organizations set handover_minutes = 1 where id = $1", [
      s.organizationId,
    ]);
    const people = [s.agent];
    for (let n = 0; n < 3; n++) people.push(await s.employee("agent", { team: "front" }));
    expect(
      await splitLimit({ organizationId: s.organizationId, limitId: "team-day", slots: 4, now: new Date() }),
    ).toMatchObject({ ok: true });
    const customers = await Promise.all(Array.from({ length: 5 }, () => s.customer()));
    const order = await s.order(customers[0] ?? "", 5000);
    const writer = {
      actor: { kind: "employee" as const, id: s.manager.employeeId },
      employeeId: s.manager.employeeId,
    };
    let isOver = false;
    const clerk = async (worker: number) => {
      for (let turn = 0; turn < 10; turn++) {
        const customer = customers[(worker + turn) % customers.length] ?? "";
        const actor = people[(worker * 3 + turn) % people.length] ?? s.agent;
        const amount = turn % 4 === 3 ? 3500 : 100 + worker;
        const hasOrder = turn === 5 && worker % 5 === 0;
        const answer = await s.ask(
          hasOrder
            ? { customer: customers[0] ?? "", amount: 50, remedy: "refund", order }
            : { customer, amount },
          { actor },
        );
        if (!answer.ok) continue;
        const { id, status } = answer.decision;
        if (status === "posted" && turn % 3 === 0) await reverse(s, id);
        if (status !== "reserved") continue;
        const handoverId = await handoverOf(id);
        const now = new Date();
        const input = { note: "Well asked, go ahead." } as const;
        switch ((worker + turn) % 5) {
          case 0:
            await answerHandover({
              actor: s.manager,
              handoverId,
              input: { answer: "approve", ...input },
              now,
            });
            break;
          case 1:
            await answerHandover({
              ...{ actor: s.manager, handoverId, now },
              input: { answer: "adjust", amount: 1234, ...input },
            });
            break;
          case 2:
            await answerHandover({
              actor: s.manager,
              handoverId,
              input: { answer: "decline", ...input },
              now,
            });
            break;
          case 3:
            await withdrawHandover({
              ...{ organizationId: s.organizationId, handoverId, employeeId: actor.employeeId, now },
              actor: { kind: "employee", id: actor.employeeId },
            });
            break;
          default:
            await pool().query("select expire_handover($1, $2, $3, $4)", [
              ...[s.organizationId, id, new Date(now.getTime() + 61_000), newId(now)],
            ]);
        }
      }
    };
    const merges = async () => {
      const [duplicateId = "", customerId = ""] = customers.slice(3);
      const merged = await mergeCustomers({
        ...{ organizationId: s.organizationId, duplicateId, customerId, writer, now: new Date() },
        reason: "Same address and phone.",
      });
      if (!merged.ok) throw new Error(merged.code);
      await unmergeCustomers({
        ...{ organizationId: s.organizationId, mergeId: merged.mergeId, writer, now: new Date() },
      });
    };
    const worker = async () => {
      while (!isOver) {
        await sealHistory({ organizationId: s.organizationId });
        await dispatchJobs(new Date(Date.now() + 60_000));
        const { rows } = await testDatabase().pool.query<{ id: string }>(
          "select decision_id as id from jobs where organization_id = $1 and kind = 'execute' and status = 'queued' limit 7",
          [s.organizationId],
        );
        for (const { id } of rows) {
          await workOn({
            organizationId: s.organizationId,
            decisionId: id,
            clock: () => new Date(Date.now() + 60_000),
          });
        }
      }
    };
    let looks = 0;
    const auditor = async () => {
      while (!isOver) {
        await expectReconciled(s.organizationId);
        looks++;
      }
    };
    const beside = [auditor(), worker()];
    await Promise.all([...Array.from({ length: 12 }, (_, n) => clerk(n)), merges()]);
    isOver = true;
    await Promise.all(beside);
    expect(looks).toBeGreaterThan(0);
    await expectReconciled(s.organizationId);
    await expectBalanced(s.organizationId);
    const { decisions, counters, sealed } = await reconcile(s.organizationId);
    expect(sealed.events).toBeGreaterThan(80);
    expect(decisions).toBeGreaterThan(80);
    expect(counters).toBeGreaterThan(20);
  });

  it("finds a counter that was moved, with the limit, what it should say and what it says", async () => {
    const s = await house();
    await tamper(
      "update counters set posted_amount = posted_amount - 400 where organization_id = $1 and scope_key = $2",
      [s.organizationId, guestDay(s)],
    );
    expect(await listed(s.organizationId)).toEqual([
      {
        kind: "counter",
        key: {
          ...{ definition: expect.stringMatching(/./), scopeKey: guestDay(s), slot: 0 },
          bucket: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
        },
        expected: counts(1000, 4000, 1, 1),
        found: counts(600, 4000, 1, 1),
        ...{ limitIds: ["guest-day"], decisionId: s.waiting, currency: "USD" },
      },
    ]);
  });

  it("finds a counter that is gone, one that nothing accounts for, and one of an order in the order's currency", async () => {
    const s = await house();
    const other = await s.customer();
    const order = await s.order(other, 5000);
    await s.ask({ customer: other, order, remedy: "refund", amount: 700 });
    await tamper("delete from counters where organization_id = $1 and scope_key = $2", [
      s.organizationId,
      guestDay(s),
    ]);
    await tamper("update counters set posted_amount = 1 where organization_id = $1 and scope_key = $2", [
      s.organizationId,
      `order:${order}`,
    ]);
    await tamper(
      `insert into counters (organization_id, definition, scope_key, bucket, posted_amount, posted_count)
       values ($1, 'nothing', 'organization', '2026-01-01', 5, 1)`,
      [s.organizationId],
    );
    const found = await listed(s.organizationId);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "counter", found: null }),
        expect.objectContaining({ found: counts(5, 0, 1, 0), expected: counts(0, 0, 0, 0), limitIds: [] }),
        expect.objectContaining({ found: counts(1, 0, 1, 0), expected: counts(700, 0, 1, 0) }),
      ]),
    );
  });

  // Risk: whoever takes an entry away also corrects the counter, so that the sums agree.
  it("finds that an entry is missing though the counter was made to agree with the others", async () => {
    const s = await house();
    await s.ask({ customer: s.customerId, amount: 500 });
    await tamper("delete from ledger_entries where decision_id = $1 and scope_key = $2", [
      s.posted,
      guestDay(s),
    ]);
    await tamper(
      `update counters set posted_amount = posted_amount - 1000, posted_count = posted_count - 1
       where organization_id = $1 and scope_key = $2`,
      [s.organizationId, guestDay(s)],
    );
    const found = await listed(s.organizationId);
    expect(found).toEqual([expect.objectContaining({ kind: "chain", limitIds: ["guest-day"] })]);
  });

  it("finds a status that is not the last entry's, and what of the decision doesn't belong to it any more", async () => {
    const s = await house();
    await tamper("update decisions set status = 'posted' where id = $1", [s.waiting]);
    const found = await listed(s.organizationId);
    expect(found).toEqual(
      expect.arrayContaining([
        { kind: "status", decisionId: s.waiting, expected: "reserved", found: "posted" },
        {
          ...{ kind: "handover", decisionId: s.waiting, status: "posted" },
          ...{ expected: ["approved", "adjusted"], found: "waiting" },
        },
        {
          ...{ kind: "job", decisionId: s.waiting, job: "execute", status: "posted", found: "none" },
          expected: TO_EXECUTE,
        },
      ]),
    );
    expect(found.filter(({ kind }) => kind === "rollup")).toHaveLength(2);
    expect(found.filter(({ kind }) => kind === "day")).toHaveLength(2);
  });

  it("finds a decision that lost all of its entries, and one whose job is gone or was cancelled", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const [bare, jobless, cancelled] = [
      decided(await s.ask({ customer, amount: 100 })).id ?? "",
      decided(await s.ask({ customer, amount: 100 })).id ?? "",
      decided(await s.ask({ customer, amount: 100 })).id ?? "",
    ];
    await tamper("delete from ledger_entries where decision_id = $1", [bare]);
    await tamper("delete from jobs where decision_id = $1", [jobless]);
    await tamper("update jobs set status = 'cancelled', finished_at = now() where decision_id = $1", [
      cancelled,
    ]);
    const job = { kind: "job", job: "execute", status: "posted" };
    const expected = TO_EXECUTE;
    expect(await listed(s.organizationId, [bare, jobless, cancelled])).toEqual([
      { kind: "status", decisionId: bare, expected: "refused", found: "posted" },
      { ...job, decisionId: jobless, expected, found: "none" },
      { ...job, decisionId: cancelled, expected, found: "cancelled" },
    ]);
  });

  it("finds what belongs to a decision that is gone, and a decision whose policy is", async () => {
    const s = await house();
    await tamper("delete from decisions where id = $1", [s.posted]);
    await tamper("update decisions set policy_version = 7 where id = $1", [s.refused]);
    const found = await listed(s.organizationId);
    expect(found.filter(({ kind }) => kind !== "rollup" && kind !== "day")).toEqual(
      expect.arrayContaining([
        { kind: "orphan", decisionId: s.posted, of: "entry", rows: 2 },
        { kind: "orphan", decisionId: s.posted, of: "job", rows: 1 },
        { kind: "version", decisionId: s.refused, version: 7 },
      ]),
    );
    expect(found.filter(({ kind }) => kind === "rollup")).toHaveLength(1);
    expect(found.filter(({ kind }) => kind === "day")).toHaveLength(1);
    expect(found).toHaveLength(5);
  });

  it("finds a job that waits and that the worker's queue has lost, or given up", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const now = new Date();
    const [lost, givenUp] = [
      decided(await s.ask({ customer, amount: 100 }, { now })).id ?? "",
      decided(await s.ask({ customer, amount: 100 }, { now })).id ?? "",
    ];
    decided(await s.ask({ customer, amount: 100 }, { now }));
    await dispatchJobs(new Date(now.getTime() + 60_000));
    await expectReconciled(s.organizationId);
    await testDatabase().pool.query("select graphile_worker.remove_job($1)", [`execute/${lost}`]);
    await testDatabase().pool.query(
      "update graphile_worker._private_jobs set attempts = max_attempts where key = $1",
      [`execute/${givenUp}`],
    );
    expect(await listed(s.organizationId, [lost, givenUp])).toEqual([
      { kind: "queue", decisionId: lost, job: "execute", found: "lost" },
      { kind: "queue", decisionId: givenUp, job: "execute", found: "given_up" },
    ]);
  });

  it("finds a day's sum that was moved, by employee, remedy, verdict and status", async () => {
    const s = await house();
    await tamper(
      "update decision_rollups set amount = amount + 7 where organization_id = $1 and status = 'posted'",
      [s.organizationId],
    );
    const [found, ...more] = await listed(s.organizationId);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      kind: "rollup",
      key: { employeeId: s.agent.employeeId, remedy: "credit", verdict: "allow", status: "posted" },
      expected: { decisions: 1, amount: 1000 },
      found: { decisions: 1, amount: 1007 },
    });
  });

  it("finds the sum of a whole day that was moved, in whatever part of it", async () => {
    const s = await house();
    await tamper(
      `insert into decision_days (organization_id, day, verdict, status, slot, decisions, amount)
       select organization_id, day, verdict, status, (slot + 1) % 16, 1, -3 from decision_days
       where organization_id = $1 and status = 'reserved' limit 1`,
      [s.organizationId],
    );
    expect(await listed(s.organizationId)).toEqual([
      {
        kind: "day",
        key: { day: expect.any(String), verdict: "handover", status: "reserved" },
        ...{ expected: { decisions: 1, amount: 4000 }, found: { decisions: 2, amount: 3997 } },
      },
    ]);
  });

  it("finds a row that is not what was sealed, before all else", async () => {
    const s = await house();
    await sealHistory({ organizationId: s.organizationId });
    await s.ask({ customer: s.customerId, amount: 1 });
    expect((await reconcile(s.organizationId)).sealed).toMatchObject({
      state: "whole",
      seals: 1,
      waiting: 1,
    });
    await tamper("update decisions set note = 'Never said.' where id = $1", [s.posted]);
    const { counted, listed: found, sealed } = await reconcile(s.organizationId);
    expect(found).toEqual([
      { kind: "seal", table: "decisions", id: s.posted, seal: 1, text: expect.stringMatching(/note/) },
    ]);
    expect([counted.seal, sealed.state]).toEqual([1, "broken"]);
    expect(await readBooksAlert(s.organizationId)).toMatchObject({ differences: 1 });
  });

  it("says what people carry out by hand and since when, what nobody knows, and what no worker has taken up", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const now = new Date(Date.now() - 3_600_000);
    const ids: string[] = [];
    const fake = await serveByFake(s, ["credit"]);
    fake.onExecute = { outcome: "unknown", detail: "No answer." };
    fake.onLookup = { outcome: "unknown", detail: "No answer." };
    for (const remedy of ["gift", "gift", "credit", "credit"] as const) {
      ids.push(decided(await s.ask({ customer, amount: 100, remedy }, { now })).id ?? "");
    }
    const begun = new Date(now.getTime() + 60_000);
    for (const decisionId of ids.slice(0, 3)) {
      await workOn({ organizationId: s.organizationId, decisionId, clock: () => begun });
    }
    const { executions, overdue } = await reconcile(s.organizationId);
    const undone = new Date(now.getTime() + 30_000).toISOString();
    expect(executions).toEqual({
      byHand: { count: 2, since: begun.toISOString() },
      pending: { count: 0, since: null },
      unknown: { count: 1, since: begun.toISOString() },
    });
    expect(overdue).toEqual({ count: 1, since: undone });
  });

  it("finds store credit that is not what its movements come to, or was given without an execution", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const now = new Date(Date.now() - 3_600_000);
    const ids: string[] = [];
    for (const amount of [500, 700]) {
      const id = decided(await s.ask({ customer, amount }, { now })).id ?? "";
      await workOn({ organizationId: s.organizationId, decisionId: id });
      ids.push(id);
    }
    await expectReconciled(s.organizationId);
    await tamper(
      "update credit_accounts set balance = balance + 5 where organization_id = $1 and kind = 'customer'",
      [s.organizationId],
    );
    await tamper("update credit_lots set left_amount = 400 where decision_id = $1", [ids[0]]);
    await tamper("update executions set amount = 900 where decision_id = $1", [ids[1]]);
    const { counted, listed } = await reconcile(s.organizationId);
    expect(counted.credit).toBe(3);
    expect(listed).toEqual([
      { kind: "credit", of: "account", id: expect.any(String), expected: 1200, found: 1205, currency: "USD" },
      { kind: "credit", of: "execution", id: ids[1], expected: 900, found: 700, currency: "USD" },
      { kind: "credit", of: "lot", id: expect.any(String), expected: 500, found: 400, currency: "USD" },
    ]);
  });

  it("asks providers, writes down what is new, and names what contradicts us", async () => {
    const s = await scenario();
    const fake = await serveByFake(s, ["credit"]);
    const customer = await s.customer();
    const now = new Date(Date.now() - 3_600_000);
    const [pending = "", cameBack = "", vanished = ""] = await Promise.all(
      [100, 200, 300].map(async (amount) => decided(await s.ask({ customer, amount }, { now })).id ?? ""),
    );
    const begun = new Date(now.getTime() + 60_000);
    const work = (decisionId: string) =>
      workOn({ organizationId: s.organizationId, decisionId, clock: () => begun });
    fake.onExecute = { outcome: "pending", reference: "re_1" };
    await work(pending);
    fake.onExecute = null;
    await Promise.all([work(cameBack), work(vanished)]);
    // Paid meanwhile; sent back by the bank; and one that the provider has never heard of.
    fake.moved.set(pending, 100);
    fake.moved.delete(vanished);
    fake.sentBack.add(cameBack);
    const result = await reconcile(s.organizationId);
    expect(result.asked).toBe(3);
    expect(result.listed).toEqual([
      { kind: "provider", decisionId: vanished, provider: "stripe", expected: "absent", found: "succeeded" },
    ]);
    const { rows } = await testDatabase().pool.query(
      `select d.id, d.status, x.status as execution from decisions d join executions x on x.decision_id = d.id
       where d.organization_id = $1 order by d.amount`,
      [s.organizationId],
    );
    expect(rows).toEqual([
      { id: pending, status: "posted", execution: "succeeded" },
      { id: cameBack, status: "reversed", execution: "failed" },
      { id: vanished, status: "posted", execution: "succeeded" },
    ]);
    await expectBalanced(s.organizationId);
  });

  it("keeps the first hundred differences, and counts all of them", async () => {
    const s = await scenario();
    const customer = await s.customer();
    for (let n = 0; n < 105; n++) await s.ask({ customer, amount: 1 });
    await tamper("delete from jobs where organization_id = $1", [s.organizationId]);
    const { counted, listed: kept } = await reconcile(s.organizationId);
    expect([counted.job, kept.length]).toEqual([105, 100]);
  });

  it("looks at some days at a time, and leaves none of them out and none of it twice", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const ids: string[] = [];
    for (let day = 10; day < 20; day++) {
      // On both sides of the organization's own midnight.
      for (const time of ["03:59:59.999", "04:00:00.000", "16:00:00.000"]) {
        const now = new Date(`2026-04-${day}T${time}Z`);
        ids.push(decided(await s.ask({ customer, amount: day }, { now })).id ?? "");
      }
    }
    const { organizationId } = s;
    const compare = async (batch: number) => {
      const steps: number[] = [];
      const found = await compareBooks({
        ...{ organizationId, currency: "USD", timeZone: "America/New_York", now: new Date(), batch },
        onStep: async ({ step, processed }) => {
          if (step === "decisions") steps.push(processed);
        },
      });
      return { ...found, steps };
    };
    const whole = await compare(1_000);
    expect([whole.steps, whole.listed]).toEqual([[0, 30], []]);
    const parts = await compare(7);
    expect([parts.steps, parts.listed]).toEqual([[0, 7, 16, 25, 30], []]);
    await tamper("update decision_rollups set decisions = decisions + 1 where organization_id = $1", [
      organizationId,
    ]);
    await tamper("delete from jobs where decision_id = any ($1)", [ids.filter((_, n) => n % 2 === 0)]);
    const found = await compare(7);
    expect([found.counted.rollup, found.counted.job, found.decisions]).toEqual([11, 15, 30]);
    expect(found.rebuildable.rollups).toHaveLength(11);
    expect(found.counted).toEqual((await compare(1_000)).counted);
  });

  it("looks at its own organization alone", async () => {
    const [s, theirs] = [await house(), await house()];
    await tamper("update counters set posted_amount = posted_amount + 1 where organization_id = $1", [
      theirs.organizationId,
    ]);
    await expectReconciled(s.organizationId);
    expect((await listReconciliations(s.organizationId, { limit: 9, before: null })).runs).toHaveLength(1);
    expect(await latestReconciliation(theirs.organizationId)).toBeNull();
  });
});

describe("a repair", () => {
  it("sets counters and sums to what they should say, tells what was and is, and touches nothing else", async () => {
    const s = await house();
    const history = async () => {
      const { rows } = await testDatabase().pool.query(
        `select (select jsonb_agg(d order by id) from decisions d where organization_id = $1) as decisions,
           (select jsonb_agg(l order by decision_id, seq) from ledger_entries l where organization_id = $1) as entries,
           (select jsonb_agg(j order by id) from jobs j where organization_id = $1) as jobs`,
        [s.organizationId],
      );
      return rows;
    };
    const before = await history();
    await tamper("delete from counters where organization_id = $1 and scope_key = $2", [
      s.organizationId,
      guestDay(s),
    ]);
    await tamper(
      "update counters set posted_amount = 9 where organization_id = $1 and scope_key like 'customer:%' and posted_amount > 0",
      [s.organizationId],
    );
    await tamper("update decision_rollups set decisions = 5, amount = 5 where organization_id = $1", [
      s.organizationId,
    ]);
    // Two of the days' sums as wrong as the employees', so that they come right with them; one not.
    await tamper(
      `update decision_days d set decisions = 5, amount = 5 where organization_id = $1 and status <> 'reserved'
         and slot = (select min(slot) from decision_days m where m.organization_id = $1 and m.status = d.status)`,
      [s.organizationId],
    );
    const { counted, repair } = await reconcile(s.organizationId, { repairs: true });
    expect(Object.values(counted).every((count) => count === 0)).toBe(true);
    expect(repair).toMatchObject({ counters: 2, rollups: 3, days: 1, left: 0 });
    expect(repair?.listed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "counter", was: null, is: counts(1000, 4000, 1, 1) }),
        expect.objectContaining({ was: counts(9, 4000, 1, 1), is: counts(1000, 4000, 1, 1) }),
        expect.objectContaining({ was: { decisions: 5, amount: 5 }, is: { decisions: 1, amount: 1000 } }),
      ]),
    );
    expect(await history()).toEqual(before);
    const { rows: events } = await testDatabase().pool.query(
      "select actor_kind, subject_kind, data from audit_events where organization_id = $1 and action = 'counters.repaired'",
      [s.organizationId],
    );
    expect(events).toHaveLength(3);
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ actor_kind: "system", subject_kind: "reconciliation" }),
      ]),
    );
    const told = events.flatMap(({ data }) =>
      [data.counters ?? [], data.rollups ?? [], data.days ?? []].flat(),
    );
    expect(told).toHaveLength(6);
    // Decisions go on where the ledger is.
    expect(decided(await s.ask({ customer: s.customerId, amount: 1 })).verdict).toBe("handover");
    await expectReconciled(s.organizationId);
    expect((await reconcile(s.organizationId, { repairs: true })).repair).toBeNull();
  });

  // Risk: a gap that was mended and explained rings the alarm every night for ever.
  it("is the end of a gap in a counter's entries too, which is written down, and the next one is found", async () => {
    const s = await house();
    await tamper("update counters set posted_amount = 0 where organization_id = $1 and scope_key = $2", [
      s.organizationId,
      guestDay(s),
    ]);
    await s.ask({ customer: s.customerId, amount: 500 });
    expect((await reconcile(s.organizationId, { repairs: true })).repair).toMatchObject({ counters: 1 });
    await expectReconciled(s.organizationId);
    await s.ask({ customer: s.customerId, amount: 500 });
    await expectReconciled(s.organizationId);
    await tamper("update counters set posted_amount = 0 where organization_id = $1 and scope_key = $2", [
      s.organizationId,
      guestDay(s),
    ]);
    expect(await listed(s.organizationId)).toEqual([expect.objectContaining({ kind: "counter" })]);
  });

  it("says which counters no number makes right, because their entries come to less than nothing", async () => {
    const s = await house();
    await reverse(s, s.posted);
    await tamper("delete from ledger_entries where decision_id = $1 and seq = 1", [s.posted]);
    const { counted, repair } = await reconcile(s.organizationId, { repairs: true });
    expect(repair).toMatchObject({ counters: 0, left: 1 });
    expect(counted.counter).toBe(1);
  });

  // Risk: the ledger is added up, somebody decides, and the counter is set to what it came to before.
  it("waits for whoever decides just now, and counts what they did", async () => {
    const s = await house();
    await tamper("update counters set posted_amount = 5 where organization_id = $1 and scope_key = $2", [
      s.organizationId,
      guestDay(s),
    ]);
    const client = await testDatabase().pool.connect();
    try {
      await client.query("begin");
      await client.query("select pg_advisory_xact_lock_shared(policy_lock_key($1))", [s.organizationId]);
      const repair = reconcile(s.organizationId, { repairs: true });
      await vi.waitFor(
        async () => {
          const { rows } = await testDatabase().pool.query(
            "select from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and not granted",
          );
          expect(rows).toHaveLength(1);
        },
        { interval: 10, timeout: 10_000 },
      );
      const { rows } = await testDatabase().pool.query(
        "select posted_amount from counters where organization_id = $1 and scope_key = $2",
        [s.organizationId, guestDay(s)],
      );
      expect(rows).toEqual([{ posted_amount: "5" }]);
      await client.query("commit");
      expect((await repair).repair).toMatchObject({ counters: 1 });
    } finally {
      client.release();
    }
    await expectReconciled(s.organizationId);
  });

  it("lets no decision be lost or counted twice that is taken meanwhile, and no limit be passed", async () => {
    const s = await scenario({
      limits: [limit({ id: "all", scope: ["customer"], window: "day", max: 5000, over: "deny" })],
    });
    const customer = await s.customer();
    let isOver = false;
    const repairs = async () => {
      while (!isOver) {
        await tamper(
          "update counters set posted_amount = greatest(posted_amount - 1, 0) where organization_id = $1",
          [s.organizationId],
        );
        await reconcile(s.organizationId, { repairs: true });
      }
    };
    const beside = repairs();
    const asks = await Promise.all(
      Array.from({ length: 8 }, async () => {
        let passed = 0;
        for (let n = 0; n < 12; n++) {
          const answer = await s.ask({ customer, amount: 60 });
          if (answer.ok && answer.decision.verdict === "allow") passed++;
        }
        return passed;
      }),
    );
    isOver = true;
    await beside;
    await reconcile(s.organizationId, { repairs: true });
    await expectReconciled(s.organizationId);
    expect(asks.reduce((sum, passed) => sum + passed, 0)).toBe(83);
  });
});

describe("a run", () => {
  const ask = (organizationId: string, now = new Date(), askedBy: string | null = null) =>
    requestReconciliation({ organizationId, origin: "asked", repairs: false, askedBy, now });

  it("that finds something is an alert, until somebody has looked at it or a later one finds nothing", async () => {
    const s = await house();
    const heard: string[] = [];
    await new Promise<void>((listening) => {
      subscribe(s.organizationId, {
        onEvent: ({ kind }) => heard.push(kind),
        onListening: () => listening(),
      });
    });
    const errors = vi.spyOn(log, "error").mockImplementation(() => undefined);
    await reconcile(s.organizationId);
    expect(await readBooksAlert(s.organizationId)).toBeNull();
    expect(errors).not.toHaveBeenCalled();
    const move = (amount: number) =>
      tamper(
        "update counters set posted_amount = posted_amount + $3 where organization_id = $1 and scope_key = $2",
        [...[s.organizationId, guestDay(s), amount]],
      );
    await move(5);
    const calm = await readMarks(s.organizationId, new Date());
    await reconcile(s.organizationId);
    expect(errors).toHaveBeenCalledWith(
      expect.objectContaining({ organization: s.organizationId, differences: 1 }),
      "the books differ",
    );
    errors.mockRestore();
    expect((await readMarks(s.organizationId, new Date())).reconciliation).not.toBe(calm.reconciliation);
    expect(await readBooksAlert(s.organizationId)).toMatchObject({ differences: 1 });
    await vi.waitFor(() => expect(heard).toContain("reconciliation"));

    const admin = await s.employee("admin");
    const run = await latestReconciliation(s.organizationId);
    const look = () =>
      lookAtReconciliation({
        ...{ organizationId: s.organizationId, id: run?.id ?? "", now: new Date() },
        employeeId: admin.employeeId,
      });
    expect([await look(), await look()]).toEqual([true, false]);
    expect(await readBooksAlert(s.organizationId)).toBeNull();
    expect(await latestReconciliation(s.organizationId)).toMatchObject({ lookedBy: expect.any(String) });

    await reconcile(s.organizationId);
    expect(await readBooksAlert(s.organizationId)).toMatchObject({ differences: 1 });
    await move(-5);
    await reconcile(s.organizationId);
    expect(await readBooksAlert(s.organizationId)).toBeNull();
  });

  it("is one at a time; one that was broken off is no obstacle, and stays as it was", async () => {
    const s = await house();
    const now = new Date();
    const first = await ask(s.organizationId, now);
    if (!first.ok) throw new Error("Not asked for.");
    expect(await ask(s.organizationId, now)).toEqual({ ok: false, code: "underway", id: first.id });
    expect(await ask(s.organizationId, new Date(now.getTime() + 59 * 60_000))).toMatchObject({ ok: false });
    const second = await ask(s.organizationId, new Date(now.getTime() + 61 * 60_000));
    if (!second.ok) throw new Error("Not asked for.");
    expect(await findReconciliation(s.organizationId, first.id)).toMatchObject({
      status: "failed",
      fault: "abandoned",
    });
    expect(await runReconciliation({ organizationId: s.organizationId, id: first.id, now })).toBeNull();
    expect(await runReconciliation({ organizationId: s.organizationId, id: second.id, now })).not.toBeNull();
    expect(await runReconciliation({ organizationId: s.organizationId, id: second.id, now })).toBeNull();
  });

  it("that another worker takes over is given up by the one who began it", async () => {
    const s = await house();
    const asked = await ask(s.organizationId);
    if (!asked.ok) throw new Error("Not asked for.");
    const run = () => runReconciliation({ organizationId: s.organizationId, id: asked.id, now: new Date() });
    const results = await Promise.all([run(), run(), run()]);
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect(await findReconciliation(s.organizationId, asked.id)).toMatchObject({
      status: "done",
      differences: 0,
    });
  });

  it("that is stopped with its worker is left to be begun anew", async () => {
    const s = await house();
    const asked = await ask(s.organizationId);
    if (!asked.ok) throw new Error("Not asked for.");
    const run = (signal?: AbortSignal) =>
      runReconciliation({
        ...{ organizationId: s.organizationId, id: asked.id, now: new Date() },
        ...(signal ? { signal } : {}),
      });
    await expect(run(AbortSignal.abort())).rejects.toThrow();
    expect(await findReconciliation(s.organizationId, asked.id)).toMatchObject({ status: "running" });
    expect(await run()).not.toBeNull();
  });

  it("comes every night for each organization, and is kept", async () => {
    const s = await house();
    expect(await requestNightly(new Date())).toBeGreaterThan(0);
    const [run] = (await listReconciliations(s.organizationId, { limit: 5, before: null })).runs;
    expect(run).toMatchObject({ origin: "nightly", status: "queued", repairs: false, askedBy: null });
    const { rows } = await testDatabase().pool.query(
      "select task_identifier, queue_name from graphile_worker.jobs where key = $1",
      [`reconcile/${run?.id}`],
    );
    expect(rows).toEqual([{ task_identifier: "reconcile", queue_name: "reconciliation" }]);
  });

  it("can't be written by the app past its functions, nor be changed or removed by anybody once it is over", async () => {
    const s = await house();
    await reconcile(s.organizationId);
    for (const sql of [
      "update reconciliations set differences = 0",
      "delete from reconciliations",
      "insert into reconciliations default values",
    ]) {
      await expect(withTenant(s.organizationId, (client) => client.query(sql))).rejects.toThrow(
        /permission denied/,
      );
    }
    const owner = testDatabase().pool;
    await expect(
      owner.query("update reconciliations set beat_at = now() where status = 'done'"),
    ).rejects.toThrow(/history/);
    await expect(owner.query("delete from reconciliations")).rejects.toThrow(/history/);
    await expect(owner.query("truncate reconciliations")).rejects.toThrow(/history/);
  });
});

// The last one, because it takes a guard down for good.
it("A reconciliation finds an entry whose numbers don't add up, where even the database's own check was taken away", async () => {
  const s = await house();
  await tamper("alter table ledger_entries drop constraint ledger_entries_add_up");
  await tamper("update ledger_entries set amount = amount + 1 where decision_id = $1 and scope_key = $2", [
    s.posted,
    guestDay(s),
  ]);
  expect(await listed(s.organizationId)).toEqual([
    { kind: "entry", decisionId: s.posted, seq: expect.any(Number) },
  ]);
});
