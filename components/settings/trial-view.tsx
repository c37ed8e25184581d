import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatMoney } from "@/lib/format/money";
import { formatMoment } from "@/lib/format/wall-time";
import type { TrialPage, TrialTotals } from "@/lib/trials/types";
import { DifferenceList } from "./difference-list";
import { LifeNote } from "./life-note";
import { TrialActions } from "./trial-actions";
import { TrialChart } from "./trial-chart";

/** A trial beside the main version: what its team does in it, what it did before, and what the others do meanwhile. */
export function TrialView(page: TrialPage) {
  const { trial, version, comparison, current, mayEdit, timeZone, currency } = page;
  const t = useTranslations("settings.trial");
  const running = trial.endedAt === null;
  return (
    <article className="flex max-w-4xl flex-col gap-8">
      <Link
        href={`/settings/policies/${version.version}`}
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back", { version: version.version })}
      </Link>
      <LifeNote version={version.version} timeZone={timeZone} />
      <Head {...page} />
      {mayEdit && running ? (
        <div className="flex flex-wrap gap-2">
          <TrialActions trial={trial} version={version} current={current} />
        </div>
      ) : null}
      {comparison.trial.decisions === 0 ? (
        <EmptyState title={running ? t("empty") : t("emptyOver")} className="py-0">
          {running ? <p>{t("emptyText")}</p> : null}
        </EmptyState>
      ) : (
        <>
          <Numbers {...page} />
          <TrialChart days={comparison.days} team={trial.team.name} currency={currency} />
        </>
      )}
      <Differences {...page} />
    </article>
  );
}

function Head({ trial, version, main, timeZone }: TrialPage) {
  const t = useTranslations("settings.trial");
  const team = trial.team.name;
  const running = trial.endedAt === null;
  const span = {
    from: formatMoment(new Date(trial.startsAt), timeZone),
    until: formatMoment(new Date(trial.endedAt ?? trial.endsAt), timeZone),
    main: main?.version ?? 0,
  };
  return (
    <header className="flex flex-col gap-1">
      <h1 className="font-semibold text-lg">
        {t(running ? "heading" : "headingOver", { team, version: version.version })}
      </h1>
      <p className="max-w-prose text-ink-2">
        {t(running ? "since" : "over", span)} {t("startedBy", { name: trial.startedBy.name })}{" "}
        {trial.endedBy ? t("overBy", { name: trial.endedBy.name }) : null}
      </p>
    </header>
  );
}

/** Three columns of the same lines; under one another on a phone. */
function Numbers({ comparison, trial, currency, comparedFrom, timeZone }: TrialPage) {
  const t = useTranslations("settings.trial");
  const team = trial.team.name;
  const since = formatMoment(new Date(comparedFrom), timeZone);
  const columns = [
    { key: "trial", totals: comparison.trial },
    { key: "before", totals: comparison.before },
    { key: "others", totals: comparison.others },
  ] as const;
  return (
    <section aria-labelledby="numbers" className="flex flex-col gap-3">
      <h2 id="numbers" className="font-semibold text-base">
        {t("numbers")}
      </h2>
      <div className="grid gap-x-8 gap-y-6 sm:grid-cols-3">
        {columns.map(({ key, totals }) => (
          <section key={key} aria-labelledby={`numbers-${key}`} className="flex min-w-0 flex-col gap-2">
            <h3 id={`numbers-${key}`} className="border-line border-b pb-2 sm:min-h-16">
              <span className="block font-medium">{t(`columns.${key}`, { team })}</span>
              <span className="block text-ink-3 text-xs">{t(`span.${key}`, { since })}</span>
            </h3>
            <Totals totals={totals} currency={currency} leading={key === "trial"} />
          </section>
        ))}
      </div>
    </section>
  );
}

interface TotalsProps {
  totals: TrialTotals;
  currency: string;
  /** The column that the others are read against. */
  leading: boolean;
}

function Totals({ totals, currency, leading }: TotalsProps) {
  const t = useTranslations("settings.trial");
  const { decisions, solved, given, handover, deny } = totals;
  const share = (count: number) =>
    decisions === 0
      ? t("none")
      : t("of", { count: formatCount(count), share: formatShare(count / decisions) });
  const lines = [
    [t("rows.solved"), decisions === 0 ? t("none") : formatShare(solved / decisions)],
    [t("rows.decisions"), formatCount(decisions)],
    [t("rows.given"), formatMoney(given, currency)],
    [t("rows.average"), decisions === 0 ? t("none") : formatMoney(Math.round(given / decisions), currency)],
    [t("rows.handover"), share(handover)],
    [t("rows.deny"), share(deny)],
  ] as const;
  return (
    <dl className="flex flex-col gap-1.5">
      {lines.map(([label, value], index) => (
        <div key={label} className="flex items-baseline justify-between gap-3 first:min-h-7">
          <dt className="text-ink-2">{label}</dt>
          <dd className={leading && index === 0 ? "figures font-medium text-lg" : "figures font-medium"}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Differences({ version, main }: TrialPage) {
  const t = useTranslations("settings.trial");
  if (!main) return null;
  return (
    <section aria-labelledby="differences" className="flex flex-col gap-2">
      <h2 id="differences" className="font-semibold text-base">
        {t("differences", { version: main.version })}
      </h2>
      <DifferenceList before={main.document} after={version.document} />
    </section>
  );
}
