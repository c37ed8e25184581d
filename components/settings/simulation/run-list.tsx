import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { Time } from "@/components/ui/time";
import { shareOf, solvedOf, totalOf } from "@/lib/simulations/tallies";
import type { SimulationLine, SimulationPage } from "@/lib/simulations/types";
import { simulationHref } from "./address";
import { dayWords } from "./words";

/** Every replay of the version, each at an address of its own; the one that is shown stands out. */
export function RunList({ runs, run: shown, version: { version }, timeZone, now }: SimulationPage) {
  const t = useTranslations("settings.simulation.runs");
  if (runs.length < 2) return null;
  return (
    <section aria-labelledby="runs" className="flex flex-col gap-2 print:hidden">
      <h2 id="runs" className="font-semibold text-base">
        {t("title")}
      </h2>
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {runs.map((run) => (
          <li key={run.id}>
            <Link
              href={simulationHref(version, { run: run.id })}
              prefetch={false}
              aria-current={run.id === shown?.id ? "true" : undefined}
              className="-mx-2 flex flex-wrap items-baseline gap-x-4 gap-y-0.5 rounded-md px-2 py-2 hover:bg-sunken aria-current:font-medium"
            >
              <span className="figures">{t("line", { from: dayWords(run.from), to: dayWords(run.to) })}</span>
              <span className="figures text-ink-2">
                <Came run={run} />
              </span>
              <span className="ml-auto text-ink-3 text-xs">
                <Time at={run.createdAt} now={now} timeZone={timeZone} />{" "}
                {run.askedBy ? t("by", { name: run.askedBy }) : null}
                {" · "}
                {t("revision", { revision: run.revision })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What came of it, in two numbers, or where it is. */
function Came({ run: { status, fault, verdicts } }: { run: SimulationLine }) {
  const t = useTranslations("settings.simulation.runs");
  if (fault === "nothing") return t("nothing");
  if (!verdicts) return t(`status.${status}`);
  const share = (voice: "current" | "draft") => shareOf(solvedOf(verdicts[voice]), totalOf(verdicts[voice]));
  const [before, after] = [share("current"), share("draft")];
  if (before === null || after === null) return t("nothing");
  return t("shares", { before: formatShare(before), after: formatShare(after) });
}
