"use client";

import { BookOpen, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { Select } from "@/components/ui/select";
import { Time } from "@/components/ui/time";
import { nameOfCause } from "@/lib/causes/naming";
import { removePrecedent } from "@/lib/teachable/actions";
import type { Precedent, PrecedentsPage } from "@/lib/teachable/types";
import { RefusedNote } from "./refused-note";
import { useWriting } from "./use-writing";

/** What others can learn from, the newest first. */
export function PrecedentList(page: PrecedentsPage) {
  const { items, causes, causeNames, cause } = page;
  const t = useTranslations("reviews.precedent");
  const router = useRouter();
  if (items.length === 0 && cause === null) {
    return (
      <EmptyState icon={<BookOpen />} title={t("emptyTitle")}>
        <p>{t("emptyText")}</p>
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Field label={t("cause")} className="max-w-72">
        <Select
          value={cause ?? ""}
          onChange={({ target }) =>
            router.push(
              target.value === ""
                ? "/floor/reviews/precedents"
                : `/floor/reviews/precedents?${new URLSearchParams({ cause: target.value })}`,
            )
          }
        >
          <option value="">{t("anyCause")}</option>
          {causes.map((each) => (
            <option key={each} value={each}>
              {nameOfCause(causeNames, each)}
            </option>
          ))}
        </Select>
      </Field>
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {items.map((item) => (
          <li key={item.id}>
            <PrecedentItem item={item} {...page} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PrecedentItem({
  item,
  causeNames,
  mayChange,
  now,
  timeZone,
}: { item: Precedent } & Pick<PrecedentsPage, "causeNames" | "mayChange" | "now" | "timeZone">) {
  const t = useTranslations("reviews.precedent");
  const remedy = useTranslations("common.remedy");
  return (
    <article className="flex flex-col gap-2 py-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="flex items-center gap-2 font-medium text-base">
          <RemedyIcon remedy={item.remedy} className="size-4 text-ink-3" />
          {remedy(item.remedy)} <Money amount={item.amount} currency={item.currency} />
        </h2>
        <span className="text-ink-2">
          {[item.cause === null ? t("noCause") : nameOfCause(causeNames, item.cause), item.tier]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className="ml-auto flex items-center gap-2 text-ink-3 text-xs">
          <Time at={item.createdAt} now={now} timeZone={timeZone} as="day" />
          {mayChange ? <Remove id={item.id} /> : null}
        </span>
      </header>
      <p className="max-w-prose whitespace-pre-line break-words">{item.happened}</p>
      <p className="max-w-prose whitespace-pre-line break-words text-ink-2">{item.done}</p>
    </article>
  );
}

function Remove({ id }: { id: string }) {
  const t = useTranslations("reviews.precedent");
  const common = useTranslations("common");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { busy, refusal, send, clear } = useWriting();
  return (
    <Dialog
      title={t("removeTitle")}
      description={t("removeText")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="quiet" size="sm" className="pointer-coarse:h-11">
          <Trash2 aria-hidden />
          {t("remove")}
        </Button>
      }
    >
      {refusal ? <RefusedNote refusal={refusal} onSignedIn={clear} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button
          variant="danger"
          busy={busy}
          onClick={async () => {
            if (!(await send(() => removePrecedent({ id })))) return;
            setOpen(false);
            router.refresh();
          }}
        >
          {busy ? t("removing") : t("removeNow")}
        </Button>
      </div>
    </Dialog>
  );
}
