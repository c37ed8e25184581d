"use client";

import { CornerDownLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { CustomerOrder, DeskPolicy } from "@/lib/customers/types";
import type { DecisionView } from "@/lib/decisions/types";
import { amountForInput, decimalsOf, exampleAmount, formatAmount } from "@/lib/format/money";
import type { DeskFacts } from "./decision-desk";
import {
  bodyOf,
  currencyOf,
  type Draft,
  type DraftField,
  type Fault,
  faultsOf,
  NOTE_MIN,
  placeErrors,
} from "./draft";
import { CaseFields, RemedyFields } from "./draft-fields";
import type { DecisionBody } from "./requests";
import { useLiveVerdict } from "./use-live-verdict";
import { useLooked } from "./use-unsent";
import { VerdictPanel } from "./verdict-panel";

const NO_VALUES: DeskPolicy["values"] = [];

interface DecisionFormProps {
  facts: DeskFacts;
  order: CustomerOrder | null;
  onOrder: (id: string | null) => void;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  /** What the server found fault with when it was last sent. */
  given: { errors: Partial<Record<DraftField, string>>; refusal: string | null };
  onReview: (body: DecisionBody, preview: DecisionView) => void;
  /** A verdict stood long enough to be read. */
  onLooked: (body: DecisionBody, shown: DecisionView) => void;
  /** A verdict came by another version than the page was made under. */
  onOtherPolicy: () => void;
  onSignIn: (go: () => void) => void;
}

/** What went wrong and what is given for it, with the verdict while it is typed. */
export function DecisionForm({
  facts,
  order,
  onOrder,
  draft,
  onChange,
  given,
  onReview,
  onLooked,
  onOtherPolicy,
  onSignIn,
}: DecisionFormProps) {
  const t = useTranslations("desk.form");
  const context = useMemo(
    () => ({ customerId: facts.customer.id, currency: facts.currency, order }),
    [facts.customer.id, facts.currency, order],
  );
  const currency = currencyOf(draft, context);
  const body = useMemo(() => bodyOf(draft, context), [draft, context]);
  const live = useLiveVerdict(body, facts.policy?.version);
  const [errors, setErrors] = useState(given.errors);
  const [checking, setChecking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const first = useRef<HTMLTextAreaElement>(null);
  const amount = useRef<HTMLInputElement>(null);
  const sayFault = useFaultWords(currency);
  const seen = live.answer?.ok ? live.answer.value : null;
  useLooked(live, body, onLooked);
  useOtherPolicy(facts.policy?.version, seen?.policyVersion, onOtherPolicy);

  useEffect(() => {
    focusFirst(form.current, given.errors, first.current, amount.current);
  }, [given.errors]);

  function change(next: Partial<Draft>) {
    onChange(next);
    const touched = Object.keys(next) as DraftField[];
    setErrors((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => !touched.includes(field as DraftField))),
    );
  }

  function show(found: Partial<Record<DraftField, string>>) {
    setErrors(found);
    focusFirst(form.current, found, null, amount.current);
  }

  async function review() {
    const faults = Object.entries(faultsOf(draft, context)) as [DraftField, Fault][];
    if (faults.length > 0 || !body) {
      return show(Object.fromEntries(faults.map(([field, fault]) => [field, sayFault(fault)])));
    }
    setChecking(true);
    const answer = live.fresh && live.answer?.ok ? live.answer : await live.ask(body);
    setChecking(false);
    // What can't be answered stands in the panel already; what can't be done has nothing to review.
    if (!answer.ok) {
      if (answer.reason === "problem") show(placeErrors(answer.problem.errors).fields);
      return;
    }
    if (answer.value.verdict === "deny") return;
    if (answer.value.noteRequired) return show({ note: t("error.note", { min: NOTE_MIN }) });
    onReview(body, answer.value);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!checking) void review();
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
      }}
      aria-label={t("title")}
      className="flex flex-col gap-4"
    >
      {given.refusal ? <ErrorNote title={t("error.unplaced")}>{given.refusal}</ErrorNote> : null}
      <CaseFields draft={draft} errors={errors} onChange={change} firstRef={first} causes={facts.causes} />
      <RemedyFields
        draft={draft}
        errors={errors}
        onChange={change}
        amountRef={amount}
        currency={currency}
        usual={currency === facts.currency ? facts.usual[draft.remedy] : undefined}
        orders={facts.orders}
        orderId={order?.id ?? null}
        onOrder={onOrder}
        noteNeeded={seen?.verdict === "bend"}
      />
      <VerdictPanel
        live={live}
        currency={facts.currency}
        values={facts.policy?.values ?? NO_VALUES}
        onUse={(minor) => {
          change({ amount: amountForInput(minor, currency) });
          amount.current?.focus();
        }}
        onSignIn={() => onSignIn(live.again)}
      >
        {seen?.verdict === "deny" && live.fresh ? null : (
          <ReviewButton body={body} remedy={draft.remedy} busy={checking} />
        )}
      </VerdictPanel>
      {seen && seen.verdict !== "allow" ? <p className="text-ink-3 text-xs">{t("unsent")}</p> : null}
    </form>
  );
}

function ReviewButton({
  body,
  remedy,
  busy,
}: {
  body: DecisionBody | null;
  remedy: Draft["remedy"];
  busy: boolean;
}) {
  const t = useTranslations("desk.form");
  const words = useTranslations("common.remedy");
  const label = body
    ? t("review", { remedy: words(remedy).toLowerCase(), amount: formatAmount(body.amount, body.currency) })
    : t("reviewBare");
  return (
    <Button type="submit" variant="primary" size="lg" busy={busy} className="w-full sm:w-fit">
      {busy ? t("checking") : label}
      <CornerDownLeft aria-hidden />
    </Button>
  );
}

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

/** Each fault as a sentence that says what to do. */
function useFaultWords(currency: string): (fault: Fault) => string {
  const t = useTranslations("desk.form.error");
  return (fault) => {
    if (fault === "happenedMissing" || fault === "causeMissing") return t(fault);
    return t(`amount.${fault}`, {
      currency,
      example: exampleAmount(currency),
      decimals: decimalsOf(currency),
    });
  };
}

const FIELD_ORDER: readonly DraftField[] = [
  "happened",
  "cause",
  "need",
  "channel",
  "remedy",
  "amount",
  "order",
  "note",
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
    const control = form?.querySelector<HTMLElement>(`[name="${faulty}"]`);
    return (control ?? fallback)?.focus();
  }
  // Whoever is in a field already stays there.
  if (document.activeElement?.closest("main *")) return;
  // On a phone the keyboard would cover the customer before anybody asked for it.
  if (window.matchMedia("(pointer: fine)").matches) first?.focus();
}
