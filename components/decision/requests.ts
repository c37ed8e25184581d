import { type Answer, call, callAgain, intentBody, jsonBody } from "@/components/shell/rest";
import type { AnswerPreview, HandoverView } from "@/lib/handovers/types";
import type { ReversedDecision } from "@/lib/reversals/types";

/** How somebody wants to take back what was given: at once, or for a reason. */
export type Wish = { kind: "undo" } | { kind: "reversal"; reason: string };

/** Takes a decision back. The same key never does it twice, so it is asked for again while no answer comes. */
export function takeBack(
  decisionId: string,
  wish: Wish,
  idempotencyKey: string,
  onAgain: () => void,
): Promise<Answer<ReversedDecision>> {
  const body = wish.kind === "undo" ? {} : { reason: wish.reason };
  return callAgain(`/api/v1/decisions/${decisionId}/${wish.kind}`, intentBody(body, idempotencyKey), onAgain);
}

/**
 * Takes a decision's handover back. Where it is over already, that is looked at: it may have been this person who took
 * it back, and the answer was lost.
 */
export async function withdraw(decisionId: string, onAgain: () => void): Promise<Answer<HandoverView>> {
  const list = await callAgain<{ data: HandoverView[] }>(
    `/api/v1/handovers?decision=${decisionId}`,
    {},
    onAgain,
  );
  if (!list.ok) return list;
  const [handover] = list.value.data;
  if (!handover) {
    return {
      ok: false,
      reason: "problem",
      problem: { title: "", detail: "", code: "not_found", errors: [] },
    };
  }
  if (handover.status !== "waiting") return { ...list, value: handover };
  const path = `/api/v1/handovers/${handover.id}`;
  const answer = await callAgain<HandoverView>(`${path}/withdrawal`, { method: "POST" }, onAgain);
  const isOver = !answer.ok && answer.reason === "problem" && answer.problem.code === "handover_answered";
  return isOver ? call(path, {}) : answer;
}

export interface HandoverAnswer {
  answer: "approve" | "adjust" | "decline";
  amount?: number;
  note: string;
  /** What the customer may be told. */
  customerWords?: string;
}

/**
 * Asks whoever handed over for facts. Where that was asked already, it may have been this person, and the answer to them
 * was lost: then it is looked at.
 */
export async function askForFacts(
  handoverId: string,
  question: string,
  onAgain: () => void,
): Promise<Answer<HandoverView>> {
  return sendWords(handoverId, "question", { question }, "asked_already", onAgain);
}

/** Gives the facts that were asked for; where nobody waits for any, they may have arrived, which is looked at. */
export async function giveFacts(
  handoverId: string,
  facts: string,
  onAgain: () => void,
): Promise<Answer<HandoverView>> {
  return sendWords(handoverId, "facts", { facts }, "not_asked", onAgain);
}

async function sendWords(
  handoverId: string,
  kind: "question" | "facts",
  body: object,
  doneCode: string,
  onAgain: () => void,
): Promise<Answer<HandoverView>> {
  const path = `/api/v1/handovers/${handoverId}`;
  let again = false;
  const answer = await callAgain<HandoverView>(
    `${path}/${kind}`,
    { method: "POST", ...jsonBody(body) },
    () => {
      again = true;
      onAgain();
    },
  );
  if (answer.ok || answer.reason !== "problem") return answer;
  const { code } = answer.problem;
  return code === "handover_answered" || (again && code === doneCode) ? call(path, {}) : answer;
}

export interface ProposalMade {
  version: number;
  simulation: string | null;
  limits: { id: string; before: number; max: number }[];
}

/** Makes a policy draft under which it need not have been asked for. Two calls make two drafts, so it is asked once. */
export function propose(handoverId: string): Promise<Answer<ProposalMade>> {
  return call(`/api/v1/handovers/${handoverId}/proposal`, { method: "POST" });
}

/**
 * Answers a handover. Where it is over already, that is looked at: it may have been this person, and the answer to them
 * was lost.
 */
export async function answerHandover(
  handoverId: string,
  body: HandoverAnswer,
  onAgain: () => void,
): Promise<Answer<HandoverView>> {
  const path = `/api/v1/handovers/${handoverId}`;
  const sent = { method: "POST", ...jsonBody(body) };
  const answer = await callAgain<HandoverView>(`${path}/answer`, sent, onAgain);
  const isOver = !answer.ok && answer.reason === "problem" && answer.problem.code === "handover_answered";
  return isOver ? call(path, {}) : answer;
}

/** What an answer would be based on. Writes nothing. Throws only when `signal` was aborted. */
export function previewAnswer(
  handoverId: string,
  amount: number,
  signal: AbortSignal,
): Promise<Answer<AnswerPreview>> {
  return call(`/api/v1/handovers/${handoverId}/preview`, {
    method: "POST",
    ...jsonBody({ amount }),
    signal,
  });
}
