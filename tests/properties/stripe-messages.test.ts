import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/ids";
import { readStripeMessage } from "@/lib/execution/stripe/messages";
import { signedEvent } from "../setup/stripe-server";

const SECRET = "whsec_of_the_test";
const NOW = new Date("2026-03-01T12:00:00Z");
const DECISION = newId(NOW);

function event(type: string, object: object) {
  return { id: "evt_1", object: "event", type, created: NOW.getTime() / 1000, data: { object } };
}

function refund(parts: object = {}) {
  const metadata = { leeway_decision: DECISION, leeway_of: "execution" };
  return { id: "re_1", object: "refund", status: "succeeded", metadata, ...parts };
}

const read = (message: { headers: Headers; body: string }, at = NOW, secret: string | null = SECRET) =>
  readStripeMessage(secret, message, at);

describe("a message to Stripe's address", () => {
  it("is believed for five minutes after it was signed, and no longer", async () => {
    const message = signedEvent(event("refund.updated", refund()), SECRET, NOW);
    const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
    expect(await read(message, later(300))).toMatchObject({ ok: true });
    expect(await read(message, later(301))).toEqual({ ok: false });
  });

  // Risk: anybody who knows the address says that a refund failed, and is given the allowance back.
  it("is refused with another secret, without a signature, or once a byte of it changed", async () => {
    const message = signedEvent(event("refund.updated", refund()), SECRET, NOW);
    expect(await read(message, NOW, "whsec_of_another")).toEqual({ ok: false });
    expect(await read(message, NOW, null)).toEqual({ ok: false });
    expect(await read({ ...message, headers: new Headers() })).toEqual({ ok: false });
    expect(await read({ ...message, body: message.body.replace("succeeded", "failed") })).toEqual({
      ok: false,
    });
    expect(await read({ ...message, body: `${message.body}\n` })).toEqual({ ok: false });
    expect(await read({ ...signedEvent({}, SECRET, NOW), body: "no JSON" })).toEqual({ ok: false });
  });

  it.each([
    ["refund.created", "pending", { outcome: "pending", reference: "re_1" }],
    ["refund.updated", "requires_action", { outcome: "pending", reference: "re_1" }],
    ["refund.updated", "succeeded", { outcome: "succeeded", reference: "re_1" }],
    ["charge.refund.updated", "canceled", { outcome: "failed", code: "refused", reference: "re_1" }],
    ["refund.failed", "failed", { outcome: "failed", code: "refused", reference: "re_1" }],
    ["refund.updated", "something_new", { outcome: "unknown" }],
  ])("%s of a refund that is %s says what became of the decision", async (type, status, outcome) => {
    const message = await read(signedEvent(event(type, refund({ status })), SECRET, NOW));
    expect(message).toMatchObject({
      ok: true,
      events: [{ id: "evt_1", decisionId: DECISION, of: "execution", at: NOW, outcome }],
    });
  });

  it.each([
    ["lost_or_stolen_card", "method_unavailable"],
    ["expired_or_canceled_card", "method_unavailable"],
    ["charge_for_pending_refund_disputed", "disputed"],
    ["insufficient_funds", "refused"],
  ])("tells why it failed: %s is %s", async (why, code) => {
    const failed = refund({ status: "failed", failure_reason: why });
    const message = await read(signedEvent(event("refund.failed", failed), SECRET, NOW));
    expect(message).toMatchObject({ events: [{ outcome: { outcome: "failed", code } }] });
  });

  it("is of no interest where it is about something that Leeway didn't do", async () => {
    const theirs = [
      event("refund.updated", refund({ metadata: {} })),
      event("refund.updated", refund({ metadata: { leeway_decision: "no id" } })),
      event("customer.created", { id: "cus_1" }),
    ];
    for (const each of theirs) {
      expect(await read(signedEvent(each, SECRET, NOW))).toEqual({ ok: true, events: [], disputes: [] });
    }
  });

  it.each([
    ["charge.dispute.created", "needs_response", true],
    ["charge.dispute.updated", "under_review", true],
    ["charge.dispute.updated", "won", false],
    ["charge.dispute.closed", "lost", false],
  ])("%s with the status %s says that a dispute is open: %s", async (type, status, isOpen) => {
    const dispute = { id: "dp_1", object: "dispute", charge: "ch_1", payment_intent: "pi_1", status };
    expect(await read(signedEvent(event(type, dispute), SECRET, NOW))).toMatchObject({
      disputes: [{ id: "dp_1", paymentRefs: ["ch_1", "pi_1"], isOpen, at: NOW }],
    });
  });
});
