import { useTranslations } from "next-intl";
import type { Check } from "@/lib/discretion/types";
import { formatDay } from "@/lib/format/dates";
import { formatAmount, formatCount } from "@/lib/format/money";
import type { DecisionPage } from "@/lib/insights/types";

type Entry = DecisionPage["decision"]["ledgerEntries"][number];

/** The built-in check counts in the currency of the order, and never begins anew. */
const ORDER_REFUNDABLE = "order-refundable";

/** What is counted of a decision that no limit counts: its own entry. */
const ITSELF = "decision";

/** What the decision took from the limits and gave back to them: before and after, as the ledger holds it. */
export function LedgerList({ decision, policyCurrency }: DecisionPage) {
  const t = useTranslations("floor.decision.ledger");
  const builtIn = useTranslations("common.explanation.builtIn");
  const { ledgerEntries, currency } = decision;
  // What an answer counted on its answerer was looked at in their evaluation.
  const known = [...decision.explanation.checks, ...(decision.handover?.explanation?.checks ?? [])];
  if (ledgerEntries.length === 0) return <p className="text-ink-2">{t("none")}</p>;
  return (
    <ol className="flex flex-col divide-y divide-line">
      {ledgerEntries.map((entry) => {
        const checks = known.filter((check) => entry.limitIds.includes(check.id));
        const isItself = entry.definition === ITSELF;
        const inOrderCurrency = entry.limitIds.includes(ORDER_REFUNDABLE);
        return (
          <li key={entry.seq} className="flex flex-col gap-0.5 py-2 first:pt-0">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{t(`kind.${entry.kind}`)}</span>
              {isItself ? <span>{t("itself")}</span> : null}
              {inOrderCurrency ? <span>{builtIn(ORDER_REFUNDABLE)}</span> : null}
              {isItself || inOrderCurrency ? null : (
                <span className="font-mono">{entry.limitIds.join(", ")}</span>
              )}
              <span className="text-ink-2 text-xs">
                {isItself ? t("itselfWhy") : <WindowWords entry={entry} check={checks[0]} />}
              </span>
              <span className="ml-auto text-ink-3 text-xs">
                <StepWords entry={entry} />
              </span>
            </p>
            <Movement entry={entry} checks={checks} currency={inOrderCurrency ? currency : policyCurrency} />
          </li>
        );
      })}
    </ol>
  );
}

/** The step of the decision that the entry belongs to; without one it only counts somewhere else since. */
function StepWords({ entry }: { entry: Entry }) {
  const t = useTranslations("floor.decision.ledger");
  const { statusBefore, statusAfter } = entry;
  return statusBefore === statusAfter
    ? t("elsewhere", { status: t(`status.${statusAfter}`) })
    : t("step", { before: t(`status.${statusBefore}`), after: t(`status.${statusAfter}`) });
}

/** "given 25.00 → 50.00", and the same in decisions where a limit counts those. */
function Movement({ entry, checks, currency }: { entry: Entry; checks: readonly Check[]; currency: string }) {
  const t = useTranslations("floor.decision.ledger");
  const counting = checks.some((check) => check.measure === "count");
  const spending = !counting || checks.some((check) => check.measure === "amount");
  const amount = (minor: number) => formatAmount(minor, currency);
  const { amountBefore, amountAfter, countBefore, countAfter } = entry;

  /** What was nothing and stays nothing is not worth a word. */
  function said(
    name: "given" | "held" | "decisions" | "decisionsHeld",
    before: number,
    after: number,
    format: (value: number) => string,
  ): string | null {
    if (before === 0 && after === 0) return null;
    const moved = t("moved", { before: format(before), after: format(after) });
    return t(name, { span: before === after ? format(after) : moved });
  }

  const amounts = [
    said("given", amountBefore.posted, amountAfter.posted, amount),
    said("held", amountBefore.reserved, amountAfter.reserved, amount),
  ];
  const counts = [
    said("decisions", countBefore.posted, countAfter.posted, formatCount),
    said("decisionsHeld", countBefore.reserved, countAfter.reserved, formatCount),
  ];
  const parts = [...(spending ? amounts : []), ...(counting ? counts : [])];
  return <p className="figures">{parts.filter(Boolean).join(" · ")}</p>;
}

/** Which of its windows a limit counted in. */
function WindowWords({ entry, check }: { entry: Entry; check: Check | undefined }) {
  const t = useTranslations("floor.decision.ledger.window");
  if (entry.windowFrom === null) {
    if (entry.limitIds.includes(ORDER_REFUNDABLE)) return t("order");
    return check?.window === "case" ? t("case") : t("lifetime");
  }
  const day = formatDay(new Date(`${entry.windowFrom}T00:00:00Z`), "UTC");
  const window = check?.window;
  if (typeof window === "object" && window !== null) return t("rolling", { day, days: window.rollingDays });
  switch (window) {
    case "day":
    case "week":
    case "month":
    case "year":
      return t(window, { day });
    default:
      return t("from", { day });
  }
}
