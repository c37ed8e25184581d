import { type Answer, call, callAgain, intentBody, jsonBody } from "@/components/shell/rest";
import type { Redemption } from "@/lib/credit/types";
import type { CustomerHit } from "@/lib/customers/types";
import type { Allowance, DecidedView, PreviewView } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import type { FollowUp } from "@/lib/follow-ups/types";
import type { MergeView } from "@/lib/merges/types";
import type { Similar } from "@/lib/precedents/types";

/** The body of a decision, as the REST contract has it. Amounts are minor units of `currency`. */
export interface DecisionBody {
  customer: string;
  order?: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  note?: string;
  case?: { channel: string; happened: string; need?: string; cause: string };
  /** A decision whose case it belongs to as well, instead of a case of its own. */
  caseOf?: string;
}

/** What the server would decide right now. Writes nothing. Throws only when `signal` was aborted. */
export function previewDecision(body: DecisionBody, signal?: AbortSignal): Promise<Answer<PreviewView>> {
  return call("/api/v1/decisions/preview", {
    method: "POST",
    ...jsonBody(body),
    ...(signal ? { signal } : {}),
  });
}

/**
 * What the server would decide right now on several requests of one case, each after the ones before it. Writes nothing.
 * Throws only when `signal` was aborted.
 */
export async function previewTogether(
  bodies: readonly DecisionBody[],
  signal?: AbortSignal,
): Promise<Answer<PreviewView[]>> {
  const [only, ...others] = bodies;
  if (only && others.length === 0) {
    const answer = await previewDecision(only, signal);
    return answer.ok ? { ...answer, value: [answer.value] } : answer;
  }
  const answer = await call<{ decisions: PreviewView[] }>("/desk/preview", {
    method: "POST",
    ...jsonBody({ requests: bodies }),
    ...(signal ? { signal } : {}),
  });
  return answer.ok ? { ...answer, value: answer.value.decisions } : answer;
}

/**
 * Decides and records. The same key never does it twice, however often it is sent; so it is sent again where no answer
 * comes.
 */
export function createDecision(
  body: DecisionBody,
  idempotencyKey: string,
  onAgain: () => void,
): Promise<Answer<DecidedView>> {
  return callAgain("/api/v1/decisions", intentBody(body, idempotencyKey), onAgain);
}

/** What others did when the same went wrong. Throws only when `signal` was aborted. */
export function readSimilar(
  query: { customer: string; cause: string; remedy: Remedy; amount: number | null; currency: string },
  signal: AbortSignal,
): Promise<Answer<Similar>> {
  const { amount, ...rest } = query;
  const parameters = new URLSearchParams({ ...rest, ...(amount === null ? {} : { amount: String(amount) }) });
  return call(`/desk/similar?${parameters}`, { signal });
}

/** Keeps what was promised with the case of a decision. Asked again where no answer comes: it is the same promise. */
export function keepPromise(decision: string, text: string, dueOn: string): Promise<Answer<FollowUp>> {
  return callAgain(
    "/desk/follow-ups",
    { method: "POST", ...jsonBody({ decision, text, dueOn }) },
    () => undefined,
  );
}

/** Ticks a promise, or takes the tick away. */
export function tickPromise(caseId: string, done: boolean): Promise<Answer<FollowUp>> {
  return callAgain(
    "/desk/follow-ups/done",
    { method: "POST", ...jsonBody({ case: caseId, done }) },
    () => undefined,
  );
}

/** What the person may still give a customer. Throws only when `signal` was aborted. */
export function readAllowance(customerId: string, signal?: AbortSignal): Promise<Answer<Allowance>> {
  return call(`/api/v1/customers/${customerId}/allowance`, signal ? { signal } : {});
}

export async function findCustomers(search: string, signal: AbortSignal): Promise<Answer<CustomerHit[]>> {
  const answer = await call<{ data: CustomerHit[] }>(`/api/v1/customers?${new URLSearchParams({ search })}`, {
    signal,
  });
  return answer.ok ? { ...answer, value: answer.value.data } : answer;
}

/** Merges a record into the one that stays. Asked again where no answer comes: it is not done twice. */
export function mergeInto(
  duplicateId: string,
  into: string,
  reason: string,
  onAgain: () => void,
): Promise<Answer<MergeView>> {
  const init = { method: "POST", ...jsonBody({ into, reason }) };
  return callAgain(`/api/v1/customers/${duplicateId}/merge`, init, onAgain);
}

/** Undoes the merge of a record. Asked again where no answer comes: it is not done twice. */
export function unmerge(duplicateId: string, onAgain: () => void): Promise<Answer<null>> {
  return callAgain(`/api/v1/customers/${duplicateId}/merge`, { method: "DELETE" }, onAgain);
}

/** Redeems a customer's credit. Sent again under its key where no answer comes: it is not redeemed twice. */
export function redeemOnDesk(
  body: { customer: string; amount: number; currency: string; reference?: string },
  idempotencyKey: string,
): Promise<Answer<Redemption>> {
  return callAgain("/desk/credit", intentBody(body, idempotencyKey), () => undefined);
}

/** Puts back what was redeemed. Asked again where no answer comes: it is put back once. */
export function undoOnDesk(redemption: string): Promise<Answer<null>> {
  return callAgain("/desk/credit/undo", { method: "POST", ...jsonBody({ redemption }) }, () => undefined);
}
