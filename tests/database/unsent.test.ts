import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import type { PolicyInput } from "@/lib/discretion/schema";
import { keepUnsent } from "@/lib/unsent/mutations";
import { type UnsentInput, unsentSchema } from "@/lib/unsent/schema";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const GUEST_DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 });
const WEEK = limit({ id: "week", scope: ["customer"], window: { rollingDays: 7 }, max: 9000 });
const FEW = limit({ id: "few", scope: ["employee"], window: "day", measure: "count", max: 1, over: "bend" });

interface Kept {
  id: string;
  verdict: string;
  binding: string | null;
  amount: string;
  counted_amount: string;
  sent_decision_id: string | null;
  facts: unknown;
  created_at: Date;
}

async function desk(policy: Partial<PolicyInput> = { limits: [GUEST_DAY, WEEK] }) {
  const s = await scenario(policy);
  const customer = await s.customer();
  return {
    ...s,
    customerId: customer,
    keep(
      input: Partial<UnsentInput>,
      options: { actor?: typeof s.agent; now?: Date } = {},
    ): Promise<boolean> {
      const { actor = s.agent, now = new Date() } = options;
      return keepUnsent({
        actor,
        now,
        input: {
          intent: randomBytes(16).toString("hex"),
          began: new Date(now.getTime() - 1000).toISOString(),
          customer,
          remedy: "credit",
          amount: 4000,
          currency: "USD",
          ...input,
        },
      });
    },
    async kept(): Promise<Kept[]> {
      const { rows } = await withTenant(s.organizationId, (client) =>
        client.query<Kept>("select * from unsent_requests order by id"),
      );
      return rows;
    },
  };
}

/** How many rows there are of everything that a decision writes, and what is counted. */
async function traces(organizationId: string): Promise<unknown> {
  const { rows } = await testDatabase().pool.query(
    `select (select count(*) from decisions where organization_id = $1) as decisions,
       (select count(*) from ledger_entries where organization_id = $1) as entries,
       (select count(*) from audit_events where organization_id = $1) as events,
       (select coalesce(sum(posted_amount + reserved_amount), 0) from counters where organization_id = $1) as counted,
       (select count(*) from idempotency_keys where organization_id = $1) as keys`,
    [organizationId],
  );
  return rows[0];
}

describe("an amount that was not sent", () => {
  // Risk: looking at an amount takes it from somebody's budget.
  it("is kept with the verdict that it would have had, and touches no limit and no history", async () => {
    const d = await desk();
    const { customerId: customer } = d;
    await d.ask({ customer, amount: 500 });
    const before = await traces(d.organizationId);
    const now = new Date();
    expect(await d.keep({ amount: 2600, cause: "late", channel: "phone" }, { now })).toBe(true);
    const [kept] = await d.kept();
    expect(kept).toMatchObject({
      verdict: "handover",
      binding: "guest-day",
      amount: "2600",
      counted_amount: "2600",
      cause: "late",
      channel: "phone",
      sent_decision_id: null,
      policy_version: 1,
      facts: { employee: { id: d.agent.employeeId, role: "agent" }, customer: { id: customer }, order: null },
    });
    expect(JSON.stringify(kept?.facts)).not.toContain("An agent");
    // The order of ids is the order of time, which a replay reads them in.
    expect(kept?.created_at.getTime()).toBe(now.getTime() - 1000);
    expect(Number.parseInt((kept?.id ?? "").replace("-", "").slice(0, 12), 16)).toBe(now.getTime() - 1000);
    expect(await traces(d.organizationId)).toEqual(before);
    expect(decided(await d.ask({ customer, amount: 2500 }))).toMatchObject({ verdict: "allow" });
  });

  it("is not kept where it was allowed and nothing else was sent: nobody held anything back", async () => {
    const d = await desk();
    expect(await d.keep({ amount: 3000 })).toBe(false);
    expect(await d.keep({ amount: 3001 })).toBe(true);
    expect(await d.kept()).toHaveLength(1);
  });

  // Risk: what was sent instead is counted against what was looked at before it, and every one looks like a handover.
  it("that was lowered has the verdict of the moment before the lower one was sent", async () => {
    const d = await desk({ limits: [GUEST_DAY, WEEK, FEW] });
    const { customerId: customer } = d;
    const sent = decided(await d.ask({ customer, amount: 2000 }));
    expect(await d.keep({ amount: 2900, sent: sent.id })).toBe(true);
    expect(await d.kept()).toMatchObject([{ verdict: "allow", amount: "2900", sent_decision_id: sent.id }]);
    const held = decided(await d.ask({ customer, amount: 1100, note: "As it should be." }));
    expect(held.verdict).toBe("handover");
    expect(await d.keep({ amount: 8000, sent: held.id })).toBe(true);
    const [, second] = await d.kept();
    expect(second).toMatchObject({ verdict: "handover", binding: "guest-day" });
  });

  it("of a refund is held against what was left of the order before the lower one was sent", async () => {
    const d = await desk({ limits: [] });
    const { customerId: customer } = d;
    const order = await d.order(customer, 1000);
    const sent = decided(await d.ask({ customer, order, remedy: "refund", amount: 400 }));
    expect(await d.keep({ order, remedy: "refund", amount: 1000, sent: sent.id })).toBe(true);
    expect(await d.keep({ order, remedy: "refund", amount: 601 })).toBe(true);
    expect(await d.kept()).toMatchObject([
      { verdict: "allow", amount: "1000", facts: { order: { refunded: 0, reserved: 0, paid: 1000 } } },
      { verdict: "deny", binding: "order-refundable", facts: { order: { refunded: 400 } } },
    ]);
  });

  // Risk: a page that is left and come back to tells of the same twice, and the draft looks worse than it is.
  it("is kept once for each intent, however often and by however many it is told of", async () => {
    const d = await desk();
    const intent = randomBytes(16).toString("hex");
    const began = new Date(Date.now() - 5000).toISOString();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => d.keep({ intent, began, amount: 4000 + i })),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await d.kept()).toHaveLength(1);
    // Another person's intent is another one, whatever it is called.
    expect(await d.keep({ intent, began }, { actor: d.manager })).toBe(true);
  });

  it("is left out where it cannot have been on the desk", async () => {
    const d = await desk();
    const { customerId: customer } = d;
    const stranger = await desk();
    const sent = decided(await d.ask({ customer, amount: 100 }));
    const other = await d.customer();
    const order = await d.order(other, 1000);
    const cases: [string, Partial<UnsentInput>, { actor?: typeof d.agent; now?: Date }?][] = [
      ["another organization's customer", { customer: stranger.customerId }],
      ["nobody", { customer: randomUUID() }],
      ["another customer's order", { order }],
      ["a decision that is none", { sent: randomUUID() }],
      ["a decision of somebody else", { sent: sent.id }, { actor: d.manager }],
      ["a decision about somebody else", { sent: sent.id, customer: other }],
      ["a decision of the same amount", { sent: sent.id, amount: 100 }],
      ["a decision of another kind", { sent: sent.id, remedy: "gift" }],
      ["a decision in another currency", { sent: sent.id, currency: "EUR" }],
      ["a moment to come", { began: new Date(Date.now() + 60_000).toISOString() }],
      ["a moment of long ago", { began: new Date(Date.now() - 25 * 3_600_000).toISOString() }],
      ["no amount", { amount: 0 }],
    ];
    for (const [name, input, options] of cases) expect(await d.keep(input, options), name).toBe(false);
    expect(await d.keep({ sent: sent.id }, { actor: stranger.agent })).toBe(false);
    expect(await d.kept()).toEqual([]);
    expect(await stranger.kept()).toEqual([]);
  });

  it("in another currency is kept with the rate that it was counted by, or without one that there is not", async () => {
    const d = await desk();
    expect(await d.keep({ amount: 100, currency: "EUR" })).toBe(true);
    expect(await d.kept()).toMatchObject([
      { verdict: "handover", binding: "exchange-rate", exchange: null, counted_amount: null },
    ]);
  });

  it("is history: nobody changes or removes it", async () => {
    const d = await desk();
    await d.keep({});
    const [kept] = await d.kept();
    for (const statement of [
      "update unsent_requests set amount = 1",
      "delete from unsent_requests",
      "truncate unsent_requests",
    ]) {
      await expect(
        withTenant(d.organizationId, (client) => client.query(statement)),
        statement,
      ).rejects.toThrow(/permission denied|history/);
      await expect(testDatabase().pool.query(statement), statement).rejects.toThrow(/history/);
    }
    expect(await d.kept()).toEqual([kept]);
    expect((await pool().query("select * from unsent_requests")).rows).toEqual([]);
  });
});

it("what the desk tells is taken in its own form alone", () => {
  const input = {
    intent: "0123456789abcdef0123456789abcdef",
    began: "2026-03-31T10:00:00.000Z",
    customer: "c",
    remedy: "credit",
    amount: 1,
    currency: "USD",
  };
  expect(unsentSchema.safeParse(input).success).toBe(true);
  for (const wrong of [
    { intent: "short" },
    { began: "yesterday" },
    { amount: -1 },
    { amount: 1.5 },
    { currency: "usd" },
    { remedy: "apology" },
    { sent: "d1" },
    { note: "What I wrote." },
    { happened: "What I wrote." },
  ]) {
    expect(unsentSchema.safeParse({ ...input, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
  }
});
