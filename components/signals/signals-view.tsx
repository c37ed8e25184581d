"use client";

import { CircleHelp, Telescope } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/choice";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { formatDay } from "@/lib/format/dates";
import { formatCount, formatMoney } from "@/lib/format/money";
import { nameSignal } from "@/lib/signals/actions";
import { SIGNAL_SPANS } from "@/lib/signals/schema";
import type { NamedSignal, NameSignalAnswer, SignalsPage, ToldSignal } from "@/lib/signals/types";

type SpanWord = `${SignalsPage["span"]}`;

/** What chance alone would rarely bring up, as questions. Nobody is named. */
export function SignalsView({ span, since, decisions, signals, currency, timeZone }: SignalsPage) {
  const t = useTranslations("signals");
  const router = useRouter();
  return (
    <div className="flex flex-col gap-5 pt-5">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="max-w-prose text-ink-2">{t("text")}</p>
      </header>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented<SpanWord>
          name="days"
          label={t("span.label")}
          value={`${span}`}
          options={SIGNAL_SPANS.map((days) => ({ value: `${days}` as const, label: t(`span.${days}`) }))}
          onChange={(days) => router.push(`/floor/signals?days=${days}`)}
        />
        <p className="text-ink-2">
          {t("looked", {
            decisions,
            count: formatCount(decisions),
            since: since ? formatDay(new Date(since), timeZone) : "",
          })}
        </p>
      </div>
      <p className="max-w-prose text-ink-3 text-xs">{t("method")}</p>
      {signals.length === 0 ? (
        <EmptyState icon={<Telescope />} title={t("emptyTitle")}>
          <p>{t("emptyText")}</p>
        </EmptyState>
      ) : (
        <ul className="flex max-w-3xl flex-col divide-y divide-line border-line border-y">
          {signals.map((signal) => (
            <li key={signal.key}>
              <SignalItem signal={signal} span={span} currency={currency} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function SignalItem({
  signal,
  span,
  currency,
}: { signal: ToldSignal } & Pick<SignalsPage, "span" | "currency">) {
  const t = useTranslations("signals");
  const { kind, seen, of, expected, amount } = signal;
  return (
    <article className="flex flex-col gap-2 py-4">
      <h2 className="flex items-center gap-2 font-medium text-base">
        <CircleHelp aria-hidden className="size-4 shrink-0 text-ink-3" />
        {t(`kind.${kind}`)}
      </h2>
      <p className="figures">
        {t(`said.${kind}`, {
          seen: formatCount(seen),
          of: formatCount(of),
          amount: amount === null ? "" : formatMoney(amount, currency),
        })}{" "}
        <span className="text-ink-2">
          {t("expected", { expected: roughly(expected), chance: t(...chanceWords(signal.chance)) })}
        </span>
      </p>
      <p className="max-w-prose text-ink-2">{t(`ask.${kind}`)}</p>
      <Who signalKey={signal.key} span={span} />
    </article>
  );
}

/** "1.6", "12": no more figures than are meant. */
function roughly(count: number): string {
  return count >= 10 ? formatCount(Math.round(count)) : (Math.round(count * 10) / 10).toString();
}

const MILLION = 1_000_000;

function chanceWords(chance: number): ["chance.one" | "chance.never", { times: string }] {
  const times = 1 / chance;
  if (!Number.isFinite(times) || times > 1000 * MILLION) {
    return ["chance.never", { times: formatCount(1000 * MILLION) }];
  }
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(times)) - 1);
  return ["chance.one", { times: formatCount(Math.round(times / digits) * digits) }];
}

/** Who it is about, for whoever asks; gone again with a press. */
function Who({ signalKey, span }: { signalKey: string; span: SignalsPage["span"] }) {
  const t = useTranslations("signals");
  const [busy, setBusy] = useState(false);
  const [named, setNamed] = useState<NamedSignal | null>(null);
  const [refusal, setRefusal] = useState<
    Exclude<NameSignalAnswer, { ok: true }>["code"] | "unexpected" | null
  >(null);

  async function show() {
    setBusy(true);
    setRefusal(null);
    // No answer, or none of ours.
    const answer = await nameSignal({ key: signalKey, span }).catch(() => null);
    setBusy(false);
    if (answer?.ok) setNamed(answer.named);
    else setRefusal(answer?.code ?? "unexpected");
  }

  if (named) {
    return (
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status">
          {t("name.who")}{" "}
          <span className="font-medium">
            {[...named.employees, ...named.customers].map(({ name }) => name).join(", ")}
          </span>
        </p>
        <Link
          href={named.href}
          prefetch={false}
          className="flex items-center rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:min-h-11"
        >
          {t("name.rows")}
        </Link>
        <Button variant="quiet" size="sm" onClick={() => setNamed(null)} className="pointer-coarse:h-11">
          {t("name.hide")}
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button size="sm" busy={busy} onClick={show} className="pointer-coarse:h-11">
          {busy ? t("name.busy") : t("name.show")}
        </Button>
        <span className="text-ink-3 text-xs">{t("name.note")}</span>
      </div>
      {refusal ? <ErrorNote title={t(`refused.${refusal}`)} /> : null}
      {refusal === "signed_out" ? <SignInForm to={null} onSignedIn={() => setRefusal(null)} /> : null}
    </div>
  );
}
