import { useTranslations } from "next-intl";
import type {
  DifferencePage,
  SimulationPage,
  SimulationResult,
  SimulationView,
} from "@/lib/simulations/types";
import { AgainstSwitch } from "./against-switch";
import { DecisionList } from "./decision-list";
import { FlowPicture } from "./flow-picture";
import { GroupList } from "./group-list";
import { Method } from "./method";
import { ShareChange } from "./share-change";
import { UnsentNote } from "./unsent-note";

interface OutcomeProps extends SimulationPage {
  run: SimulationView;
  result: SimulationResult;
  differences: DifferencePage;
}

/** What came of a replay: the one number first, then where decisions go, whom it concerns, and each of them. */
export function Outcome(page: OutcomeProps) {
  const { run, result, filter, currency } = page;
  const t = useTranslations("settings.simulation");
  const { against } = filter;
  const shown = { result, against, currency };
  if (result.decisions.count === 0) return <UnsentNote {...shown} />;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <ShareChange {...shown} run={run} />
        <AgainstSwitch version={run.version} run={run.id} against={against} />
      </div>
      <section aria-labelledby="flow" className="flex flex-col gap-3">
        <h2 id="flow" className="font-semibold text-base">
          {t("flow.title")}
        </h2>
        <FlowPicture {...shown} run={run.id} version={run.version} />
      </section>
      <GroupList kind="teams" groups={result.teams} against={against} currency={currency} />
      <GroupList kind="causes" groups={result.causes} against={against} currency={currency} />
      <DecisionList {...page} />
      <UnsentNote {...shown} />
      <Method result={result} timeZone={page.timeZone} />
    </>
  );
}
