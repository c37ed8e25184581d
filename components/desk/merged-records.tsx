"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { useAsking } from "@/components/decision/use-taking-back";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import type { MergeStory } from "@/lib/merges/types";
import { unmerge } from "./requests";

interface MergedRecordsProps {
  /** Those that stand. */
  merges: readonly MergeStory[];
  mayMerge: boolean;
}

/** The other records of the same customer, and the way to part them again. */
export function MergedRecords({ merges, mayMerge }: MergedRecordsProps) {
  const t = useTranslations("desk.merge");
  if (merges.length === 0) return null;
  return (
    <section aria-label={t("records")} className="flex flex-col gap-1 text-sm">
      <p className="text-ink-3">{t("records")}</p>
      <ul className="flex flex-col gap-1">
        {merges.map((merge) => (
          <li key={merge.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 break-words">
              {[merge.duplicate.name, merge.duplicate.email, merge.duplicate.phone]
                .filter(Boolean)
                .join(" · ")}{" "}
              <span className="break-all font-mono text-ink-2 text-xs">{merge.duplicate.externalRef}</span>
            </span>
            {mayMerge ? <PartDialog merge={merge} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PartDialog({ merge }: { merge: MergeStory }) {
  const t = useTranslations("desk.merge");
  const common = useTranslations("common");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { asking, ask, clear } = useAsking<null>();
  const isBusy = asking.step !== null;
  const names = { duplicate: merge.duplicate.name, customer: merge.customer.name };

  async function send() {
    const answer = await ask((onAgain) => unmerge(merge.duplicate.id, onAgain));
    if (!answer?.ok) return;
    setOpen(false);
    router.refresh();
  }

  return (
    <Dialog
      title={t("partTitle", names)}
      description={t("partText", names)}
      closeLabel={common("close")}
      open={open}
      onOpenChange={(next) => {
        if (!next) clear();
        setOpen(next);
      }}
      trigger={
        <Button size="sm" variant="quiet" className="-ml-3 pointer-coarse:h-11">
          {t("part")}
        </Button>
      }
    >
      {asking.refused ? (
        <RefusedNote refused={asking.refused} unsure={t("partUnsure")} onAgain={send} />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("keepMerged")}</DialogClose>
        <Button variant="primary" busy={isBusy} onClick={send}>
          {isBusy ? t(asking.step === "again" ? "again" : "parting") : t("partSubmit")}
        </Button>
      </div>
    </Dialog>
  );
}
