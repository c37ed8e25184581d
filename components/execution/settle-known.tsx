"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCall } from "@/components/settings/rates/use-call";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input, Textarea } from "@/components/ui/field";
import { useHydrated } from "@/components/ui/use-hydrated";
import { settleKnown } from "@/lib/execution/actions";
import type { OpenExecution, SettleAnswer } from "@/lib/execution/types";
import { SettleRefused } from "./settle-refused";

/** Lets a person say whether something moved of which the provider says nothing. */
export function SettleKnown({ decisionId, of }: Pick<OpenExecution, "decisionId" | "of">) {
  const t = useTranslations("execution");
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [reference, setReference] = useState("");
  const ready = useHydrated();
  const [missing, setMissing] = useState(false);
  const { busy, answer, failed, call, clear } = useCall<SettleAnswer>();
  if (!open) {
    return (
      <Button size="sm" className="w-fit" disabled={!ready} onClick={() => setOpen(true)}>
        {t("list.settle")}
      </Button>
    );
  }
  function say(moved: boolean) {
    if (reason.trim() === "") return setMissing(true);
    void call(() => settleKnown({ decisionId, of, moved, reference, reason: reason.trim() }));
  }
  return (
    <section aria-label={t("list.settleTitle")} className="flex w-full max-w-lg flex-col gap-3">
      <ErrorNote title={t("list.settleText")} />
      <Field
        label={t("list.reason")}
        hint={t("list.reasonHint")}
        error={missing ? t("list.reasonMissing") : undefined}
      >
        <Textarea
          autoFocus
          maxLength={1000}
          value={reason}
          onChange={(event) => {
            setMissing(false);
            setReason(event.target.value);
          }}
        />
      </Field>
      <Field label={t("list.reference")} hint={t("list.referenceHint")}>
        <Input
          autoComplete="off"
          maxLength={200}
          value={reference}
          onChange={(event) => setReference(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button busy={busy} onClick={() => say(true)}>
          {t(of === "execution" ? "list.moved" : "list.takenBack")}
        </Button>
        <Button variant="danger" busy={busy} onClick={() => say(false)}>
          {t(of === "execution" ? "list.movedNot" : "list.takenBackNot")}
        </Button>
        <Button variant="quiet" onClick={() => setOpen(false)}>
          {t("byHand.keep")}
        </Button>
      </div>
      <SettleRefused answer={answer} failed={failed} onSignedIn={clear} />
    </section>
  );
}
