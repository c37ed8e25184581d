"use client";

import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { bindingOf } from "@/components/decision/arithmetic";
import { Words } from "@/components/decision/words";
import { FollowedExecution } from "@/components/execution/followed-execution";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import type { Intent, Recorded } from "./intent";
import { PromiseKept } from "./promise-kept";
import {
  AllowanceAfter,
  ReceiptActions,
  ReceiptHead,
  ReceiptNext,
  type ReceiptProps,
  type Since,
} from "./receipt";

interface SeveralReceiptProps extends Omit<ReceiptProps, "recorded"> {
  intent: Intent;
  /** Puts what was not recorded back into the form. */
  onRest: () => void;
}

/** What was recorded of several remedies of one case, each with what can be done about it; and plainly what was not. */
export function SeveralReceipt(props: SeveralReceiptProps) {
  const { intent, customer, promise } = props;
  const t = useTranslations("desk.receipt");
  const heading = useRef<HTMLHeadingElement>(null);
  const [answers, setAnswers] = useState(0);
  const recorded = intent.parts.flatMap((part) => (part.recorded ? [part.recorded] : []));
  const left = intent.parts.filter((part) => part.recorded === null);
  const first = recorded[0]?.decision.id;
  useEffect(() => heading.current?.focus(), []);

  // What waits for somebody, or was refused, is on record and not done.
  const isDone = recorded.every(({ decision }) => decision.status === "posted");
  const words = { recorded: recorded.length, count: intent.parts.length, customer: isolated(customer.name) };
  return (
    <section aria-label={t("id")} data-testid="receipt" className="arrive flex flex-col gap-5">
      <div className="flex gap-2.5">
        {left.length === 0 && isDone ? (
          <CircleCheck aria-hidden className="mt-1 size-5 shrink-0 text-allow" />
        ) : (
          <CircleDashed
            aria-hidden
            className={cn("mt-1 size-5 shrink-0", left.length > 0 ? "text-bend" : "text-ink-2")}
          />
        )}
        <h2 ref={heading} tabIndex={-1} className="text-balance break-words font-semibold text-lg">
          {t(left.length > 0 ? "severalPartly" : isDone ? "several" : "severalRecorded", words)}
        </h2>
      </div>
      <ol className="flex flex-col divide-y divide-line border-line border-y">
        {recorded.map((each, index) => (
          <li key={each.decision.id} className="py-4">
            <RecordedPart
              {...props}
              recorded={each}
              shortcut={index === recorded.length - 1}
              onAnswered={() => {
                setAnswers((count) => count + 1);
                props.onReachable();
              }}
            />
          </li>
        ))}
        {left.map(({ idempotencyKey, body }) => (
          <li key={idempotencyKey} className="flex gap-2.5 py-4">
            <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-deny" />
            <p className="figures">
              <LeftWords {...body} />
            </p>
          </li>
        ))}
      </ol>
      {left.length > 0 ? (
        <Button className="w-fit pointer-coarse:h-11" onClick={props.onRest}>
          {t("rest", { count: left.length })}
        </Button>
      ) : null}
      {promise && first ? <PromiseKept decisionId={first} promise={promise} place={props.place} /> : null}
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-ink-3">{t("after")}</span>
        <AllowanceAfter key={answers} customerId={customer.id} onReachable={props.onReachable} />
      </p>
      <ReceiptNext {...props} />
    </section>
  );
}

function LeftWords({ remedy, amount, currency }: Intent["parts"][number]["body"]) {
  const t = useTranslations("desk.receipt");
  const words = useTranslations("common.remedy");
  return t("notRecorded", { remedy: words(remedy), amount: formatAmount(amount, currency), currency });
}

interface RecordedPartProps extends SeveralReceiptProps {
  recorded: Recorded;
  shortcut: boolean;
  onAnswered: () => void;
}

function RecordedPart(props: RecordedPartProps) {
  const { recorded } = props;
  const { decision } = recorded;
  const words = useTranslations("common.remedy");
  const [since, setSince] = useState<Since>(null);
  const binding = bindingOf(decision.explanation);
  const name = `${words(decision.remedy)} ${formatAmount(decision.amount, decision.currency)}`;
  return (
    <div className="flex flex-col gap-3">
      <ReceiptHead {...props} since={since} />
      {binding && since === null ? <Words say={binding.say} /> : null}
      <ReceiptActions
        recorded={recorded}
        since={since}
        onSince={setSince}
        onAnswered={props.onAnswered}
        shortcut={props.shortcut}
        name={name}
      />
      {decision.id && since === null && decision.status === "posted" ? (
        <FollowedExecution decisionId={decision.id} onOver={props.onReachable} />
      ) : null}
    </div>
  );
}
