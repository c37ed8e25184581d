import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { keep, OWN_PREFIX, readKept } from "@/components/shell/own-storage";
import { type Draft, type DraftLine, EMPTY_DRAFT, LINES_MAX } from "./draft";

/**
 * A draft outlives its page within the tab, so that a reload, an outage or signing out doesn't take what was typed. It
 * is kept under the person and the customer: nobody else who signs in here sees it.
 */
export function draftKey(employeeId: string, customerId: string): string {
  return `${OWN_PREFIX}${employeeId}.${customerId}`;
}

type Kept = Record<string, unknown>;

function remedyOf(value: unknown): Draft["remedy"] {
  return REMEDY_ORDER.find((remedy) => remedy === value) ?? EMPTY_DRAFT.remedy;
}

function readLine(kept: unknown): DraftLine[] {
  if (kept === null || typeof kept !== "object") return [];
  const { remedy, amount, note, orderId } = kept as Kept;
  if (typeof amount !== "string" || typeof note !== "string") return [];
  return [{ remedy: remedyOf(remedy), amount, note, orderId: typeof orderId === "string" ? orderId : null }];
}

export function readDraft(key: string): Draft | null {
  const kept = readKept(key);
  if (kept === null || typeof kept !== "object") return null;
  const text = (field: Exclude<keyof Draft, "lines" | "remedy">) => {
    const value = (kept as Kept)[field];
    return typeof value === "string" ? value : EMPTY_DRAFT[field];
  };
  const { lines, remedy } = kept as Kept;
  return {
    happened: text("happened"),
    cause: text("cause"),
    need: text("need"),
    channel: text("channel"),
    remedy: remedyOf(remedy),
    amount: text("amount"),
    note: text("note"),
    lines: Array.isArray(lines) ? lines.flatMap(readLine).slice(0, LINES_MAX) : [],
    promise: text("promise"),
    dueOn: text("dueOn"),
  };
}

/** Whether somebody typed anything into it. */
export function isTyped(draft: Draft): boolean {
  const texts = [draft.happened, draft.cause, draft.need, draft.amount, draft.note, draft.promise];
  return draft.lines.length > 0 || texts.some((text) => text !== "");
}

/** Keeps the draft; one that nothing was typed into is forgotten. */
export function writeDraft(key: string, draft: Draft): void {
  keep(key, isTyped(draft) ? draft : null);
}

/**
 * The draft of a customer; where there is none, that of the record by whose address the person came, since that was merged
 * into this one while they were typing. It is this one's then.
 */
export function takeDraft(key: string, mergedKey: string | null): Draft | null {
  const own = readDraft(key);
  if (own || mergedKey === null) return own;
  const brought = readDraft(mergedKey);
  if (brought) {
    writeDraft(key, brought);
    writeDraft(mergedKey, EMPTY_DRAFT);
  }
  return brought;
}
