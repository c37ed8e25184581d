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
import { FollowedExecution } from "@/components/execution/followed-execution";
import { DeskLink } from "@/components/shell/desk-link";
import type { Answer } from "@/components/shell/rest";
import { SEARCH_FIELD_ID } from "@/components/shell/start-case";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { Money } from "@/components/ui/money";
import type { Allowance } from "@/lib/decisions/types";
import type { CompanyValue } from "@/lib/discretion/schema";
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

/** What became of it since, as far as this page knows. */
export type Since = "undone" | "reversed" | "already" | HandoverStatus | null;

/** What was recorded. It stays until the person goes on to something else. */
export function Receipt(props: ReceiptProps) {
  const { recorded, customer, currency, values, promise } = props;
  const { decision } = recorded;
  const t = useTranslations("desk.receipt");
  const common = useTranslations("common.explanation");
  const heading = useRef<HTMLHeadingElement>(null);
  const [since, setSince] = useState<Since>(null);
  const [isAnswered, setAnswered] = useState(false);
  const binding = bindingOf(decision.explanation);
  const currencies = { policy: currency, decision: decision.currency };

  // biome-ignore lint/correctness/useExhaustiveDependencies: what became of it is said at the top, anew each time.
  useEffect(() => heading.current?.focus(), [since]);

  return (
    <section aria-label={t("id")} data-testid="receipt" className="arrive flex flex-col gap-5">
      <ReceiptHead {...props} since={since} headingRef={heading} />
      {binding && since === null ? <Words say={binding.say} /> : null}
      <ReceiptActions
        recorded={recorded}
        since={since}
        onSince={setSince}
        onAnswered={() => {
          setAnswered(true);
          props.onReachable();
        }}
        shortcut
      />
      {decision.id && since === null && decision.status === "posted" ? (
        <FollowedExecution decisionId={decision.id} onOver={props.onReachable} />
      ) : null}
      {promise && decision.id ? (
        <PromiseKept decisionId={decision.id} promise={promise} place={props.place} />
      ) : null}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
        <dt className="text-ink-3">{t("id")}</dt>
        <dd className="break-all font-mono text-xs leading-5">{decision.id}</dd>
        <dt className="text-ink-3">{t("after")}</dt>
        <dd>
          <AllowanceAfter
            key={`${since} ${isAnswered}`}
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
  since: Since;
  headingRef?: Ref<HTMLHeadingElement>;
}

/** What was done, and what became of it since. */
export function ReceiptHead(props: HeadProps) {
  const { recorded, customer, currency, values, since } = props;
  const { decision, replayed } = recorded;
  const t = useTranslations("desk.receipt");
  const remedy = useTranslations("common.remedy");
  const { verdict, explanation } = decision;
  const binding = bindingOf(explanation);
  const currencies = { policy: currency, decision: decision.currency };
  const isBack = since === "undone" || since === "reversed" || since === "already" || since === "withdrawn";
  const words = {
    remedy: remedy(decision.remedy),
    amount: formatAmount(decision.amount, decision.currency),
    currency: decision.currency,
    customer: isolated(customer.name),
  };
  return (
    <div className="flex gap-2.5">
      {isBack ? (
        <Undo2 aria-hidden className="mt-1 size-5 shrink-0 text-ink-2" />
      ) : (
        <VerdictIcon verdict={verdict} className={cn("mt-1 size-5 shrink-0", VERDICT_INK[verdict])} />
      )}
      <div className="flex min-w-0 flex-col gap-1">
        <h2
          ref={props.headingRef}
          tabIndex={-1}
          className={cn(
            "text-balance break-words font-semibold text-lg",
            isBack ? "text-ink" : VERDICT_INK[verdict],
          )}
        >
          {isBack ? t(`back.${since}`, words) : t(verdict, words)}
        </h2>
        <Outcome {...props} />
        {replayed ? <p className="text-ink-2">{t("replayed")}</p> : null}
        <RateUsed explanation={explanation} amount={decision.amount} currencies={currencies} />
        {binding && !isBack ? (
          <div className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
            <CheckName check={binding} />
            <Arithmetic check={binding} currencies={currencies} />
          </div>
        ) : null}
        {binding && !isBack ? <ServedValue check={binding} values={values} /> : null}
        {binding && !isBack ? (
          <Why
            check={binding}
            currencies={currencies}
            values={values}
            policyVersion={decision.policyVersion}
          />
        ) : null}
      </div>
    </div>
  );
}

function Outcome({ recorded: { decision }, since }: HeadProps) {
  const t = useTranslations("desk.receipt");
  const back = useTranslations("common.takeBack");
  const over = useTranslations("common.withdraw");
  const words = {
    amount: formatAmount(decision.amount, decision.currency),
    currency: decision.currency,
  };
  switch (since) {
    case null:
      if (decision.verdict === "handover") return <p className="text-ink-2">{t("handoverText")}</p>;
      return decision.verdict === "deny" ? <p className="text-ink-2">{t("denyText")}</p> : null;
    case "undone":
    case "reversed":
      return <p className="text-ink-2">{back(since, words)}</p>;
    case "already":
      return <p className="text-ink-2">{back("already")}</p>;
    default:
      return <p className="text-ink-2">{over(since)}</p>;
  }
}

interface ActionsProps {
  recorded: Recorded;
  since: Since;
  onSince: (since: Since) => void;
  /** Somebody has answered what waited. */
  onAnswered: () => void;
  /** Whether Z undoes it: of one on a page at most. */
  shortcut?: boolean;
  /** What it is called where several stand on a page. */
  name?: string;
}

/** What can be done about it: taken back at once, reversed for a reason, or, while it waits, asked for no longer. */
export function ReceiptActions(props: ActionsProps) {
  const { recorded, since, onSince, onAnswered, shortcut = false, name } = props;
  const { decision, replayed, answeredAt } = recorded;
  if (decision.id === null || since !== null) return null;
  if (decision.status === "reserved") {
    return (
      <WaitingPanel
        decisionId={decision.id}
        amount={decision.amount}
        currency={decision.currency}
        onOver={onAnswered}
        onWithdrawn={onSince}
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
        onSince(reversed === null ? "already" : reversed.reversal.kind === "undo" ? "undone" : "reversed")
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
