"use client";

import { ArrowLeft, CircleCheck, CornerDownLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { bindingOf } from "@/components/decision/arithmetic";
import { Arithmetic, CheckName, RateUsed, ServedValue } from "@/components/decision/explanation";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Why } from "@/components/decision/why";
import { Words } from "@/components/decision/words";
import type { Refused } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import type { OfferedCause } from "@/lib/causes/types";
import type { DeskPolicy } from "@/lib/customers/types";
import type { PreviewView } from "@/lib/decisions/types";
import { formatDay } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import { CHANNELS, type DraftField, placeErrors } from "./draft";
import { type Intent, nextPart, type Part } from "./intent";
import { previewTogether } from "./requests";
import { useSending } from "./use-sending";

export interface ReviewProps {
  intent: Intent;
  /** It was on its way when the page was left. */
  interrupted: boolean;
  /** It was confirmed by the form's own button: it is sent as soon as it stands here. */
  atOnce: boolean;
  /** What the intent is kept under while it is on its way: the person and the customer. */
  place: string;
  customer: { id: string; name: string };
  /** What the policy counts in. */
  currency: string;
  /** The numbers of the orders by id. */
  orderRefs: ReadonlyMap<string, string>;
  causes: readonly OfferedCause[];
  /** Null while there is none in force. */
  policy: DeskPolicy | null;
  /** What another policy, which came into force meanwhile, says to the same. */
  onAnew: (previews: PreviewView[]) => void;
  onBack: (errors?: Partial<Record<DraftField, string>>, refusal?: string | null) => void;
  onProgress: (intent: Intent) => void;
  /** All of it is recorded; or, where it couldn't go on in the middle, what is. */
  onDone: (intent: Intent) => void;
  /** Asks to sign in and then goes on; null where that is asked for in place. */
  onSignIn: ((go: () => void) => void) | null;
}

/** Once more what will happen, and the one button that makes it happen. */
export function Review(props: ReviewProps) {
  const { intent, customer, onBack, onSignIn } = props;
  const t = useTranslations("desk.review");
  const title = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // What is confirmed is read first: on a phone the form was left at its end, and the button that has the focus is there.
  useEffect(() => {
    if ((heading.current?.getBoundingClientRect().top ?? 0) < 0) heading.current?.scrollIntoView();
  }, []);
  const begun = intent.parts.some(({ recorded }) => recorded !== null);
  const sending = useSending({
    ...props,
    onRefused: (refused, current) => {
      const isBegun = current.parts.some(({ recorded }) => recorded !== null);
      if (refused.reason === "problem" && refused.problem.errors.length > 0 && !isBegun) {
        const { fields, rest } = placeErrors(refused.problem.errors);
        onBack(fields, rest.length > 0 ? rest.join(" ") : null);
        return true;
      }
      if (refused.reason === "signed_out") onSignIn?.(sending.send);
      return false;
    },
  });
  const { step, refused } = sending;
  // What may have been recorded already is not changed any more: it is asked for again, or left.
  const isOpen = step === null && refused === null && !begun;
  useAnew(props, isOpen);
  const { atOnce, interrupted } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent by itself once, when it comes here.
  useEffect(() => {
    if (atOnce && !interrupted) void sending.send();
  }, []);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a legend, and this a heading.
    <div
      role="group"
      aria-labelledby={title}
      onKeyDown={(event) => {
        if (event.key === "Escape" && step === null && !begun) onBack();
      }}
      className="arrive flex flex-col gap-5"
    >
      <h2
        ref={heading}
        id={title}
        tabIndex={-1}
        className="scroll-mt-4 text-balance break-words font-semibold text-lg"
      >
        <Title intent={intent} name={customer.name} />
      </h2>
      {intent.parts.length === 1 ? <OneVerdict {...props} /> : <Verdicts {...props} />}
      <Summary {...props} />
      {refused ? (
        <Refusal
          refused={refused}
          interrupted={props.interrupted}
          recorded={intent.parts.filter(({ recorded }) => recorded !== null).length}
          count={intent.parts.length}
          onSignIn={onSignIn && (() => onSignIn(sending.send))}
          onSignedIn={sending.send}
        />
      ) : null}
      <div className="flex flex-wrap gap-2 max-sm:sticky max-sm:bottom-0 max-sm:z-10 max-sm:-mx-4 max-sm:border-line max-sm:border-t max-sm:bg-page max-sm:px-4 max-sm:py-3">
        <Button
          variant="primary"
          size="lg"
          autoFocus
          busy={step !== null}
          onClick={sending.send}
          // A key that is held down has opened this review; it doesn't confirm it as well.
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
          className="w-full sm:w-fit"
        >
          <ConfirmWords intent={intent} step={step} again={refused !== null} />
          <CornerDownLeft aria-hidden />
        </Button>
        {begun && step === null ? (
          <Button variant="quiet" size="lg" onClick={() => props.onDone(intent)}>
            {t("leaveRest")}
          </Button>
        ) : (
          <Button variant="quiet" size="lg" disabled={step !== null} onClick={() => onBack()}>
            <ArrowLeft aria-hidden />
            {t("back")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Title({ intent, name }: { intent: Intent; name: string }) {
  const t = useTranslations("desk.review");
  const remedy = useTranslations("common.remedy");
  const [only, ...others] = intent.parts;
  const customer = isolated(name);
  if (!only || others.length > 0) return t("titleSeveral", { count: intent.parts.length, customer });
  const { body } = only;
  const amount = formatAmount(body.amount, body.currency);
  return t("title", { remedy: remedy(body.remedy), amount, currency: body.currency, customer });
}

interface ConfirmWordsProps {
  intent: Intent;
  step: "sending" | "again" | null;
  again: boolean;
}

function ConfirmWords({ intent, step, again }: ConfirmWordsProps) {
  const t = useTranslations("desk.review");
  const [only] = intent.parts;
  const count = intent.parts.length;
  if (step === "again") return t("sendingAgain");
  if (count > 1) {
    const at = (nextPart(intent) ?? 0) + 1;
    if (step !== null) return t("givingSeveral", { at, count });
    return again ? t("again") : t("giveSeveral", { count });
  }
  if (!only) return null;
  const amount = formatAmount(only.body.amount, only.body.currency);
  const handsOver = only.preview.verdict === "handover";
  if (step !== null) return t(handsOver ? "handingOver" : "giving", { amount });
  return again ? t("again") : t(handsOver ? "handover" : "give", { amount });
}

/**
 * Asks once more when another version came into force than the one that was reviewed under. What was sent is left
 * alone: its answer says what became of it.
 */
function useAnew({ intent, policy, onAnew }: ReviewProps, isOpen: boolean) {
  const reviewed = intent.parts[0]?.preview.policyVersion;
  const version = policy?.version ?? reviewed;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked about is the same until it is reviewed anew.
  useEffect(() => {
    if (version === reviewed || !isOpen) return;
    const aborter = new AbortController();
    previewTogether(
      intent.parts.map(({ body }) => body),
      aborter.signal,
    ).then(
      (answer) => {
        if (answer.ok) onAnew(answer.value);
      },
      // Nothing but the abort is thrown: the review is closed, was confirmed, or has been made anew.
      () => undefined,
    );
    return () => aborter.abort();
  }, [version, reviewed, isOpen]);
}

function OneVerdict({ intent, currency, policy }: ReviewProps) {
  const t = useTranslations("desk.verdict");
  const preview = intent.parts[0]?.preview;
  if (!preview) return null;
  const binding = bindingOf(preview.explanation);
  const currencies = { policy: currency, decision: preview.currency };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2.5">
        <VerdictIcon
          verdict={preview.verdict}
          className={cn("mt-0.5 size-5 shrink-0", VERDICT_INK[preview.verdict])}
        />
        <div className="flex min-w-0 flex-col gap-1">
          <p className={cn("font-semibold text-base", VERDICT_INK[preview.verdict])}>{t(preview.verdict)}</p>
          <RateUsed explanation={preview.explanation} amount={preview.amount} currencies={currencies} />
          {binding ? (
            <div className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
              <CheckName check={binding} />
              <Arithmetic check={binding} currencies={currencies} />
            </div>
          ) : null}
          {binding ? <ServedValue check={binding} values={policy?.values} /> : null}
          {binding ? (
            <Why
              check={binding}
              currencies={currencies}
              values={policy?.values}
              policyVersion={preview.policyVersion}
            />
          ) : null}
        </div>
      </div>
      {binding ? <Words say={binding.say} /> : null}
    </div>
  );
}

/** Each remedy of the case with its verdict; what is recorded by now says so. */
function Verdicts(props: ReviewProps) {
  const t = useTranslations("desk.review");
  return (
    <ol aria-label={t("parts")} className="flex flex-col divide-y divide-line border-line border-t">
      {props.intent.parts.map((part) => (
        <li key={part.idempotencyKey} className="py-3">
          <PartLine part={part} {...props} />
        </li>
      ))}
    </ol>
  );
}

function PartLine({ part, currency, policy, orderRefs }: ReviewProps & { part: Part }) {
  const t = useTranslations("desk.review");
  const verdicts = useTranslations("desk.verdict");
  const remedy = useTranslations("common.remedy");
  const { body, preview, recorded } = part;
  const binding = bindingOf(preview.explanation);
  const currencies = { policy: currency, decision: preview.currency };
  const order = body.order ? orderRefs.get(body.order) : undefined;
  return (
    <div className="flex gap-2.5">
      <VerdictIcon
        verdict={preview.verdict}
        className={cn("mt-0.5 size-5 shrink-0", VERDICT_INK[preview.verdict])}
      />
      <div className="flex min-w-0 grow flex-col gap-0.5">
        <p className="figures font-medium">
          {remedy(body.remedy)} {formatAmount(body.amount, body.currency)} {body.currency}
          {order ? <span className="font-normal text-ink-3"> · {t("orderOf", { ref: order })}</span> : null}
        </p>
        <p className={VERDICT_INK[preview.verdict]}>{verdicts(preview.verdict)}</p>
        <RateUsed explanation={preview.explanation} amount={preview.amount} currencies={currencies} />
        {binding ? (
          <Arithmetic check={binding} currencies={currencies} className="text-ink-2 text-xs" />
        ) : null}
        {body.note ? (
          <p dir="auto" className="line-clamp-2 break-words text-ink-2 text-xs">
            {body.note}
          </p>
        ) : null}
        {binding ? (
          <Why
            check={binding}
            currencies={currencies}
            values={policy?.values}
            policyVersion={preview.policyVersion}
          />
        ) : null}
      </div>
      {recorded ? (
        <span className="inline-flex h-fit shrink-0 items-center gap-1 text-allow text-xs">
          <CircleCheck aria-hidden className="size-3.5" />
          {t("recorded")}
        </span>
      ) : null}
    </div>
  );
}

/** What will be on record, as it was typed. */
function Summary({ intent, orderRefs, causes }: ReviewProps) {
  const t = useTranslations("desk.review");
  const channels = useTranslations("common.channel");
  const [first, ...others] = intent.parts;
  const body = first?.body;
  if (!body) return null;
  const channel = CHANNELS.find((each) => each === body.case?.channel);
  const named = causes.find(({ key }) => key === body.case?.cause)?.name ?? body.case?.cause;
  const { promise } = intent;
  // Several have an order and a note each, which stand beside them.
  const isOne = others.length === 0;
  const lines: [label: string, value: string | null | undefined][] = [
    [t("order"), isOne && body.order ? (orderRefs.get(body.order) ?? null) : undefined],
    [t("happened"), body.case?.happened ?? null],
    [t("cause"), named ?? null],
    [t("need"), body.case?.need],
    [t("channel"), channel ? channels(channel) : undefined],
    [t("note"), isOne ? body.note : undefined],
    // A day has no time zone; any one does to write it, as long as it is the one it is read in.
    [
      t("promise"),
      promise
        ? t("promiseBy", { text: promise.text, day: formatDay(new Date(promise.dueOn), "UTC") })
        : undefined,
    ],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
      {lines
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => (
          <div key={label} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-3">{label}</dt>
            <dd
              dir="auto"
              className={cn(
                "max-h-60 overflow-y-auto whitespace-pre-line break-words",
                !value && "text-ink-3",
              )}
            >
              {value || t("none")}
            </dd>
          </div>
        ))}
    </dl>
  );
}

interface RefusalProps {
  refused: Refused;
  interrupted: boolean;
  /** How many of how many are recorded for certain. */
  recorded: number;
  count: number;
  onSignIn: (() => void) | null;
  /** Somebody signed in in place. */
  onSignedIn: () => void;
}

/** Why it isn't recorded yet, and what to do. Nothing is lost, and the key sees to it that nothing is done twice. */
function Refusal({ refused, interrupted, recorded, count, onSignIn, onSignedIn }: RefusalProps) {
  const t = useTranslations("desk.review");
  // What is known of the others stands before what isn't.
  const known = recorded > 0 ? t("known", { recorded, count }) : null;
  switch (refused.reason) {
    case "network":
      return <ErrorNote title={t(interrupted ? "interrupted" : "unsure")}>{known}</ErrorNote>;
    case "unavailable":
      return <ErrorNote title={t("busy")}>{known}</ErrorNote>;
    case "rate_limited":
      return <ErrorNote title={t("wait", { seconds: refused.seconds })}>{known}</ErrorNote>;
    case "signed_out":
      if (onSignIn === null) {
        return (
          <div className="flex flex-col gap-3">
            <ErrorNote title={t("signedOut")}>{known}</ErrorNote>
            <SignInForm to={null} onSignedIn={onSignedIn} />
          </div>
        );
      }
      return (
        <ErrorNote
          title={t("signedOut")}
          action={
            <Button size="sm" className="pointer-coarse:h-11" onClick={onSignIn}>
              {t("signIn")}
            </Button>
          }
        >
          {known}
        </ErrorNote>
      );
    case "problem": {
      const { errors, code, detail } = refused.problem;
      const said = errors.length > 0 ? errors.map(({ message }) => message).join(" ") : detail;
      return (
        <ErrorNote title={t("refused")}>
          {code === "idempotency_mismatch" ? t("mismatch") : said} {known}
        </ErrorNote>
      );
    }
  }
}
