import { createHash } from "node:crypto";
import { v7 } from "uuid";
import type { EmployeeActor } from "@/lib/auth/types";
import { withTenant } from "@/lib/db/tenant";
import { type DecisionInputs, readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import { orderRefundableDefinition, usageQueries } from "@/lib/discretion/counters";
import { evaluate } from "@/lib/discretion/evaluate";
import { type Policy, REMEDIES_AT_COST } from "@/lib/discretion/schema";
import type { DecisionRequest, Evaluation, Facts, Usage, Used } from "@/lib/discretion/types";
import { findSentDecision, type SentDecision } from "@/lib/unsent/data";
import type { UnsentInput } from "@/lib/unsent/schema";

/** How long ago an intent may have begun to be of interest still. */
const PATIENCE_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps an amount that somebody was about to ask for and did not send, with the verdict that it would have had: where
 * limits are low people ask for less, and what they ask for is then not all that was needed. It touches no limit.
 *
 * Kept at most once for each intent, and only where it says something: the verdict was not a plain `allow`, or
 * something lower was sent instead. Answers whether this call kept it. What cannot have been on the desk (an unknown
 * customer, a decision of somebody else's) is left out without a word: nobody waits for the answer.
 */
export async function keepUnsent(options: {
  actor: Pick<EmployeeActor, "organizationId" | "employeeId">;
  input: UnsentInput;
  now: Date;
}): Promise<boolean> {
  const { actor, input, now } = options;
  const at = new Date(input.began);
  if (at > now || now.getTime() - at.getTime() > PATIENCE_MS) return false;
  const { organizationId, employeeId } = actor;
  const [inputs, sent] = await Promise.all([
    readDecisionInputs({
      organizationId,
      employeeId,
      customer: input.customer,
      order: input.order,
      currency: input.currency,
      at,
    }),
    input.sent ? findSentDecision(organizationId, input.sent) : null,
  ]);
  if (!inputs || (input.sent && !sent)) return false;
  const considered = consider(inputs, input, sent, at);
  if (!considered) return false;
  if (considered.evaluation.verdict === "allow" && sent === null) return false;
  return write({ actor, input, inputs, considered, sent, at });
}

interface Considered {
  request: DecisionRequest;
  facts: Facts;
  evaluation: Evaluation;
}

/** The verdict as it was before anything was sent; null where it cannot have been on the desk. */
function consider(
  inputs: DecisionInputs,
  input: UnsentInput,
  sent: SentDecision | null,
  at: Date,
): Considered | null {
  const { employee, customer, order, policy } = inputs;
  if (employee?.status !== "active" || !customer) return null;
  if (input.order && order?.customerId !== customer.id) return null;
  if (order && input.remedy === "refund" && order.currency !== input.currency) return null;
  if (input.amount === 0 && !REMEDIES_AT_COST.includes(input.remedy)) return null;
  if (sent && !isLowered(input, sent, employee.id, customer.id)) return null;

  const request: DecisionRequest = {
    remedy: input.remedy,
    amount: input.amount,
    currency: input.currency,
    rate: inputs.rate,
    cause: input.cause || null,
    channel: input.channel || null,
    at: at.getTime(),
  };
  const facts = toFacts(employee, customer, { order: orderBefore(order, sent), policy });
  const usage = usageBefore(policy, inputs.usage, sent, at);
  return { request, facts, evaluation: evaluate(policy, request, facts, usage) };
}

function isLowered(input: UnsentInput, sent: SentDecision, employeeId: string, customerId: string): boolean {
  return (
    sent.employeeId === employeeId &&
    sent.customerId === customerId &&
    sent.remedy === input.remedy &&
    sent.currency === input.currency &&
    sent.amount < input.amount
  );
}

/** What the limits had seen without the decision that was sent in this one's place. */
function usageBefore(policy: Policy, usage: Usage, sent: SentDecision | null, at: Date): Usage {
  if (sent === null) return usage;
  const before: Record<string, Used> = { ...usage };
  for (const { limitId, definition, bucket, rollingFrom } of usageQueries(policy, at.getTime())) {
    const used = usage[limitId];
    const own = sent.counted.find((entry) => entry.definition === definition);
    // What was sent after midnight is in another window than the one that was read.
    if (!used || !own || own.bucket < (rollingFrom ?? bucket) || own.bucket > bucket) continue;
    const { postedAmount, postedCount, reservedAmount, reservedCount } = used;
    before[limitId] =
      own.as === "posted"
        ? { ...used, postedAmount: less(postedAmount, own.amount), postedCount: less(postedCount, 1) }
        : {
            ...used,
            reservedAmount: less(reservedAmount, own.amount),
            reservedCount: less(reservedCount, 1),
          };
  }
  return before;
}

/** What was refunded of the order without the decision that was sent in this one's place. */
function orderBefore(order: DecisionInputs["order"], sent: SentDecision | null): DecisionInputs["order"] {
  const own = sent?.counted.find(({ definition }) => definition === orderRefundableDefinition);
  if (!order || !own || sent?.orderId !== order.id) return order;
  return own.as === "posted"
    ? { ...order, refunded: less(order.refunded, own.amount) }
    : { ...order, reserved: less(order.reserved, own.amount) };
}

/** What was sent may have been given back between the two readings. */
function less(from: number, amount: number): number {
  return Math.max(0, from - amount);
}

async function write(entry: {
  actor: Pick<EmployeeActor, "organizationId" | "employeeId">;
  input: UnsentInput;
  inputs: DecisionInputs;
  considered: Considered;
  sent: SentDecision | null;
  at: Date;
}): Promise<boolean> {
  const { actor, input, inputs, considered, sent, at } = entry;
  const { organizationId, employeeId } = actor;
  const { request, facts, evaluation } = considered;
  const { explanation } = evaluation;
  return withTenant(organizationId, async (client) => {
    const { rowCount } = await client.query(
      `insert into unsent_requests (organization_id, id, employee_id, team_id, customer_id, order_id, remedy, amount,
         currency, counted_amount, verdict, binding, cause, channel, policy_version, facts, exchange, sent_decision_id,
         created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
       on conflict do nothing`,
      [
        organizationId,
        idOf(actor, input.intent, at),
        employeeId,
        inputs.employee?.teamId ?? null,
        facts.customer.id,
        facts.order?.id ?? null,
        request.remedy,
        request.amount,
        request.currency,
        evaluation.counted,
        evaluation.verdict,
        explanation.binding,
        request.cause,
        request.channel,
        inputs.policyVersion,
        JSON.stringify(facts),
        explanation.exchange ? JSON.stringify(explanation.exchange) : null,
        sent?.id ?? null,
        at,
      ],
    );
    return rowCount === 1;
  });
}

/** The same id whenever the same intent is told of. It begins with its moment, so that ids are in order of time. */
function idOf(
  { organizationId, employeeId }: Pick<EmployeeActor, "organizationId" | "employeeId">,
  intent: string,
  at: Date,
): string {
  const random = createHash("sha256").update(`${organizationId}/${employeeId}/${intent}`).digest();
  return v7({ msecs: at.getTime(), random: random.subarray(0, 16) });
}
