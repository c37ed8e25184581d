import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { withTenant } from "@/lib/db/tenant";
import { addDays, localDay } from "@/lib/discretion/windows";
import { listFollowUpsOf, listOpenFollowUpsFor } from "@/lib/follow-ups/data";
import { makePromise, tickPromise } from "@/lib/follow-ups/mutations";
import { mergeCustomers } from "@/lib/merges/mutations";
import { listOwnDecisions, listOwnHandovers, readOwnLimits, readOwnSums } from "@/lib/my-day/data";
import { eraseCustomer } from "@/lib/personal-data/mutations";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const CASE = { channel: "phone", happened: "It broke.", cause: "damaged" };
const SYSTEM = { kind: "system", id: null } as const;

async function house() {
  const s = await scenario({
    limits: [
      limit({ id: "agent-day", scope: ["employee"], window: "day", max: 9000 }),
      limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 }),
      limit({
        id: "gifts",
        scope: ["employee"],
        window: "week",
        measure: "count",
        max: 5,
        when: { remedies: ["gift"] },
      }),
    ],
  });
  const guest = await s.customer();
  const today = localDay(Date.now(), s.agent.timeZone);
  const tomorrow = addDays(today, 1);
  return {
    ...s,
    guest,
    today,
    tomorrow,
    decideFor: async (target = guest) =>
      decided(await s.ask({ customer: target, amount: 1000, case: CASE })).id ?? "",
    promise: (decision: string, text = "Call whether it came.", dueOn = tomorrow, actor = s.agent) =>
      makePromise({ actor, input: { decision, text, dueOn }, now: new Date() }),
    mine: (actor = s.agent) =>
      listFollowUpsOf(s.organizationId, actor.employeeId, new Date(Date.now() - 86_400_000)),
  };
}

describe("a promise", () => {
  // Risk: an answer that is lost makes two promises of one, or none.
  it("is kept once for a case, however often it is sent", async () => {
    const h = await house();
    const decision = await h.decideFor();
    const answers = await Promise.all(Array.from({ length: 6 }, () => h.promise(decision)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect((await h.mine()).open).toMatchObject([
      { text: "Call whether it came.", dueOn: h.tomorrow, doneAt: null, customer: { id: h.guest } },
    ]);
    expect(await h.promise(decision, "Something else.")).toMatchObject({
      ok: false,
      code: "promised_already",
    });
  });

  it("belongs to a case of one's own, and to a day that has not passed", async () => {
    const h = await house();
    const decision = await h.decideFor();
    const bare = decided(await h.ask({ customer: h.guest, amount: 100 })).id ?? "";
    const refused = { ok: false, code: "case_not_found" };
    expect(await h.promise(bare)).toMatchObject(refused);
    expect(await h.promise(randomUUID())).toMatchObject(refused);
    expect(await h.promise(decision, "Mine.", h.tomorrow, h.manager)).toMatchObject(refused);
    expect(await h.promise(decision, "Late.", addDays(h.today, -1))).toMatchObject({ code: "day_passed" });
    const stranger = await house();
    expect(await stranger.promise(decision)).toMatchObject(refused);
  });

  it("stands in the day until it is ticked, and can be taken up again", async () => {
    const h = await house();
    const made = await h.promise(await h.decideFor());
    if (!made.ok) throw new Error(made.code);
    const { caseId } = made.followUp;
    const tick = (done: boolean, actor = h.agent) => tickPromise({ actor, caseId, done, now: new Date() });
    const first = await tick(true, h.manager);
    expect(first?.doneAt).not.toBeNull();
    // The first tick stands.
    expect((await tick(true))?.doneAt).toBe(first?.doneAt);
    expect((await h.mine()).open).toEqual([]);
    expect((await h.mine(h.manager)).done).toMatchObject([{ caseId }]);
    expect((await tick(false))?.doneAt).toBeNull();
    expect((await h.mine()).open).toHaveLength(1);
    const stranger = await house();
    expect(await tickPromise({ actor: stranger.agent, caseId, done: true, now: new Date() })).toBeNull();
  });

  it("is told of the customer whoever made it, what is due first first", async () => {
    const h = await house();
    await h.promise(await h.decideFor(), "Later.", addDays(h.today, 5));
    const theirs = decided(await h.ask({ customer: h.guest, amount: 1, case: CASE }, { actor: h.manager }));
    await h.promise(theirs.id ?? "", "Sooner.", h.today, h.manager);
    const texts = (await listOpenFollowUpsFor(h.organizationId, h.guest)).map(({ text }) => text);
    expect(texts).toEqual(["Sooner.", "Later."]);
  });

  it("follows the customer into the record that they are merged into", async () => {
    const h = await house();
    const duplicate = await h.customer();
    await h.promise(await h.decideFor(duplicate), "For the duplicate.");
    const merged = await mergeCustomers({
      organizationId: h.organizationId,
      duplicateId: duplicate,
      customerId: h.guest,
      reason: "The same person.",
      writer: { actor: SYSTEM, employeeId: null },
      now: new Date(),
    });
    expect(merged.ok).toBe(true);
    expect(await listOpenFollowUpsFor(h.organizationId, h.guest)).toMatchObject([
      { text: "For the duplicate.", customer: { id: h.guest } },
    ]);
  });

  // Risk: what was promised tells of somebody who asked to be forgotten.
  it("loses its text with the customer, and nothing is promised to them afterwards", async () => {
    const h = await house();
    const [promised, later] = [await h.decideFor(), await h.decideFor()];
    await h.promise(promised, "Send Zenobia the blue lamp.");
    await eraseCustomer({
      organizationId: h.organizationId,
      customerId: h.guest,
      reason: "request",
      writer: SYSTEM,
      at: new Date(),
    });
    const { rows } = await testDatabase().pool.query<{ text: string }>(
      "select text from follow_ups where organization_id = $1",
      [h.organizationId],
    );
    expect(rows).toEqual([{ text: "[erased]" }]);
    expect(await h.promise(later)).toMatchObject({ ok: false, code: "case_not_found" });
  });

  it("is not the app's to rewrite or to remove", async () => {
    const h = await house();
    await h.promise(await h.decideFor());
    const attempt = (sql: string) => withTenant(h.organizationId, (client) => client.query(sql));
    await expect(attempt("update follow_ups set text = 'x'")).rejects.toThrow(/permission denied/);
    await expect(attempt("delete from follow_ups")).rejects.toThrow(/permission denied/);
  });
});

describe("somebody's day", () => {
  it("holds what they decided themselves, and what waits for others", async () => {
    const h = await house();
    const since = new Date(Date.now() - 3_600_000);
    decided(await h.ask({ customer: h.guest, amount: 1000, case: CASE }));
    const held = decided(await h.ask({ customer: h.guest, amount: 2500 }));
    decided(await h.ask({ customer: h.guest, amount: 500 }, { actor: h.manager }));
    const { decisions, more } = await listOwnDecisions(h.organizationId, h.agent.employeeId, since);
    expect([decisions.map(({ amount }) => amount), more]).toEqual([[2500, 1000], false]);
    expect(await listOwnHandovers(h.organizationId, h.agent.employeeId, since)).toMatchObject([
      { decisionId: held.id, status: "waiting", amount: 2500, granted: null },
    ]);
    expect(await listOwnHandovers(h.organizationId, h.manager.employeeId, since)).toEqual([]);
    expect(await readOwnSums(h.organizationId, h.agent.employeeId, h.today)).toEqual({
      given: 1000,
      held: 2500,
      decisions: 2,
    });
  });

  // Risk: somebody thinks that they have room where a limit has none, or the other way round.
  it("tells how much of their own limits is used, and which begin anew with each customer", async () => {
    const h = await house();
    decided(await h.ask({ customer: h.guest, amount: 1000 }));
    decided(await h.ask({ customer: h.guest, amount: 2500 }));
    expect(await readOwnLimits(h.organizationId, h.agent.employeeId, new Date())).toMatchObject({
      currency: "USD",
      limits: [{ id: "agent-day", max: 9000, used: 3500, reserved: 2500, left: 5500 }],
      perCustomer: [{ id: "guest-day", max: 3000, window: "day" }],
    });
  });
});
