"use client";

import { useTranslations } from "next-intl";
import { useCall } from "@/components/settings/rates/use-call";
import { Button } from "@/components/ui/button";
import { addCause } from "@/lib/causes/actions";
import type { FreeCause, SaveCauseAnswer } from "@/lib/causes/types";
import { CauseRefused } from "./cause-refused";

interface FreeCauseRowProps {
  free: FreeCause;
  mayEdit: boolean;
  onSaid: (words: string) => void;
}

/** A cause that people wrote and no catalogue has, to be taken over as it is on record. */
export function FreeCauseRow({ free, mayEdit, onSaid }: FreeCauseRowProps) {
  const t = useTranslations("causes");
  const { answer, busy, failed, call, clear } = useCall<SaveCauseAnswer>();
  const { cause, count } = free;

  async function takeOver() {
    const name = cause.charAt(0).toUpperCase() + cause.slice(1);
    const said = await call(() => addCause({ name, key: cause, needsNote: false }));
    if (said?.ok) onSaid(t("done.added", { name }));
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <bdi className="min-w-0 grow break-words">{cause}</bdi>
        <span className="figures text-ink-3 text-xs">{t("count", { count })}</span>
        {mayEdit ? (
          <Button
            size="sm"
            className="pointer-coarse:h-11"
            busy={busy}
            aria-label={t("takeOverOf", { name: cause })}
            onClick={() => void takeOver()}
          >
            {busy ? t("busy") : t("takeOver")}
          </Button>
        ) : null}
      </div>
      <CauseRefused answer={answer} failed={failed} onSignedIn={clear} />
    </div>
  );
}
