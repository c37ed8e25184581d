"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import type { HandoverView } from "@/lib/handovers/types";
import { RefusedNote } from "./refused-note";
import { withdraw } from "./requests";
import { useAsking } from "./use-taking-back";

interface WithdrawProps {
  decisionId: string;
  /** It is over: taken back, or answered meanwhile. */
  onDone: (handover: HandoverView) => void;
}

/** Takes back what was asked of somebody, while nobody has answered. */
export function Withdraw({ decisionId, onDone }: WithdrawProps) {
  const t = useTranslations("common.withdraw");
  const { asking, ask } = useAsking<HandoverView>();

  async function send() {
    const answer = await ask((onAgain) => withdraw(decisionId, onAgain));
    if (answer?.ok) onDone(answer.value);
  }

  return (
    <div className="flex flex-col items-start gap-3">
      <Button className="h-11" busy={asking.step !== null} onClick={send}>
        <Undo2 aria-hidden />
        {asking.step === null ? t("submit") : t(asking.step === "again" ? "again" : "busy")}
      </Button>
      {asking.refused ? <RefusedNote refused={asking.refused} unsure={t("unsure")} onAgain={send} /> : null}
    </div>
  );
}
