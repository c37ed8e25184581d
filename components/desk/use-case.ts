"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { newKey } from "@/components/shell/intent-key";
import type { OfferedCause } from "@/lib/causes/types";
import type { CustomerOrder, DeskPolicy, UsualAmount } from "@/lib/customers/types";
import type { PreviewView } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import { amountForInput } from "@/lib/format/money";
import { type Draft, type DraftField, type DraftLine, EMPTY_DRAFT } from "./draft";
import { draftKey, takeDraft, writeDraft } from "./draft-storage";
import { type Intent, readIntent, writeIntent } from "./intent";
import { readUnkept, type Unkept } from "./promise-kept";
import type { DecisionBody } from "./requests";

export interface DeskFacts {
  employeeId: string;
  customer: { id: string; name: string };
  /** The record by whose address the person came, since it was merged into this one; null where they came by this one's. */
  cameById: string | null;
  orders: CustomerOrder[];
  /** The organization's, which the policy counts in. */
  currency: string;
  /** What the person may still give this customer; null where nothing bounds it, or it is not known. */
  available: number | null;
  /** Null while there is none in force. */
  policy: DeskPolicy | null;
  /** The catalogue of causes. */
  causes: OfferedCause[];
  /** What is offered while a cause is typed: the names of the catalogue; without one, what others wrote lately. */
  causeWords: string[];
  usual: Partial<Record<Remedy, UsualAmount>>;
  /** The organization's local day, ISO date. */
  today: string;
}

/** What is to be done, in order, with the verdict on each. */
export type Asked = readonly { body: DecisionBody; preview: PreviewView }[];

type Step =
  | { at: "form"; errors: Partial<Record<DraftField, string>>; refusal: string | null }
  | { at: "review"; intent: Intent; interrupted: boolean }
  | { at: "receipt"; intent: Intent };

const FORM: Step = { at: "form", errors: {}, refusal: null };

/** The order that is picked up, kept by whatever shows the case. */
export type ChosenOrder = readonly [id: string | null, choose: (id: string | null) => void];

/** A case of a customer as it is being told and done. */
export type Case = ReturnType<typeof useCase>;

/**
 * From what happened to the receipt: what is typed, and what became of it. What was typed is kept until the decision is
 * recorded, and what was on its way when the page was left is still on its way.
 *
 * @param empty the draft that nothing was typed into.
 */
export function useCase(
  facts: DeskFacts,
  [orderId, setOrderId]: ChosenOrder,
  { empty = EMPTY_DRAFT }: { empty?: Draft } = {},
) {
  const order = facts.orders.find((each) => each.id === orderId) ?? null;
  const orderRefs = useMemo(
    () => new Map(facts.orders.map(({ id, externalRef }) => [id, externalRef])),
    [facts.orders],
  );
  const place = draftKey(facts.employeeId, facts.customer.id);
  const mergedPlace = facts.cameById && draftKey(facts.employeeId, facts.cameById);
  // The order of a remedy that is taken up again: that one stays what it was.
  const [ownOrder, setOwnOrder] = useState<string | null>(null);
  const [draft, setDraft] = useDraft(place, mergedPlace, { orderId, ownOrder, empty });
  const [step, setStep] = useState<Step>(FORM);
  const [unkept, setUnkept] = useState<Unkept | null>(null);

  // What was on its way when the page was left is still on its way: under the same keys.
  useEffect(() => {
    const interrupted = readIntent(place);
    if (interrupted) setStep({ at: "review", intent: interrupted, interrupted: true });
    setUnkept(readUnkept(place));
  }, [place]);

  function review(asked: Asked) {
    const promised = draft.promise.trim();
    const intent: Intent = {
      parts: asked.map((each) => ({ ...each, idempotencyKey: newKey(), recorded: null })),
      promise: promised === "" ? null : { text: promised, dueOn: draft.dueOn },
    };
    setStep({ at: "review", intent, interrupted: false });
  }

  function recorded(intent: Intent) {
    writeIntent(place, null);
    setDraft(empty);
    setOrderId(null);
    setStep({ at: "receipt", intent });
  }

  /** Puts what was not recorded back into the form. */
  function takeUpRest(intent: Intent) {
    const [last, ...lines] = intent.parts
      .filter((part) => part.recorded === null)
      .map(({ body }) => lineOf(body))
      .reverse();
    const told = intent.parts[0]?.body.case;
    setDraft({
      ...empty,
      happened: told?.happened ?? "",
      need: told?.need ?? "",
      cause: told?.cause ?? "",
      channel: told?.channel ?? empty.channel,
      ...(last ? { remedy: last.remedy, amount: last.amount, note: last.note } : {}),
      lines: lines.reverse(),
    });
    chooseOwnOrder(last?.orderId ?? null);
    setStep(FORM);
  }

  function chooseOwnOrder(id: string | null) {
    setOwnOrder(id);
    setOrderId(id);
  }

  /** Another policy says something else to what is about to be confirmed. */
  function reviewAnew(intent: Intent, previews: readonly PreviewView[]) {
    const stands = previews.every(({ verdict, noteRequired }) => verdict !== "deny" && !noteRequired);
    const parts = intent.parts.map((part, index) => ({ ...part, preview: previews[index] ?? part.preview }));
    setStep(stands ? { at: "review", intent: { ...intent, parts }, interrupted: false } : FORM);
  }

  return {
    /** What it is kept under: the person and the customer. */
    place,
    order,
    orderRefs,
    chooseOrder: setOrderId,
    /** Picks up the order of a remedy that is taken up again, which stays what it was. */
    chooseOwnOrder,
    draft,
    change: (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next })),
    step,
    /** What was promised before and may not have arrived. */
    unkept,
    review,
    reviewAnew,
    progress: (intent: Intent) =>
      setStep((before) => (before.at === "review" ? { ...before, intent } : before)),
    /** Back to the form, with what the server found fault with. */
    back(errors: Partial<Record<DraftField, string>> = {}, refusal: string | null = null) {
      writeIntent(place, null);
      setStep({ at: "form", errors, refusal });
    },
    recorded,
    takeUpRest,
    begin: () => setStep(FORM),
  };
}

function lineOf(body: DecisionBody): DraftLine {
  return {
    remedy: body.remedy,
    amount: amountForInput(body.amount, body.currency),
    note: body.note ?? "",
    orderId: body.order ?? null,
  };
}

/** The draft; picking up an order makes a refund of it, which is what an order is mostly picked up for. */
function useDraft(
  key: string,
  mergedKey: string | null,
  { orderId, ownOrder, empty }: { orderId: string | null; ownOrder: string | null; empty: Draft },
) {
  const [draft, setDraft] = useState<Draft>(orderId ? { ...empty, remedy: "refund" } : empty);
  const [lastOrder, setLastOrder] = useState(orderId);
  if (orderId !== lastOrder) {
    setLastOrder(orderId);
    if (orderId !== null && orderId !== ownOrder) setDraft({ ...draft, remedy: "refund" });
  }

  const restored = useRef(false);
  useEffect(() => {
    const kept = restored.current ? null : takeDraft(key, mergedKey);
    restored.current = true;
    if (kept) setDraft(kept);
    else writeDraft(key, draft);
  }, [key, mergedKey, draft]);
  return [draft, setDraft] as const;
}
