"use client";

import { CircleCheck, Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { findCustomers } from "@/components/floor/find-people";
import { Button, look } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { type Pick, Picker } from "@/components/ui/picker";
import { summarizeCustomer } from "@/lib/personal-data/actions";
import type { CustomerSummary, SummaryAnswer } from "@/lib/personal-data/types";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";
import { EraseDialog } from "./erase-dialog";

/** All that is held about one customer, to hand out or to erase. */
export function PeoplesData({ mayEdit }: { mayEdit: boolean }) {
  const t = useTranslations("organization.people");
  return (
    <section aria-labelledby="peoples-data" className="flex max-w-prose flex-col gap-4">
      <div className="flex flex-col gap-1">
        <h2 id="peoples-data" className="font-semibold text-base">
          {t("title")}
        </h2>
        <p className="text-ink-2">{t("text")}</p>
        {mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </div>
      {mayEdit ? <ChosenCustomer /> : null}
    </section>
  );
}

function ChosenCustomer() {
  const t = useTranslations("organization.people");
  const erase = useTranslations("organization.erase");
  const words = usePickerWords();
  const [pick, setPick] = useState<Pick | null>(null);
  const [erased, setErased] = useState<{ name: string; records: number } | null>(null);
  const { answer, busy, failed, call, clear } = useCall<SummaryAnswer>();

  function choose(next: Pick | null) {
    setPick(next);
    setErased(null);
    clear();
    if (next) call(() => summarizeCustomer({ customerId: next.value }));
  }

  return (
    <>
      <Field label={t("customer")} hint={t("customerHint")} className="max-w-md">
        <Picker value={pick} onChange={choose} find={findCustomers} words={words} />
      </Field>
      <div role="status" className="flex flex-col gap-4 empty:hidden">
        {busy ? <p className="text-ink-2">{t("looking")}</p> : null}
        {erased ? (
          <p className="flex items-start gap-2 rounded-md bg-allow-soft p-3 font-medium text-allow">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span className="min-w-0 break-words">{erase("done", erased)}</span>
          </p>
        ) : null}
      </div>
      {answer?.ok === false && answer.code === "gone" ? <ErrorNote title={t("gone")} /> : null}
      <Refused answer={answer} failed={failed} onSignedIn={() => choose(pick)} />
      {pick && answer?.ok ? (
        <Held
          customer={answer.customer}
          onErased={(done) => {
            choose(null);
            setErased(done);
          }}
        />
      ) : null}
    </>
  );
}

interface HeldProps {
  customer: CustomerSummary;
  onErased: (done: { name: string; records: number }) => void;
}

function Held({ customer, onErased }: HeldProps) {
  const t = useTranslations("organization.people");
  const [open, setOpen] = useState(false);
  const contacts = [customer.email, customer.phone, customer.externalRef].filter(Boolean);
  return (
    <div className="arrive flex flex-col gap-4 border-line border-t pt-4">
      <div className="flex flex-col gap-1">
        <h3 className="break-words font-medium">{customer.name}</h3>
        {contacts.length > 0 ? <p className="break-words text-ink-2">{contacts.join(" · ")}</p> : null}
        <p className="figures">{t("held", { decisions: customer.decisions })}</p>
        {customer.duplicates > 0 ? (
          <p className="figures">{t("duplicates", { count: customer.duplicates })}</p>
        ) : null}
        {customer.waiting > 0 ? <p className="figures">{t("waiting", { count: customer.waiting })}</p> : null}
      </div>
      <div className="flex flex-wrap gap-2">
        {/* Not one of the app's own links: those would fetch it ahead of the press. */}
        <a href={`/settings/organization/customers/${customer.id}/export`} download className={look({})}>
          <Download aria-hidden />
          {t("export")}
        </a>
        <Button variant="danger" onClick={() => setOpen(true)}>
          {t("erase")}
        </Button>
      </div>
      <p className="text-ink-2">{t("exportHint")}</p>
      <EraseDialog customer={customer} open={open} onOpenChange={setOpen} onErased={onErased} />
    </div>
  );
}

function usePickerWords() {
  const t = useTranslations("organization.people.picker");
  return {
    searching: t("searching"),
    none: t("none"),
    failed: t("failed"),
    typeFirst: t("typeFirst"),
    clear: t("clear"),
  };
}
