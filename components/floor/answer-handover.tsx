"use client";

import { Check, MessageCircleQuestion, PenLine, X } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { bindingOf, type Currencies } from "@/components/decision/arithmetic";
import { Arithmetic, CheckName, ExplanationList } from "@/components/decision/explanation";
import { RefusedNote } from "@/components/decision/refused-note";
import {
  answerHandover,
  askForFacts,
  type HandoverAnswer,
  type ProposalMade,
  previewAnswer,
  propose,
} from "@/components/decision/requests";
import { codeOf, useAsking } from "@/components/decision/use-taking-back";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { isTyping } from "@/components/shell/is-typing";
import type { Answer, Refused } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { RadioCards } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, FieldGroup, Input, Textarea } from "@/components/ui/field";
import type { CompanyValue } from "@/lib/discretion/schema";
import {
  type AmountFault,
  amountForInput,
  decimalsOf,
  exampleAmount,
  formatAmount,
  formatMoney,
  parseAmount,
} from "@/lib/format/money";
import type { AnswerPreview, HandoverView } from "@/lib/handovers/types";

interface AnswerHandoverProps {
  handoverId: string;
  /** What was asked for, minor units. */
  asked: number;
  currencies: Currencies;
  /** What an answer would be based on; null where the person may not answer it. */
  preview: AnswerPreview | null;
  values: readonly CompanyValue[];
  /** Who answers. */
  employeeId: string;
  /** Who asked. */
  askedBy: string;
  /** Facts were asked for and are not there yet. */
  clockStands: boolean;
  /** What else waits for the same customer, asked for by the same person. */
  others?: readonly { id: string }[];
  /** Whether the person may say that next time nobody need ask, and whether they may go on to the draft. */
  mayPropose: boolean;
  mayEditPolicy: boolean;
  /** A and D choose the answer, and the words of a plain yes stand there already. */
  isQuick?: boolean;
}

/** Answers a handover that waits: grants it, or another amount, or declines; each with a word to who asked. */
export function AnswerHandover(props: AnswerHandoverProps) {
  const t = useTranslations("floor.decision.answer");
  const router = useRouter();
  const own = useTranslations("handovers.answer");
  const said = useRef<HTMLParagraphElement>(null);
  const [done, setDone] = useState<Done | null>(null);
  useEffect(() => {
    if (done !== null) said.current?.focus();
  }, [done]);

  if (done !== null) {
    const { handover, bundle } = done;
    return (
      <div className="flex flex-col gap-2">
        <p ref={said} role="status" tabIndex={-1} className="w-fit text-ink-2">
          {handover.clockStands && handover.status === "waiting"
            ? own("asked")
            : isAnothers(handover, props.employeeId)
              ? t("done.others")
              : t(`done.${handover.status}`)}
        </p>
        {bundle ? (
          <p className="text-ink-2">
            {own("bundled", { done: bundle.answered })}{" "}
            {bundle.left > 0 ? own("bundleLeft", { count: bundle.left }) : null}
          </p>
        ) : null}
        {done.propose ? <ProposalLine {...props} /> : null}
      </div>
    );
  }
  if (props.preview === null) return null;
  return (
    <AnswerForm
      {...props}
      preview={props.preview}
      onDone={(answered) => {
        setDone(answered);
        router.refresh();
      }}
    />
  );
}

/** What came of an answer. */
interface Done {
  handover: HandoverView;
  /** Whether a draft is to be made, so that next time nobody need ask. */
  propose: boolean;
  /** How many others were answered the same way, and how many could not be; null where nobody wanted that. */
  bundle: { answered: number; left: number } | null;
}

/** The draft that "next time they need not ask" makes, once. */
function ProposalLine({ handoverId, mayEditPolicy, currencies }: AnswerHandoverProps) {
  const t = useTranslations("handovers.answer.proposal");
  const [answer, setAnswer] = useState<Answer<ProposalMade> | null>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void propose(handoverId).then(setAnswer);
  }, [handoverId]);
  if (answer === null) return <p className="text-ink-2">{t("busy")}</p>;
  if (!answer.ok) {
    const isNone = codeOf(answer) === "no_limit_to_raise";
    return <p className="text-ink-2">{t(isNone ? "no_limit_to_raise" : "failed")}</p>;
  }
  const { version, limits } = answer.value;
  const raised = limits
    .map(({ id, before, max }) =>
      t("limit", {
        id,
        before: formatMoney(before, currencies.policy),
        max: formatMoney(max, currencies.policy),
      }),
    )
    .join(", ");
  if (!mayEditPolicy) return <p className="text-ink-2">{t("made", { version, limits: raised })}</p>;
  return (
    <p className="text-ink-2">
      {t("madeLink", { version, limits: raised })}{" "}
      <Link
        href={`/settings/policies/${version}/simulation`}
        className="rounded-inner text-accent-text underline underline-offset-4"
      >
        {t("simulation")}
      </Link>
    </p>
  );
}

/** Somebody was faster, and their answer stands. */
function isAnothers({ answeredBy }: HandoverView, employeeId: string): boolean {
  return answeredBy !== null && answeredBy !== employeeId;
}

interface FormProps extends AnswerHandoverProps {
  preview: AnswerPreview;
  onDone: (done: Done) => void;
}

type Kind = HandoverAnswer["answer"] | "ask";

function AnswerForm(props: FormProps) {
  const { handoverId, asked, currencies, values, onDone, clockStands, isQuick = false, others = [] } = props;
  const t = useTranslations("floor.decision.answer");
  const own = useTranslations("handovers.answer");
  const common = useTranslations("common");
  const quickNote = isQuick ? own("quickNote") : "";
  const currency = currencies.decision;
  const [kind, setKind] = useState<Kind>("approve");
  const [typed, setTyped] = useState(amountForInput(asked, currency));
  const [note, setNote] = useState(quickNote);
  const [customerWords, setCustomerWords] = useState("");
  const [nextTime, setNextTime] = useState(false);
  const [isBundle, setBundle] = useState(false);
  const [errors, setErrors] = useState<{ amount?: string; note?: string }>({});
  const form = useRef<HTMLFormElement>(null);
  const { asking, ask, clear } = useAsking<HandoverView>();
  const sayAmount = useAmountWords(currency);

  const parsed = parseAmount(typed, currency);
  const amount = kind === "adjust" ? (parsed.ok ? parsed.minor : null) : asked;
  const grants = kind === "approve" || kind === "adjust";
  const looked = useAnswerPreview(handoverId, grants ? amount : null, props.preview);
  const isBusy = asking.step !== null;

  async function send() {
    const words = note.trim();
    if (kind === "ask") {
      const answer = await ask((onAgain) => askForFacts(handoverId, words, onAgain));
      if (answer?.ok) onDone({ handover: answer.value, propose: false, bundle: null });
      return;
    }
    const body: HandoverAnswer = {
      answer: kind,
      note: words,
      ...(kind === "adjust" && amount !== null ? { amount } : {}),
      ...(customerWords.trim() ? { customerWords: customerWords.trim() } : {}),
    };
    const answer = await ask((onAgain) => answerHandover(handoverId, body, onAgain));
    if (answer?.ok) {
      const isOurs = !isAnothers(answer.value, props.employeeId);
      const bundle = isBundle && isOurs && kind !== "adjust" ? await answerOthers(body) : null;
      return onDone({ handover: answer.value, propose: nextTime && grants && isOurs, bundle });
    }
    if (answer?.reason === "problem") show(placed(answer.problem.errors));
  }

  /** One after the other: each is looked at anew, with what the one before it took. */
  async function answerOthers(body: HandoverAnswer): Promise<Done["bundle"]> {
    let answered = 0;
    for (const { id } of others) {
      const answer = await answerHandover(id, body, () => undefined);
      if (answer.ok && answer.value.answeredBy === props.employeeId) answered++;
    }
    return { answered, left: others.length - answered };
  }

  /** The words of a plain yes belong to no other answer. */
  function choose(next: Kind) {
    setKind(next);
    if (next === "approve" && note === "") setNote(quickNote);
    if (next !== "approve" && note === quickNote) setNote("");
    setErrors({});
    clear();
  }

  useAnswerKeys(isQuick, (next) => {
    if (isBusy) return;
    choose(next);
    const target = next === "approve" ? "[type=submit]" : "[name=note]";
    // After the words have changed.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(target)?.focus());
  });

  function show(found: typeof errors) {
    setErrors(found);
    const field = found.amount ? "amount" : found.note ? "note" : null;
    if (field) form.current?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const found: typeof errors = {};
    if (kind === "adjust" && !parsed.ok) found.amount = sayAmount(parsed.reason);
    if (note.trim() === "") found.note = kind === "ask" ? own("questionMissing") : t("noteMissing");
    if (found.amount || found.note) return show(found);
    void send();
  }

  function change(next: () => void) {
    next();
    setErrors({});
    clear();
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
      aria-label={t("title")}
      className="flex max-w-xl flex-col gap-4 border-line border-t pt-4"
    >
      <FieldGroup label={t("title")}>
        <RadioCards<Kind>
          name="answer"
          value={kind}
          options={[
            { value: "approve", label: t("kind.approve"), icon: <Check aria-hidden /> },
            { value: "adjust", label: t("kind.adjust"), icon: <PenLine aria-hidden /> },
            { value: "decline", label: t("kind.decline"), icon: <X aria-hidden /> },
            {
              value: "ask",
              label: own("ask"),
              icon: <MessageCircleQuestion aria-hidden />,
              disabled: clockStands,
            },
          ]}
          onChange={choose}
          className="sm:grid-cols-2"
        />
        {clockStands ? <p className="mt-1.5 text-ink-3 text-xs">{own("questionOpen")}</p> : null}
      </FieldGroup>
      {kind === "adjust" ? (
        <Field label={t("amount", { currency })} error={errors.amount} className="max-w-48">
          <Input
            name="amount"
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            onChange={(event) => change(() => setTyped(event.target.value))}
            className="figures"
          />
        </Field>
      ) : null}
      {grants ? <OwnVerdict looked={looked} currencies={currencies} values={values} /> : null}
      <Field
        label={kind === "ask" ? own("question") : t("note")}
        hint={kind === "ask" ? own("questionHint") : t("noteHint")}
        error={errors.note}
      >
        <Textarea
          name="note"
          maxLength={2000}
          value={note}
          onChange={(event) => change(() => setNote(event.target.value))}
        />
      </Field>
      {kind === "ask" ? null : (
        <Field label={own("customerWords")} hint={own("customerWordsHint")} aside={common("optional")}>
          <Textarea
            name="customerWords"
            rows={1}
            maxLength={2000}
            value={customerWords}
            onChange={(event) => change(() => setCustomerWords(event.target.value))}
          />
        </Field>
      )}
      {others.length > 0 && (kind === "approve" || kind === "decline") ? (
        <Checkbox
          label={own("bundle", { count: others.length })}
          checked={isBundle}
          onChange={(event) => setBundle(event.target.checked)}
        />
      ) : null}
      {grants && props.mayPropose ? (
        <div>
          <Checkbox
            label={own("nextTime")}
            checked={nextTime}
            onChange={(event) => setNextTime(event.target.checked)}
          />
          <p className="text-ink-3 text-xs">{own("nextTimeHint")}</p>
        </div>
      ) : null}
      {asking.refused ? <Refusal refused={asking.refused} onAgain={send} /> : null}
      <Button type="submit" variant="primary" size="lg" busy={isBusy} className="w-full sm:w-fit">
        {isBusy
          ? t(asking.step === "again" ? "again" : "busy")
          : kind === "ask"
            ? own("submitAsk", { name: props.askedBy })
            : t(`submit.${kind}`, { amount: amount === null ? "" : formatAmount(amount, currency) })}
      </Button>
    </form>
  );
}

/** A approves and D declines, wherever the focus is but in a field. Neither sends anything. */
function useAnswerKeys(enabled: boolean, choose: (kind: "approve" | "decline") => void) {
  const latest = useRef(choose);
  useEffect(() => {
    latest.current = choose;
  });
  useEffect(() => {
    if (!enabled) return;
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || isTyping(event)) return;
      const key = event.key.toLowerCase();
      if (key !== "a" && key !== "d") return;
      event.preventDefault();
      latest.current(key === "a" ? "approve" : "decline");
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [enabled]);
}

/** What the server found fault with, by the field that it belongs to. */
function placed(errors: readonly { path: string; message: string }[]): { amount?: string; note?: string } {
  const of = (path: string) => errors.find((error) => error.path === path)?.message;
  const [amount, note] = [of("amount"), of("note")];
  return { ...(amount ? { amount } : {}), ...(note ? { note } : {}) };
}

function Refusal({ refused, onAgain }: { refused: Refused; onAgain: () => void }) {
  const t = useTranslations("floor.decision.answer");
  const code = codeOf(refused);
  // What belongs to a field stands beside it.
  if (refused.reason === "problem" && refused.problem.errors.length > 0) return null;
  if (code === "beyond_own_limits" || code === "denied_now") return <ErrorNote title={t(code)} />;
  return <RefusedNote refused={refused} unsure={t("unsure")} onAgain={onAgain} />;
}

interface Looked {
  preview: AnswerPreview;
  /** Whether it is about the amount that stands in the form. */
  fresh: boolean;
}

/** The person's own verdict on what they are about to grant, asked for anew once the typing rests. */
function useAnswerPreview(handoverId: string, amount: number | null, first: AnswerPreview): Looked {
  const [preview, setPreview] = useState(first);
  // The page was read anew: what held when it was opened may hold no more.
  const [known, setKnown] = useState(first);
  if (known !== first) {
    setKnown(first);
    setPreview(first);
  }
  useEffect(() => {
    if (amount === null || amount === preview.amount) return;
    const aborter = new AbortController();
    const timer = setTimeout(
      () =>
        previewAnswer(handoverId, amount, aborter.signal).then(
          (answer) => {
            if (answer.ok) setPreview(answer.value);
          },
          // Nothing but the abort is thrown: another amount was typed.
          () => undefined,
        ),
      TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [handoverId, amount, preview.amount]);
  return { preview, fresh: amount === preview.amount };
}

const TYPING_MS = 150;

/** What the person's own limits say to it: only what passes for them can they grant. */
function OwnVerdict({
  looked,
  currencies,
  values,
}: {
  looked: Looked;
  currencies: Currencies;
  values: readonly CompanyValue[];
}) {
  const t = useTranslations("floor.decision.answer");
  const common = useTranslations("common.explanation");
  const { preview, fresh } = looked;
  const { verdict, explanation } = preview;
  const binding = bindingOf(explanation);
  const { maxAmount } = explanation;
  const passes = (verdict === "allow" || verdict === "bend") && !preview.deniedToAsker;
  return (
    <div aria-busy={!fresh} className={cn("flex flex-col gap-2", fresh ? "" : "opacity-55")}>
      <div className="flex gap-2.5">
        <VerdictIcon verdict={verdict} className={cn("mt-0.5 size-5 shrink-0", VERDICT_INK[verdict])} />
        <div className="flex min-w-0 flex-col gap-1">
          <p role="status" className={cn("font-medium", VERDICT_INK[verdict])}>
            {preview.deniedToAsker
              ? t("deniedToAsker")
              : t(`own.${verdict}`, { amount: formatAmount(preview.amount, preview.currency) })}
          </p>
          {binding ? (
            <div className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
              <CheckName check={binding} />
              <Arithmetic check={binding} currencies={currencies} />
            </div>
          ) : null}
          {passes || maxAmount === null ? null : (
            <p className="text-ink-2">
              {maxAmount === 0
                ? t("maxNone")
                : t("max", { amount: formatMoney(maxAmount, preview.currency) })}
            </p>
          )}
        </div>
      </div>
      <details className="text-sm">
        <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
          {common("checked")}
        </summary>
        <ExplanationList explanation={explanation} currencies={currencies} values={values} className="mt-3" />
      </details>
    </div>
  );
}

/** Each fault of an amount as a sentence that says what to do. */
function useAmountWords(currency: string) {
  const t = useTranslations("floor.filters.amount");
  return (fault: AmountFault) =>
    t(fault, { currency, example: exampleAmount(currency), digits: decimalsOf(currency) });
}
