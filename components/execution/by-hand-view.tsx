"use client";

import { CircleCheck, Download } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { useRowKeys } from "@/components/floor/use-row-keys";
import { useCall } from "@/components/settings/rates/use-call";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { Badge } from "@/components/ui/badge";
import { Button, look } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input, Textarea } from "@/components/ui/field";
import { FileButton } from "@/components/ui/file-button";
import { useHydrated } from "@/components/ui/use-hydrated";
import { own, settle, uploadByHand } from "@/lib/execution/actions";
import { type ByHandFilter, DUES, OWNERS, UPLOAD_BYTES_MAX } from "@/lib/execution/schema";
import type { ByHandPage, OpenExecution, SettleAnswer, UploadAnswer } from "@/lib/execution/types";
import { formatShort } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import { SettleRefused } from "./settle-refused";

function addressOf(filter: ByHandFilter, path = "/floor/by-hand"): string {
  const query = new URLSearchParams();
  if (filter.owner !== "anyone") query.set("owner", filter.owner);
  if (filter.due !== "any") query.set("due", filter.due);
  return query.size > 0 ? `${path}?${query}` : path;
}

/** What people carry out elsewhere: whose it is, by when, and what came of it. */
export function ByHandView(page: ByHandPage & { listed: number }) {
  const t = useTranslations("execution.byHand");
  const { filter, items, maySettle, listed } = page;
  const list = useRef<HTMLUListElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const [words, setWords] = useState<string | null>(null);
  useRowKeys(list);
  useEffect(() => {
    if (words) said.current?.focus();
  }, [words]);
  return (
    <div className="flex flex-col gap-6 pt-6">
      <RefreshOnEvents kinds={["execution"]} />
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
      </header>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-3">
        <Filter
          label={t("owner")}
          options={OWNERS.map((owner) => ({
            key: owner,
            label: t(`owners.${owner}`),
            href: addressOf({ ...filter, owner }),
            on: owner === filter.owner,
          }))}
        />
        <Filter
          label={t("due")}
          options={DUES.map((due) => ({
            key: due,
            label: t(`dues.${due}`),
            href: addressOf({ ...filter, due }),
            on: due === filter.due,
          }))}
        />
      </div>
      {words ? (
        <p ref={said} role="status" tabIndex={-1} className="flex w-fit items-start gap-1.5 text-allow">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{words}</span>
        </p>
      ) : null}
      {items.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : (
        <ul ref={list} className="flex flex-col divide-y divide-line border-line border-y">
          {items.map((item) => (
            <li key={`${item.of} ${item.decisionId}`} className="py-3">
              <Item item={item} {...page} onSaid={setWords} />
            </li>
          ))}
        </ul>
      )}
      {items.length >= listed ? <p className="text-ink-3 text-xs">{t("more", { count: listed })}</p> : null}
      <Files filter={filter} maySettle={maySettle} />
    </div>
  );
}

interface FilterProps {
  label: string;
  options: readonly { key: string; label: string; href: string; on: boolean }[];
}

function Filter({ label, options }: FilterProps) {
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-1">
      <span aria-hidden className="mr-1 text-ink-3 text-sm">
        {label}
      </span>
      {options.map(({ key, label: words, href, on }) => (
        <Link
          key={key}
          href={href}
          aria-current={on ? "true" : undefined}
          className={cn(
            "flex h-8 items-center rounded-md px-2.5 text-ink-2 transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
            on && "bg-sunken font-medium text-ink",
          )}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}

type ItemProps = { item: OpenExecution; onSaid: (words: string) => void } & Pick<
  ByHandPage,
  "maySettle" | "employeeId" | "timeZone" | "now"
>;

function Item({ item, onSaid, maySettle, employeeId, timeZone, now }: ItemProps) {
  const t = useTranslations("execution");
  const remedy = useTranslations("common.remedy");
  const ready = useHydrated();
  const [saying, setSaying] = useState<"done" | "cannot" | null>(null);
  const owning = useCall<SettleAnswer>();
  const { decisionId, of, amount, currency, customer, owner, dueAt, failure } = item;
  const isMine = owner?.id === employeeId;
  const isLate = dueAt !== null && dueAt < now;
  const what = `${remedy(item.remedy)} ${t("list.for", {
    amount: formatAmount(amount, currency),
    currency,
    customer: isolated(customer.name),
  })}`;
  return (
    <div className="flex flex-col gap-2.5">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 gap-y-1">
        <RemedyIcon remedy={item.remedy} className="mt-0.5 size-4 text-ink-3" />
        <p className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            href={`/floor/decisions/${decisionId}`}
            prefetch={false}
            data-row
            className="flex min-w-0 items-center break-words rounded-inner font-medium hover:underline pointer-coarse:min-h-11"
          >
            {what}
          </Link>
          {of === "reversal" ? <Badge tone="handover">{t("byHand.takeBack")}</Badge> : null}
          {dueAt ? (
            <Badge tone={isLate ? "deny" : "neutral"}>
              {t(isLate ? "byHand.overdue" : "byHand.dueAt", {
                at: formatShort(new Date(dueAt), new Date(now), timeZone),
              })}
            </Badge>
          ) : null}
        </p>
        <p className="col-start-2 break-words text-ink-3 text-xs">
          <bdi>{item.employee.name}</bdi> ·{" "}
          {owner ? t("byHand.ownedBy", { name: isolated(owner.name) }) : t("byHand.unowned")}
        </p>
        {failure?.detail ? (
          <p className="col-start-2 break-words text-ink-2 text-sm">
            {t("failure.detail", { detail: failure.detail })}
          </p>
        ) : null}
      </div>
      {maySettle ? (
        <div className="ml-6.5 flex flex-col gap-3">
          {saying === null ? (
            <div className="flex flex-wrap gap-2">
              <Button
                size="sm"
                disabled={!ready}
                aria-label={`${t("byHand.done")} ${what}`}
                onClick={() => setSaying("done")}
              >
                {t("byHand.done")}
              </Button>
              <Button
                size="sm"
                variant="quiet"
                disabled={!ready}
                aria-label={`${t("byHand.cannot")} ${what}`}
                onClick={() => setSaying("cannot")}
              >
                {t("byHand.cannot")}
              </Button>
              <Button
                size="sm"
                variant="quiet"
                disabled={!ready}
                busy={owning.busy}
                aria-label={`${t(isMine ? "byHand.leave" : "byHand.take")} ${what}`}
                onClick={() => void owning.call(() => own({ decisionId, mine: !isMine }))}
              >
                {t(isMine ? "byHand.leave" : "byHand.take")}
              </Button>
            </div>
          ) : (
            <SettleForm
              item={item}
              outcome={saying}
              onKeep={() => setSaying(null)}
              onDone={() => onSaid(t(saying === "done" ? "byHand.saidDone" : "byHand.saidCannot", { what }))}
            />
          )}
          <SettleRefused answer={owning.answer} failed={owning.failed} onSignedIn={owning.clear} />
        </div>
      ) : null}
    </div>
  );
}

interface SettleFormProps {
  item: OpenExecution;
  outcome: "done" | "cannot";
  onKeep: () => void;
  onDone: () => void;
}

function SettleForm({ item: { decisionId, of }, outcome, onKeep, onDone }: SettleFormProps) {
  const t = useTranslations("execution.byHand");
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const { busy, answer, failed, call, clear } = useCall<SettleAnswer>();
  const isDone = outcome === "done";

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!isDone && text.trim() === "") return setMissing(true);
    const said = await call(() =>
      settle({
        decisionId,
        of,
        ...(isDone ? { outcome: "done", reference: text } : { outcome: "cannot", reason: text }),
      }),
    );
    if (said?.ok) onDone();
  }

  const field = {
    autoFocus: true,
    value: text,
    maxLength: isDone ? 200 : 1000,
    onChange: (event: { target: { value: string } }) => {
      setMissing(false);
      setText(event.target.value);
    },
  };
  return (
    <form
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !busy) onKeep();
      }}
      className="flex max-w-lg flex-col gap-3"
    >
      <Field
        label={t(isDone ? "reference" : "reason")}
        hint={t(isDone ? "referenceHint" : "reasonHint")}
        error={missing ? t("reasonMissing") : undefined}
      >
        {isDone ? <Input autoComplete="off" {...field} /> : <Textarea {...field} />}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant={isDone ? "primary" : "danger"} busy={busy}>
          {t(isDone ? "submitDone" : "submitCannot")}
        </Button>
        <Button variant="quiet" onClick={onKeep}>
          {t("keep")}
        </Button>
      </div>
      <SettleRefused answer={answer} failed={failed} onSignedIn={clear} />
    </form>
  );
}

function Files({ filter, maySettle }: Pick<ByHandPage, "filter" | "maySettle">) {
  const t = useTranslations("execution.byHand.csv");
  const { busy, answer, failed, call, clear } = useCall<UploadAnswer>();
  const [tooLong, setTooLong] = useState(false);
  const ready = useHydrated();

  function choose(file: File) {
    setTooLong(file.size > UPLOAD_BYTES_MAX);
    clear();
    if (file.size <= UPLOAD_BYTES_MAX) void call(() => uploadByHand({ file }));
  }

  return (
    <section aria-label="CSV" className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <a href={addressOf(filter, "/floor/by-hand/file")} download className={look()}>
          <Download aria-hidden />
          {t("out")}
        </a>
        {maySettle ? (
          <FileButton accept=".csv,text/csv" disabled={busy || !ready} onChoose={choose}>
            {t(busy ? "busy" : "in")}
          </FileButton>
        ) : null}
      </div>
      {maySettle ? <p className="max-w-prose text-ink-3 text-xs">{t("hint")}</p> : null}
      {tooLong || (answer?.ok === false && answer.code === "too_long") ? (
        <ErrorNote title={t("tooLong")} />
      ) : null}
      {answer?.ok === false && answer.code === "unreadable" ? <ErrorNote title={t("unreadable")} /> : null}
      {failed ? <ErrorNote title={t("failed")} /> : null}
      <SettleRefused answer={answer} failed={false} onSignedIn={clear} />
      {answer?.ok ? (
        <div role="status" className="flex flex-col gap-2">
          <p className="font-medium">{t("applied", { count: answer.applied })}</p>
          {answer.errors.length > 0 ? (
            <ErrorNote title={t("errors", { count: answer.errors.length })}>
              <ul className="mt-1 flex flex-col gap-1">
                {answer.errors.slice(0, 50).map(({ line, message }) => (
                  <li key={`${line} ${message}`}>{t("line", { line, message })}</li>
                ))}
              </ul>
            </ErrorNote>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
