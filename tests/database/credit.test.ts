import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readCredit } from "@/lib/credit/data";
import { expireEverywhere, redeemCredit, undoRedemption } from "@/lib/credit/mutations";
import { findDecision } from "@/lib/decisions/data";
import { beginExecution } from "@/lib/execution/mutations";
import { workOn } from "@/lib/execution/work";
import { mergeCustomers, unmergeCustomers } from "@/lib/merges/mutations";
import { eraseCustomer } from "@/lib/personal-data/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 1_000_000 })];

type Scenario = Awaited<ReturnType<typeof scenario>>;

const sql = (text: string, values: unknown[] = []) => testDatabase().pool.query(text, values);

const PAST = () => new Date(Date.now() - 60_000);

/** A decision that has been carried out with store credit. */
async function granted(s: Scenario, customer: string, amount: number) {
  const id = decided(await s.ask({ customer, amount }, { now: PAST() })).id ?? "";
  await workOn({ organizationId: s.organizationId, decisionId: id });
  return id;
}

function redeem(
  s: Scenario,
  customerId: string,
  amount: number,
  more: { key?: string; note?: string; now?: Date; currency?: string } = {},
) {
  return redeemCredit({
    actor: s.agent,
    customerId,
    input: { amount, currency: more.currency ?? "USD", reference: null, note: more.note ?? null },
    idempotencyKey: more.key ?? randomUUID(),
    now: more.now ?? new Date(),
  });
}

async function left(s: Scenario, customer: string, now = new Date()): Promise<number> {
  const { balances } = await readCredit(s.organizationId, customer, now);
  return balances.find(({ currency }) => currency === "USD")?.balance ?? 0;
}

/** Every movement adds up to nothing; accounts and lots say what their entries come to. */
async function expectBooks(s: Scenario): Promise<void> {
  const { rows } = await sql(
    `select 'transaction' as what, e.transaction_id as id from credit_entries e where e.organization_id = $1
       group by e.transaction_id having sum(e.amount) <> 0
     union all
     select 'account', a.id from credit_accounts a left join credit_entries e
         on e.organization_id = a.organization_id and e.account_id = a.id
       where a.organization_id = $1 and a.kind = 'customer' group by a.id, a.balance having coalesce(sum(e.amount), 0) <> a.balance
     union all
     select 'lot', l.id from credit_lots l left join credit_entries e
         on e.organization_id = l.organization_id and e.lot_id = l.id
       where l.organization_id = $1 group by l.id, l.left_amount having coalesce(sum(e.amount), 0) <> l.left_amount`,
    [s.organizationId],
  );
  expect(rows).toEqual([]);
}

const days = (count: number) => new Date(Date.now() + count * 86_400_000);

describe("store credit", () => {
  it("is what a credit is carried out with, without anybody setting anything up", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const id = await granted(s, customer, 2500);
    const found = await findDecision(s.organizationId, id);
    expect(found?.execution).toMatchObject({ status: "succeeded", provider: "store_credit" });
    expect(await readCredit(s.organizationId, customer, new Date())).toMatchObject({
      customer,
      balances: [{ currency: "USD", balance: 2500, expiring: [] }],
      movements: [{ kind: "grant", amount: 2500, decision: id }],
    });
    await expectBooks(s);
  });

  // Risk: two workers have one job, and each of them gives the credit.
  it("is given once for a decision, however many carry it out at the same moment", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const now = new Date();
    const { id: decisionId } = decided(await s.ask({ customer, amount: 2500 }, { now }));
    const about = { organizationId: s.organizationId, decisionId: decisionId ?? "" };
    const at = new Date(now.getTime() + 31_000);
    expect(await beginExecution(about.organizationId, about.decisionId, at)).toMatchObject({
      outcome: "begun",
    });
    const told = Array.from({ length: 16 }, () =>
      sql("select grant_credit($1, $2, now()) as id", [about.organizationId, about.decisionId]),
    );
    const working = Array.from({ length: 4 }, () => workOn({ ...about, clock: () => at }));
    const ids = (await Promise.all(told)).map(({ rows }) => rows[0]?.id);
    await Promise.all(working);
    expect(new Set(ids).size).toBe(1);
    expect(await left(s, customer)).toBe(2500);
    expect((await readCredit(s.organizationId, customer, new Date())).movements).toHaveLength(1);
    await expectBooks(s);
  });

  // Risk: a shop with many tills spends the same credit at each of them.
  it("is spent once by thirty-two at the same moment, to the last cent and not one more", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    await granted(s, customer, 700);
    await granted(s, customer, 350);
    const answers = await Promise.all(Array.from({ length: 32 }, () => redeem(s, customer, 100)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    for (const answer of answers) {
      if (!answer.ok) expect(answer).toEqual({ ok: false, code: "insufficient_credit", left: 50 });
    }
    expect(await left(s, customer)).toBe(50);
    const lefts = answers.flatMap((answer) => (answer.ok ? [answer.redemption.left] : []));
    expect(lefts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => 50 + n * 100));
    await expectBooks(s);
    await expect(
      sql("update credit_accounts set balance = -1 where organization_id = $1 and kind = 'customer'", [
        s.organizationId,
      ]),
    ).rejects.toThrow(/check constraint/);
  });

  it("is spent once under one key, however often it is sent, and never for another wish under it", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    await granted(s, customer, 1000);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 12 }, () => redeem(s, customer, 100, { key })));
    expect(answers.filter((answer) => answer.ok && !answer.replayed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => (answer.ok ? answer.redemption.id : "refused"))).size).toBe(1);
    expect(await left(s, customer)).toBe(900);
    expect(await redeem(s, customer, 200, { key })).toEqual({ ok: false, code: "idempotency_mismatch" });
    expect(await redeem(s, await s.customer(), 100, { key })).toMatchObject({
      ok: false,
      code: "idempotency_mismatch",
    });
    expect(await redeem(s, customer, 100, { currency: "EUR" })).toEqual({
      ok: false,
      code: "insufficient_credit",
      left: 0,
    });
    await expectBooks(s);
  });

  it("goes by its day: what ends first is spent first, what is past its day by nobody, and the house keeps it", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const forGood = await granted(s, customer, 100);
    await sql("update organizations set credit_days = 10 where id = $1", [s.organizationId]);
    const soon = await granted(s, customer, 200);
    const { balances } = await readCredit(s.organizationId, customer, new Date());
    expect(balances[0]?.expiring).toEqual([{ amount: 200, expiresAt: expect.any(String) }]);
    expect(await redeem(s, customer, 150)).toMatchObject({ ok: true });
    const lots = async () =>
      (
        await sql(
          "select decision_id, left_amount::integer as left from credit_lots where organization_id = $1",
          [s.organizationId],
        )
      ).rows;
    expect(await lots()).toEqual(
      expect.arrayContaining([
        { decision_id: forGood, left: 100 },
        { decision_id: soon, left: 50 },
      ]),
    );
    expect(await left(s, customer, days(11))).toBe(100);
    expect(await redeem(s, customer, 101, { now: days(11) })).toEqual({
      ok: false,
      code: "insufficient_credit",
      left: 100,
    });
    await Promise.all([
      expireEverywhere({ at: days(11) }),
      expireEverywhere({ at: days(11) }),
      redeem(s, customer, 60, { now: days(11) }),
    ]);
    expect(await left(s, customer, days(11))).toBe(40);
    const { rows } = await sql(
      "select amount::integer as amount from credit_transactions where organization_id = $1 and kind = 'expiry'",
      [s.organizationId],
    );
    expect(rows).toEqual([{ amount: 50 }]);
    await expectBooks(s);
  });

  it("of records that were merged is one customer's, and each has its own again when the merge is undone", async () => {
    const s = await scenario({ limits: LIMITS });
    const [kept, duplicate] = [await s.customer(), await s.customer()];
    await granted(s, kept, 300);
    await granted(s, duplicate, 500);
    const writer = {
      actor: { kind: "employee" as const, id: s.manager.employeeId },
      employeeId: s.manager.employeeId,
    };
    const merged = await mergeCustomers({
      ...{
        organizationId: s.organizationId,
        duplicateId: duplicate,
        customerId: kept,
        writer,
        now: new Date(),
      },
      reason: "Same phone.",
    });
    if (!merged.ok) throw new Error(merged.code);
    for (const record of [kept, duplicate]) expect(await left(s, record)).toBe(800);
    // By either record, over both accounts.
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) => redeem(s, n % 2 ? kept : duplicate, 100)),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(8);
    expect(answers.every((answer) => !answer.ok || answer.redemption.customer === kept)).toBe(true);
    await granted(s, duplicate, 40);
    expect((await readCredit(s.organizationId, duplicate, new Date())).customer).toBe(kept);
    await unmergeCustomers({
      organizationId: s.organizationId,
      mergeId: merged.mergeId,
      writer,
      now: new Date(),
    });
    // What was given since was given to the record that stood.
    expect([await left(s, kept), await left(s, duplicate)]).toEqual([40, 0]);
    await expectBooks(s);
  });

  it("that was redeemed by mistake goes back into what it came from, once, soon, and by who did it", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    await granted(s, customer, 300);
    await granted(s, customer, 500);
    const now = new Date();
    const answer = await redeem(s, customer, 400, { now });
    if (!answer.ok) throw new Error(answer.code);
    const undo = (employeeId: string, at = now) =>
      undoRedemption({
        ...{ organizationId: s.organizationId, redemptionId: answer.redemption.id, employeeId, now: at },
        actor: { kind: "employee", id: employeeId },
      });
    expect(await undo(s.manager.employeeId)).toEqual({ ok: false, code: "not_allowed" });
    expect(await undo(s.agent.employeeId, new Date(now.getTime() + 31_000))).toEqual({
      ok: false,
      code: "too_late",
    });
    expect(await Promise.all([undo(s.agent.employeeId), undo(s.agent.employeeId)])).toEqual([
      { ok: true },
      { ok: true },
    ]);
    expect(await left(s, customer)).toBe(800);
    await expectBooks(s);
  });

  it("is taken back with its decision, as far as it is unspent, and the rest is a person's", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const spent = await granted(s, customer, 300);
    await redeem(s, customer, 120);
    const whole = await granted(s, customer, 500);
    const back = async (decisionId: string) => {
      const reason = "The wrong customer.";
      const answer = await reverseDecision({
        actor: s.manager,
        decisionId,
        reason,
        idempotencyKey: randomUUID(),
        now: new Date(),
      });
      expect(answer).toMatchObject({ ok: true });
      const work = { organizationId: s.organizationId, decisionId };
      await Promise.all([workOn(work), workOn(work), workOn(work)]);
      return (await findDecision(s.organizationId, decisionId))?.execution?.reversal;
    };
    expect(await back(whole)).toMatchObject({ status: "succeeded", failure: null });
    expect(await back(spent)).toMatchObject({
      status: "by_hand",
      failure: { code: "spent", detail: "1.20 USD of it was spent or had expired; 1.80 USD was taken back." },
    });
    expect(await left(s, customer)).toBe(0);
    await expectBooks(s);
  });

  it("keeps no word of a customer who was erased, and the movements stay", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    await granted(s, customer, 300);
    expect(await redeem(s, customer, 100, { note: "She came with her son." })).toMatchObject({ ok: true });
    const erased = await eraseCustomer({
      ...{ organizationId: s.organizationId, customerId: customer, reason: "request", at: new Date() },
      writer: { kind: "system", id: null },
    });
    expect(erased).toMatchObject({ ok: true });
    const { movements } = await readCredit(s.organizationId, customer, new Date());
    expect(movements.map(({ kind, amount, note }) => [kind, amount, note])).toEqual([
      ["redemption", -100, null],
      ["grant", 300, null],
    ]);
    expect(await redeem(s, customer, 100)).toEqual({ ok: false, code: "customer_not_found" });
    await expectBooks(s);
  });

  it("is a history that the app can't write past, and that adds up or doesn't come about", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    await granted(s, customer, 300);
    await expect(
      sql("update credit_entries set amount = 1 where organization_id = $1", [s.organizationId]),
    ).rejects.toThrow(/history/);
    await expect(
      sql("delete from credit_transactions where organization_id = $1", [s.organizationId]),
    ).rejects.toThrow(/history/);
    await expect(
      sql("update credit_transactions set amount = 1 where organization_id = $1", [s.organizationId]),
    ).rejects.toThrow();
    await expect(
      sql(
        `insert into credit_entries (organization_id, transaction_id, seq, account_id, amount)
         select organization_id, transaction_id, 9, account_id, 5 from credit_entries where organization_id = $1 and lot_id is null`,
        [s.organizationId],
      ),
    ).rejects.toThrow(/add up/);
    // A grant needs an execution that is under way.
    const unasked = decided(await s.ask({ customer, amount: 100 })).id;
    await expect(sql("select grant_credit($1, $2, now())", [s.organizationId, unasked])).rejects.toThrow(
      /Nobody carries/,
    );
    await expectBooks(s);
  });
});
