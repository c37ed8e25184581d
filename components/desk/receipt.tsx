"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { bindingOf } from "@/components/decision/arithmetic";
import {
  Arithmetic,
  CheckName,
  ExplanationList,
  RateUsed,
  ServedValue,
} from "@/components/decision/explanation";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Words } from "@/components/decision/words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { Money } from "@/components/ui/money";
import type { Allowance, DecisionView } from "@/lib/decisions/types";
import type { CompanyValue } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";
import { SEARCH_FIELD_ID } from "./customer-search";
import { type Answer, readAllowance } from "./requests";

interface ReceiptProps {
  decision: DecisionView;
  /** An earlier attempt had recorded it already. */
  replayed: boolean;
  customer: { id: string; name: string };
  /** What the policy counts in. */
  currency: string;
  /** What its checks serve. */
  values: readonly CompanyValue[];
  /** The server answers, so that the page behind the receipt can be read anew. */
  onReachable: () => void;
  onMore: () => void;
}

/** What was recorded. It stays until the person goes on to something else. */
export function Receipt(props: ReceiptProps) {
  const { decision, replayed, customer, currency, values, onReachable, onMore } = props;
  const t = useTranslations("desk.receipt");
  const remedy = useTranslations("common.remedy");
  const common = useTranslations("common.explanation");
  const heading = useRef<HTMLHeadingElement>(null);
  const { verdict, explanation } = decision;
  const binding = bindingOf(explanation);
  const currencies = { policy: currency, decision: decision.currency };

  useEffect(() => heading.current?.focus(), []);

  return (
    <section aria-label={t("id")} data-testid="receipt" className="arrive flex flex-col gap-5">
      <div className="flex gap-2.5">
        <VerdictIcon verdict={verdict} className={cn("mt-1 size-5 shrink-0", VERDICT_INK[verdict])} />
        <div className="flex min-w-0 flex-col gap-1">
          <h2
            ref={heading}
            tabIndex={-1}
            className={cn("text-balance font-semibold text-lg", VERDICT_INK[verdict])}
          >
            {t(verdict, {
              remedy: remedy(decision.remedy),
              amount: formatAmount(decision.amount, decision.currency),
              currency: decision.currency,
              customer: customer.name,
            })}
          </h2>
          {verdict === "handover" ? <p className="text-ink-2">{t("handoverText")}</p> : null}
          {verdict === "deny" ? <p className="text-ink-2">{t("denyText")}</p> : null}
          {replayed ? <p className="text-ink-2">{t("replayed")}</p> : null}
          <RateUsed explanation={explanation} amount={decision.amount} currencies={currencies} />
          {binding ? (
            <div className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
              <CheckName check={binding} />
              <Arithmetic check={binding} currencies={currencies} />
            </div>
          ) : null}
          {binding ? <ServedValue check={binding} values={values} /> : null}
        </div>
      </div>
      {binding ? <Words say={binding.say} /> : null}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
        <dt className="text-ink-3">{t("id")}</dt>
        <dd className="break-all font-mono text-xs leading-5">{decision.id}</dd>
        <dt className="text-ink-3">{t("after")}</dt>
        <dd>
          <AllowanceAfter customerId={customer.id} onReachable={onReachable} />
        </dd>
      </dl>
      <details className="text-sm">
        <summary className="w-fit rounded-inner text-ink-2 hover:text-ink">{common("checked")}</summary>
        <ExplanationList explanation={explanation} currencies={currencies} values={values} className="mt-3" />
      </details>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => document.getElementById(SEARCH_FIELD_ID)?.focus()}>
          {t("next")}
          <Kbd className="border-transparent bg-transparent text-accent-ink">/</Kbd>
        </Button>
        <Button variant="secondary" onClick={onMore}>
          {t("more", { customer: customer.name })}
        </Button>
      </div>
    </section>
  );
}

/**
 * Asked of the server first, and only then the page: reading a page anew that can't be had would put an error in place
 * of the receipt.
 */
function AllowanceAfter({ customerId, onReachable }: { customerId: string; onReachable: () => void }) {
  const t = useTranslations("desk.receipt");
  const [answer, setAnswer] = useState<Answer<Allowance> | null>(null);
  useEffect(() => {
    const aborter = new AbortController();
    readAllowance(customerId, aborter.signal).then(
      (heard) => {
        setAnswer(heard);
        if (heard.ok) onReachable();
      },
      // Nothing but the abort is thrown: the receipt is closed.
      () => undefined,
    );
    return () => aborter.abort();
  }, [customerId, onReachable]);
  if (answer === null) return <span className="text-ink-3">{t("afterReading")}</span>;
  if (!answer.ok) return <span>{t("afterFailed")}</span>;
  const { available, currency } = answer.value;
  return available === null ? (
    t("afterUnbounded")
  ) : (
    <Money amount={available} currency={currency} className="font-medium" />
  );
}
