import type { UseFormReturn } from "react-hook-form";
import type { Policy } from "@/lib/discretion/schema";
import {
  beginHistory,
  changesBetween,
  type DraftChange,
  type DraftHistory,
  follow,
  record,
  redo,
  undo,
} from "./draft-history";
import type { PolicyDraft } from "./policy-draft";

export type DraftForm = UseFormReturn<PolicyDraft, unknown, Policy>;

/** Everything that the form holds and held, outside of React, so that a keystroke renders only who looks at it. */
export interface DraftStore {
  get(): DraftHistory;
  subscribe(listener: () => void): () => void;
  /** Follows the form until the answer is called. */
  listen(): () => void;
  /** What this changes follows by itself from the last step, and is undone with it. */
  quietly(change: () => void): void;
  /** Goes a step back or forth, and answers what that changed; nothing where there is no step. */
  step(direction: "undo" | "redo"): DraftChange[];
  /** Begins anew with a draft that nothing leads back from. */
  restart(draft: PolicyDraft): void;
}

export function createDraftStore(form: DraftForm): DraftStore {
  const listeners = new Set<() => void>();
  let history = beginHistory(form.getValues());
  /** What the form tells while it is being put back is no step. */
  let mode: "typing" | "following" | "restoring" = "typing";

  function set(next: DraftHistory) {
    if (next === history) return;
    history = next;
    for (const listener of listeners) listener();
  }

  /** Puts something else into the form. Parts that stay keep their fields, and so the focus in them. */
  function restore(draft: PolicyDraft): DraftChange[] {
    const changes = changesBetween(history.now, draft);
    mode = "restoring";
    if (changes.some(({ path }) => !path.includes(".") && Array.isArray(draft[path as keyof PolicyDraft]))) {
      form.reset(structuredClone(draft), { keepDefaultValues: true, keepIsSubmitted: true });
    } else {
      for (const { path, after } of changes) {
        form.setValue(path as "note", structuredClone(after) as string, { shouldDirty: true });
      }
    }
    mode = "typing";
    if (form.formState.isSubmitted) void form.trigger();
    return changes;
  }

  return {
    get: () => history,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listen: () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          if (mode === "typing") set(record(history, values, Date.now()));
          if (mode === "following") set(follow(history, values));
        },
      }),
    quietly(change) {
      // A part that was just added names itself before the form has told of it: that is a step all the same.
      set(record(history, form.getValues(), Date.now()));
      mode = "following";
      change();
      mode = "typing";
      set(follow(history, form.getValues()));
    },
    step(direction) {
      const next = direction === "undo" ? undo(history) : redo(history);
      if (next === history) return [];
      const changes = restore(next.now);
      set(next);
      return changes;
    },
    restart(draft) {
      mode = "restoring";
      form.reset(structuredClone(draft));
      mode = "typing";
      set(beginHistory(draft));
    },
  };
}
