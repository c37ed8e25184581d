"use client";

import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { causeMeant } from "@/lib/causes/naming";
import type { DecisionView } from "@/lib/decisions/types";
import { addDays } from "@/lib/discretion/windows";
import { amountForInput } from "@/lib/format/money";
import {
  bodiesOf,
  bodyOf,
  currencyOf,
  type Draft,
  type DraftField,
  type DraftLine,
  EMPTY_DRAFT,
  type Fault,
  faultsOf,
  isLineEmpty,
  LINES_MAX,
  placeErrors,
} from "./draft";
import type { DecisionBody } from "./requests";
import type { Case, DeskFacts } from "./use-case";
import { useCustom, useSimilarCases } from "./use-custom";
import { useFaultWords } from "./use-fault-words";
import { useLiveVerdict } from "./use-live-verdict";
import { useLooked } from "./use-unsent";

interface Options {
  /** A verdict stood long enough to be read. */
  onLooked?: (body: DecisionBody, shown: DecisionView) => void;
  /** A verdict came by another version than the page was made under. */
  onOtherPolicy: () => void;
  /** The form's button does it, instead of leading to a review: then what nobody has seen the verdict on is not sent. */
  atOnce?: boolean;
}

const nobodyAsks = () => undefined;

/**
 * What stands behind a form that a case is told in, wherever its fields stand: the verdict while it is typed, what has to
 * be mended, and the remedies that were set aside. Its parts are spread over the form and its fields.
 */
export function useDecisionForm(facts: DeskFacts, theCase: Case, options: Options) {
  const { onLooked = nobodyAsks, onOtherPolicy, atOnce = false } = options;
  const { draft, order, step } = theCase;
  const given = step.at === "form" ? step : NOTHING_GIVEN;
  const context = useMemo(
    () => ({
      customerId: facts.customer.id,
      currency: facts.currency,
      order,
      orders: facts.orders,
      causes: facts.causes,
      today: facts.today,
    }),
    [facts.customer.id, facts.currency, facts.orders, facts.causes, facts.today, order],
  );
  const currency = currencyOf(draft, context);
  const body = useMemo(() => bodyOf(draft, context), [draft, context]);
  const bodies = useMemo(() => bodiesOf(draft, context), [draft, context]);
  const live = useLiveVerdict(bodies, facts.policy?.version);
  const [errors, setErrors] = useState(given.errors);
  const [checking, setChecking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLTextAreaElement>(null);
  const amount = useRef<HTMLInputElement>(null);
  const sayFault = useFaultWords(currency);
  const verdicts = live.answer?.ok ? live.answer.value : [];
  const seen = (body && verdicts.at(-1)) || null;
  const similar = useSimilarCases(draft, facts, { currency, body });
  const custom = useCustom(draft, facts, { similar, currency });
  const cause = causeMeant(draft.cause, facts.causes);
  const noteAsked = draft.lines.length === 0 && (cause?.needsNote ?? false);
  useLooked(live, body, onLooked);
  useOtherPolicy(facts.policy?.version, verdicts.at(-1)?.policyVersion, onOtherPolicy);

  useEffect(() => {
    focusFirst(form.current, given.errors, first.current, amount.current);
  }, [given.errors]);

  function change(next: Partial<Draft>) {
    theCase.change(next);
    const touched = Object.keys(next) as DraftField[];
    setErrors((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => !touched.includes(field as DraftField))),
    );
  }

  function show(found: Partial<Record<DraftField, string>>) {
    setErrors(found);
    focusFirst(form.current, found, null, amount.current);
  }

  /** Whether nothing has to be mended; what has to be is shown. */
  function isFaultless(about: Draft): boolean {
    const faults = Object.entries(faultsOf(about, context)) as [DraftField, Fault][];
    if (faults.length > 0) show(Object.fromEntries(faults.map(([field, fault]) => [field, sayFault(fault)])));
    return faults.length === 0;
  }

  async function review() {
    if (!isFaultless(draft) || bodies.length === 0) return;
    const isSeen = live.fresh && live.answer?.ok === true;
    setChecking(true);
    const answer = isSeen && live.answer?.ok ? live.answer : await live.ask(bodies);
    setChecking(false);
    // What can't be answered stands in the panel already; what can't be done has nothing to review.
    if (!answer.ok) {
      if (answer.reason === "problem") show(placeErrors(answer.problem.errors).fields);
      return;
    }
    const asked = bodies.flatMap((each, index) => {
      const preview = answer.value[index];
      return preview ? [{ body: each, preview }] : [];
    });
    const unreasoned = asked.findIndex(({ preview }) => preview.noteRequired);
    if (unreasoned >= 0) return askForNote(unreasoned);
    if (asked.some(({ preview }) => preview.verdict === "deny")) {
      return asked.length > 1 ? show({ amount: sayFault("denied") }) : undefined;
    }
    if (atOnce && !isSeen) return;
    theCase.review(asked);
  }

  /** One that was set aside without a reason is taken up again to be given one. */
  function askForNote(index: number) {
    if (index < draft.lines.length) takeUp(index);
    show({ note: sayFault("note") });
  }

  /** Sets aside what is typed, and makes room for another remedy of the same case. */
  function addAnother() {
    if (!body || !isFaultless(draft)) return;
    const { remedy, amount: typed, note } = draft;
    change({
      lines: [...draft.lines, { remedy, amount: typed, note, orderId: order?.id ?? null }],
      amount: "",
      note: "",
      remedy: EMPTY_DRAFT.remedy,
    });
    theCase.chooseOrder(null);
    // Once the form is empty again.
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>("input[name=remedy]:checked, select[name=remedy]")?.focus(),
    );
  }

  /** Puts one that was set aside back into the form; what is typed there takes its place. */
  function takeUp(index: number) {
    const line = draft.lines[index];
    if (!line) return;
    const { remedy, amount: typed, note } = draft;
    const others = draft.lines.filter((_, at) => at !== index);
    const lines = isLineEmpty(draft)
      ? others
      : [...others, { remedy, amount: typed, note, orderId: order?.id ?? null }];
    change({ lines, remedy: line.remedy, amount: line.amount, note: line.note });
    theCase.chooseOwnOrder(line.orderId);
    amount.current?.focus();
  }

  return {
    /** Of the form itself. */
    props: {
      ref: form,
      noValidate: true,
      onSubmit(event: FormEvent) {
        event.preventDefault();
        if (!checking) void review();
      },
      onKeyDown(event: KeyboardEvent) {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
      },
    },
    /** Of every field. */
    fields: { draft, errors, onChange: change },
    /** Of the remedies that were set aside. */
    lines: {
      lines: draft.lines,
      verdicts,
      currencyOf: (line: DraftLine) =>
        currencyOf(line, {
          ...context,
          order: facts.orders.find(({ id }) => id === line.orderId) ?? null,
        }),
      onEdit: takeUp,
      onRemove: (index: number) => change({ lines: draft.lines.filter((_, at) => at !== index) }),
    },
    /** Of what is promised. */
    days: { today: facts.today, tomorrow: addDays(facts.today, 1) },
    /** Where the work begins, and where the amount is typed. */
    first,
    amount,
    currency,
    bodies,
    verdicts,
    live,
    /** The verdict on what is being typed; null while there is nothing to decide on. */
    seen,
    /** Where whom a verdict came for is by now: another record where this one was merged into it meanwhile. */
    standing: verdicts.at(-1)?.customer ?? null,
    isDenied: seen?.verdict === "deny" && live.fresh,
    similar,
    /** What is usual for the cause, and what the person may give. */
    custom,
    /** The cause asks for a word, whatever the verdict. */
    noteAsked,
    checking,
    /** The server found fault with it as a whole. */
    refusal: given.refusal,
    /** Sets aside what is typed for another remedy; null where there is nothing to set aside, or no room. */
    addAnother: body && draft.lines.length + 1 < LINES_MAX ? addAnother : null,
    /** Takes the largest amount that passes. */
    useAmount(minor: number) {
      change({ amount: amountForInput(minor, currency) });
      amount.current?.focus();
    },
  };
}

const NOTHING_GIVEN: { errors: Partial<Record<DraftField, string>>; refusal: string | null } = {
  errors: {},
  refusal: null,
};

/** Calls once for each version that a verdict came by and the page hasn't seen: it is in force, whoever tells of it. */
function useOtherPolicy(shown: number | undefined, seen: number | undefined, call: () => void) {
  const known = useRef(new Set<number | undefined>());
  useEffect(() => {
    known.current.add(shown);
    if (seen === undefined || known.current.has(seen)) return;
    known.current.add(seen);
    call();
  }, [shown, seen, call]);
}

const FIELD_ORDER: readonly DraftField[] = [
  "happened",
  "channel",
  "need",
  "cause",
  "remedy",
  "amount",
  "order",
  "note",
  "promise",
  "dueOn",
];

/** Puts the focus where something has to be mended; without a fault, where the work begins. */
function focusFirst(
  form: HTMLFormElement | null,
  errors: Partial<Record<DraftField, string>>,
  first: HTMLElement | null,
  fallback: HTMLElement | null,
) {
  const faulty = FIELD_ORDER.find((field) => errors[field]);
  if (faulty) {
    const control = () => form?.querySelector<HTMLElement>(`[name="${faulty}"]`);
    if (control()) return control()?.focus();
    // A field that is there only while it is asked for is there once the page shows what is wrong with it.
    return void requestAnimationFrame(() => (control() ?? fallback)?.focus());
  }
  // Whoever is in a field already stays there.
  if (document.activeElement?.closest("main *")) return;
  // On a phone the keyboard would cover the customer before anybody asked for it.
  if (window.matchMedia("(pointer: fine)").matches) first?.focus();
}
