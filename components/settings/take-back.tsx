"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { discardDraft } from "@/lib/policies/actions";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

/** A draft that was thrown away, and the way to have it back. */
export function TakeBack({ version, mayEdit }: { version: number; mayEdit: boolean }) {
  const t = useTranslations("settings.versions");
  const { busy, refusal, call, clear } = useLifeCall();
  return (
    <div className="flex flex-col items-start gap-3 rounded-md bg-sunken p-3">
      <p role="status">{t("discardedNote")}</p>
      {mayEdit ? (
        <Button size="sm" busy={busy} onClick={() => call(() => discardDraft({ version, discard: false }))}>
          {t("takeBack")}
        </Button>
      ) : null}
      {refusal ? <RefusalNote refusal={refusal} version={version} onSignedIn={clear} /> : null}
    </div>
  );
}
