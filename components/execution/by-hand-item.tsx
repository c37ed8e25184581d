"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { useCall } from "@/components/settings/rates/use-call";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Field, Input, Textarea } from "@/components/ui/field";
import { useHydrated } from "@/components/ui/use-hydrated";
import { assign, own, settle } from "@/lib/execution/actions";
import type { OpenExecution, SettleAnswer } from "@/lib/execution/types";
import { formatShort } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import { AssignForm } from "./assign-form";
import { SettleRefused } from "./settle-refused";

/** What was done with one of them, and how it is put back where it can be. */
export interface Said {
  words: string;
  undo: { ask: () => Promise<SettleAnswer>; words: string } | null;
}

/** Says what was done with one that may not be listed any more, where the eyes and the keyboard go. */
export function SaidOfItem({ said, onSaid }: { said: Said; onSaid: (said: Said) => void }) {
  const t = useTranslations("execution.byHand");
  const place = useRef<HTMLDivElement>(null);
  const { busy, answer, failed, call, clear } = useCall<SettleAnswer>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something else is said.
  useEffect(() => {
    clear();
    place.current?.focus();
  }, [said]);

  async function undo() {
    if (!said.undo) return;
    const put = await call(said.undo.ask);
    if (put?.ok) onSaid({ words: said.undo.words, undo: null });
  }

  return (
    <div ref={place} role="status" tabIndex={-1} className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-allow">
        <span className="flex min-w-0 items-start gap-1.5">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{said.words}</span>
        </span>
        {said.undo ? (
          <Button size="sm" busy={busy} onClick={() => void undo()}>
            {t("undo")}
          </Button>
        ) : null}
      </p>
      <SettleRefused answer={answer} failed={failed} onSignedIn={clear} />
    </div>
  );
}

interface ItemProps {
  item: OpenExecution;
  employeeId: string;
  /** Whoever leads says who sees to it and what came of it; others only of what is their own. */
  may: "anything" | "own" | "nothing";
  /** Where its decision is told. */
  href: string;
  timeZone: string;
  now: string;
  onSaid: (said: Said) => void;
}

/** One thing to do by hand: for whom, by when, whose it is, and what somebody may say of it. */
export function ByHandItem(props: ItemProps) {
  const { item, may, href, timeZone, now } = props;
  const t = useTranslations("execution");
  const what = useWhat(item);
  const { of, owner, dueAt, failure } = item;
  const isLate = dueAt !== null && dueAt < now;
  return (
    <div className="flex flex-col gap-2.5">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 gap-y-1">
        <RemedyIcon remedy={item.remedy} className="mt-0.5 size-4 text-ink-3" />
        <p className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            href={href}
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
          <bdi>{item.employee.name}</bdi>
          {may === "own" ? null : " · "}
          {may === "own" ? null : <Owner owner={owner} />}
        </p>
        {failure?.detail ? (
          <p className="col-start-2 break-words text-ink-2 text-sm">
            {t("failure.detail", { detail: failure.detail })}
          </p>
        ) : null}
      </div>
      {may === "nothing" ? null : <ItemActions {...props} what={what} />}
    </div>
  );
}

function Owner({ owner }: Pick<OpenExecution, "owner">) {
  const t = useTranslations("execution.byHand");
  return owner ? t("ownedBy", { name: isolated(owner.name) }) : t("unowned");
}

function useWhat({ remedy, amount, currency, customer }: OpenExecution): string {
  const t = useTranslations("execution.list");
  const names = useTranslations("common.remedy");
  const words = { amount: formatAmount(amount, currency), currency, customer: isolated(customer.name) };
  return `${names(remedy)} ${t("for", words)}`;
}

function ItemActions({ what, ...props }: ItemProps & { what: string }) {
  const { item, employeeId, may, onSaid } = props;
  const t = useTranslations("execution.byHand");
  const ready = useHydrated();
  const [open, setOpen] = useState<"done" | "cannot" | "assign" | null>(null);
  const owning = useCall<SettleAnswer>();
  const { decisionId } = item;
  const from = item.owner?.id ?? null;
  const isMine = from === employeeId;

  /** Puts it back as it was, unless somebody else was given it meanwhile. */
  function undoTo(now: string | null) {
    const ask = () => assign({ decisionId, ownerId: from, dueAt: item.dueAt, from: now });
    return may === "anything" ? { ask, words: t("undone", { what }) } : null;
  }

  async function take() {
    const said = await owning.call(() => own({ decisionId, mine: !isMine, from }));
    if (!said?.ok) return;
    onSaid({
      words: t(isMine ? "saidLeft" : "saidTaken", { what }),
      undo: undoTo(isMine ? null : employeeId),
    });
  }

  const button = (name: "done" | "cannot" | "assign"): ReactNode => (
    <Button
      size="sm"
      variant={name === "done" ? "secondary" : "quiet"}
      disabled={!ready}
      aria-label={`${t(name)} ${what}`}
      onClick={() => setOpen(name)}
    >
      {t(name)}
    </Button>
  );

  return (
    <div className="ml-6.5 flex flex-col gap-3">
      {open === null ? (
        <div className="flex flex-wrap gap-2">
          {button("done")}
          {button("cannot")}
          {may === "anything" || isMine ? (
            <Button
              size="sm"
              variant="quiet"
              disabled={!ready}
              busy={owning.busy}
              aria-label={`${t(isMine ? "leave" : "take")} ${what}`}
              onClick={() => void take()}
            >
              {t(isMine ? "leave" : "take")}
            </Button>
          ) : null}
          {may === "anything" ? button("assign") : null}
        </div>
      ) : null}
      {open === "assign" ? (
        <AssignForm
          item={item}
          timeZone={props.timeZone}
          onKeep={() => setOpen(null)}
          onDone={({ name, due, ownerId }) => {
            setOpen(null);
            onSaid({ words: t("saidAssigned", { name: isolated(name), due, what }), undo: undoTo(ownerId) });
          }}
        />
      ) : null}
      {open === "done" || open === "cannot" ? (
        <SettleForm
          item={item}
          outcome={open}
          onKeep={() => setOpen(null)}
          onDone={() =>
            onSaid({ words: t(open === "done" ? "saidDone" : "saidCannot", { what }), undo: null })
          }
        />
      ) : null}
      <SettleRefused answer={owning.answer} failed={owning.failed} onSignedIn={owning.clear} />
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
