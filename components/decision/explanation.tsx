import { ArrowRightLeft, CircleHelp, Compass, CornerDownRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import type { CompanyValue, Verdict } from "@/lib/discretion/schema";
import type { Check, Explanation } from "@/lib/discretion/types";
import { formatDay } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import { type Currencies, figure, leftBefore } from "./arithmetic";
import { VERDICT_INK, VerdictIcon } from "./verdict";

interface ExplanationListProps {
  explanation: Explanation;
  currencies: Currencies;
  /** What was asked for, minor units of the decision's currency: with it the rate is said that was used. */
  amount?: number;
  /** Of the policy's version: with them each check says what it serves. */
  values?: readonly CompanyValue[];
  className?: string;
}

/** Everything that was looked at for a verdict: what fired and every limit with its arithmetic, then the rules that rest. */
export function ExplanationList(props: ExplanationListProps) {
  const { explanation, currencies, amount, values, className } = props;
  const t = useTranslations("common.explanation");
  const [shown, resting] = sortChecks(explanation);
  if (explanation.checks.length === 0) return <p className="text-ink-2">{t("none")}</p>;
  return (
    <div className={cn("flex flex-col gap-3", className)}>
      {amount === undefined ? null : (
        <RateUsed explanation={explanation} amount={amount} currencies={currencies} />
      )}
      {shown.length > 0 ? (
        <ul className="flex flex-col divide-y divide-line">
          {shown.map((check) => (
            <CheckItem
              key={check.id}
              check={check}
              binds={check.id === explanation.binding}
              currencies={currencies}
              values={values}
            />
          ))}
        </ul>
      ) : null}
      {resting.length > 0 ? (
        <p className="text-ink-3 text-xs">
          {t("resting", { count: resting.length })}{" "}
          <span className="font-mono">{resting.map((check) => check.id).join(", ")}</span>
        </p>
      ) : null}
    </div>
  );
}

/** What decided stands first, then what fired, then what passed with arithmetic to show; other rules that passed say nothing by themselves. */
function sortChecks({ binding, checks }: Explanation): [shown: Check[], resting: Check[]] {
  const rank = (check: Check) => (check.id === binding ? 0 : check.effect === "pass" ? 2 : 1);
  const shown = checks.filter(
    (check) => check.max !== null || check.effect !== "pass" || check.unknown?.length,
  );
  const resting = checks.filter((check) => !shown.includes(check));
  return [shown.toSorted((a, b) => rank(a) - rank(b)), resting];
}

const EFFECT_VERDICT = {
  pass: "allow",
  bend: "bend",
  handover: "handover",
  deny: "deny",
} as const satisfies Record<Check["effect"], Verdict>;

interface CheckItemProps {
  check: Check;
  binds: boolean;
  currencies: Currencies;
  values: readonly CompanyValue[] | undefined;
}

function CheckItem({ check, binds, currencies, values }: CheckItemProps) {
  const t = useTranslations("common.explanation");
  const verdict = EFFECT_VERDICT[check.effect];
  return (
    <li className="flex gap-2.5 py-2.5 first:pt-0 last:pb-0">
      <VerdictIcon verdict={verdict} className={cn("mt-0.5 size-4 shrink-0", VERDICT_INK[verdict])} />
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <CheckName check={check} />
          <MaxOf check={check} currencies={currencies} />
          <span className={cn("text-xs", VERDICT_INK[verdict])}>
            {check.effect === "pass" ? t("passes") : t(`fires.${check.effect}`)}
          </span>
          {binds ? (
            <span className="inline-flex items-center gap-1 font-medium text-ink text-xs">
              <CornerDownRight aria-hidden className="size-3" />
              {t("binds")}
            </span>
          ) : null}
        </p>
        <Arithmetic check={check} currencies={currencies} className="text-sm" />
        <p className="text-ink-2">{check.why}</p>
        <ServedValue check={check} values={values} />
        <Unknown check={check} asked={currencies.decision} />
      </div>
    </li>
  );
}

/** A built-in check in words; any other by the id that the policy gives it. */
export function CheckName({ check }: { check: Check }) {
  const t = useTranslations("common.explanation.builtIn");
  if (check.id === "order-refundable" || check.id === "exchange-rate") {
    return <span className="font-medium">{t(check.id)}</span>;
  }
  return <span className="font-medium font-mono text-sm">{check.id}</span>;
}

/** "of 2,000.00 a day". */
export function MaxOf({ check, currencies }: { check: Check; currencies: Currencies }) {
  const t = useTranslations("common.explanation");
  const window = useWindowWords();
  if (check.max === null || check.window === null) return null;
  const amount = figure(check, check.max, currencies);
  return (
    <span className="figures text-ink-2 text-xs">
      {check.window === "decision"
        ? t("ofDecision", { amount })
        : t("of", { amount, window: window(check.window) })}
    </span>
  );
}

/** "used 25.00 · held 5.00 · asked 25.00 · left 5.00 before it"; what is held is part of what is used. */
export function Arithmetic({
  check,
  currencies,
  className,
}: {
  check: Check;
  currencies: Currencies;
  className?: string;
}) {
  const t = useTranslations("common.explanation");
  const left = leftBefore(check);
  if (check.used === null || check.asked === null || left === null) return null;
  const amount = (value: number) => ({ amount: figure(check, value, currencies) });
  const parts = [
    t("used", amount(check.used)),
    check.reserved ? t("held", amount(check.reserved)) : null,
    t("asked", amount(check.asked)),
    t("before", amount(left)),
  ];
  return <span className={cn("figures", className)}>{parts.filter(Boolean).join(" · ")}</span>;
}

/** The company value that a check serves, in the company's words. */
export function ServedValue({
  check,
  values,
}: {
  check: Check;
  values: readonly CompanyValue[] | undefined;
}) {
  const t = useTranslations("common.explanation");
  const served = values?.find(({ id }) => id === check.value);
  if (!served) return null;
  return (
    <p className="flex items-start gap-1.5 text-ink-3 text-xs">
      <Compass aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span className="min-w-0 break-words">{t("value", { text: served.text })}</span>
    </p>
  );
}

/** "100.00 EUR count as 108.42 USD at 1.0842 (since Mar 1, 2026)."; nothing where no rate was used. */
export function RateUsed({
  explanation: { exchange },
  amount,
  currencies,
}: {
  explanation: Explanation;
  /** Minor units of the decision's currency. */
  amount: number;
  currencies: Currencies;
}) {
  const t = useTranslations("common.explanation");
  if (!exchange) return null;
  const { currency, counted, rate, day } = exchange;
  return (
    <p className="figures flex items-start gap-1.5 text-ink-2 text-sm">
      <ArrowRightLeft aria-hidden className="mt-1 size-3 shrink-0 text-ink-3" />
      {t("exchange", {
        asked: `${formatAmount(amount, currencies.decision)} ${currencies.decision}`,
        counted: `${formatAmount(counted, currency)} ${currency}`,
        rate,
        // A day has no time zone; any one does to write it, as long as it is the one it is read in.
        since: formatDay(new Date(day), "UTC"),
      })}
    </p>
  );
}

/** Why it could not be evaluated, or what to do about it where somebody can. */
function Unknown({ check, asked }: { check: Check; asked: string }) {
  const t = useTranslations("common.explanation");
  if (!check.unknown?.length) return null;
  if (check.unknown.includes("exchangeRate")) {
    return (
      <p className="flex items-start gap-1.5 text-bend">
        <CircleHelp aria-hidden className="mt-1 size-3.5 shrink-0" />
        {t("noRate", { currency: asked })}
      </p>
    );
  }
  const known = [
    "orderAgeDays",
    "tenureDays",
    "hasOpenDispute",
    "hasOrder",
    "amount",
    "exchangeRate",
    "orderPaid",
  ] as const;
  const words = check.unknown.map((fact) => {
    const name = known.find((each) => each === fact);
    return t(`fact.${name ?? "other"}`);
  });
  return (
    <p className="flex items-center gap-1.5 text-bend">
      <CircleHelp aria-hidden className="size-3.5" />
      {t("unknown", { facts: words.join(", ") })}
    </p>
  );
}

/** How a window is said behind an amount: "a day", "in 30 days". */
export function useWindowWords() {
  const t = useTranslations("common.window");
  return (window: NonNullable<Check["window"]>): string =>
    typeof window === "object" ? t("rolling", { days: window.rollingDays }) : t(window);
}
