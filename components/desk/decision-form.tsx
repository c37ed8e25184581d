"use client";

import { CornerDownLeft, Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { causeMeant } from "@/lib/causes/naming";
import type { CustomerOrder, DeskPolicy } from "@/lib/customers/types";
import type { DecisionView, PreviewView } from "@/lib/decisions/types";
import { addDays } from "@/lib/discretion/windows";
import { amountForInput, decimalsOf, exampleAmount, formatAmount, formatCount } from "@/lib/format/money";
import type { DeskFacts } from "./decision-desk";
import {
  bodiesOf,
  bodyOf,
  currencyOf,
  type Draft,
  type DraftField,
  EMPTY_DRAFT,
  type Fault,
  faultsOf,
  isLineEmpty,
  LINES_MAX,
  NOTE_MIN,
  placeErrors,
  TEXT_MAX,
} from "./draft";
import { CauseField, FollowUpFields, ListenFields, NeedField, RemedyFields, Step } from "./draft-fields";
import { LineList } from "./line-list";
import { Precedents } from "./precedents";
import { PRECEDENTS_PLACE } from "./precedents-place";
import type { DecisionBody } from "./requests";
import { useCustom, useSimilarCases } from "./use-custom";
import { useLiveVerdict } from "./use-live-verdict";
import { useLooked } from "./use-unsent";
import { VerdictPanel } from "./verdict-panel";

const NO_VALUES: DeskPolicy["values"] = [];

interface DecisionFormProps {
  facts: DeskFacts;
  order: CustomerOrder | null;
  onOrder: (id: string | null) => void;
  /** The order of a remedy that is taken up again, which stays what it was. */
  onOwnOrder: (id: string | null) => void;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  /** What the server found fault with when it was last sent. */
  given: { errors: Partial<Record<DraftField, string>>; refusal: string | null };
  /** What is to be done, in order, with the verdict on each. */
  onReview: (asked: { body: DecisionBody; preview: PreviewView }[]) => void;
  /** A verdict stood long enough to be read. */
  onLooked: (body: DecisionBody, shown: DecisionView) => void;
  /** A verdict came by another version than the page was made under. */
  onOtherPolicy: () => void;
  onSignIn: (go: () => void) => void;
}

/**
 * The five steps on one page: what happened, what is needed, why it went wrong, what is given for it, and what is promised
 * besides; with the verdict while it is typed.
 */
export function DecisionForm(props: DecisionFormProps) {
  const { facts, order, onOrder, draft, onChange, given, onReview, onLooked, onOtherPolicy, onSignIn } =
    props;
  const t = useTranslations("desk.form");
  const step = useTranslations("desk.step");
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

  /** Whether nothing has to be mended; what has to be is shown. */
  function isFaultless(about: Draft): boolean {
    const faults = Object.entries(faultsOf(about, context)) as [DraftField, Fault][];
    if (faults.length > 0) show(Object.fromEntries(faults.map(([field, fault]) => [field, sayFault(fault)])));
    return faults.length === 0;
  }

  async function review() {
    if (!isFaultless(draft) || bodies.length === 0) return;
    setChecking(true);
    const answer = live.fresh && live.answer?.ok ? live.answer : await live.ask(bodies);
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
      return asked.length > 1 ? show({ amount: t("error.denied") }) : undefined;
    }
    onReview(asked);
  }

  /** One that was set aside without a reason is taken up again to be given one. */
  function askForNote(index: number) {
    if (index < draft.lines.length) takeUp(index);
    show({ note: t("error.note", { min: NOTE_MIN }) });
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
    onOrder(null);
    // Once the form is empty again.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[name=remedy]:checked")?.focus());
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
    props.onOwnOrder(line.orderId);
    amount.current?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!checking) void review();
  }

  const fields = { draft, errors, onChange: change };
  const usual = currency === facts.currency ? { ...facts.usual, ...similar?.usual } : {};
  const isDenied = seen?.verdict === "deny" && live.fresh;
  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
      }}
      aria-label={t("title")}
      className="flex flex-col gap-5"
    >
      {given.refusal ? <ErrorNote title={t("error.unplaced")}>{given.refusal}</ErrorNote> : null}
      <MergedAway customerId={facts.customer.id} standing={verdicts.at(-1)?.customer ?? null} />
      <Step number={1} title={step("listen")} done={draft.happened.trim() !== ""}>
        <ListenFields {...fields} firstRef={first} />
      </Step>
      <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
        <Step number={2} title={step("need")} done={draft.need.trim() !== ""}>
          <NeedField {...fields} />
        </Step>
        <Step number={3} title={step("cause")} done={draft.cause.trim() !== ""}>
          <CauseField {...fields} causes={facts.causeWords} noteAsked={noteAsked} />
        </Step>
      </div>
      <Step number={4} title={step("resolve")} done={bodies.length > 0} className="gap-4">
        <LineList
          lines={draft.lines}
          verdicts={verdicts}
          currencyOf={(line) =>
            currencyOf(line, {
              ...context,
              order: facts.orders.find(({ id }) => id === line.orderId) ?? null,
            })
          }
          onEdit={takeUp}
          onRemove={(index) => change({ lines: draft.lines.filter((_, at) => at !== index) })}
        />
        <RemedyFields
          {...fields}
          amountRef={amount}
          currency={currency}
          usual={usual}
          custom={custom}
          orders={facts.orders}
          orderId={order?.id ?? null}
          onOrder={onOrder}
          noteNeeded={seen?.verdict === "bend"}
          noteAsked={noteAsked}
        />
        {body && draft.lines.length + 1 < LINES_MAX ? (
          <Button size="sm" variant="quiet" className="-mx-3 w-fit pointer-coarse:h-11" onClick={addAnother}>
            <Plus aria-hidden />
            {t("another")}
          </Button>
        ) : null}
      </Step>
      <Step number={5} title={step("followUp")} done={draft.promise.trim() !== ""}>
        <FollowUpFields {...fields} today={facts.today} tomorrow={addDays(facts.today, 1)} />
      </Step>
      <VerdictPanel
        live={live}
        shown={seen}
        currency={facts.currency}
        values={facts.policy?.values ?? NO_VALUES}
        onUse={(minor) => {
          change({ amount: amountForInput(minor, currency) });
          amount.current?.focus();
        }}
        onSignIn={() => onSignIn(live.again)}
      >
        {isDenied ? null : (
          <div className="max-sm:sticky max-sm:bottom-0 max-sm:z-10 max-sm:-mx-4 max-sm:border-line max-sm:border-t max-sm:bg-page max-sm:px-4 max-sm:py-3">
            <ReviewButton bodies={bodies} busy={checking} />
          </div>
        )}
      </VerdictPanel>
      {seen && seen.verdict !== "allow" ? <p className="text-ink-3 text-xs">{t("unsent")}</p> : null}
      <Beside>
        <Precedents precedents={similar?.precedents ?? []} taught={similar?.taught ?? []} />
      </Beside>
    </form>
  );
}

/** Puts something beside the form, among what is told of the customer. */
function Beside({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => setPlace(document.getElementById(PRECEDENTS_PLACE)), []);
  return place ? createPortal(children, place) : null;
}

/** Said as soon as a verdict came for another record: this one was merged into it while the page was open. */
function MergedAway({ customerId, standing }: { customerId: string; standing: string | null }) {
  const t = useTranslations("desk.mergedAway");
  if (standing === null || standing === customerId) return null;
  return (
    <p role="status" className="rounded-md bg-sunken p-3 text-sm">
      {t("text")}{" "}
      <Link
        href={`/desk/${standing}?merged=${customerId}`}
        className="text-accent-text underline underline-offset-4"
      >
        {t("go")}
      </Link>
    </p>
  );
}

function ReviewButton({ bodies, busy }: { bodies: readonly DecisionBody[]; busy: boolean }) {
  const t = useTranslations("desk.form");
  const words = useTranslations("common.remedy");
  const [only] = bodies;
  const label =
    bodies.length > 1
      ? t("reviewSeveral", { count: bodies.length })
      : only
        ? t("review", {
            remedy: words(only.remedy).toLowerCase(),
            amount: formatAmount(only.amount, only.currency),
          })
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
    switch (fault) {
      case "happenedMissing":
      case "causeMissing":
      case "happenedNeeded":
      case "causeNeeded":
      case "dueMissing":
      case "duePassed":
        return t(fault);
      case "causeNote":
        return t(fault, { min: NOTE_MIN });
      case "tooLong":
        return t(fault, { max: formatCount(TEXT_MAX.happened) });
    }
    return t(`amount.${fault}`, {
      currency,
      example: exampleAmount(currency),
      decimals: decimalsOf(currency),
    });
  };
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
    const control = form?.querySelector<HTMLElement>(`[name="${faulty}"]`);
    return (control ?? fallback)?.focus();
  }
  // Whoever is in a field already stays there.
  if (document.activeElement?.closest("main *")) return;
  // On a phone the keyboard would cover the customer before anybody asked for it.
  if (window.matchMedia("(pointer: fine)").matches) first?.focus();
}
