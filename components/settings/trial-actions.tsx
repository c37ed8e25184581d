"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { endTrial } from "@/lib/policies/actions";
import type { WholeVersion } from "@/lib/policies/types";
import type { Trial } from "@/lib/trials/types";
import { announce } from "./announcement";
import { PublishDialog } from "./publish-dialog";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

interface TrialActionsProps {
  /** One that runs. */
  trial: Trial;
  version: WholeVersion;
  current: WholeVersion | null;
}

/** How a trial ends before its time: the team goes back, or everybody comes along. */
export function TrialActions({ trial, version, current }: TrialActionsProps) {
  const t = useTranslations("settings.trial.actions");
  const router = useRouter();
  const [publishing, setPublishing] = useState(false);
  return (
    <>
      <EndButton trial={trial} main={current?.version ?? 0} />
      <Button onClick={() => setPublishing(true)}>{t("publish")}</Button>
      {publishing ? (
        <PublishDialog
          open
          onOpenChange={setPublishing}
          title={t("publishTitle", { version: version.version })}
          text={t("publishText")}
          submit={t("publishSubmit")}
          request={{ version: version.version, base: current?.version ?? null }}
          before={current}
          after={version.document}
          note={version.note}
          onStale={() => router.refresh()}
        />
      ) : null}
    </>
  );
}

function EndButton({ trial, main }: { trial: Trial; main: number }) {
  const t = useTranslations("settings.trial.actions");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  const { busy, refusal, call, clear } = useLifeCall();
  const team = trial.team.name;

  function change(next: boolean) {
    if (!next) clear();
    setOpen(next);
  }

  async function end() {
    const answer = await call(() => endTrial({ trialId: trial.id }));
    if (!answer) return;
    announce({ kind: "trialEnded", version: trial.version, team });
    setOpen(false);
  }

  return (
    <Dialog
      title={t("endTitle")}
      description={t("endText", { team, main })}
      closeLabel={common("close")}
      trigger={<Button>{t("end")}</Button>}
      open={open}
      onOpenChange={change}
    >
      {refusal ? <RefusalNote refusal={refusal} version={trial.version} onSignedIn={clear} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("keep")}</DialogClose>
        <Button variant="primary" busy={busy} onClick={end}>
          {busy ? t("endBusy") : t("endSubmit")}
        </Button>
      </div>
    </Dialog>
  );
}
