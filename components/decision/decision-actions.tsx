"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { DecisionStatus } from "@/lib/decisions/types";
import { formatAmount } from "@/lib/format/money";
import { TakeBack } from "./take-back";
import { Withdraw } from "./withdraw";

interface DecisionActionsProps {
  decision: { id: string; status: DecisionStatus; amount: number; currency: string };
  undoUntil: string | null;
  now: string;
  mayReverse: boolean;
  /** Whether it waits for somebody's answer, and this person asked. */
  mayWithdraw: boolean;
  /** Shown only while it can be undone: what comes after that has its place elsewhere. */
  undoOnly?: boolean;
  /** What it is called where several stand on a page. */
  name?: string;
}

/**
 * What the person may do about a decision that is on record, and what came of it. The page is read anew then, and
 * what was done is said here all the same: whoever cannot see the page hears it.
 */
export function DecisionActions(props: DecisionActionsProps) {
  const { decision, mayReverse, mayWithdraw } = props;
  const t = useTranslations("common.takeBack");
  const over = useTranslations("common.withdraw");
  const router = useRouter();
  const said = useRef<HTMLParagraphElement>(null);
  const [done, setDone] = useState<string | null>(null);
  useEffect(() => {
    if (done !== null) said.current?.focus();
  }, [done]);

  function tell(words: string) {
    setDone(words);
    router.refresh();
  }

  if (done !== null) {
    return (
      <p ref={said} role="status" tabIndex={-1} className="w-fit text-ink-2">
        {done}
      </p>
    );
  }
  const words = { amount: formatAmount(decision.amount, decision.currency), currency: decision.currency };
  if (decision.status === "reserved" && mayWithdraw) {
    return <Withdraw decisionId={decision.id} onDone={({ status }) => tell(over(status))} />;
  }
  if (decision.status !== "posted" || !mayReverse) return null;
  return (
    <TakeBack
      decision={decision}
      undoUntil={props.undoUntil}
      now={props.now}
      mayReverse={!props.undoOnly}
      {...(props.name ? { name: props.name } : {})}
      onDone={(reversed) =>
        tell(
          reversed === null
            ? t("already")
            : t(reversed.reversal.kind === "undo" ? "undone" : "reversed", words),
        )
      }
    />
  );
}
