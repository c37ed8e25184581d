"use client";

import { UsersRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { useAsking } from "@/components/decision/use-taking-back";
import type { Answer } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { type Pick, Picker } from "@/components/ui/picker";
import type { CustomerHit } from "@/lib/customers/types";
import type { Allowance } from "@/lib/decisions/types";
import type { MergeView } from "@/lib/merges/types";
import { findCustomers, mergeInto, readAllowance } from "./requests";

/** One of the two records, as far as it has to be told apart from the other. */
export type MergeRecord = Omit<CustomerHit, "matchedOrder" | "matchedRecord">;

/** Says that two records are one customer. */
export function MergeDialog({ record }: { record: MergeRecord }) {
  const t = useTranslations("desk.merge");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={t("title", { name: record.name })}
      description={t("text")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={setOpen}
      className="max-w-2xl"
      trigger={
        <Button size="sm" variant="quiet" className="-ml-3 w-fit pointer-coarse:h-11">
          <UsersRound aria-hidden />
          {t("open")}
        </Button>
      }
    >
      <MergeForm record={record} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function MergeForm({ record, onDone }: { record: MergeRecord; onDone: () => void }) {
  const t = useTranslations("desk.merge");
  const router = useRouter();
  const form = useId();
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const [other, setOther] = useState<MergeRecord | null>(null);
  const [staysId, setStaysId] = useState(record.id);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState<"other" | "reason" | null>(null);
  const { asking, ask, clear } = useAsking<MergeView>();
  const isBusy = asking.step !== null;

  async function send() {
    if (!other) return;
    const [duplicate, stays] = staysId === record.id ? [other, record] : [record, other];
    const answer = await ask((onAgain) => mergeInto(duplicate.id, stays.id, reason.trim(), onAgain));
    if (!answer?.ok) return;
    onDone();
    if (stays.id === record.id) router.refresh();
    else router.push(`/desk/${stays.id}?merged=${duplicate.id}`);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    if (!other) return setMissing("other");
    if (reason.trim() === "") {
      setMissing("reason");
      return reasonField.current?.focus();
    }
    void send();
  }

  return (
    <>
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <OtherPicker
          record={record}
          error={missing === "other" ? t("otherMissing") : undefined}
          onPick={(picked) => {
            setOther(picked);
            setMissing(null);
            setStaysId(record.id);
            clear();
          }}
        />
        {other ? (
          <fieldset className="flex min-w-0 flex-col">
            <legend className="mb-1.5 font-medium text-sm">{t("stays")}</legend>
            <div className="grid gap-3 sm:grid-cols-2">
              {[record, other].map((each) => (
                <RecordCard
                  key={each.id}
                  record={each}
                  name={`${form}-stays`}
                  checked={staysId === each.id}
                  onChoose={() => {
                    setStaysId(each.id);
                    clear();
                  }}
                />
              ))}
            </div>
            <p className="mt-1.5 text-ink-3 text-xs">{t("staysHint")}</p>
          </fieldset>
        ) : null}
        <Field
          label={t("reason")}
          hint={t("reasonHint")}
          error={missing === "reason" ? t("reasonMissing") : undefined}
        >
          <Textarea
            ref={reasonField}
            name="reason"
            maxLength={500}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
              setMissing(null);
              clear();
            }}
          />
        </Field>
      </form>
      {asking.refused ? <RefusedNote refused={asking.refused} unsure={t("unsure")} onAgain={send} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("keep")}</DialogClose>
        <Button type="submit" form={form} variant="primary" busy={isBusy}>
          {isBusy ? t(asking.step === "again" ? "again" : "busy") : t("submit")}
        </Button>
      </div>
    </>
  );
}

interface OtherPickerProps {
  record: MergeRecord;
  error: string | undefined;
  onPick: (record: MergeRecord | null) => void;
}

/** Finds the other record by the desk's own search; the one whose page this is isn't listed. */
function OtherPicker({ record, error, onPick }: OtherPickerProps) {
  const t = useTranslations("desk.merge");
  const words = useTranslations("desk.merge.picker");
  const [picked, setPicked] = useState<Pick | null>(null);
  const hits = useRef(new Map<string, MergeRecord>());

  async function find(text: string, signal: AbortSignal): Promise<Pick[] | null> {
    if (text === "") return [];
    const answer = await findCustomers(text, signal);
    if (!answer.ok) return null;
    const others = answer.value.filter(({ id }) => id !== record.id);
    for (const hit of others) hits.current.set(hit.id, hit);
    return others.map(({ id, name, email, externalRef }) => {
      const detail = email ?? externalRef;
      return { value: id, label: name, ...(detail ? { detail } : {}) };
    });
  }

  return (
    <Field label={t("other")} error={error}>
      <Picker
        value={picked}
        onChange={(next) => {
          setPicked(next);
          onPick(next ? (hits.current.get(next.value) ?? null) : null);
        }}
        find={find}
        words={{
          searching: words("searching"),
          none: words("none"),
          failed: words("failed"),
          typeFirst: words("typeFirst"),
          clear: words("clear"),
        }}
      />
    </Field>
  );
}

interface RecordCardProps {
  record: MergeRecord;
  name: string;
  checked: boolean;
  onChoose: () => void;
}

/** One of the two, to be picked as the one that stays. */
function RecordCard({ record, name, checked, onChoose }: RecordCardProps) {
  const t = useTranslations("desk.merge");
  const id = useId();
  const lines = [record.email, record.phone].filter(Boolean);
  return (
    <label
      htmlFor={id}
      className={cn(
        "relative flex min-w-0 flex-col gap-1 rounded-md border border-line-strong bg-surface p-3 text-sm transition-colors hover:bg-sunken",
        "has-checked:border-accent-text has-checked:bg-accent-soft has-checked:shadow-[inset_0_0_0_1px_var(--accent-text)]",
        "has-focus-visible:outline-2 has-focus-visible:outline-accent-text has-focus-visible:outline-offset-2",
      )}
    >
      <span className="flex items-center gap-2">
        <input
          id={id}
          type="radio"
          name={name}
          checked={checked}
          onChange={onChoose}
          className="size-4 shrink-0 accent-accent"
        />
        <span className="min-w-0 break-words font-medium">{record.name}</span>
        {record.tier ? <span className="shrink-0 text-ink-3 text-xs">{record.tier}</span> : null}
      </span>
      {lines.map((line) => (
        <span key={line} className="break-all text-ink-2">
          {line}
        </span>
      ))}
      {record.externalRef ? (
        <span className="break-all font-mono text-ink-2 text-xs">{record.externalRef}</span>
      ) : null}
      <span className="text-ink-2">
        {t("left")} <Left customerId={record.id} />
      </span>
    </label>
  );
}

/** What the person may still give to this one, as things are now. */
function Left({ customerId }: { customerId: string }) {
  const t = useTranslations("desk.receipt");
  const [answer, setAnswer] = useState<Answer<Allowance> | null>(null);
  useEffect(() => {
    const aborter = new AbortController();
    readAllowance(customerId, aborter.signal).then(setAnswer, () => undefined);
    return () => aborter.abort();
  }, [customerId]);
  if (answer === null) return <span>{t("afterReading")}</span>;
  if (!answer.ok) return <span>{t("afterUnread")}</span>;
  const { available, currency } = answer.value;
  return available === null ? (
    t("afterUnbounded")
  ) : (
    <Money amount={available} currency={currency} className="font-medium text-ink" />
  );
}
