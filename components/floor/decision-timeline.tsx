import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { TimelineEvent } from "@/lib/decisions/timeline";
import type { DecisionPage } from "@/lib/insights/types";

interface Moment {
  at: string;
  what: string;
  by: string | null;
  /** The API key by which it came in. */
  apiKey: string | null;
}

/** What happened to it, in the order in which it happened. */
export function DecisionTimeline({ decision, now, timeZone }: DecisionPage) {
  const moments = useEvents(decision.timeline);
  return (
    <ol className="flex flex-col gap-1.5">
      {moments.map((moment) => (
        <li key={`${moment.at} ${moment.what}`} className="flex flex-wrap gap-x-3">
          <Time at={moment.at} now={now} timeZone={timeZone} as="short" className="figures w-32 text-ink-3" />
          <span className="min-w-0">
            <MomentWords {...moment} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function MomentWords({ what, by, apiKey }: Moment) {
  const t = useTranslations("floor.decision.timeline");
  if (by && apiKey) return t("byFor", { what, name: by, key: apiKey });
  if (apiKey) return t("byKey", { what, key: apiKey });
  return by ? t("by", { what, name: by }) : what;
}

/** The events that have words of their own; any other is told by its name. */
const EVENTS = [
  "decision.recorded",
  "decision.undone",
  "decision.reversed",
  "decision.counted",
  "decision.customer_merged",
  "decision.customer_unmerged",
  "handover.approved",
  "handover.adjusted",
  "handover.declined",
  "handover.withdrawn",
  "handover.expired",
  "handover.routed",
  "handover.unanswerable",
  "handover.asked_back",
  "handover.facts_given",
  "review.recorded",
  "review.answered",
  "precedent.made",
  "survey.answered",
] as const;

type Known<Action extends string> = Action extends `${infer Of}.${infer What}` ? `${Of}_${What}` : never;

/** What a step of an execution is called; null of anything else. */
function useStepWords(): (event: TimelineEvent) => string | null {
  const t = useTranslations("execution.timeline");
  const names = useTranslations("execution.provider");
  return ({ action, goesTo, execution }) => {
    if (action === "execution.owned") return goesTo ? t("owned", { person: goesTo }) : t("ownedByNobody");
    if (!execution) return null;
    const isBack = action.startsWith("execution_reversal.");
    const status = action.slice(action.indexOf(".") + 1);
    const byHand = execution.provider === "by_hand" && (status === "succeeded" || status === "failed");
    const again = !isBack && status === "processing" && execution.attempt > 1;
    const suffix = byHand && !(isBack && status === "failed") ? "ByHand" : again ? "Again" : "";
    const word = `${isBack ? "reversal_" : ""}${status}${suffix}` as "processing";
    const what = t(word, { provider: names(execution.provider) });
    return execution.reference ? t("reference", { what, reference: execution.reference }) : what;
  };
}

function useEvents(timeline: DecisionPage["decision"]["timeline"]): Moment[] {
  const t = useTranslations("floor.decision.timeline");
  const step = useStepWords();
  return timeline.map((event) => {
    const { action, at, actor, key, countsFor, goesTo } = event;
    const own = step(event);
    if (own) return { at, what: own, by: actor, apiKey: key };
    const known = EVENTS.find((event) => event === action);
    const word = known?.replace(".", "_") as Known<(typeof EVENTS)[number]> | undefined;
    const what = word
      ? t(`event.${word}`, { customer: countsFor ?? t("somebody"), person: goesTo ?? t("someone") })
      : action;
    return { at, what, by: actor, apiKey: key };
  });
}
