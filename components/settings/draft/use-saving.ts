"use client";

import { type RefObject, useRef, useState } from "react";
import type { FieldErrors } from "react-hook-form";
import { policyDifference } from "@/lib/discretion/difference";
import type { Policy } from "@/lib/discretion/schema";
import { saveDraft } from "@/lib/policies/actions";
import type { EditRefusal, PolicyStatus, WholeVersion } from "@/lib/policies/types";
import type { DraftForm, DraftStore } from "./draft-store";
import { PART_LISTS, type PolicyDraft } from "./policy-draft";
import { draftPath } from "./policy-resolver";
import { readDraft } from "./read-draft";
import type { SavedDraft } from "./stored-draft";

/** How the last attempt to save, or to compare, ended. */
export type Outcome =
  | { kind: "none" | "saving" | "saved" | "merged" | "restored" }
  | { kind: "rebased"; version: number }
  /** `why`: what they keep from being done. */
  | { kind: "faults"; why: "save" | "compare"; count: number; elsewhere: string[] }
  | { kind: "not_draft"; status: PolicyStatus }
  | { kind: "not_found" | "scheduled" }
  | { kind: "signed_out" | "not_allowed" | "unexpected" };

interface SavingParts {
  version: number;
  form: DraftForm;
  store: DraftStore;
  page: RefObject<HTMLElement | null>;
  saved: SavedDraft;
  setSaved: (saved: SavedDraft) => void;
  /** The version in force that the draft is compared with. */
  base: number | null;
  /** Somebody saved the draft meanwhile; `mine` is what was sent. */
  onChanged: (theirs: WholeVersion, mine: Policy) => void;
}

/** Everything that can come of saving. Whatever it is, what was typed stays, until it is saved or discarded. */
export function useSaving({ version, form, store, page, saved, setSaved, base, onChanged }: SavingParts) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const { showFaults, nextFault } = useFaultFocus(page);
  /** The attempt under way: a second key press waits for it and begins no other. */
  const attempt = useRef<Promise<boolean> | null>(null);

  function refuse(why: "save" | "compare", count: number, elsewhere: string[] = []) {
    setOutcome({ kind: "faults", why, count, elsewhere });
    showFaults();
  }

  async function send(document: Policy): Promise<boolean> {
    setOutcome({ kind: "saving" });
    const draft = structuredClone(form.getValues());
    const note = draft.note.trim();
    const { revision } = saved;
    try {
      const answer = await saveDraft({ version, revision, base, document, note });
      if (!answer.ok) return handleRefusal(answer, document, note);
      setSaved({ revision: answer.revision, document, note, base });
      forgetRemoved(draft, form, store);
      setOutcome({ kind: "saved" });
      return true;
    } catch {
      // No answer, or none of ours: whether it was saved is not known here.
      setOutcome({ kind: "unexpected" });
      return false;
    }
  }

  function handleRefusal(answer: EditRefusal, document: Policy, note: string): boolean {
    switch (answer.code) {
      case "invalid":
        showServerFaults(answer.errors);
        return false;
      case "draft_changed":
        return handleChanged(answer.theirs, document, note);
      case "not_draft":
        setOutcome({ kind: "not_draft", status: answer.status });
        return false;
      case "signed_out":
      case "not_allowed":
      case "not_found":
      case "scheduled":
        setOutcome({ kind: answer.code });
        return false;
      default:
        return answer satisfies never;
    }
  }

  /** Where an answer was lost on its way, what was saved "meanwhile" is just what was sent. */
  function handleChanged(theirs: WholeVersion, document: Policy, note: string): boolean {
    const same = policyDifference(theirs.document, document).length === 0 && (theirs.note ?? "") === note;
    if (same && theirs.baseVersion === base) {
      setSaved(savedOf(theirs));
      setOutcome({ kind: "saved" });
      return true;
    }
    setOutcome({ kind: "none" });
    onChanged(theirs, document);
    return false;
  }

  /** What only the server knows goes to its field where there is one, and beside the button where there is none. */
  function showServerFaults(errors: readonly { path: string; message: string }[]) {
    const { places } = readDraft(form.getValues());
    const elsewhere: string[] = [];
    for (const { path, message } of errors) {
      const at = draftPath(path.split("."), places);
      if (/^(limits|rules|values|examples)\.\d+\.|^note$|^mission$/.test(at)) {
        form.setError(at as "note", { type: "server", message });
      } else elsewhere.push(message);
    }
    refuse("save", errors.length - elsewhere.length, elsewhere);
  }

  function save(): Promise<boolean> {
    attempt.current ??= attemptSave().finally(() => {
      attempt.current = null;
    });
    return attempt.current;
  }

  async function attemptSave(): Promise<boolean> {
    let done = false;
    const submit = form.handleSubmit(
      async (document) => {
        done = await send(document);
      },
      (errors) => refuse("save", countFaults(errors)),
    );
    await submit();
    return done;
  }

  /** The draft as a document, for what needs a whole one; null where something has to be corrected first. */
  async function readWhole(): Promise<Policy | null> {
    let whole: Policy | null = null;
    const submit = form.handleSubmit(
      (document) => {
        whole = document;
      },
      (errors) => refuse("compare", countFaults(errors)),
    );
    await submit();
    return whole;
  }

  return { outcome, setOutcome, save, readWhole, nextFault };
}

/** What the server has, by what it answered with. */
export function savedOf({ revision, document, note, baseVersion }: WholeVersion): SavedDraft {
  return { revision, document, note: note ?? "", base: baseVersion };
}

/** What was taken out and saved so is shown no more; undoing still finds it. */
function forgetRemoved(sent: PolicyDraft, form: DraftForm, store: DraftStore) {
  store.quietly(() => {
    for (const list of PART_LISTS) {
      for (const [index, { removed }] of sent[list].entries()) {
        if (removed && form.getValues(`${list}.${index}.removed`))
          form.setValue(`${list}.${index}.gone`, true);
      }
    }
  });
}

/** Leads from fault to fault, in the order of the page. */
function useFaultFocus(page: RefObject<HTMLElement | null>) {
  const last = useRef<HTMLElement | null>(null);

  /** The first fault on the page, or the one behind the last that was gone to. */
  function focusFault(after: HTMLElement | null) {
    // Once the page shows them.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const faulty = [...(page.current?.querySelectorAll<HTMLElement>("[aria-invalid=true]") ?? [])];
        const next = faulty[(after ? faulty.indexOf(after) + 1 : 0) % Math.max(1, faulty.length)];
        next?.focus();
        last.current = next ?? null;
      }),
    );
  }

  return { showFaults: () => focusFault(null), nextFault: () => focusFault(last.current) };
}

/** How many messages there are in the tree of faults. */
function countFaults(errors: FieldErrors | unknown): number {
  if (typeof errors !== "object" || errors === null || errors instanceof Element) return 0;
  const below = Object.entries(errors).filter(([name]) => name !== "ref");
  const own = "message" in errors && typeof errors.message === "string" ? 1 : 0;
  return below.reduce((count, [, each]) => count + countFaults(each), own);
}
