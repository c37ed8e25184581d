import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findDecision } from "@/lib/decisions/data";
import { noteProviderEvent, takeExecutionStep } from "@/lib/execution/mutations";
import type { Instruction, Outcome } from "@/lib/execution/provider";
import { workOn } from "@/lib/execution/work";
import { dispatchJobs, dispatchLooks } from "@/lib/jobs/dispatcher";
import { reverseDecision } from "@/lib/reversals/mutations";
import { expectBalanced, expectSound } from "../setup/books";
import { testDatabase } from "../setup/database";
import { FakeProvider, serveByFake } from "../setup/fake-provider";
import { decided, limit, scenario } from "../setup/scenario";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 10_000 });
const LIMITS = [DAY];

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** A house whose credit goes through a provider that does as it is told. */
async function house() {
  const s = await scenario({ limits: LIMITS });
  return { s, fake: await serveByFake(s), customer: await s.customer() };
}

const NOW = () => new Date();
/** The undo window of half a minute is over then. */
const later = (from: Date, seconds = 31) => new Date(from.getTime() + seconds * 1000);

async function give(s: Scenario, customer: string, amount: number, now = NOW(), more = {}) {
  return decided(await s.ask({ customer, amount, ...more }, { now })).id ?? "";
}

function work(s: Scenario, decisionId: string, at: Date, more: Partial<Parameters<typeof workOn>[0]> = {}) {
  return workOn({ organizationId: s.organizationId, decisionId, clock: () => at, ...more });
}

function reverse(s: Scenario, decisionId: string, options: { reason?: string | null; now?: Date } = {}) {
  const { reason = "It was the wrong customer.", now = NOW() } = options;
  const actor = reason === null ? s.agent : s.manager;
  return reverseDecision({ actor, decisionId, reason, idempotencyKey: randomUUID(), now });
}

async function stateOf(s: Scenario, id: string) {
  const found = await findDecision(s.organizationId, id);
  if (!found) throw new Error(`No decision ${id}.`);
  const { status, execution, reversal } = found;
  return {
    status,
    execution: execution?.status,
    reversal: reversal?.kind ?? null,
    back: execution?.reversal?.status,
  };
}

async function stepsOf(s: Scenario, id: string): Promise<string[]> {
  const { rows } = await testDatabase().pool.query<{ action: string }>(
    "select action from audit_events where organization_id = $1 and subject_id = $2 and action like 'execution%' order by created_at, id",
    [s.organizationId, id],
  );
  return rows.map(({ action }) => action);
}

/** What the customer's day of the agent holds. */
async function usedOf(s: Scenario): Promise<number> {
  const { rows } = await testDatabase().pool.query<{ used: string }>(
    `select coalesce(sum(posted_amount + reserved_amount), 0) as used from counters
     where organization_id = $1 and scope_key like 'employee:%'`,
    [s.organizationId],
  );
  return Number(rows[0]?.used);
}

const owner = (text: string, values: unknown[] = []) => testDatabase().pool.query(text, values);

describe("a decision", () => {
  it("is carried out once its undo window is over, by the provider that serves it, with an event for each step", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    await expect(work(s, id, later(now, 29))).rejects.toThrow(/undone/);
    expect(fake.calls).toEqual([]);
    await work(s, id, later(now));
    expect(await stateOf(s, id)).toMatchObject({ status: "posted", execution: "succeeded" });
    expect(await stepsOf(s, id)).toEqual(["execution.processing", "execution.succeeded"]);
    const found = await findDecision(s.organizationId, id);
    expect(found?.execution).toMatchObject({ provider: "stripe", reference: `fake_${id}`, attempt: 1 });
    // Asked again it does nothing more.
    await work(s, id, later(now, 40));
    expect(fake.callsOf(id)).toEqual(["execute"]);
    await expectSound(s.organizationId);
  });

  // Risk: the money moves twice, because two worked on one job.
  it("moves once whoever works on it, however many at once", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    let began = 0;
    fake.onExecute = async (instruction) => {
      began++;
      await new Promise((done) => setImmediate(done));
      return fake.move(instruction);
    };
    await Promise.all(Array.from({ length: 8 }, () => work(s, id, later(now))));
    expect(began).toBeGreaterThan(0);
    expect(fake.times.get(id)).toBe(1);
    expect(await stepsOf(s, id)).toEqual(["execution.processing", "execution.succeeded"]);
    expect(await stateOf(s, id)).toMatchObject({ execution: "succeeded" });
  });

  // Risk: an undo is said to have worked, and the money moves all the same.
  it("is either undone or carried out where both come at once, and never both", async () => {
    const { s, fake, customer } = await house();
    let undone = 0;
    for (let round = 0; round < 12; round++) {
      const now = NOW();
      const id = await give(s, customer, 100, now);
      // At the last moment of the one and the first of the other; the database decides.
      const [answer] = await Promise.all([
        reverse(s, id, { reason: null, now: later(now, 29.999) }),
        work(s, id, later(now, 30)),
      ]);
      const { status, execution } = await stateOf(s, id);
      if (answer.ok) {
        undone++;
        expect([status, execution, fake.callsOf(id)]).toEqual(["reversed", "cancelled", []]);
      } else {
        expect([answer.code, status, execution]).toEqual(["execution_started", "posted", "succeeded"]);
      }
    }
    expect(undone).toBeLessThanOrEqual(12);
    await expectSound(s.organizationId);
  });

  it("that is undone within its window is told to no provider", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    expect(await reverse(s, id, { reason: null, now: later(now, 10) })).toMatchObject({ ok: true });
    await dispatchJobs(later(now, 60));
    await work(s, id, later(now, 60));
    expect(fake.calls).toEqual([]);
    expect(await stateOf(s, id)).toEqual({
      status: "reversed",
      execution: "cancelled",
      reversal: "undo",
      back: undefined,
    });
    expect(await usedOf(s)).toBe(0);
  });

  // Risk: a refund that failed holds the allowance for good, or gives it back twice.
  it("that failed gives back what it counted, once, in the same transaction, by nobody", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    expect(await usedOf(s)).toBe(2500);
    fake.onExecute = {
      outcome: "failed",
      code: "already_refunded",
      detail: "Charge ch_1 was refunded.",
      reference: null,
    };
    await Promise.all([work(s, id, later(now)), work(s, id, later(now)), work(s, id, later(now))]);
    expect(await stateOf(s, id)).toEqual({
      status: "reversed",
      execution: "failed",
      reversal: "failed",
      back: undefined,
    });
    expect(await usedOf(s)).toBe(0);
    const found = await findDecision(s.organizationId, id);
    expect(found?.execution?.failure).toEqual({
      code: "already_refunded",
      detail: "Charge ch_1 was refunded.",
    });
    expect(found?.reversal).toMatchObject({ reversedBy: null, reason: null });
    const again = {
      organizationId: s.organizationId,
      decisionId: id,
      of: "execution",
      to: "failed",
      now: NOW(),
    } as const;
    expect(await takeExecutionStep({ ...again, via: "message", code: "refused" })).toMatchObject({
      outcome: "same",
    });
    expect(await usedOf(s)).toBe(0);
    expect(await stepsOf(s, id)).toEqual(["execution.processing", "execution.failed"]);
    await expectSound(s.organizationId);
  });

  it("gives back in the windows that it came from, when it fails days after it looked done", async () => {
    const { s, fake, customer } = await house();
    const begun = new Date("2026-03-03T15:00:00Z");
    const id = await give(s, customer, 2500, begun);
    await work(s, id, later(begun));
    const today = await give(s, customer, 700);
    const event = { id: "evt_1", decisionId: id, of: "execution", at: NOW() } as const;
    const failed: Outcome = {
      outcome: "failed",
      code: "refused",
      detail: "The bank sent it back.",
      reference: "re_1",
    };
    expect(await noteProviderEvent(s.organizationId, { ...event, outcome: failed }, NOW())).toMatchObject({
      outcome: "noted",
      givenBack: true,
    });
    const { rows } = await owner(
      "select bucket::text, posted_amount::integer as posted from counters where organization_id = $1 and scope_key like 'employee:%' order by bucket",
      [s.organizationId],
    );
    expect(rows.map(({ posted }) => posted)).toEqual([0, 700]);
    expect(await stateOf(s, today)).toMatchObject({ status: "posted" });
    expect(fake.times.get(id)).toBe(1);
    await expectBalanced(s.organizationId);
  });

  // Risk: what may have moved is given back, and then it had moved.
  it("of which nobody knows holds what it holds, is not reversed, and is looked up until somebody knows", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    // It moves, and the answer is lost on its way.
    fake.onExecute = async (instruction) => {
      fake.move(instruction);
      throw new Error("socket hang up");
    };
    await work(s, id, later(now));
    expect(await stateOf(s, id)).toMatchObject({ status: "posted", execution: "unknown" });
    expect(await usedOf(s)).toBe(2500);
    expect(await reverse(s, id, { now: later(now, 32) })).toMatchObject({
      ok: false,
      code: "execution_unknown",
    });
    fake.onLookup = { outcome: "unknown", detail: "still away" };
    await work(s, id, later(now, 40));
    expect(await stateOf(s, id)).toMatchObject({ execution: "unknown" });
    fake.onLookup = null;
    expect(await dispatchLooks(later(now, 35))).toBe(0);
    expect(await dispatchLooks(later(now, 3600))).toBeGreaterThan(0);
    await work(s, id, later(now, 3600));
    expect(await stateOf(s, id)).toMatchObject({ status: "posted", execution: "succeeded" });
    expect(fake.times.get(id)).toBe(1);
    expect(await reverse(s, id, { now: later(now, 3601) })).toMatchObject({ ok: true });
  });

  it("that a provider never heard of is told again, under the same key", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    fake.onExecute = async () => {
      throw new Error("could not connect");
    };
    await work(s, id, later(now));
    fake.onExecute = null;
    await work(s, id, later(now, 60));
    expect(fake.callsOf(id)).toEqual(["execute", "lookup", "execute"]);
    expect(await stateOf(s, id)).toMatchObject({ execution: "succeeded" });
    expect(await stepsOf(s, id)).toEqual([
      "execution.processing",
      "execution.unknown",
      "execution.succeeded",
    ]);
  });

  it("takes no longer than a provider may, and is unknown then; a worker that stops leaves it to the next one", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    const hangs = (_: unknown, signal: AbortSignal) =>
      new Promise<Outcome>((_done, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
    fake.onExecute = hangs;
    await work(s, id, later(now), { patienceMs: 5 });
    expect(await stateOf(s, id)).toMatchObject({ execution: "unknown" });
    const other = await give(s, customer, 100, now);
    const stop = new AbortController();
    fake.onExecute = (instruction, signal) => {
      stop.abort(new Error("stopping"));
      return hangs(instruction, signal);
    };
    await expect(work(s, other, later(now), { signal: stop.signal })).rejects.toThrow(/stopping/);
    expect(await stateOf(s, other)).toMatchObject({ execution: "processing" });
    fake.onExecute = null;
    await work(s, other, later(now, 40));
    expect(fake.callsOf(other)).toEqual(["execute", "lookup", "execute"]);
    expect(fake.times.get(other)).toBe(1);
    expect(await stateOf(s, other)).toMatchObject({ execution: "succeeded" });
  });

  it("hears of messages in whatever order they come: what leads back changes nothing, what comes twice neither", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    fake.onExecute = { outcome: "pending", reference: "re_9" };
    await work(s, id, later(now));
    expect(await stateOf(s, id)).toMatchObject({ status: "posted", execution: "pending" });
    const tell = (outcome: Outcome, at: Date) =>
      noteProviderEvent(
        s.organizationId,
        { id: randomUUID(), decisionId: id, of: "execution", outcome, at },
        NOW(),
      );
    const failed: Outcome = { outcome: "failed", code: "refused", detail: "Sent back.", reference: "re_9" };
    expect(await tell({ outcome: "succeeded", reference: "re_9" }, later(now, 50))).toMatchObject({
      outcome: "noted",
    });
    expect(await tell({ outcome: "succeeded", reference: "re_9" }, later(now, 50))).toMatchObject({
      outcome: "same",
    });
    expect(await tell({ outcome: "pending", reference: "re_9" }, later(now, 40))).toMatchObject({
      outcome: "refused",
    });
    expect(await tell({ outcome: "pending", reference: "re_9" }, later(now, 60))).toMatchObject({
      outcome: "refused",
    });
    expect(await tell(failed, later(now, 70))).toMatchObject({ outcome: "noted", givenBack: true });
    expect(await stateOf(s, id)).toMatchObject({ status: "reversed", execution: "failed" });
    expect(
      await noteProviderEvent(
        s.organizationId,
        { id: "x", decisionId: randomUUID(), of: "execution", outcome: failed, at: NOW() },
        NOW(),
      ),
    ).toEqual({ outcome: "missing" });
  });

  it("that was carried out is taken back where it is reversed; what the provider can't take back is a person's", async () => {
    const { s, fake, customer } = await house();
    const now = NOW();
    const [can, cannot] = [await give(s, customer, 300, now), await give(s, customer, 400, now)];
    for (const id of [can, cannot]) {
      await work(s, id, later(now));
      expect(await reverse(s, id, { now: later(now, 60) })).toMatchObject({ ok: true });
      expect(await stateOf(s, id)).toMatchObject({
        status: "reversed",
        execution: "succeeded",
        back: "queued",
      });
    }
    expect(await dispatchLooks(later(now, 61))).toBeGreaterThanOrEqual(2);
    await work(s, can, later(now, 61));
    expect(await stateOf(s, can)).toMatchObject({ back: "succeeded" });
    fake.onReverse = { outcome: "failed", code: "spent", detail: "All of it was spent.", reference: null };
    await work(s, cannot, later(now, 61));
    expect(await stateOf(s, cannot)).toMatchObject({ back: "by_hand" });
    expect((await findDecision(s.organizationId, cannot))?.execution?.reversal?.failure).toEqual({
      code: "spent",
      detail: "All of it was spent.",
    });
    expect(await stepsOf(s, cannot)).toEqual([
      "execution.processing",
      "execution.succeeded",
      "execution_reversal.processing",
      "execution_reversal.by_hand",
    ]);
    expect(await usedOf(s)).toBe(0);
  });

  it("for which there is no provider is a person's: what they write is the end of it, and what can't be done gives back", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const now = NOW();
    const ids = [
      await give(s, customer, 300, now, { remedy: "gift" }),
      await give(s, customer, 400, now, { remedy: "gift" }),
      await give(s, customer, 500, now, { remedy: "refund" }),
    ];
    for (const id of ids) await work(s, id, later(now));
    const by = { kind: "employee" as const, id: s.manager.employeeId };
    const say = (decisionId: string, to: "succeeded" | "failed", more = {}) =>
      takeExecutionStep({
        ...{
          organizationId: s.organizationId,
          decisionId,
          of: "execution",
          to,
          via: "person",
          actor: by,
          now: NOW(),
        },
        ...more,
      });
    const [done = "", not = "", gone = ""] = ids;
    for (const id of ids) expect(await stateOf(s, id)).toMatchObject({ execution: "by_hand" });
    expect(await say(done, "succeeded", { reference: "parcel 17" })).toMatchObject({ outcome: "noted" });
    expect(await say(not, "failed", { code: "cannot_be_done", detail: "Sold out." })).toMatchObject({
      givenBack: true,
    });
    expect(await reverse(s, gone, { now: later(now, 60) })).toMatchObject({ ok: true });
    expect(await stateOf(s, done)).toMatchObject({ status: "posted", execution: "succeeded" });
    expect(await stateOf(s, not)).toMatchObject({ status: "reversed", execution: "failed" });
    expect(await stateOf(s, gone)).toMatchObject({ status: "reversed", execution: "cancelled" });
    expect(await usedOf(s)).toBe(300);
    // What was done by hand is taken back by hand.
    expect(await reverse(s, done, { now: later(now, 61) })).toMatchObject({ ok: true });
    expect(await stateOf(s, done)).toMatchObject({ back: "by_hand" });
  });

  it("takes no other steps than there are, whoever asks", async () => {
    const { s, customer } = await house();
    const now = NOW();
    const id = await give(s, customer, 2500, now);
    await work(s, id, later(now));
    for (const status of ["processing", "pending", "unknown", "by_hand", "cancelled"]) {
      await expect(
        owner("update executions set status = $1 where decision_id = $2", [status, id]),
      ).rejects.toThrow(/cannot become/);
    }
    await expect(
      owner("update executions set amount = amount + 1 where decision_id = $1", [id]),
    ).rejects.toThrow(/stays/);
    await expect(
      owner("update executions set provider = 'by_hand' where decision_id = $1", [id]),
    ).rejects.toThrow(/stays/);
    await expect(owner("delete from executions where decision_id = $1", [id])).rejects.toThrow(/history/);
    const fresh = await give(s, customer, 100, now);
    await expect(
      owner(
        `insert into executions (organization_id, decision_id, provider, remedy, amount, currency, status, begun_at, moved_at)
         values ($1, $2, 'stripe', 'credit', 100, 'USD', 'succeeded', now(), now())`,
        [s.organizationId, fresh],
      ),
    ).rejects.toThrow(/cannot begin/);
    // Nobody's word but that of who may say it.
    const of = { organizationId: s.organizationId, decisionId: id, of: "execution", now: NOW() } as const;
    expect(await takeExecutionStep({ ...of, to: "failed", via: "person", code: "refused" })).toMatchObject({
      outcome: "refused",
    });
  });

  // Risk: two decisions on one order are refunded for more than was paid, because one of them failed or was taken back.
  it("never refunds more than was paid on its order, whatever became of the ones before it", async () => {
    const s = await scenario({ limits: [{ ...DAY, max: 1_000_000 }] });
    const fake = await serveByFake(s, ["refund"]);
    const customer = await s.customer();
    const order = await s.order(customer, 10_000);
    const now = NOW();
    const ask = () => s.ask({ customer, order, remedy: "refund", amount: 3000 }, { now });
    const answers = await Promise.all(Array.from({ length: 8 }, ask));
    const given = answers
      .map(decided)
      .filter(({ status }) => status === "posted")
      .map(({ id }) => id ?? "");
    expect(given).toHaveLength(3);
    const [first = "", second = ""] = given;
    fake.onExecute = async (instruction) =>
      instruction.decisionId === first
        ? { outcome: "failed", code: "refused", detail: "no", reference: null }
        : instruction.decisionId === second
          ? { outcome: "unknown", detail: "?" }
          : fake.move(instruction);
    await Promise.all(given.map((id) => work(s, id, later(now))));
    const more = (await Promise.all(Array.from({ length: 8 }, ask))).map(decided);
    const again = more.filter(({ status }) => status === "posted").map(({ id }) => id ?? "");
    // What failed is free again; what nobody knows of is not.
    expect(again).toHaveLength(1);
    fake.onExecute = null;
    await Promise.all([...again, second].map((id) => work(s, id, later(now, 60))));
    const moved = [...fake.moved.values()].reduce((sum, amount) => sum + amount, 0);
    expect(moved).toBe(9000);
    await expectSound(s.organizationId);
  });
});

describe("the tests' own provider", () => {
  it("moves money once for a decision, as a provider must", () => {
    const fake = new FakeProvider();
    const instruction: Instruction = {
      organizationId: "o",
      decisionId: "d",
      remedy: "credit",
      amount: 5,
      currency: "USD",
      customer: { id: "c", externalRef: null },
      order: null,
    };
    fake.move(instruction);
    fake.move(instruction);
    expect(fake.times.get("d")).toBe(1);
  });
});
