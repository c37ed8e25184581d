"use client";

import { CircleAlert, CircleCheck, CircleDashed, CircleX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Time } from "@/components/ui/time";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { NotAdmin } from "@/lib/auth/admin";
import { chooseProvider, setNumbers, testProvider } from "@/lib/execution/actions";
import type { ProviderKind } from "@/lib/execution/provider";
import { numbersSchema } from "@/lib/execution/schema";
import type { ExecutionPage, QuoteAnswer } from "@/lib/execution/types";
import { formatMoney } from "@/lib/format/money";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";

/** Which provider serves what, how each one is, and the numbers that go with it. */
export function ExecutionSettings(page: ExecutionPage) {
  const t = useTranslations("execution.settings");
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 flex-col gap-10">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        {page.mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      <section aria-labelledby="remedies" className="flex max-w-3xl flex-col gap-3">
        <h2 id="remedies" className="font-semibold text-base">
          {t("remedies")}
        </h2>
        {page.mayEdit ? <p className="max-w-prose text-ink-3 text-xs">{t("testText")}</p> : null}
        <ul className="flex flex-col divide-y divide-line border-line border-y">
          {page.choices.map((choice) => (
            <li key={choice.remedy} className="py-3">
              <Choice {...page} choice={choice} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="providers" className="flex max-w-3xl flex-col gap-3">
        <h2 id="providers" className="font-semibold text-base">
          {t("providers")}
        </h2>
        <Link
          href="/settings/providers"
          className="flex w-fit items-center text-accent-text underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {t("providersLink")}
        </Link>
        <ul className="flex flex-col divide-y divide-line border-line border-y">
          {page.providers.map((provider) => (
            <li key={provider.provider} className="py-3">
              <Health {...page} health={provider} />
            </li>
          ))}
        </ul>
      </section>
      <Numbers {...page} />
    </fieldset>
  );
}

type Choosing = { ok: true } | { ok: false; code: "cannot" } | NotAdmin;

function Choice({
  choice,
  mayEdit,
  currency,
}: Pick<ExecutionPage, "mayEdit" | "currency"> & { choice: ExecutionPage["choices"][number] }) {
  const t = useTranslations("execution.settings");
  const names = useTranslations("execution.provider");
  const remedy = useTranslations("common.remedy");
  const choosing = useCall<Choosing>();
  const testing = useCall<QuoteAnswer | NotAdmin>();
  const [chosen, setChosen] = useState(choice.provider);
  const label = remedy(choice.remedy);
  // One that was chosen and isn't set up any more is shown, so that it can be seen that it is.
  const kinds = choice.possible.includes(chosen) ? choice.possible : [...choice.possible, chosen];

  async function choose(provider: ProviderKind) {
    testing.clear();
    const before = chosen;
    setChosen(provider);
    const answer = await choosing.call(() => chooseProvider({ remedy: choice.remedy, provider }));
    if (!answer?.ok) setChosen(before);
  }

  const tested = testing.answer?.ok !== undefined && "provider" in testing.answer ? testing.answer : null;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="flex w-40 items-center gap-2.5 font-medium">
          <RemedyIcon remedy={choice.remedy} className="size-4 text-ink-3" />
          {label}
        </span>
        {mayEdit ? (
          <>
            <Select
              aria-label={label}
              className="w-full sm:w-60"
              value={chosen}
              disabled={choosing.busy}
              onChange={(event) => void choose(event.target.value as ProviderKind)}
            >
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {names(kind)}
                </option>
              ))}
            </Select>
            <Button
              size="sm"
              busy={testing.busy}
              aria-label={t("testOf", { remedy: label })}
              onClick={() => {
                choosing.clear();
                void testing.call(() => testProvider({ remedy: choice.remedy }));
              }}
            >
              {t(testing.busy ? "testing" : "test")}
            </Button>
          </>
        ) : (
          <span>{names(chosen)}</span>
        )}
      </div>
      <div role="status" className="empty:hidden">
        {choosing.answer?.ok ? <Good>{t("saved", { remedy: label, provider: names(chosen) })}</Good> : null}
        {tested ? <Quoted answer={tested} currency={currency} /> : null}
      </div>
      {choosing.answer?.ok === false && choosing.answer.code === "cannot" ? (
        <ErrorNote title={t("cannot", { provider: names(chosen) })} />
      ) : null}
      <Refused answer={choosing.answer} failed={choosing.failed} onSignedIn={choosing.clear} />
      <Refused answer={testing.answer} failed={testing.failed} onSignedIn={testing.clear} />
    </div>
  );
}

function Good({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-1.5 text-allow">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

function Quoted({ answer, currency }: { answer: QuoteAnswer; currency: string }) {
  const t = useTranslations("execution.settings");
  const names = useTranslations("execution.provider");
  const failures = useTranslations("execution.failure");
  const provider = names(answer.provider);
  if (!answer.ok) return <ErrorNote title={t("failed", { provider })} />;
  const { quote } = answer;
  if (!quote.ok) {
    return (
      <ErrorNote title={t("notFine", { provider, why: failures(`${quote.code}.why`) })}>
        <p>{failures("detail", { detail: quote.detail })}</p>
      </ErrorNote>
    );
  }
  return (
    <Good>
      {quote.most === null
        ? t("fine", { provider })
        : t("fineUpTo", { provider, most: formatMoney(quote.most, currency) })}
    </Good>
  );
}

const LIGHTS = {
  good: { Icon: CircleCheck, ink: "text-allow" },
  waits: { Icon: CircleAlert, ink: "text-bend" },
  bad: { Icon: CircleX, ink: "text-deny" },
  idle: { Icon: CircleDashed, ink: "text-ink-3" },
} as const;

function Health({
  health,
  now,
  timeZone,
}: Pick<ExecutionPage, "now" | "timeZone"> & { health: ExecutionPage["providers"][number] }) {
  const t = useTranslations("execution.settings");
  const names = useTranslations("execution.provider");
  const { Icon, ink } = LIGHTS[health.light];
  const at = (moment: string) => () => <Time at={moment} now={now} timeZone={timeZone} />;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="w-40 font-medium">{names(health.provider)}</span>
      {health.configured || health.keyMissing ? (
        <span className={cn("flex w-32 items-center gap-1.5 font-medium", ink)}>
          <Icon aria-hidden className="size-4" />
          {t(`health.${health.light}`)}
        </span>
      ) : (
        <span className="w-32 text-ink-3">{t(health.turnedOff ? "turnedOff" : "notConfigured")}</span>
      )}
      <span className="figures flex min-w-0 flex-wrap gap-x-3 text-ink-2 text-sm">
        <span>{t.rich("depth", { count: health.open, since: at(health.oldest ?? now) })}</span>
        {health.succeededAt ? <span>{t.rich("lastSuccess", { at: at(health.succeededAt) })}</span> : null}
        {health.failedAt ? <span>{t.rich("lastFailure", { at: at(health.failedAt) })}</span> : null}
      </span>
      {health.keyMissing ? <p className="w-full max-w-prose text-ink-2 text-sm">{t("keyMissing")}</p> : null}
    </div>
  );
}

function Numbers({ numbers, mayEdit }: Pick<ExecutionPage, "numbers" | "mayEdit">) {
  const t = useTranslations("execution.settings");
  const { busy, answer, failed, call, clear } = useCall<{ ok: true } | NotAdmin>();
  const [hours, setHours] = useState(String(numbers.byHandHours));
  const [days, setDays] = useState(numbers.creditDays === null ? "" : String(numbers.creditDays));
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
  const numberOf = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = numbersSchema.safeParse({
      byHandHours: numberOf(hours),
      creditDays: days.trim() === "" ? null : numberOf(days),
    });
    setFaults(
      Object.fromEntries(parsed.error?.issues.map(({ path, message }) => [String(path[0]), message]) ?? []),
    );
    if (parsed.success) await call(() => setNumbers(parsed.data));
  }

  return (
    <section aria-labelledby="numbers" className="flex max-w-prose flex-col gap-3">
      <h2 id="numbers" className="font-semibold text-base">
        {t("numbers")}
      </h2>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("byHandHours")} error={faults.byHandHours}>
          <Input
            inputMode="numeric"
            className="max-w-32"
            readOnly={!mayEdit}
            value={hours}
            onChange={(event) => {
              clear();
              setHours(event.target.value);
            }}
          />
        </Field>
        <Field label={t("creditDays")} hint={t("creditDaysHint")} error={faults.creditDays}>
          <Input
            inputMode="numeric"
            className="max-w-32"
            readOnly={!mayEdit}
            value={days}
            onChange={(event) => {
              clear();
              setDays(event.target.value);
            }}
          />
        </Field>
        {mayEdit ? (
          <Button type="submit" variant="primary" className="w-fit" busy={busy}>
            {t("save")}
          </Button>
        ) : null}
        <div role="status" className="empty:hidden">
          {answer?.ok ? <Good>{t("savedNumbers")}</Good> : null}
        </div>
        <Refused answer={answer} failed={failed} onSignedIn={clear} />
      </form>
    </section>
  );
}
