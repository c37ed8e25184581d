"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { GiveFacts } from "@/components/decision/give-facts";
import { HandoverWords } from "@/components/decision/handover-words";
import { Withdraw } from "@/components/decision/withdraw";
import { call } from "@/components/shell/rest";
import { useEvents } from "@/components/shell/use-events";
import { cn } from "@/components/ui/cn";
import { formatMoney } from "@/lib/format/money";
import type { HandoverStatus, HandoverStory } from "@/lib/handovers/types";
import { showHere } from "./answer-news";

interface WaitingPanelProps {
  decisionId: string;
  /** What was asked for, minor units. */
  amount: number;
  currency: string;
  /** It is over: the page behind the receipt shows other numbers now. */
  onOver: (status: HandoverStatus) => void;
  /** The person took it back. */
  onWithdrawn: () => void;
}

interface Told {
  story: HandoverStory;
  timeZone: string;
}

const INK: Partial<Record<HandoverStatus, string>> = {
  approved: "text-allow",
  adjusted: "text-allow",
  declined: "text-deny",
};

/** Whom a handover waits for, what they want to know, and their answer, as soon as there is one. */
export function WaitingPanel({ decisionId, amount, currency, onOver, onWithdrawn }: WaitingPanelProps) {
  const t = useTranslations("handovers.desk");
  const over = useTranslations("common.withdraw");
  const [told, setTold] = useState<Told | null>(null);
  const [failed, setFailed] = useState(false);
  const [isLate, setLate] = useState(false);
  const latest = useRef(onOver);
  useEffect(() => {
    latest.current = onOver;
  });

  const read = useCallback(async () => {
    const answer = await call<{ story: HandoverStory | null; timeZone: string }>(
      `/desk/decisions/${decisionId}/handover`,
      {},
    );
    setFailed(!answer.ok);
    if (answer.ok && answer.value.story) setTold({ ...answer.value, story: answer.value.story });
  }, [decisionId]);

  useEffect(() => void read(), [read]);
  useEffect(() => showHere(decisionId), [decisionId]);
  useEvents(
    ["handover"],
    ({ id }) => {
      if (id === null || id === decisionId) void read();
    },
    { urgent: told === null || told.story.status === "waiting" },
  );

  const status = told?.story.status ?? "waiting";
  useEffect(() => {
    if (status !== "waiting") latest.current(status);
  }, [status]);

  return (
    <div className="flex flex-col gap-3" data-testid="waiting">
      <div role="status" className="flex flex-col gap-1.5">
        {isLate && status !== "waiting" ? <p className="text-ink-2">{over(status)}</p> : null}
        {told ? <Answer {...told} amount={amount} currency={currency} /> : null}
        {told === null && !failed ? <p className="text-ink-2">{t("reading")}</p> : null}
        {failed ? <p className="text-ink-2">{t("failed")}</p> : null}
      </div>
      {told?.story.clockStands ? <GiveFacts handover={told.story} onDone={() => void read()} /> : null}
      {status === "waiting" ? (
        <Withdraw
          decisionId={decisionId}
          onDone={(handover) => {
            if (handover.status === "withdrawn") return onWithdrawn();
            setLate(true);
            void read();
          }}
        />
      ) : null}
    </div>
  );
}

function Answer({ story, timeZone, amount, currency }: Told & { amount: number; currency: string }) {
  const t = useTranslations("handovers.desk");
  const { status, answeredBy, grantedAmount } = story;
  return (
    <>
      {status === "waiting" || status === "withdrawn" ? null : (
        <p className={cn("font-semibold text-base", INK[status])}>
          {t(`answered.${status}`, {
            name: answeredBy?.name ?? t("somebody"),
            amount: formatMoney(grantedAmount ?? amount, currency),
          })}
        </p>
      )}
      <HandoverWords handover={story} amount={amount} currency={currency} timeZone={timeZone} />
    </>
  );
}
