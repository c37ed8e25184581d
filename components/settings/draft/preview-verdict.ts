import type { DecisionView } from "@/lib/decisions/types";
import { createCountersInMemory } from "@/lib/discretion/counters-in-memory";
import { countingHolds, evaluate } from "@/lib/discretion/evaluate";
import { exampleNoon } from "@/lib/discretion/examples";
import { parseMajor } from "@/lib/discretion/money";
import { type Policy, REMEDIES_AT_COST, type Remedy, type Role } from "@/lib/discretion/schema";
import type { DecisionRequest, Facts } from "@/lib/discretion/types";
import { DAY_MS } from "@/lib/discretion/windows";
import type { AskedDraft, ExampleDraft } from "./example-draft";
import { newExample, newHistory } from "./example-draft";

/** The question that is put to a policy, as it is typed. */
export interface PreviewDraft {
  role: Role;
  /** Empty: none. */
  team: string;
  tier: string;
  remedy: Remedy;
  amount: string;
  /** What the customer was given today already; empty: nothing. */
  given: string;
  hasOrder: boolean;
  paid: string;
  /** Empty: not known. */
  ageDays: string;
}

export const FIRST_QUESTION: Omit<PreviewDraft, "amount" | "paid"> = {
  role: "agent",
  team: "",
  tier: "",
  remedy: "credit",
  given: "",
  hasOrder: false,
  ageDays: "10",
};

/** The same question with its numbers read. */
export interface Question {
  role: Role;
  team: string | null;
  tier: string | null;
  remedy: Remedy;
  amount: number;
  given: number;
  order: { paid: number; ageDays: number | null } | null;
}

/** The numbers that can't be read, or the question. */
export function readQuestion(
  draft: PreviewDraft,
  currency: string,
): { ok: true; question: Question } | { ok: false; unreadable: (keyof PreviewDraft)[] } {
  const amount = parseMajor(draft.amount, currency);
  const given = parseMajor(draft.given.trim() || "0", currency);
  const paid = parseMajor(draft.paid, currency);
  const isFree = amount.ok && amount.minor === 0 && !REMEDIES_AT_COST.includes(draft.remedy);
  const isAge = draft.ageDays.trim() === "" || /^\d{1,5}$/.test(draft.ageDays.trim());
  const unreadable: (keyof PreviewDraft)[] = [];
  if (!amount.ok || isFree) unreadable.push("amount");
  if (!given.ok) unreadable.push("given");
  if (draft.hasOrder && !paid.ok) unreadable.push("paid");
  if (draft.hasOrder && !isAge) unreadable.push("ageDays");
  if (unreadable.length > 0 || !amount.ok || !given.ok) return { ok: false, unreadable };
  return {
    ok: true,
    question: {
      role: draft.role,
      team: draft.team || null,
      tier: draft.tier || null,
      remedy: draft.remedy,
      amount: amount.minor,
      given: given.minor,
      order:
        draft.hasOrder && paid.ok
          ? { paid: paid.minor, ageDays: draft.ageDays.trim() === "" ? null : Number(draft.ageDays) }
          : null,
    },
  };
}

/**
 * What the desk would show for a question under a policy. What was given before counts whatever the policy would have
 * said to it: it was given.
 */
export function previewVerdict(policy: Policy, question: Question): DecisionView {
  const { role, team, tier, remedy, amount, given, order } = question;
  const at = exampleNoon(policy.timeZone);
  const facts: Facts = {
    employee: { id: "employee", role, team, startedAt: at - 365 * DAY_MS },
    customer: { id: "customer", tier },
    order: order && {
      id: "order",
      paid: order.paid,
      refunded: 0,
      reserved: 0,
      placedAt: order.ageDays === null ? null : at - order.ageDays * DAY_MS,
    },
    hasOpenDispute: false,
  };
  const { currency } = policy;
  const request: DecisionRequest = { remedy, amount, currency, caseId: "case", at };
  const counters = createCountersInMemory(policy);
  if (given > 0) {
    const earlier = { remedy, amount: given, currency, at };
    counters.count(countingHolds(policy, earlier, { ...facts, order: null }), "posted");
  }
  const { verdict, explanation } = evaluate(policy, request, facts, counters.usageFor(request, facts));
  return {
    id: null,
    verdict,
    status: verdict === "deny" ? "refused" : verdict === "handover" ? "reserved" : "posted",
    remedy,
    amount,
    currency,
    employee: facts.employee.id,
    customer: facts.customer.id,
    order: facts.order?.id ?? null,
    policyVersion: 0,
    createdAt: new Date(at).toISOString(),
    explanation,
  };
}

/** The question as an example that expects what comes of it now. */
export function exampleOfQuestion(draft: PreviewDraft, decision: DecisionView): ExampleDraft {
  const example = newExample(decision.currency);
  const asked: AskedDraft = { ...example.when, remedy: draft.remedy, amount: draft.amount };
  const isNothing = /^[0.,\s]*$/.test(draft.given);
  return {
    ...example,
    given: {
      ...example.given,
      employee: { role: draft.role, team: draft.team, tenureDays: "365" },
      customer: { tier: draft.tier },
      order: draft.hasOrder ? { paid: draft.paid, refunded: "", ageDays: draft.ageDays.trim() } : null,
      history: isNothing ? [] : [{ ...newHistory(asked), amount: draft.given }],
    },
    when: asked,
    then: { verdict: decision.verdict, binding: decision.explanation.binding ?? "" },
  };
}
