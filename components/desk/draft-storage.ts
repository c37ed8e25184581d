import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { type Draft, EMPTY_DRAFT } from "./draft";

/**
 * A draft outlives its page within the tab, so that an outage that takes the page away doesn't take what was typed. It
 * is kept under the person and the customer: nobody else who signs in here sees it.
 */
export function draftKey(employeeId: string, customerId: string): string {
  return `leeway.draft.${employeeId}.${customerId}`;
}

export function readDraft(key: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (kept === null || typeof kept !== "object") return null;
    const text = (field: keyof Draft) => {
      const value = (kept as Record<string, unknown>)[field];
      return typeof value === "string" ? value : EMPTY_DRAFT[field];
    };
    return {
      happened: text("happened"),
      cause: text("cause"),
      need: text("need"),
      channel: text("channel"),
      remedy: REMEDY_ORDER.find((remedy) => remedy === text("remedy")) ?? EMPTY_DRAFT.remedy,
      amount: text("amount"),
      note: text("note"),
    };
  } catch {
    // Storage that is switched off, or that something else wrote into, is as good as empty.
    return null;
  }
}

/** Keeps the draft; one that nothing was typed into is forgotten. */
export function writeDraft(key: string, draft: Draft): void {
  const typed = [draft.happened, draft.cause, draft.need, draft.amount, draft.note].some(
    (text) => text !== "",
  );
  try {
    if (typed) sessionStorage.setItem(key, JSON.stringify(draft));
    else sessionStorage.removeItem(key);
  } catch {
    // Without storage the draft lives as long as its page.
  }
}
