"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { discardDraft } from "@/lib/policies/actions";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

interface DiscardButtonProps {
  version: number;
  /** Something was typed that is not saved: it could not be taken back, so it is asked for first. */
  dirty: boolean;
}

/** Throws a draft away, as far as it is saved so that it can be taken back. */
export function DiscardButton({ version, dirty }: DiscardButtonProps) {
  const t = useTranslations("settings.publish.discard");
  const common = useTranslations("common");
  const publish = useTranslations("settings.publish");
  const [open, setOpen] = useState(false);
  const { busy, refusal, call, clear } = useLifeCall();

  function discard() {
    setOpen(false);
    call(() => discardDraft({ version, discard: true }));
  }

  return (
    <>
      <Button variant="quiet" busy={busy} onClick={() => (dirty ? setOpen(true) : discard())}>
        {busy ? t("busy") : t("open")}
      </Button>
      <Dialog
        title={t("title", { version })}
        description={t("text")}
        closeLabel={common("close")}
        open={open}
        onOpenChange={setOpen}
      >
        <div className="flex flex-wrap justify-end gap-2">
          <DialogClose>{publish("back")}</DialogClose>
          <Button variant="danger" onClick={discard}>
            {t("submit")}
          </Button>
        </div>
      </Dialog>
      {refusal ? (
        <div className="w-full">
          <RefusalNote refusal={refusal} version={version} onSignedIn={clear} />
        </div>
      ) : null}
    </>
  );
}
