"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import type { DecisionPage } from "@/lib/insights/types";
import { makePrecedent } from "@/lib/teachable/actions";
import { namesIn } from "./names-in";
import { RefusedNote } from "./refused-note";
import { useWriting } from "./use-writing";

/** Makes a precedent of a decision, in words that say of nobody who it was. */
export function PrecedentDialog({ decision }: Pick<DecisionPage, "decision">) {
  const t = useTranslations("reviews.precedent");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState(false);
  if (made) {
    return (
      <p role="status" className="text-ink-2">
        {t("made")}
      </p>
    );
  }
  return (
    <Dialog
      title={t("title")}
      description={t("text")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" className="pointer-coarse:h-11">
          {t("open")}
        </Button>
      }
    >
      <PrecedentForm
        decision={decision}
        onDone={() => {
          setOpen(false);
          setMade(true);
        }}
      />
    </Dialog>
  );
}

function PrecedentForm({ decision, onDone }: Pick<DecisionPage, "decision"> & { onDone: () => void }) {
  const t = useTranslations("reviews.precedent");
  const form = useId();
  // One intent: sent again it is the same precedent.
  const id = useMemo(() => crypto.randomUUID(), []);
  const [happened, setHappened] = useState(decision.case?.happened ?? "");
  const [done, setDone] = useState(decision.note ?? "");
  const [missing, setMissing] = useState(false);
  const { busy, refusal, send, clear } = useWriting();
  const names = namesIn(`${happened} ${done}`, [decision.customerName, decision.employeeName]);
  const lacks = (text: string) => (missing && text.trim() === "" ? t("missing") : null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const lacking = happened.trim() === "" || done.trim() === "";
    setMissing(lacking);
    if (lacking) return;
    const made = await send(() =>
      makePrecedent({ id, decisionId: decision.id, happened: happened.trim(), done: done.trim() }),
    );
    if (made) onDone();
  }

  return (
    <>
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("happened")} error={lacks(happened)}>
          <Textarea value={happened} maxLength={1000} onChange={(event) => setHappened(event.target.value)} />
        </Field>
        <Field label={t("done")} error={lacks(done)}>
          <Textarea value={done} maxLength={1000} onChange={(event) => setDone(event.target.value)} />
        </Field>
        <p role="status" className="text-bend empty:hidden">
          {names.length > 0 ? t("names", { names: names.join(", ") }) : null}
        </p>
      </form>
      {refusal ? <RefusedNote refusal={refusal} onSignedIn={clear} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button type="submit" form={form} variant="primary" busy={busy}>
          {busy ? t("busy") : t("submit")}
        </Button>
      </div>
    </>
  );
}
