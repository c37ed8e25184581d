import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { formatMoney } from "@/lib/format/money";
import { shareOf, solvedOf, totalOf } from "@/lib/simulations/tallies";
import type { Against, SimulationResult, SimulationView } from "@/lib/simulations/types";
import { dayWords, formatDistance, formatPoints, permille } from "./words";

interface ShareChangeProps {
  run: SimulationView;
  result: SimulationResult;
  against: Against;
  currency: string;
}

/** The number that a change of policy is decided by: how rarely anybody has to be asked, and at what cost. */
export function ShareChange({ run, result, against, currency }: ShareChangeProps) {
  const t = useTranslations("settings.simulation.share");
  const [before, after] = [result.verdicts[against], result.verdicts.draft];
  const shares = {
    before: shareOf(solvedOf(before), totalOf(before)) ?? 0,
    after: shareOf(solvedOf(after), totalOf(after)) ?? 0,
  };
  const given = { before: solvedOf(before).amount, after: solvedOf(after).amount };
  return (
    <section aria-label={t("title")} className="flex flex-col gap-4" data-testid="share">
      <div className="flex flex-col">
        <p className="flex flex-wrap items-baseline gap-x-4">
          <span className="figures font-semibold text-figure">{formatShare(shares.after)}</span>
          <span className="figures text-base text-ink-2">
            {t("was", { share: formatShare(shares.before) })}
          </span>
          <Moved points={permille(shares.after) - permille(shares.before)} />
        </p>
        <p className="text-ink-2">{t("title")}</p>
      </div>
      <div className="flex flex-col">
        <p className="figures flex flex-wrap items-baseline gap-x-3">
          <span className="font-medium text-lg">{formatMoney(given.after, currency)}</span>
          <span className="text-ink-2">{t("was", { share: formatMoney(given.before, currency) })}</span>
          <MoneyMoved amount={given.after - given.before} currency={currency} />
        </p>
        <p className="text-ink-2">{t("money")}</p>
      </div>
      <p className="figures text-ink-3 text-xs">
        {t("span", {
          count: result.decisions.count,
          from: dayWords(run.from),
          to: dayWords(run.to),
        })}
        {", "}
        {against === "current" ? t("comparedCurrent", { version: run.comparedWith }) : t("comparedRecorded")}
      </p>
    </section>
  );
}

/** More is not good by itself, and less is not bad: the arrow has no colour. */
function Moved({ points }: { points: number }) {
  const t = useTranslations("settings.simulation.share");
  if (points === 0) return <span className="text-ink-2">{t("same")}</span>;
  const Arrow = points > 0 ? ArrowUp : ArrowDown;
  return (
    <span className="figures inline-flex items-center gap-1 font-medium text-base">
      <Arrow aria-hidden className="size-4" />
      {t(points > 0 ? "more" : "less", { points: formatPoints(points) })}
    </span>
  );
}

function MoneyMoved({ amount, currency }: { amount: number; currency: string }) {
  const t = useTranslations("settings.simulation.share");
  if (amount === 0) return <span className="text-ink-2">{t("moneySame")}</span>;
  return (
    <span>{t(amount > 0 ? "moneyMore" : "moneyLess", { amount: formatDistance(amount, currency) })}</span>
  );
}
