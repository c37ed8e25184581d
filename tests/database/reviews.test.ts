import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { EmployeeActor } from "@/lib/auth/types";
import { withTenant } from "@/lib/db/tenant";
import { findDecision } from "@/lib/decisions/data";
import { DAY_MS, localDay } from "@/lib/discretion/windows";
import { readMarks } from "@/lib/events/data";
import { subscribe } from "@/lib/events/listener";
import type { ChangeEvent } from "@/lib/events/types";
import { eraseCustomer } from "@/lib/personal-data/mutations";
import { enforceRetention } from "@/lib/retention/mutations";
import { listDoubts, listOwnReviews, listQueue, listReviews, readRule } from "@/lib/reviews/data";
import { answerReview, recordReview, setRule } from "@/lib/reviews/mutations";
import { sampleReasons } from "@/lib/reviews/sample";
import { FIRST_RULE, type ReviewRule, type ReviewVerdict } from "@/lib/reviews/schema";
import { sealHistory } from "@/lib/seals/sealer";
import { verifyHistory } from "@/lib/seals/verify";
import { listPrecedentCauses, listPrecedents } from "@/lib/teachable/data";
import { makePrecedent, removePrecedent } from "@/lib/teachable/mutations";
import { createCustomer } from "../factories/customers";
import { createEmployee } from "../factories/employees";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const SYSTEM = { kind: "system", id: null } as const;
const HOUR = 3_600_000;
const timeZone = "America/New_York";

const by = (actor: EmployeeActor, at = new Date()) => ({
  organizationId: actor.organizationId,
  employeeId: actor.employeeId,
  writer: { kind: "employee", id: actor.employeeId } as const,
  at,
});

async function house() {
  const s = await scenario({
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
    rules: [{ id: "gift", effect: "bend", when: { remedies: ["gift"] }, why: "Because.", say: "Gladly." }],
  });
  const guest = await s.customer();
  const given = async (options: { actor?: EmployeeActor; now?: Date } = {}) =>
    decided(await s.ask({ customer: guest, amount: 1000 }, options)).id ?? "";
  const review = (
    actor: EmployeeActor,
    decisionId: string,
    verdict: ReviewVerdict,
    note: string | null = null,
  ) => recordReview({ ...by(actor), decisionId, verdict, note });
  return {
    ...s,
    guest,
    given,
    review,
    other: await s.employee("manager"),
    auditor: await s.employee("auditor"),
  };
}

async function expectSealed({ organizationId }: { organizationId: string }): Promise<void> {
  await sealHistory({ organizationId });
  expect(await verifyHistory({ organizationId })).toMatchObject({ break: null });
}

type House = Awaited<ReturnType<typeof house>>;

const storiesOf = (s: House, decision: string) => listReviews(s.organizationId, decision);

// Risk: what a manager wrote is changed afterwards, written twice, or written by who may not.
describe("a review", () => {
  it("is written by those who lead, once by each, and stands on the decision and in its history", async () => {
    const s = await house();
    const id = await s.given();
    expect(await s.review(s.manager, id, "great", "You heard what they needed.")).toEqual({ ok: true });
    expect(await s.review(s.manager, id, "talk", "On second thought.")).toEqual({
      ok: false,
      code: "already",
    });
    expect(await s.review(s.other, id, "limit_wrong")).toEqual({ ok: true });
    expect(await storiesOf(s, id)).toMatchObject([
      {
        verdict: "great",
        note: "You heard what they needed.",
        own: false,
        reviewer: { name: "An manager" },
        reply: null,
      },
      { verdict: "limit_wrong", note: null },
    ]);
    const found = await findDecision(s.organizationId, id);
    expect(found?.reviews).toHaveLength(2);
    expect(found?.timeline.map(({ action }) => action)).toEqual([
      "decision.recorded",
      "review.recorded",
      "review.recorded",
    ]);
  });

  it("is no agent's and no auditor's to write, nor of anybody who left, or of another house", async () => {
    const s = await house();
    const stranger = await house();
    const id = await s.given();
    const gone = await createEmployee(
      { ...s.manager, name: "", policyVersion: 1 },
      { role: "manager", status: "suspended" },
    );
    for (const actor of [s.agent, s.auditor, gone.actor]) {
      expect(await s.review(actor, id, "fine")).toEqual({ ok: false, code: "not_allowed" });
    }
    expect(await s.review(stranger.manager, id, "fine")).toEqual({ ok: false, code: "missing" });
    expect(await s.review(s.manager, randomUUID(), "fine")).toEqual({ ok: false, code: "missing" });
    expect(await storiesOf(s, id)).toEqual([]);
  });

  it("is one, of two that come at once", async () => {
    const s = await house();
    const id = await s.given();
    const answers = await Promise.all(Array.from({ length: 8 }, () => s.review(s.manager, id, "fine")));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await storiesOf(s, id)).toHaveLength(1);
  });

  it("of one's own decision says that it is", async () => {
    const s = await house();
    const id = await s.given({ actor: s.manager });
    expect(await s.review(s.manager, id, "talk", "I gave it before I had listened.")).toEqual({ ok: true });
    expect(await storiesOf(s, id)).toMatchObject([{ own: true, note: "I gave it before I had listened." }]);
  });

  it("comes when a decision is over, not while it waits for an answer", async () => {
    const s = await house();
    const id = decided(await s.ask({ customer: s.guest, amount: 9000 })).id ?? "";
    expect(await s.review(s.manager, id, "fine")).toEqual({ ok: false, code: "waiting" });
  });

  it("can't be changed, removed or made up, by the app or by the owner, and leaves the seals whole", async () => {
    const s = await house();
    const id = await s.given();
    await s.review(s.manager, id, "great", "Well done.");
    const [review] = await storiesOf(s, id);
    await answerReview({ ...by(s.agent), reviewId: review?.id ?? "", text: "Thank you." });
    for (const [table, change] of [
      ["reviews", "verdict = 'talk'"],
      ["reviews", "note = 'Badly done.'"],
      ["reviews", "note = null"],
      ["review_replies", "text = 'I disagree.'"],
      ["review_replies", "text = '[erased]'"],
    ] as const) {
      const app = (sql: string) => withTenant(s.organizationId, (client) => client.query(sql));
      await expect(app(`update ${table} set ${change}`)).rejects.toThrow(/permission denied/);
      await expect(app(`delete from ${table}`)).rejects.toThrow(/permission denied/);
      await expect(app(`insert into ${table} default values`)).rejects.toThrow(/permission denied/);
      const owner = testDatabase().pool;
      await expect(owner.query(`update ${table} set ${change}`)).rejects.toThrow(/history/);
      await expect(owner.query(`delete from ${table}`)).rejects.toThrow(/history/);
      await expect(owner.query(`truncate ${table} cascade`)).rejects.toThrow(/history/);
    }
    await expectSealed(s);
  });

  it("is heard of at once by whoever has a page open, and missed by nobody who had none", async () => {
    const s = await house();
    const id = await s.given();
    const before = await readMarks(s.organizationId, new Date());
    const heard: ChangeEvent[] = [];
    let isListening = false;
    const leave = subscribe(s.organizationId, {
      onEvent: (event) => heard.push(event),
      onListening: () => {
        isListening = true;
      },
    });
    try {
      await expect.poll(() => isListening).toBe(true);
      await s.review(s.manager, id, "fine");
      await expect.poll(() => heard).toEqual([{ kind: "reviews", id }]);
      const after = await readMarks(s.organizationId, new Date());
      expect(after.reviews).not.toBe(before.reviews);
      const [review] = await storiesOf(s, id);
      await answerReview({ ...by(s.agent), reviewId: review?.id ?? "", text: "Good." });
      await expect.poll(() => heard).toHaveLength(2);
      expect((await readMarks(s.organizationId, new Date())).reviews).not.toBe(after.reviews);
    } finally {
      leave();
    }
  });
});

// Risk: the employee hears what is thought of them and can't say anything to it; or somebody else does.
describe("the answer to a review", () => {
  it("is the employee's whose decision it was, once, and stands beside it", async () => {
    const s = await house();
    const id = await s.given();
    await s.review(s.manager, id, "rule_unclear", "Which one did you go by?");
    const [review] = await storiesOf(s, id);
    const reviewId = review?.id ?? "";
    const colleague = await s.employee("agent");
    for (const actor of [colleague, s.manager]) {
      expect(await answerReview({ ...by(actor), reviewId, text: "No." })).toEqual({
        ok: false,
        code: "missing",
      });
    }
    expect(await answerReview({ ...by(s.agent), reviewId, text: "By the second." })).toEqual({ ok: true });
    expect(await answerReview({ ...by(s.agent), reviewId, text: "Or the third." })).toEqual({
      ok: false,
      code: "already",
    });
    expect((await storiesOf(s, id))[0]?.reply?.text).toBe("By the second.");
    const own = await listOwnReviews(s.organizationId, s.agent.employeeId, { limit: 5, before: null });
    expect(own.items).toMatchObject([
      { id: reviewId, decision: { id, amount: 1000 }, reply: { text: "By the second." } },
    ]);
    const theirs = await listOwnReviews(s.organizationId, colleague.employeeId, { limit: 5, before: null });
    expect(theirs.items).toEqual([]);
  });

  it("has its own list, page by page, the newest first", async () => {
    const s = await house();
    const ids = [await s.given(), await s.given(), await s.given()];
    for (const id of ids) {
      await s.review(s.manager, id, "fine");
      // Two of one millisecond have no order.
      await sleep(2);
    }
    const page = (before: string | null) =>
      listOwnReviews(s.organizationId, s.agent.employeeId, { limit: 2, before });
    const first = await page(null);
    const second = await page(first.next);
    expect([...first.items, ...second.items].map(({ decision }) => decision.id)).toEqual(ids.toReversed());
    expect(second.next).toBeNull();
  });
});

// Risk: some are looked at because of who they are, and others never.
describe("what waits to be looked at", () => {
  const queue = (
    s: House,
    rule: ReviewRule,
    options: { actor?: EmployeeActor; whose?: "mine" | "all"; now?: Date } = {},
  ) =>
    listQueue({
      ...{ organizationId: s.organizationId, rule, limit: 500, timeZone, now: options.now ?? new Date() },
      ...{ reviewerId: (options.actor ?? s.manager).employeeId, whose: options.whose ?? "all" },
    });
  const EVERYTHING: ReviewRule = { ...FIRST_RULE, sharePercent: 100 };

  it("is exactly what the rule chooses, by each of its parts, and says why", async () => {
    const s = await house();
    const dayOf = (ago: number) => localDay(Date.now() - ago * DAY_MS, timeZone);
    const organization = { ...s.manager, name: "", policyVersion: 1 };
    const fresh = (await createEmployee(organization, { startedOn: dayOf(10) })).actor;
    const old = (await createEmployee(organization, { startedOn: dayOf(900) })).actor;
    const now = Date.now();
    for (let turn = 0; turn < 90; turn++) {
      const actor = [fresh, old, s.agent][turn % 3] ?? s.agent;
      await s.ask(
        {
          customer: await s.customer(),
          amount: 100 * (1 + (turn % 20)),
          remedy: turn % 7 === 0 ? "gift" : "credit",
          note: "A reason that is long enough.",
        },
        { actor, now: new Date(now - turn * 3 * HOUR) },
      );
    }
    const all = (await queue(s, EVERYTHING)).items;
    expect(all).toHaveLength(90);
    const started = new Map([
      [fresh.employeeId, dayOf(10)],
      [old.employeeId, dayOf(900)],
    ]);
    for (const rule of [
      { ...FIRST_RULE, sharePercent: 0, bends: false, newDays: null },
      { ...FIRST_RULE, sharePercent: 25, bends: false, newDays: null },
      { ...FIRST_RULE, sharePercent: 0, newDays: null },
      { ...FIRST_RULE, sharePercent: 0, bends: false, newDays: 9 },
      { ...FIRST_RULE, sharePercent: 0, bends: false, newDays: null, fromAmount: 1500 },
      { sharePercent: 10, bends: true, fromAmount: 1900, newDays: 5 },
    ]) {
      const chosen = all.flatMap((item) => {
        const since = started.get(item.employee.id);
        const on = localDay(Date.parse(item.at), timeZone);
        const reasons = sampleReasons(
          {
            id: item.id,
            verdict: item.verdict,
            countedAmount: item.amount,
            daysSinceStart: since ? (Date.parse(on) - Date.parse(since)) / DAY_MS : null,
          },
          rule,
        );
        return reasons.length > 0 ? [[item.id, reasons]] : [];
      });
      const { items } = await queue(s, rule);
      expect(items.map(({ id, reasons }) => [id, reasons])).toEqual(chosen);
    }
  });

  it("is gone once anybody looked at it, is never one's own, and never what is over in another way", async () => {
    const s = await house();
    const seen = await s.given();
    const left = await s.given();
    const own = await s.given({ actor: s.manager });
    decided(await s.ask({ customer: s.guest, amount: 9000 }));
    const before = await s.given({ now: new Date(Date.now() - 40 * DAY_MS) });
    await s.review(s.other, seen, "fine");
    const ids = async (actor: EmployeeActor) =>
      (await queue(s, EVERYTHING, { actor })).items.map(({ id }) => id);
    expect(await ids(s.manager)).toEqual([left]);
    expect((await ids(s.other)).sort()).toEqual([left, own].sort());
    expect(await ids(s.other)).not.toContain(before);
  });

  it("of one's own people is theirs who report to one", async () => {
    const s = await house();
    const mine = await s.given();
    const stranger = await s.employee("agent", { managerId: s.other.employeeId });
    const theirs = await s.given({ actor: stranger });
    const ids = async (actor: EmployeeActor) =>
      (await queue(s, EVERYTHING, { actor, whose: "mine" })).items.map(({ id }) => id);
    expect(await ids(s.manager)).toEqual([mine]);
    expect(await ids(s.other)).toEqual([theirs]);
  });

  it("goes by the rule that an admin keeps, each change of which is written down", async () => {
    const s = await house();
    const admin = await s.employee("admin");
    expect(await readRule(s.organizationId)).toEqual(FIRST_RULE);
    const rule: ReviewRule = { sharePercent: 7, bends: false, fromAmount: 12_000, newDays: null };
    await setRule({ ...by(admin), rule });
    expect(await readRule(s.organizationId)).toEqual(rule);
    await setRule({ ...by(admin), rule: { ...rule, sharePercent: 0 } });
    const { rows } = await testDatabase().pool.query(
      "select data from audit_events where organization_id = $1 and action = 'review_rule.set' order by id",
      [s.organizationId],
    );
    expect(rows).toEqual([{ data: rule }, { data: { ...rule, sharePercent: 0 } }]);
    expect((await readRule((await house()).organizationId)).sharePercent).toBe(FIRST_RULE.sharePercent);
  });
});

// Risk: a limit that everybody finds wrong stays as it is, because each said so to somebody else.
it("what reviews find wrong or unclear is told of the limit or rule that decided, with its decisions", async () => {
  const s = await house();
  const [one, two, three] = [await s.given(), await s.given(), await s.given()];
  await s.review(s.manager, one, "limit_wrong");
  await s.review(s.other, one, "limit_wrong");
  await s.review(s.manager, two, "rule_unclear");
  await s.review(s.manager, three, "great");
  const doubts = await listDoubts(s.organizationId, new Date(Date.now() - HOUR));
  expect(doubts).toEqual([
    { check: "guest-day", wrong: 2, unclear: 1, decisions: expect.arrayContaining([one, two]) },
  ]);
  expect(await listDoubts(s.organizationId, new Date(Date.now() + HOUR))).toEqual([]);
  expect(await listDoubts((await house()).organizationId, new Date(0))).toEqual([]);
});

// Risk: what everybody may learn from says whose it was.
describe("a precedent", () => {
  const words = {
    happened: "A set came broken, a day before the guests.",
    done: "Half back at once, a new set by courier.",
  };

  it("is made by those who lead of what was looked at, and holds nothing that leads back to whose it was", async () => {
    const s = await house();
    const decision =
      decided(
        await s.ask({
          ...{ customer: s.guest, amount: 1200 },
          case: { channel: "phone", happened: "Ada's set came broken.", cause: "damaged" },
        }),
      ).id ?? "";
    const id = randomUUID();
    const make = (actor: EmployeeActor) =>
      makePrecedent({ ...by(actor), id, decisionId: decision, ...words });
    expect(await make(s.manager)).toEqual({ ok: false, code: "not_reviewed" });
    await s.review(s.manager, decision, "great");
    expect(await make(s.agent)).toEqual({ ok: false, code: "not_allowed" });
    expect(await make(s.manager)).toEqual({ ok: true });
    expect(await make(s.manager)).toEqual({ ok: true });
    const found = await listPrecedents(s.organizationId, { cause: "damaged", limit: 5 });
    expect(found).toEqual([
      {
        id,
        cause: "damaged",
        remedy: "credit",
        amount: 1200,
        currency: "USD",
        tier: null,
        ...words,
        createdAt: expect.any(String),
      },
    ]);
    const { rows } = await testDatabase().pool.query("select * from precedents where organization_id = $1", [
      s.organizationId,
    ]);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${decision}|${s.guest}|${s.agent.employeeId}|Ada`));
    expect(await listPrecedentCauses(s.organizationId)).toEqual(["damaged"]);
    const made = (await findDecision(s.organizationId, decision))?.timeline.filter(
      ({ action }) => action === "precedent.made",
    );
    expect(made).toHaveLength(1);
  });

  it("is taken away for good by those who lead, and is nobody else's house's", async () => {
    const s = await house();
    const stranger = await house();
    const decision = await s.given();
    await s.review(s.manager, decision, "great");
    const id = randomUUID();
    await makePrecedent({ ...by(s.manager), id, decisionId: decision, ...words });
    expect(await removePrecedent({ ...by(s.agent), id })).toEqual({ ok: false, code: "not_allowed" });
    expect(await removePrecedent({ ...by(stranger.manager), id })).toEqual({ ok: false, code: "missing" });
    expect(await listPrecedents(stranger.organizationId, { limit: 5 })).toEqual([]);
    expect(await removePrecedent({ ...by(s.other), id })).toEqual({ ok: true });
    expect(await listPrecedents(s.organizationId, { limit: 5 })).toEqual([]);
  });
});

// Risk: somebody who has to be forgotten is still told of in what was said about how they were helped.
describe("the words of a review", () => {
  const MARK = "Wilhelmina of the third floor";

  async function reviewed(s: House, at = new Date()) {
    const customer = (await createCustomer(s, {})).id;
    const id = decided(await s.ask({ customer, amount: 100 }, { now: at })).id ?? "";
    await recordReview({ ...by(s.manager, at), decisionId: id, verdict: "great", note: MARK });
    const [review] = await storiesOf(s, id);
    await answerReview({ ...by(s.agent, at), reviewId: review?.id ?? "", text: MARK });
    return { customer, id };
  }
  const texts = async (s: House, id: string) =>
    (await storiesOf(s, id)).map(({ note, reply }) => [note, reply?.text]);

  it("go with their customer, also when they were written after the rest had gone", async () => {
    const s = await house();
    const { customer, id } = await reviewed(s);
    const kept = await reviewed(s);
    const erase = () =>
      eraseCustomer({
        organizationId: s.organizationId,
        customerId: customer,
        reason: "request",
        writer: SYSTEM,
        at: new Date(),
      });
    expect(await erase()).toMatchObject({ ok: true, changed: 1 });
    expect(await texts(s, id)).toEqual([[null, "[erased]"]]);
    expect(await texts(s, kept.id)).toEqual([[MARK, MARK]]);
    await recordReview({ ...by(s.other), decisionId: id, verdict: "fine", note: MARK });
    expect(await erase()).toMatchObject({ ok: true, changed: 1 });
    expect(await texts(s, id)).toEqual([
      [null, "[erased]"],
      [null, undefined],
    ]);
    expect(await erase()).toMatchObject({ ok: true, changed: 0 });
    await expectSealed(s);
  });

  it("go when their time is over, a few at a time, and younger ones stay", async () => {
    const s = await house();
    const old = [];
    for (let turn = 0; turn < 3; turn++) old.push(await reviewed(s, new Date(Date.now() - 60 * HOUR)));
    const young = await reviewed(s);
    await withTenant(s.organizationId, (client) =>
      client.query(`update organizations set retention = retention || '{"notes": 1}'`),
    );
    const removed = await enforceRetention({
      organizationId: s.organizationId,
      writer: SYSTEM,
      at: new Date(),
      batch: 2,
    });
    expect(removed.notes).toBe(6);
    for (const { id } of old) expect(await texts(s, id)).toEqual([[null, "[erased]"]]);
    expect(await texts(s, young.id)).toEqual([[MARK, MARK]]);
  });
});
