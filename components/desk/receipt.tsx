"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Ref, useEffect, useRef, useState } from "react";
import { bindingOf } from "@/components/decision/arithmetic";
import {
  Arithmetic,
  CheckName,
  ExplanationList,
  RateUsed,
  ServedValue,
} from "@/components/decision/explanation";
import { TakeBack } from "@/components/decision/take-back";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Why } from "@/components/decision/why";
import { Words } from "@/components/decision/words";
import { FollowedExecution, useExecution } from "@/components/execution/followed-execution";
import { type Stage, stageOf } from "@/components/execution/stage";
import { StageIcon, stageInk, useStageWords } from "@/components/execution/stage-words";
import { DeskLink } from "@/components/shell/desk-link";
import type { Answer } from "@/components/shell/rest";
import { SEARCH_FIELD_ID } from "@/components/shell/start-case";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { Money } from "@/components/ui/money";
import type { Allowance, DecisionStatus } from "@/lib/decisions/types";
import type { CompanyValue } from "@/lib/discretion/schema";
import type { ToldExecution } from "@/lib/execution/types";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import type { HandoverStatus } from "@/lib/handovers/types";
import type { PromiseDraft, Recorded } from "./intent";
import { PromiseKept } from "./promise-kept";
import { readAllowance } from "./requests";
import { WaitingPanel } from "./waiting-panel";

export interface ReceiptProps {
  recorded: Recorded;
  customer: { id: string; name: string };
  /** What the policy counts in. */
  currency: string;
  /** What its checks serve. */
  values: readonly CompanyValue[];
  promise: PromiseDraft | null;
  /** What the promise is kept under until the server has it: the person and the customer. */
  place: string;
  /** The server answers, so that the page behind the receipt can be read anew. */
  onReachable: () => void;
  /** Goes on to something else for the same customer. */
  onMore: () => void;
  /** Goes on to somebody else; without it the page's search does. */
  onNext?: (() => void) | undefined;
}

/** How it was taken back since, as far as this page knows; null while it stands. */
type Since = "undone" | "reversed" | "already" | "withdrawn" | null;

/** What was decided before, and is answered anew, may have been taken back or answered long since. */
function formerly(status: DecisionStatus): { since: Since; answer: HandoverStatus | null } {
  switch (status) {
    case "reversed":
      return { since: "already", answer: null };
    case "released":
      return { since: "withdrawn", answer: null };
    case "declined":
    case "expired":
      return { since: null, answer: status };
    default:
      return { since: null, answer: null };
  }
}

/** What is followed of something that was recorded: whether it was taken back, what was answered, and how far it is. */
export interface Followed {
  since: Since;
  setSince: (since: Since) => void;
  /** What became of it where it waited for somebody's answer. */
  answer: HandoverStatus | null;
  setAnswer: (answer: HandoverStatus) => void;
  told: ToldExecution | null;
  /** How far it is with what was given; null where nothing was, or no longer is. */
  stage: Stage | null;
}

/** Follows what becomes of something that was recorded, for as long as its receipt is there. */
export function useFollowed({ decision, replayed }: Recorded, onReachable: () => void): Followed {
  const [since, setSince] = useState(() => formerly(decision.status).since);
  const [answer, setAnswer] = useState(() => formerly(decision.status).answer);
  const isGranted = answer === "approved" || answer === "adjusted";
  const isGiven = since === null && (decision.status === "posted" || isGranted);
  const told = useExecution(isGiven ? decision.id : null, onReachable);
  const stage = isGiven ? stageOf(told?.execution ?? null, isGranted || !replayed) : null;
  return { since, setSince, answer, setAnswer, told, stage };
}

/** What was recorded. It stays until the person goes on to something else. */
export function Receipt(props: ReceiptProps) {
  const { recorded, customer, currency, values, promise } = props;
  const { decision } = recorded;
  const t = useTranslations("desk.receipt");
  const common = useTranslations("common.explanation");
  const heading = useRef<HTMLHeadingElement>(null);
  const followed = useFollowed(recorded, props.onReachable);
  const { since, answer, told, stage } = followed;
  const currencies = { policy: currency, decision: decision.currency };

  // biome-ignore lint/correctness/useExhaustiveDependencies: what became of it is said at the top, anew each time.
  useEffect(() => heading.current?.focus(), [since]);

  return (
    <section aria-label={t("id")} data-testid="receipt" className="arrive flex flex-col gap-5">
      <ReceiptHead {...props} followed={followed} headingRef={heading} />
      <ReceiptWords {...props} followed={followed} />
      <ReceiptActions recorded={recorded} followed={followed} onAnswered={props.onReachable} shortcut />
      {stage ? <FollowedExecution told={told} /> : null}
      {promise && decision.id ? (
        <PromiseKept decisionId={decision.id} promise={promise} place={props.place} />
      ) : null}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
        <dt className="text-ink-3">{t("id")}</dt>
        <dd className="break-all font-mono text-xs leading-5">{decision.id}</dd>
        <dt className="text-ink-3">{t("after")}</dt>
        <dd>
          <AllowanceAfter
            key={`${since} ${answer} ${stage === "failed"}`}
            customerId={customer.id}
            onReachable={props.onReachable}
          />
        </dd>
      </dl>
      <details className="text-sm">
        <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
          {common("checked")}
        </summary>
        <ExplanationList
          explanation={decision.explanation}
          currencies={currencies}
          values={values}
          className="mt-3"
        />
      </details>
      <ReceiptNext {...props} />
    </section>
  );
}

interface FollowedProps extends Pick<ReceiptProps, "recorded"> {
  followed: Followed;
}

/** The words for what was given. What was taken back has none, and what failed has its own. */
export function ReceiptWords({ recorded, followed: { since, stage } }: FollowedProps) {
  const binding = bindingOf(recorded.decision.explanation);
  return binding && since === null && stage !== "failed" ? <Words say={binding.say} /> : null;
}

/** Where it goes on: to somebody else, or to something else for the same customer. */
export function ReceiptNext({
  customer,
  onMore,
  onNext,
}: Pick<ReceiptProps, "customer" | "onMore" | "onNext">) {
  const t = useTranslations("desk.receipt");
  return (
    <div className="flex flex-wrap gap-2 max-sm:sticky max-sm:bottom-0 max-sm:z-10 max-sm:-mx-4 max-sm:border-line max-sm:border-t max-sm:bg-page max-sm:px-4 max-sm:py-3">
      <Button
        variant="primary"
        className="pointer-coarse:h-11"
        onClick={onNext ?? (() => document.getElementById(SEARCH_FIELD_ID)?.focus())}
      >
        {t("next")}
        {onNext ? null : <Kbd className="border-transparent bg-transparent text-accent-ink">/</Kbd>}
      </Button>
      <Button variant="secondary" className="max-w-full min-w-0 shrink pointer-coarse:h-11" onClick={onMore}>
        <span className="min-w-0 truncate">{t("more", { customer: isolated(customer.name) })}</span>
      </Button>
    </div>
  );
}

interface HeadProps extends Pick<ReceiptProps, "recorded" | "customer" | "currency" | "values"> {
  followed: Followed;
  headingRef?: Ref<HTMLHeadingElement>;
}

/** What is true of it at this moment, and what it rests on. */
export function ReceiptHead(props: HeadProps) {
  const { recorded, currency, values, followed } = props;
  const { decision, replayed } = recorded;
  const t = useTranslations("desk.receipt");
  const heading = useHeading(props);
  const { explanation } = decision;
  const binding = followed.since === null ? bindingOf(explanation) : null;
  const currencies = { policy: currency, decision: decision.currency };
  return (
    <div className="flex gap-2.5">
      {heading.icon}
      <div className="flex min-w-0 flex-col gap-1">
        <h2
          ref={props.headingRef}
          tabIndex={-1}
          className={cn("text-balance break-words font-semibold text-lg", heading.ink)}
        >
          {heading.words}
        </h2>
        <Outcome {...props} />
        {replayed ? <p className="text-ink-2">{t("replayed")}</p> : null}
        <RateUsed explanation={explanation} amount={decision.amount} currencies={currencies} />
        {binding ? (
          <>
            <div className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
              <CheckName check={binding} />
              <Arithmetic check={binding} currencies={currencies} />
            </div>
            <ServedValue check={binding} values={values} />
            <Why
              check={binding}
              currencies={currencies}
              values={values}
              policyVersion={decision.policyVersion}
            />
          </>
        ) : null}
      </div>
    </div>
  );
}

/** Never more than is so: what was given is reserved first, and done when somebody has carried it out. */
function useHeading({ recorded, customer, followed }: HeadProps) {
  const t = useTranslations("desk.receipt");
  const remedy = useTranslations("common.remedy");
  const stageWords = useStageWords();
  const { verdict, amount, currency, ...decision } = recorded.decision;
  const { since, answer, stage, told } = followed;
  const words = {
    remedy: remedy(decision.remedy),
    amount: formatAmount(amount, currency),
    currency,
    customer: isolated(customer.name),
  };
  const look = "mt-1 size-5 shrink-0";
  if (since !== null) {
    const icon = <Undo2 aria-hidden className={cn(look, "text-ink-2")} />;
    return { words: t(`back.${since}`, words), ink: "text-ink", icon };
  }
  if (stage) {
    const gesture = { remedy: decision.remedy, amount: told?.amount ?? amount, currency };
    return {
      words: stageWords(stage, { ...gesture, customer: customer.name }),
      ink: stageInk(stage),
      icon: <StageIcon stage={stage} className={look} />,
    };
  }
  const shown = verdict === "deny" || answer === "declined" ? "deny" : "handover";
  const ink = VERDICT_INK[shown];
  return {
    words: t(answer === "declined" || answer === "expired" ? answer : shown, words),
    ink,
    icon: <VerdictIcon verdict={shown} className={cn(look, ink)} />,
  };
}

function Outcome({ recorded: { decision }, followed: { since, answer } }: HeadProps) {
  const t = useTranslations("desk.receipt");
  const back = useTranslations("common.takeBack");
  const over = useTranslations("common.withdraw");
  const words = {
    amount: formatAmount(decision.amount, decision.currency),
    currency: decision.currency,
  };
  switch (since) {
    case null:
      // Whoever has answered is named where it waited.
      if (decision.verdict === "allow" || answer !== null) return null;
      return <p className="text-ink-2">{t(`${decision.verdict}Text`)}</p>;
    case "undone":
    case "reversed":
      return <p className="text-ink-2">{back(since, words)}</p>;
    case "already":
      return <p className="text-ink-2">{back("already")}</p>;
    case "withdrawn":
      return <p className="text-ink-2">{over("withdrawn")}</p>;
    default:
      return since satisfies never;
  }
}

/** Whether nothing stands any more that could be taken back. */
function isGivenBack(stage: Stage | null): boolean {
  return stage === "failed" || stage === "taking_back" || stage === "taken_back";
}

interface ActionsProps {
  recorded: Recorded;
  followed: Followed;
  /** Somebody has answered what waited. */
  onAnswered: () => void;
  /** Whether Z undoes it: of one on a page at most. */
  shortcut?: boolean;
  /** What it is called where several stand on a page. */
  name?: string;
}

/** What can be done about it: taken back at once, reversed for a reason, or, while it waits, asked for no longer. */
export function ReceiptActions(props: ActionsProps) {
  const { recorded, followed, onAnswered, shortcut = false, name } = props;
  const { decision, replayed, answeredAt } = recorded;
  const { since, setSince, setAnswer, stage } = followed;
  if (decision.id === null || since !== null || isGivenBack(stage)) return null;
  if (decision.status === "reserved") {
    return (
      <WaitingPanel
        decisionId={decision.id}
        amount={decision.amount}
        currency={decision.currency}
        onOver={(answer) => {
          if (answer === "withdrawn") setSince("withdrawn");
          else setAnswer(answer);
          onAnswered();
        }}
        onWithdrawn={() => setSince("withdrawn")}
      />
    );
  }
  if (decision.status !== "posted") return null;
  return (
    <TakeBack
      decision={{ id: decision.id, amount: decision.amount, currency: decision.currency }}
      undoUntil={decision.undoUntil}
      // What is answered anew was recorded a while ago; what was just recorded, just now.
      now={replayed ? new Date(answeredAt).toISOString() : decision.createdAt}
      mayReverse
      shortcut={shortcut}
      {...(name ? { name } : {})}
      onDone={(reversed) =>
        setSince(reversed === null ? "already" : reversed.reversal.kind === "undo" ? "undone" : "reversed")
      }
    />
  );
}

/**
 * Asked of the server first, and only then the page: reading a page anew that can't be had would put an error in place
 * of the receipt.
 */
export function AllowanceAfter({ customerId, onReachable }: { customerId: string; onReachable: () => void }) {
  const t = useTranslations("desk.receipt");
  const [answer, setAnswer] = useState<Answer<Allowance> | null>(null);
  useEffect(() => {
    const aborter = new AbortController();
    readAllowance(customerId, aborter.signal).then(
      (heard) => {
        setAnswer(heard);
        // Of a record that was merged away meanwhile there is no page any more: reading it anew would lead elsewhere.
        if (heard.ok && heard.value.customer === customerId) onReachable();
      },
      // Nothing but the abort is thrown: the receipt is closed.
      () => undefined,
    );
    return () => aborter.abort();
  }, [customerId, onReachable]);
  if (answer === null) return <span className="text-ink-3">{t("afterReading")}</span>;
  if (!answer.ok) return <span>{t("afterFailed")}</span>;
  const { available, currency, customer } = answer.value;
  return (
    <>
      {available === null ? (
        t("afterUnbounded")
      ) : (
        <Money amount={available} currency={currency} className="font-medium" />
      )}
      {customer === customerId ? null : (
        <DeskLink
          href={`/desk/${customer}?merged=${customerId}`}
          className="ml-3 text-accent-text underline underline-offset-4"
        >
          {t("mergedAway")}
        </DeskLink>
      )}
    </>
  );
}
