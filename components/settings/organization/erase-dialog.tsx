"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { eraseCustomer } from "@/lib/personal-data/actions";
import { ERASURE_REASONS } from "@/lib/personal-data/schema";
import type { CustomerSummary, EraseAnswer } from "@/lib/personal-data/types";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";

interface EraseDialogProps {
  customer: CustomerSummary;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onErased: (done: { name: string; records: number }) => void;
}

/** Asks once more, with what goes and what stays, and for the name, because nothing brings it back. */
export function EraseDialog({ customer, open, onOpenChange, onErased }: EraseDialogProps) {
  const t = useTranslations("organization.erase");
  const common = useTranslations("common");
  return (
    <Dialog
      title={t("title", { name: customer.name })}
      description={t("text")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={onOpenChange}
    >
      <EraseForm customer={customer} onErased={onErased} />
    </Dialog>
  );
}

function EraseForm({ customer, onErased }: Pick<EraseDialogProps, "customer" | "onErased">) {
  const t = useTranslations("organization");
  const form = useRef<HTMLFormElement>(null);
  const { values, faults, answer, failed, busy, set, send, clear } = useErasing(customer);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await send();
    if (done) onErased(done);
    else
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  return (
    <>
      <div className="flex flex-col gap-2">
        <p>{t("erase.goes")}</p>
        <p>{t("erase.stays")}</p>
      </div>
      {answer?.ok === false && answer.code === "gone" ? <ErrorNote title={t("people.gone")} /> : null}
      <Refused answer={answer} failed={failed} onSignedIn={clear} />
      <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("erase.reason")} hint={t("erase.reasonHint")} error={faults.reason}>
          <Select value={values.reason} onChange={(event) => set({ reason: event.target.value })}>
            <option value="">{t("erase.choose")}</option>
            {ERASURE_REASONS.map((reason) => (
              <option key={reason} value={reason}>
                {t(`erase.reasons.${reason}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("erase.name", { name: customer.name })} error={faults.name}>
          <Input
            autoComplete="off"
            spellCheck={false}
            value={values.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          <DialogClose>{t("erase.back")}</DialogClose>
          <Button type="submit" variant="danger" busy={busy}>
            {busy ? t("erase.busy") : t("erase.submit")}
          </Button>
        </div>
      </form>
    </>
  );
}

interface Values {
  reason: string;
  name: string;
}

function useErasing(customer: CustomerSummary) {
  const t = useTranslations("organization.erase");
  const { answer, busy, failed, call, clear } = useCall<EraseAnswer>();
  const [values, setValues] = useState<Values>({ reason: "", name: "" });
  const [own, setOwn] = useState<Partial<Values>>({});

  async function send(): Promise<{ name: string; records: number } | null> {
    const reason = ERASURE_REASONS.find((each) => each === values.reason);
    const found: Partial<Values> = {};
    if (!reason) found.reason = t("reasonMissing");
    if (values.name.trim() !== customer.name.trim()) found.name = t("nameDiffers");
    setOwn(found);
    if (!reason || found.name) return null;
    const said = await call(() => eraseCustomer({ customerId: customer.id, name: values.name, reason }));
    return said?.ok ? { name: said.name, records: said.records } : null;
  }

  const faults: Partial<Values> = { ...own };
  if (answer?.ok === false && answer.code === "invalid") {
    for (const { path, message } of answer.errors) faults[path as keyof Values] ??= message;
  }
  return {
    values,
    faults,
    answer,
    failed,
    busy,
    clear,
    send,
    set(change: Partial<Values>) {
      setValues((before) => ({ ...before, ...change }));
      setOwn({});
      clear();
    },
  };
}
