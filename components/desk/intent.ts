import { keep, readKept } from "@/components/shell/own-storage";
import type { DecidedView, DecisionView } from "@/lib/decisions/types";
import type { DecisionBody } from "./requests";

/** What was recorded of one request, and how it was answered. */
export interface Recorded {
  decision: DecidedView;
  /** An earlier attempt had recorded it already. */
  replayed: boolean;
  /** The server's clock when it answered, epoch milliseconds. */
  answeredAt: number;
}

/** One request of an intent. Its key is minted when the review opens, and is the same however often it has to be sent. */
export interface Part {
  body: DecisionBody;
  preview: DecisionView;
  idempotencyKey: string;
  recorded: Recorded | null;
}

export interface PromiseDraft {
  text: string;
  /** ISO date. */
  dueOn: string;
}

/** What is about to be done for a customer: one request or several of one case, and what is promised with it. */
export interface Intent {
  parts: readonly Part[];
  promise: PromiseDraft | null;
}

/**
 * The body of a part as it is sent: the first tells the case, and the others name the decision of the first, so that all
 * are of one case. Null while the first is not recorded.
 */
export function bodyToSend({ parts }: Intent, index: number): DecisionBody | null {
  const part = parts[index];
  if (!part || index === 0 || !part.body.case) return part?.body ?? null;
  const first = parts[0]?.recorded?.decision.id;
  if (!first) return null;
  const { case: _told, ...body } = part.body;
  return { ...body, caseOf: first };
}

/** The intent with what was recorded of one of its parts. */
export function withRecorded(intent: Intent, index: number, recorded: Recorded): Intent {
  return {
    ...intent,
    parts: intent.parts.map((part, at) => (at === index ? { ...part, recorded } : part)),
  };
}

/** The first part that is not recorded; null when all are. */
export function nextPart({ parts }: Intent): number | null {
  const index = parts.findIndex(({ recorded }) => recorded === null);
  return index < 0 ? null : index;
}

/**
 * While an intent is on its way it is kept beside the draft, keys and all: a page that is left before the answer came
 * sends the same one again, and not another one like it.
 */
function storageKey(place: string): string {
  return `${place}.sending`;
}

export function readIntent(place: string): Intent | null {
  const kept = readKept(storageKey(place)) as Intent | null;
  const isWhole = Array.isArray(kept?.parts) && kept.parts.length > 0;
  return isWhole && kept.parts.every((part) => typeof part?.idempotencyKey === "string" && part.body)
    ? kept
    : null;
}

export function writeIntent(place: string, intent: Intent | null): void {
  keep(storageKey(place), intent);
}
