"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCall } from "@/components/settings/rates/use-call";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { changeCause } from "@/lib/causes/actions";
import type { KeptCause, SaveCauseAnswer } from "@/lib/causes/types";
import { CauseForm } from "./cause-form";
import { CauseRefused } from "./cause-refused";

interface CauseRowProps {
  cause: KeptCause;
  mayEdit: boolean;
  /** Something was done, in words. */
  onSaid: (words: string) => void;
}

/** One cause of the catalogue: what it is called, what it is on record as, and what can be done about it. */
export function CauseRow({ cause, mayEdit, onSaid }: CauseRowProps) {
  const t = useTranslations("causes");
  const { answer, busy, failed, call, clear } = useCall<SaveCauseAnswer>();
  const [changing, setChanging] = useState(false);
  const { key, name, needsNote, revision } = cause;
  const isRetired = cause.retiredAt !== null;

  async function setRetired(retired: boolean) {
    const said = await call(() => changeCause({ key, name, needsNote, revision, retired }));
    if (said?.ok) onSaid(t(retired ? "done.retired" : "done.offered", { name }));
  }

  if (changing) {
    return (
      <CauseForm
        // What somebody else saved meanwhile is what is changed from then on.
        key={revision}
        cause={cause}
        onKeep={() => setChanging(false)}
        onDone={(saved) => {
          setChanging(false);
          onSaid(t("done.saved", { name: saved.name }));
        }}
      />
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="flex min-w-0 grow flex-wrap items-baseline gap-x-2">
          <bdi className="min-w-0 break-words font-medium">{name}</bdi>
          {name.toLowerCase() === key.toLowerCase() ? null : (
            <span className="break-words text-ink-3 text-xs">{t("record", { key })}</span>
          )}
          {needsNote ? <Badge>{t("asksForNote")}</Badge> : null}
        </div>
        {mayEdit ? (
          <div className="flex gap-1">
            {isRetired ? null : (
              <Button
                size="sm"
                variant="quiet"
                className="pointer-coarse:h-11"
                aria-label={t("changeOf", { name })}
                onClick={() => setChanging(true)}
              >
                {t("change")}
              </Button>
            )}
            <Button
              size="sm"
              variant="quiet"
              className="pointer-coarse:h-11"
              busy={busy}
              aria-label={t(isRetired ? "offerOf" : "retireOf", { name })}
              onClick={() => void setRetired(!isRetired)}
            >
              {busy ? t("busy") : t(isRetired ? "offer" : "retire")}
            </Button>
          </div>
        ) : null}
      </div>
      <CauseRefused answer={answer} failed={failed} onSignedIn={clear} />
    </div>
  );
}
