"use client";

import { Coins } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { CurrencyRates, ListedRate, RatesPage } from "@/lib/rates/types";
import { CurrencyCard } from "./currency-card";
import { type RateDraft, RateForm } from "./rate-form";
import { RateUpload } from "./rate-upload";
import { keyOf } from "./rate-words";
import { UnratedNote } from "./unrated-note";

/** A line that is being taken out on this page, or was, with its currency's name. */
interface Held extends ListedRate {
  name: string;
  /** The table was seen without it. */
  gone: boolean;
}

/** The table of exchange rates: what holds today, what held before, and the ways to change it. */
export function RatesView(page: RatesPage) {
  const { held, hold } = useHeld(page.currencies);
  const [draft, setDraft] = useState<RateDraft>({
    currency: page.only?.currency ?? "",
    day: page.today,
    rate: "",
  });
  const [open, setOpen] = useState(page.currencies.length === 0);
  const currencyField = useRef<HTMLSelectElement>(null);
  const rateField = useRef<HTMLInputElement>(null);
  const currencies = withHeld(page.currencies, held);
  const listed = keysOf(page.currencies);
  const removed = new Set(held.map(keyOf).filter((key) => !listed.has(key)));

  function begin(next: RateDraft, field: RefObject<HTMLElement | null>) {
    flushSync(() => {
      setOpen(true);
      setDraft(next);
    });
    field.current?.focus();
  }

  const body = (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_20rem] xl:grid-rows-[auto_1fr]">
      <div className="flex min-w-0 flex-col gap-6">
        <Head page={page} />
        <UnratedNote
          unrated={page.unrated}
          mayEdit={page.mayEdit}
          onChoose={(currency) => begin({ ...draft, currency }, rateField)}
        />
      </div>
      {page.mayEdit ? (
        <Aside own={page.currency} open={open} onOpen={() => begin(draft, currencyField)}>
          <RateForm
            {...page}
            draft={draft}
            onDraft={setDraft}
            currencyRef={currencyField}
            rateRef={rateField}
          />
        </Aside>
      ) : null}
      <div className="min-w-0 xl:col-start-1">
        {currencies.length === 0 ? (
          <Empty page={page} />
        ) : (
          <ul className="flex flex-col divide-y divide-line border-line border-y">
            {currencies.map((rates) => (
              <CurrencyCard
                key={rates.currency}
                rates={rates}
                removed={removed}
                page={page}
                onHold={(rate, isHeld) => hold({ ...rate, name: rates.name, gone: false }, isHeld)}
              />
            ))}
          </ul>
        )}
        <Pages only={page.only} />
      </div>
    </div>
  );
  // Not before the page is ready: what would be typed until then would be lost.
  return (
    <fieldset disabled={!useHydrated()} className="min-w-0">
      {body}
    </fieldset>
  );
}

function keysOf(currencies: readonly CurrencyRates[]): Set<string> {
  return new Set(currencies.flatMap(({ rates }) => rates.map(keyOf)));
}

/** Keeps what is taken out on this page, until it is in the table again. */
function useHeld(currencies: readonly CurrencyRates[]) {
  const [held, setHeld] = useState<readonly Held[]>([]);

  // A line that is dropped before the table has it again would leave the page for a moment, and the focus with it.
  useEffect(() => {
    const listed = keysOf(currencies);
    setHeld((before) => {
      const kept = before.filter((each) => !each.gone || !listed.has(keyOf(each)));
      return kept.map((each) => (each.gone || listed.has(keyOf(each)) ? each : { ...each, gone: true }));
    });
  }, [currencies]);

  function hold(rate: Held, isHeld: boolean) {
    setHeld((before) => [...before.filter((each) => keyOf(each) !== keyOf(rate)), ...(isHeld ? [rate] : [])]);
  }
  return { held, hold };
}

function Head({ page }: { page: RatesPage }) {
  const t = useTranslations("settings.rates");
  const { currency: own, only } = page;
  return (
    <header className="flex max-w-prose flex-col items-start gap-1">
      <h1 className="font-semibold text-lg">
        {only ? t("headingOf", { currency: only.currency }) : t("heading")}
      </h1>
      <p className="text-ink-2">{t("text", { own })}</p>
      <p className="text-ink-2">{t("fromThenOn")}</p>
      {page.mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      {only ? (
        <Link
          href="/settings/rates"
          className="flex items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {t("every")}
        </Link>
      ) : null}
    </header>
  );
}

interface AsideProps {
  own: string;
  /** Where there is no room beside the table, the form is asked for. */
  open: boolean;
  onOpen: () => void;
  children: ReactNode;
}

/** The ways to change the table: beside it where there is room, above it on a phone. */
function Aside({ own, open, onOpen, children }: AsideProps) {
  const t = useTranslations("settings.rates.form");
  return (
    <div className="flex min-w-0 flex-col gap-6 xl:col-start-2 xl:row-span-2 xl:row-start-1 xl:gap-8">
      {open ? null : (
        <Button variant="primary" className="w-fit xl:hidden" onClick={onOpen}>
          {t("title")}
        </Button>
      )}
      <section aria-labelledby="set-a-rate" className={cn("flex flex-col gap-4", !open && "hidden xl:flex")}>
        <h2 id="set-a-rate" className="font-semibold text-base">
          {t("title")}
        </h2>
        {children}
      </section>
      <RateUpload own={own} />
    </div>
  );
}

function Empty({ page }: { page: RatesPage }) {
  const t = useTranslations("settings.rates.empty");
  const { only, mayEdit } = page;
  return (
    <EmptyState icon={<Coins />} title={only ? t("titleOf", { currency: only.currency }) : t("title")}>
      <p>{t("text")}</p>
      {mayEdit ? <p className="mt-1">{t("next")}</p> : null}
    </EmptyState>
  );
}

function Pages({ only }: Pick<RatesPage, "only">) {
  const t = useTranslations("settings.rates.pages");
  if (!only) return null;
  return (
    <Pagination
      label={t("label")}
      newer={only.newestHref ? { href: only.newestHref, label: t("newest") } : null}
      older={only.olderHref ? { href: only.olderHref, label: t("older") } : null}
    />
  );
}

/** The table with the lines that were taken out on this page in their places. */
function withHeld(currencies: readonly CurrencyRates[], held: readonly Held[]): CurrencyRates[] {
  const all = new Map(currencies.map((each) => [each.currency, each]));
  for (const { name, gone: _, ...rate } of held) {
    const { currency } = rate;
    const known = all.get(currency) ?? { currency, name, inForce: null, rates: [], more: false };
    if (known.rates.some(({ day }) => day === rate.day)) continue;
    const rates = [...known.rates, rate].sort((a, b) => (a.day < b.day ? 1 : -1));
    all.set(currency, { ...known, rates });
  }
  return [...all.values()]
    .filter(({ rates }) => rates.length > 0)
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
