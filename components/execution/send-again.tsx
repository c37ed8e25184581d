"use client";

import { useTranslations } from "next-intl";
import { useCall } from "@/components/settings/rates/use-call";
import { Button } from "@/components/ui/button";
import { useHydrated } from "@/components/ui/use-hydrated";
import { sendAgain } from "@/lib/execution/actions";
import type { SettleAnswer } from "@/lib/execution/types";
import { SettleRefused } from "./settle-refused";

/** Has a provider told again of what nobody took for days. */
export function SendAgain({ decisionId }: { decisionId: string }) {
  const t = useTranslations("execution.list");
  const ready = useHydrated();
  const { busy, answer, failed, call, clear } = useCall<SettleAnswer>();
  if (answer?.ok) {
    return (
      <p role="status" className="text-ink-2 text-sm">
        {t("sentAgain")}
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <Button
        size="sm"
        className="w-fit"
        busy={busy}
        disabled={!ready}
        onClick={() => void call(() => sendAgain({ decisionId }))}
      >
        {t("sendAgain")}
      </Button>
      <SettleRefused answer={answer} failed={failed} onSignedIn={clear} />
    </div>
  );
}
