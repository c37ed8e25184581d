"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, type Ref, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { removeRate, setRate } from "@/lib/rates/actions";
import { datedRateSchema, lastRateDay } from "@/lib/rates/schema";
import type { RateChange, RatesPage, RemoveRateAnswer, SetRateAnswer } from "@/lib/rates/types";
import { dayWords, exampleOf } from "./rate-words";
import { Refused } from "./refused";
import { useCall } from "./use-call";

/** A rate as it is being typed. */
export interface RateDraft {
  currency: string;
  day: string;
  rate: string;
}

const FIELDS = ["currency", "day", "rate"] as const;
type Faults = Partial<Record<(typeof FIELDS)[number], string>>;

interface RateFormProps extends Pick<RatesPage, "currency" | "today" | "choices"> {
  draft: RateDraft;
  onDraft: (draft: RateDraft) => void;
  currencyRef: Ref<HTMLSelectElement>;
  rateRef: Ref<HTMLInputElement>;
}

/** Puts one rate into the table. Whatever comes of it, what was typed stays until it worked. */
export function RateForm({ draft, onDraft, currency: own, today, choices, ...refs }: RateFormProps) {
  const t = useTranslations("settings.rates.form");
  const { faults, answer, busy, failed, done, send, change, forget } = useSending(draft, onDraft);
  const form = useRef<HTMLFormElement>(null);
  const parsed = datedRateSchema.safeParse(draft);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await send(null)) return;
    // Once the page shows them.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  const bind = (name: keyof RateDraft) => ({
    name,
    value: draft[name],
    onChange: (event: { target: { value: string } }) => change({ ...draft, [name]: event.target.value }),
  });
  return (
    <div className="flex flex-col gap-4">
      <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("currency")} error={faults.currency}>
          <Select ref={refs.currencyRef} {...bind("currency")}>
            <option value="">{t("choose")}</option>
            {choices.map(({ currency, name }) => (
              <option key={currency} value={currency}>
                {currency === name ? currency : t("choice", { currency, name })}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("day")} hint={t("dayHint")} error={faults.day}>
          <Input type="date" max={lastRateDay(today)} {...bind("day")} />
        </Field>
        <Field
          label={t("rate")}
          hint={draft.currency ? t("rateHint", { currency: draft.currency, own }) : t("rateHintAny", { own })}
          error={faults.rate}
        >
          <Input
            ref={refs.rateRef}
            inputMode="decimal"
            autoComplete="off"
            className="figures"
            {...bind("rate")}
          />
        </Field>
        <p role="status" className="figures text-ink-2 empty:hidden">
          {parsed.success && parsed.data.currency !== own
            ? t("example", { ...exampleOf(parsed.data, own), currency: parsed.data.currency, own })
            : null}
        </p>
        {answer && !answer.ok && answer.code === "moved" ? (
          <Taken draft={draft} current={answer.current} onReplace={() => send(answer.current)} />
        ) : null}
        <Button type="submit" variant="primary" busy={busy} className="w-fit">
          {busy ? t("busy") : t("submit")}
        </Button>
      </form>
      {/* They may hold a form of their own. */}
      <Refused answer={answer} failed={failed} onSignedIn={forget} />
      {done ? <Done key={done.at} change={done.change} own={own} /> : null}
    </div>
  );
}

function useSending(draft: RateDraft, onDraft: (draft: RateDraft) => void) {
  const t = useTranslations("settings.rates.form");
  const { answer, busy, failed, call, clear } = useCall<SetRateAnswer>();
  const [own, setOwn] = useState<Faults>({});
  const [done, setDone] = useState<{ change: RateChange; at: number } | null>(null);

  /** Answers whether it worked. */
  async function send(seen: string | null): Promise<boolean> {
    const parsed = datedRateSchema.safeParse(draft);
    const found: Faults = {};
    if (draft.currency === "") found.currency = t("currencyMissing");
    for (const { path, message } of parsed.error?.issues ?? []) found[path[0] as keyof Faults] ??= message;
    setOwn(found);
    if (!parsed.success) return false;
    const said = await call(() => setRate({ ...parsed.data, seen }));
    if (!said?.ok) return false;
    setDone((before) => ({ change: said.change, at: (before?.at ?? 0) + 1 }));
    onDraft({ ...draft, currency: "", rate: "" });
    return true;
  }

  const faults = { ...own };
  if (answer && !answer.ok && answer.code === "invalid") {
    for (const { path, message } of answer.errors) faults[path as keyof Faults] ??= message;
  }
  return {
    faults,
    answer,
    busy,
    failed,
    done,
    send,
    change(next: RateDraft) {
      onDraft(next);
      setDone(null);
      setOwn({});
      clear();
    },
    forget: clear,
  };
}

/** A rate stands there already: it is replaced only by somebody who knows. */
function Taken(props: { draft: RateDraft; current: string | null; onReplace: () => void }) {
  const t = useTranslations("settings.rates.form.taken");
  const { currency, day, rate } = props.draft;
  if (props.current === null) return <ErrorNote title={t("gone")} />;
  const same = datedRateSchema.safeParse(props.draft).data?.rate === props.current;
  return (
    <ErrorNote
      title={t(same ? "same" : "title", { currency, day: dayWords(day), current: props.current })}
      action={
        same ? null : (
          <Button size="sm" className="pointer-coarse:h-11" onClick={props.onReplace}>
            {t("replace", { current: props.current, rate: rate.trim() })}
          </Button>
        )
      }
    >
      {same ? null : <p>{t("text")}</p>}
    </ErrorNote>
  );
}

/** What was done, and the way back. */
function Done({ change, own }: { change: RateChange; own: string }) {
  const t = useTranslations("settings.rates.form");
  const undo = useCall<SetRateAnswer | RemoveRateAnswer>();
  const { currency, day, rate, before } = change;
  const words = { currency, day: dayWords(day), rate, own };
  if (undo.answer?.ok) return <p role="status">{t("undone", words)}</p>;
  return (
    <div role="status" className="arrive flex items-start gap-2 rounded-md bg-allow-soft p-3">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-allow" />
      <div className="flex min-w-0 flex-col items-start gap-2">
        <p className="figures break-words font-medium text-allow">{t("done", words)}</p>
        {undo.answer?.code === "moved" ? <p>{t("undoMoved")}</p> : null}
        <Refused answer={undo.answer} failed={undo.failed} onSignedIn={undo.clear} />
        <Button
          size="sm"
          className="pointer-coarse:h-11"
          busy={undo.busy}
          onClick={() =>
            undo.call(() =>
              before === null
                ? removeRate({ currency, day, seen: rate })
                : setRate({ currency, day, rate: before, seen: rate }),
            )
          }
        >
          {t("undo")}
        </Button>
      </div>
    </div>
  );
}
