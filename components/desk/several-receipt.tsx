"use client";

import { CircleDashed, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { FollowedExecution } from "@/components/execution/followed-execution";
import { type Stage, stageOfAll } from "@/components/execution/stage";
import { StageIcon, stageInk } from "@/components/execution/stage-words";
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
  ReceiptWords,
  useFollowed,
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
  const [stages, setStages] = useState<Readonly<Record<string, Stage | null>>>({});
  const recorded = intent.parts.flatMap((part) => (part.recorded ? [part.recorded] : []));
  const left = intent.parts.filter((part) => part.recorded === null);
  const first = recorded[0]?.decision.id;
  useEffect(() => heading.current?.focus(), []);
  const onStage = useCallback(
    (id: string, stage: Stage | null) => setStages((before) => ({ ...before, [id]: stage })),
    [],
  );

  const stage = stageOfAll(recorded.map(({ decision }) => stages[decision.id ?? ""] ?? "recorded"));
  const words = {
    recorded: recorded.length,
    count: intent.parts.length,
    failed: Object.values(stages).filter((each) => each === "failed").length,
    customer: isolated(customer.name),
  };
  return (
    <section aria-label={t("id")} data-testid="receipt" className="arrive flex flex-col gap-5">
      <div className="flex gap-2.5">
        {left.length === 0 ? (
          <StageIcon stage={stage} className="mt-1 size-5" />
        ) : (
          <CircleDashed
            aria-hidden
            className={cn("mt-1 size-5 shrink-0", left.length > 0 ? "text-bend" : "text-ink-2")}
          />
        )}
        <h2
          ref={heading}
          tabIndex={-1}
          className={cn(
            "text-balance break-words font-semibold text-lg",
            left.length === 0 ? stageInk(stage) : null,
          )}
        >
          {left.length === 0 ? t(`several.${stage}`, words) : t("severalPartly", words)}
        </h2>
      </div>
      <ol className="flex flex-col divide-y divide-line border-line border-y">
        {recorded.map((each, index) => (
          <li key={each.decision.id} className="py-4">
            <RecordedPart
              {...props}
              recorded={each}
              shortcut={index === recorded.length - 1}
              onStage={onStage}
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
  onStage: (decisionId: string, stage: Stage | null) => void;
  onAnswered: () => void;
}

function RecordedPart(props: RecordedPartProps) {
  const { recorded, onStage, onReachable } = props;
  const { id, remedy, amount, currency } = recorded.decision;
  const words = useTranslations("common.remedy");
  const followed = useFollowed(recorded, onReachable);
  const { stage, told } = followed;
  useEffect(() => {
    if (id) onStage(id, stage);
  }, [id, stage, onStage]);
  return (
    <div className="flex flex-col gap-3">
      <ReceiptHead {...props} followed={followed} />
      <ReceiptWords {...props} followed={followed} />
      <ReceiptActions
        recorded={recorded}
        followed={followed}
        onAnswered={props.onAnswered}
        shortcut={props.shortcut}
        name={`${words(remedy)} ${formatAmount(amount, currency)}`}
      />
      {stage ? <FollowedExecution told={told} /> : null}
    </div>
  );
}
