"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { bindingOf } from "@/components/decision/arithmetic";
import { ExplanationList } from "@/components/decision/explanation";
import { TakeBack } from "@/components/decision/take-back";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Withdraw } from "@/components/decision/withdraw";
import { Words } from "@/components/decision/words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { Verdict } from "@/lib/discretion/schema";
import type { EmbeddedDesk } from "@/lib/embed/types";
import { formatAmount } from "@/lib/format/money";
import type { HandoverStatus, HandoverView } from "@/lib/handovers/types";
import type { Recorded } from "./compact-desk";
import { useAnswer } from "./use-answer";

interface CompactReceiptProps extends Recorded {
  desk: EmbeddedDesk;
  /** Something became of it: what the customer's other numbers are has changed. */
  onChanged: () => void;
  onMore: () => void;
}

/** What became of it since, as far as this frame knows. */
type Since = "undone" | "reversed" | "already" | Exclude<HandoverStatus, "waiting">;

/** What was recorded. It stays until the person goes on to something else, and shows an answer by itself. */
export function CompactReceipt(props: CompactReceiptProps) {
  const { decision, replayed, answeredAt, desk, onChanged, onMore } = props;
  const t = useTranslations("embed.receipt");
  const common = useTranslations("common.explanation");
  const heading = useRef<HTMLHeadingElement>(null);
  const [taken, setTaken] = useState<Since | null>(null);
  const waits = decision.status === "reserved" && taken === null;
  const handover = useAnswer(waits ? decision.id : null, onChanged);
  const since = taken ?? (handover === null || handover.status === "waiting" ? null : handover.status);
  const binding = bindingOf(decision.explanation);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what became of it is said at the top, anew each time.
  useEffect(() => heading.current?.focus(), [since]);

  function become(next: Since) {
    setTaken(next);
    onChanged();
  }

  return (
    <section aria-label={t("label")} className="arrive flex flex-col gap-4 border-line border-t pt-4">
      <Head {...props} since={since} answered={handover} headingRef={heading} />
      {binding && since === null ? <Words say={binding.say} /> : null}
      {handover && taken === null ? <Said handover={handover} /> : null}
      {decision.id !== null && since === null && decision.status === "posted" ? (
        <TakeBack
          decision={{ id: decision.id, amount: decision.amount, currency: decision.currency }}
          undoUntil={decision.undoUntil}
          // What is answered anew was recorded a while ago; what was just recorded, just now.
          now={replayed ? new Date(answeredAt).toISOString() : decision.createdAt}
          mayReverse
          shortcut
          onDone={(reversed) =>
            become(reversed === null ? "already" : reversed.reversal.kind === "undo" ? "undone" : "reversed")
          }
        />
      ) : null}
      {decision.id !== null && since === null && decision.status === "reserved" ? (
        <Withdraw
          decisionId={decision.id}
          onDone={({ status }) => (status === "waiting" ? onChanged() : become(status))}
        />
      ) : null}
      <details className="text-sm">
        <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
          {common("checked")}
        </summary>
        <ExplanationList
          explanation={decision.explanation}
          currencies={{ policy: desk.currency, decision: decision.currency }}
          values={desk.policy?.values ?? []}
          className="mt-3"
        />
      </details>
      <Button className="h-11 w-full" onClick={onMore}>
        {t("more")}
      </Button>
    </section>
  );
}

/** What the answerer wants to know, which is answered on the desk itself; what the customer may be told. */
function Said({ handover }: { handover: HandoverView }) {
  const t = useTranslations("embed.receipt");
  const question = handover.clockStands ? handover.words.findLast(({ kind }) => kind === "question") : null;
  const forCustomer = handover.words.findLast(({ kind }) => kind === "customer");
  return (
    <>
      {question ? (
        <div className="flex flex-col items-start gap-2 rounded-md bg-handover-soft p-3" role="status">
          <p className="font-medium">{t("asked")}</p>
          <p className="whitespace-pre-line break-words">{question.text}</p>
          <a
            href={`/desk/decisions/${handover.decision}`}
            target="_blank"
            rel="noopener noreferrer"
            className="flex items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
          >
            {t("answerThere")}
          </a>
        </div>
      ) : null}
      {forCustomer ? <Words say={forCustomer.text} /> : null}
    </>
  );
}

interface HeadProps extends CompactReceiptProps {
  since: Since | null;
  answered: HandoverView | null;
  headingRef: React.Ref<HTMLHeadingElement>;
}

const INK: Partial<Record<Since, Verdict>> = { approved: "allow", adjusted: "allow", declined: "deny" };

function Head({ decision, replayed, since, answered, headingRef }: HeadProps) {
  const t = useTranslations("embed.receipt");
  const remedy = useTranslations("common.remedy");
  const amount = formatAmount(decision.amount, decision.currency);
  const granted = answered?.grantedAmount ?? decision.amount;
  const words = {
    remedy: remedy(decision.remedy),
    amount,
    currency: decision.currency,
    granted: formatAmount(granted, decision.currency),
  };
  const shown = since === null ? decision.verdict : INK[since];
  return (
    <div role="status" className="flex gap-2.5">
      {shown ? (
        <VerdictIcon verdict={shown} className={cn("mt-1 size-5 shrink-0", VERDICT_INK[shown])} />
      ) : (
        <Undo2 aria-hidden className="mt-1 size-5 shrink-0 text-ink-2" />
      )}
      <div className="flex min-w-0 flex-col gap-1">
        <h2
          ref={headingRef}
          tabIndex={-1}
          className={cn("text-balance break-words font-semibold text-base", shown && VERDICT_INK[shown])}
        >
          {t(since ?? decision.verdict, words)}
        </h2>
        {decision.verdict === "handover" && since === null ? <p className="text-ink-2">{t("held")}</p> : null}
        {since === "declined" || since === "expired" ? <p className="text-ink-2">{t("free")}</p> : null}
        {answered?.note ? (
          <p className="whitespace-pre-line break-words">
            <span className="text-ink-3 text-xs">{t("note")}</span> {answered.note}
          </p>
        ) : null}
        {replayed ? <p className="text-ink-2">{t("replayed")}</p> : null}
      </div>
    </div>
  );
}
