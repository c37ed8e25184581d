import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST as tellResult } from "@/app/api/v1/decisions/[id]/execution/route";
import { POST as stripeWebhook } from "@/app/api/webhooks/stripe/[organizationId]/route";
import { auditActor } from "@/lib/audit/mutations";
import { createApiKey } from "@/lib/auth/api-keys";
import type { ApiScope } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { env } from "@/lib/env";
import {
  applyProviderEvents,
  consumeProviderEvent,
  noteDisputes,
  organizationsWithProviderEvents,
  type WaitingEvent,
} from "@/lib/execution/inbound";
import type { Instruction, ProviderEvent } from "@/lib/execution/provider";
import { upsertOrder } from "@/lib/orders/mutations";
import { eraseCustomer } from "@/lib/personal-data/mutations";
import { openProvider, readProviders, readStripeSecrets } from "@/lib/providers/data";
import * as providers from "@/lib/providers/mutations";
import { tryProvider } from "@/lib/providers/trying";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";
import { signedEvent } from "../setup/stripe-server";

const KEY = "sk_test_of_the_in_test_server";
const SECRET = "whsec_of_the_in_test_server";
const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 100_000 })];

type Scenario = Awaited<ReturnType<typeof scenario>>;

// The app's code reads where Stripe is while it loads, so the server is there before that.
const server = await vi.hoisted(async () => {
  const { startStripeServer } = await import("../setup/stripe-server");
  const started = await startStripeServer("sk_test_of_the_in_test_server");
  process.env.LEEWAY_STRIPE_API = started.url;
  return started;
});
beforeEach(() => {
  for (const kept of [server.refunds, server.events, server.requests]) kept.length = 0;
  server.firstStatus = null;
});
afterAll(() => server.close());

function saveStripe(s: Scenario, parts: { secretKey?: string | null; webhookSecret?: string | null } = {}) {
  return providers.saveStripe({
    organizationId: s.organizationId,
    writer: auditActor(s.manager),
    at: new Date(),
    form: { label: "Acme", secretKey: KEY, webhookSecret: SECRET, ...parts },
  });
}

/** A decision on an order that was paid by Stripe. */
async function paid(s: Scenario, amount = 1000) {
  const { intent, charge } = server.addPayment({ amount: 10_000 });
  const customer = await s.customer(`C-${randomUUID()}`);
  const externalRef = `A-${randomUUID()}`;
  const answer = await upsertOrder({
    organizationId: s.organizationId,
    externalRef,
    input: {
      customer,
      amountPaid: 10_000,
      currency: "USD",
      placedAt: new Date().toISOString(),
      paymentRef: intent,
    },
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  if (!answer.ok) throw new Error(answer.code);
  const decision = decided(await s.ask({ customer, order: answer.order.id, remedy: "refund", amount }));
  const instruction: Instruction = {
    organizationId: s.organizationId,
    decisionId: decision.id ?? "",
    remedy: "refund",
    amount,
    currency: "USD",
    customer: { id: customer, externalRef: null },
    order: { id: answer.order.id, externalRef, paymentRef: answer.order.paymentRef },
  };
  return { instruction, customer, order: answer.order.id, charge, intent };
}

async function heard(s: Scenario, now = new Date()): Promise<WaitingEvent[]> {
  const events: WaitingEvent[] = [];
  const keep = async (_: unknown, event: WaitingEvent) => void events.push(event);
  while ((await consumeProviderEvent(s.organizationId, keep, now)) !== "none");
  return events;
}

const soon = (seconds: number) => new Date(Date.now() + seconds * 1000);

function send(organizationId: string, message: { headers: Headers; body: string }) {
  const request = new Request(`http://leeway/api/webhooks/stripe/${organizationId}`, {
    method: "POST",
    ...message,
  });
  return stripeWebhook(request, { params: Promise.resolve({ organizationId }) });
}

describe("a provider's secrets", () => {
  // Risk: whoever reads a backup, a page or the log gives everybody's money back.
  it("stand encrypted in the database, and in nothing that is read for a page or written to the audit", async () => {
    const s = await scenario({ limits: LIMITS });
    expect(await saveStripe(s)).toEqual({ ok: true });
    const { rows } = await testDatabase().pool.query<{ row: string }>(
      `select row_to_json(p)::text as row from execution_providers p where organization_id = $1
       union all select row_to_json(a)::text from audit_events a where organization_id = $1`,
      [s.organizationId],
    );
    const shown = JSON.stringify([await readProviders(s.organizationId), rows]);
    expect(shown).not.toContain(KEY);
    expect(shown).not.toContain(SECRET);
    expect((await readProviders(s.organizationId)).stripe).toMatchObject({
      label: "Acme",
      mode: "test",
      secretKey: KEY.slice(-4),
      webhookSecret: SECRET.slice(-4),
    });
    expect(await readStripeSecrets(s.organizationId)).toEqual({ secretKey: KEY, webhookSecret: SECRET });
    expect(rows.some(({ row }) => row.includes("provider.saved"))).toBe(true);
  });

  it("stay what they are where nothing is typed, and have to be there at first", async () => {
    const s = await scenario({ limits: LIMITS });
    expect(await saveStripe(s, { secretKey: null })).toEqual({ ok: false, code: "secret_missing" });
    await saveStripe(s);
    await saveStripe(s, { secretKey: null, webhookSecret: null });
    expect(await readStripeSecrets(s.organizationId)).toEqual({ secretKey: KEY, webhookSecret: SECRET });
  });

  it("can't be read in another organization's row", async () => {
    const [ours, theirs] = [await scenario({ limits: LIMITS }), await scenario({ limits: LIMITS })];
    await saveStripe(ours);
    await saveStripe(theirs, { secretKey: "sk_test_of_somebody_else" });
    await testDatabase().pool.query(
      `update execution_providers set secrets =
         (select secrets from execution_providers where organization_id = $1) where organization_id = $2`,
      [theirs.organizationId, ours.organizationId],
    );
    await expect(readStripeSecrets(ours.organizationId)).rejects.toThrow();
    expect(await readStripeSecrets(theirs.organizationId)).toMatchObject({
      secretKey: "sk_test_of_somebody_else",
    });
  });

  it("of the webhook are answered once, when they are made", async () => {
    const s = await scenario({ limits: LIMITS });
    const change = { organizationId: s.organizationId, writer: auditActor(s.manager), at: new Date() };
    const url = "https://billing.example.com/";
    const made = await providers.saveWebhook({ ...change, url, renew: false });
    expect(made).toMatchObject({ ok: true, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) });
    expect(await providers.saveWebhook({ ...change, url, renew: false })).toEqual({ ok: true });
    const renewed = await providers.saveWebhook({ ...change, url, renew: true });
    expect(renewed.ok && renewed.secret).not.toBe(made.ok && made.secret);
    expect(JSON.stringify(await readProviders(s.organizationId))).not.toContain("whsec_");
  });
});

describe("a provider that is set up", () => {
  it("carries out, writes down how it does, and is gone when it is turned off or removed", async () => {
    const s = await scenario({ limits: LIMITS });
    await saveStripe(s);
    const { instruction } = await paid(s);
    const { signal } = new AbortController();
    const provider = await openProvider(s.organizationId, "stripe");
    expect(await provider?.execute(instruction, { signal })).toMatchObject({
      outcome: "succeeded",
    });
    expect((await readProviders(s.organizationId)).stripe?.health).toMatchObject({
      state: "well",
      fault: null,
    });
    const change = { organizationId: s.organizationId, writer: auditActor(s.manager), at: new Date() };
    await providers.setEnabled({ ...change, kind: "stripe", enabled: false });
    expect(await openProvider(s.organizationId, "stripe")).toBeNull();
    expect(await openProvider(s.organizationId, "stripe", { evenOff: true })).not.toBeNull();
    await providers.removeProvider({ ...change, kind: "stripe" });
    expect(await readProviders(s.organizationId)).toEqual({ stripe: null, webhook: null });
  });

  it("is tested without anything being moved, and the test says what is wrong", async () => {
    const s = await scenario({ limits: LIMITS });
    expect(await tryProvider(s.organizationId, "stripe")).toBeNull();
    await saveStripe(s, { webhookSecret: null });
    expect(await tryProvider(s.organizationId, "stripe")).toEqual({
      found: "well",
      mode: "test",
      hearsNothing: true,
    });
    await saveStripe(s, { secretKey: "sk_test_of_somebody_else" });
    expect(await tryProvider(s.organizationId, "stripe")).toEqual({ found: "failing", why: "key_refused" });
    expect((await readProviders(s.organizationId)).stripe?.health).toMatchObject({ state: "failing" });
    expect(server.requests.filter((request) => request.startsWith("POST"))).toEqual([]);
  });
});

describe("what Stripe says by itself", () => {
  it("is kept once however often it is sent, in any order, and handed on once", async () => {
    const s = await scenario({ limits: LIMITS });
    await saveStripe(s);
    const { instruction } = await paid(s);
    server.firstStatus = () => "pending";
    const provider = await openProvider(s.organizationId, "stripe");
    await provider?.execute(instruction, { signal: new AbortController().signal });
    server.settle(server.refunds[0]?.id ?? "", "succeeded");
    for (const event of [...server.events, ...server.events].reverse()) {
      const answer = await send(s.organizationId, signedEvent(event, SECRET));
      expect(answer.status).toBe(200);
    }
    expect(await organizationsWithProviderEvents()).toContain(s.organizationId);
    const events = await heard(s);
    expect(events.map(({ outcome }) => outcome.outcome).sort()).toEqual(["pending", "succeeded"]);
    expect(events[0]).toMatchObject({
      provider: "stripe",
      decisionId: instruction.decisionId,
      of: "execution",
    });
    expect(await heard(s)).toEqual([]);
    expect(await organizationsWithProviderEvents()).not.toContain(s.organizationId);
  });

  it("is refused with another's secret, an old signature or none, and where nobody set Stripe up", async () => {
    const s = await scenario({ limits: LIMITS });
    const event = { id: "evt_1", object: "event", type: "refund.updated", created: 1, data: { object: {} } };
    expect((await send(s.organizationId, signedEvent(event, SECRET))).status).toBe(404);
    await saveStripe(s);
    expect((await send(s.organizationId, signedEvent(event, "whsec_of_another"))).status).toBe(400);
    const old = new Date(Date.now() - 10 * 60 * 1000);
    expect((await send(s.organizationId, signedEvent(event, SECRET, old))).status).toBe(400);
    expect((await send(s.organizationId, { headers: new Headers(), body: "{}" })).status).toBe(400);
    expect((await send("nobody", signedEvent(event, SECRET))).status).toBe(404);
    const large = signedEvent({ ...event, more: "x".repeat(600_000) }, SECRET);
    expect((await send(s.organizationId, large)).status).toBe(413);
  });

  it("of another installation's decisions is answered and not kept", async () => {
    const s = await scenario({ limits: LIMITS });
    const theirs = await scenario({ limits: LIMITS });
    const decision = decided(await theirs.ask({ customer: await theirs.customer(), amount: 100 }));
    const event = (decisionId: string): ProviderEvent => ({
      id: randomUUID(),
      decisionId,
      of: "execution",
      outcome: { outcome: "succeeded", reference: null },
      at: new Date(),
    });
    const events = [event(decision.id ?? ""), event(newId())];
    expect(await applyProviderEvents(s.organizationId, "stripe", events)).toEqual({ kept: 0 });
  });

  // Risk: what is marked as heard was not applied, because whoever applied it broke off.
  it("waits on where whoever applied it broke off, with all that they wrote undone", async () => {
    const s = await scenario({ limits: LIMITS });
    const decision = decided(await s.ask({ customer: await s.customer(), amount: 100 }));
    const event: ProviderEvent = {
      id: "once",
      decisionId: decision.id ?? "",
      of: "execution",
      outcome: { outcome: "failed", code: "refused", detail: "No.", reference: "R" },
      at: new Date(),
    };
    await applyProviderEvents(s.organizationId, "webhook", [event]);
    const broken = consumeProviderEvent(s.organizationId, async (client) => {
      await client.query("update organizations set by_hand_hours = 7");
      throw new Error("It broke.");
    });
    expect(await broken).toBe("failed");
    // The database says that nobody can do anything just now: that is not the message's fault.
    const away = consumeProviderEvent(
      s.organizationId,
      async () => {
        throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "57P01" });
      },
      soon(10),
    );
    await expect(away).rejects.toThrow(/terminated/);
    expect(await heard(s)).toEqual([]);
    expect(await heard(s, soon(10))).toEqual([{ ...event, provider: "webhook" }]);
    const { byHandHours } = await tenantDb(s.organizationId).organization.findUniqueOrThrow({
      where: { id: s.organizationId },
    });
    expect(byHandHours).toBe(48);
  });

  it("holds no words about a customer who was erased", async () => {
    const s = await scenario({ limits: LIMITS });
    const [customer, other] = [await s.customer(), await s.customer()];
    for (const whom of [customer, other]) {
      const { id } = decided(await s.ask({ customer: whom, amount: 100 }));
      const outcome = {
        outcome: "failed",
        code: "refused",
        detail: `${whom} said no.`,
        reference: "R",
      } as const;
      const event = { id: whom, decisionId: id ?? "", of: "execution", outcome, at: new Date() } as const;
      await applyProviderEvents(s.organizationId, "webhook", [event]);
    }
    await eraseCustomer({
      organizationId: s.organizationId,
      customerId: customer,
      reason: "request",
      writer: { kind: "system", id: null },
      at: new Date(),
    });
    const words = (await heard(s)).map(({ outcome }) => (outcome.outcome === "failed" ? outcome.detail : ""));
    expect(words).toEqual(["[erased]", `${other} said no.`]);
  });

  it("can't be changed once it is kept, but for having been heard", async () => {
    const s = await scenario({ limits: LIMITS });
    for (const sql of ["update provider_events set outcome = '{}'", "delete from provider_events"]) {
      const attempt = withTenant(s.organizationId, (client) => client.query(sql));
      await expect(attempt).rejects.toThrow(/permission denied/);
    }
  });
});

describe("what a system tells by REST of an execution", () => {
  async function tell(key: string, decisionId: string, body: object, headers: Record<string, string> = {}) {
    const request = new Request(`http://leeway/api/v1/decisions/${decisionId}/execution`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return tellResult(request, { params: Promise.resolve({ id: decisionId }) });
  }

  const keyOf = async (s: Scenario, scopes: readonly ApiScope[] = ["decisions:write"]) => {
    const { organizationId } = s;
    return (await createApiKey({ organizationId, name: "Billing", scopes, createdBy: null, at: new Date() }))
      .key;
  };

  it("is kept, once for the same words, and handed on", async () => {
    const s = await scenario({ limits: LIMITS });
    const key = await keyOf(s);
    const id = decided(await s.ask({ customer: await s.customer(), amount: 100 })).id ?? "";
    const done = { status: "succeeded", reference: "R-1" };
    for (const body of [{ status: "pending" }, done, done])
      expect((await tell(key, id, body)).status).toBe(202);
    const events = await heard(s);
    expect(events.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["webhook", { outcome: "pending", reference: null }],
      ["webhook", { outcome: "succeeded", reference: "R-1" }],
    ]);
  });

  it("is refused without the scope, for another's decision, for none, and in other words", async () => {
    const [s, theirs] = [await scenario({ limits: LIMITS }), await scenario({ limits: LIMITS })];
    const key = await keyOf(s);
    const id = decided(await s.ask({ customer: await s.customer(), amount: 100 })).id ?? "";
    const other = decided(await theirs.ask({ customer: await theirs.customer(), amount: 100 })).id ?? "";
    const done = { status: "succeeded" };
    expect((await tell(await keyOf(s, ["decisions:read"]), id, done)).status).toBe(403);
    expect((await tell(key, other, done)).status).toBe(404);
    expect((await tell(key, newId(), done)).status).toBe(404);
    expect((await tell(key, "no-id", done)).status).toBe(404);
    expect((await tell(key, id, { status: "unknown" })).status).toBe(422);
    expect((await tell(key, id, { ...done, more: 1 })).status).toBe(422);
    expect((await tell("lwy_nobody", id, done)).status).toBe(401);
    expect(await heard(s)).toEqual([]);
  });
});

describe("secrets whose key was replaced", () => {
  it("are encrypted anew, and need the old key no longer", async () => {
    const s = await scenario({ limits: LIMITS });
    await saveStripe(s);
    const old = env.LEEWAY_ENCRYPTION_KEY;
    const fresh = "11".repeat(32);
    try {
      process.env.LEEWAY_ENCRYPTION_KEY = `${fresh},${old}`;
      vi.resetModules();
      const newer = await import("@/lib/providers/mutations");
      expect(await newer.reencryptSecrets(s.organizationId)).toBe(1);
      expect(await newer.reencryptSecrets(s.organizationId)).toBe(0);
      process.env.LEEWAY_ENCRYPTION_KEY = fresh;
      vi.resetModules();
      const { readStripeSecrets: read } = await import("@/lib/providers/data");
      expect(await read(s.organizationId)).toEqual({ secretKey: KEY, webhookSecret: SECRET });
      await expect(readStripeSecrets(s.organizationId)).rejects.toThrow(/doesn't hold any more/);
      await (await import("@/lib/db/pool")).closePool();
    } finally {
      process.env.LEEWAY_ENCRYPTION_KEY = old;
      vi.resetModules();
    }
  });
});

describe("a dispute", () => {
  const RULES = [
    {
      id: "disputed",
      effect: "deny" as const,
      when: { remedies: ["refund" as const], hasOpenDispute: true },
      why: "The bank decides.",
      say: "Your bank looks into it.",
    },
  ];

  // Risk: the bank takes the payment back, and a refund is paid on top.
  it("holds for the order's refunds while it is open, by either name of the payment, and no longer", async () => {
    const s = await scenario({ limits: LIMITS, rules: RULES });
    await saveStripe(s);
    const { customer, order, charge } = await paid(s);
    const other = await paid(s);
    const ask = async (of = { customer, order }) =>
      decided(await s.ask({ ...of, remedy: "refund", amount: 100 })).verdict;
    expect(await ask()).toBe("allow");
    const dispute = server.dispute(charge);
    await sendAll(s);
    expect(await ask()).toBe("deny");
    expect(await ask({ customer: other.customer, order: other.order })).toBe("allow");
    server.advance(60);
    server.decideDispute(dispute, "won");
    await sendAll(s);
    expect(await ask()).toBe("allow");
  });

  it("that is over stays so, though its beginning is told late or again", async () => {
    const s = await scenario({ limits: LIMITS, rules: RULES });
    await saveStripe(s);
    const { customer, order, charge } = await paid(s);
    server.decideDispute(server.dispute(charge), "won");
    const [opened, closed] = server.events.filter(({ type }) => type.startsWith("charge.dispute"));
    for (const event of [closed, opened, closed, opened]) {
      expect((await send(s.organizationId, signedEvent(event ?? {}, SECRET))).status).toBe(200);
    }
    expect(decided(await s.ask({ customer, order, remedy: "refund", amount: 100 })).verdict).toBe("allow");
  });

  it("is another organization's own, though they know a payment by the same name", async () => {
    const [ours, theirs] = [
      await scenario({ limits: LIMITS, rules: RULES }),
      await scenario({ limits: LIMITS, rules: RULES }),
    ];
    const { customer, order, intent } = await paid(ours);
    const news = { id: "dp_1", paymentRefs: [intent], isOpen: true, at: new Date() };
    await noteDisputes(theirs.organizationId, [news]);
    expect(decided(await ours.ask({ customer, order, remedy: "refund", amount: 100 })).verdict).toBe("allow");
    await noteDisputes(ours.organizationId, [news]);
    expect(decided(await ours.ask({ customer, order, remedy: "refund", amount: 100 })).verdict).toBe("deny");
  });

  async function sendAll(s: Scenario) {
    for (const event of server.events) await send(s.organizationId, signedEvent(event, SECRET));
  }
});

describe("what an order was paid with", () => {
  it("stays where it is left out, changes where it is said, and goes with null", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const put = async (paymentRef?: string | null) => {
      const input = {
        customer,
        amountPaid: 100,
        currency: "USD",
        placedAt: "2026-01-01T00:00:00Z",
        paymentRef,
      };
      const writer = { kind: "system", id: null } as const;
      const at = new Date();
      const answer = await upsertOrder({
        organizationId: s.organizationId,
        externalRef: "A",
        input,
        writer,
        at,
      });
      return answer.ok ? [answer.outcome, answer.order.paymentRef] : answer;
    };
    expect(await put("pi_1")).toEqual(["created", "pi_1"]);
    expect(await put()).toEqual(["unchanged", "pi_1"]);
    expect(await put("ch_2")).toEqual(["updated", "ch_2"]);
    expect(await put(null)).toEqual(["updated", null]);
  });
});
