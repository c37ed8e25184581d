import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { ExecutionNote, TimelineEvent } from "@/lib/decisions/timeline";
import { formatShort } from "@/lib/format/dates";
import type { DecisionPage } from "@/lib/insights/types";

interface Moment {
  at: string;
  what: string;
  by: string | null;
  /** The API key by which it came in. */
  apiKey: string | null;
  /** What a person said with it. */
  reason: string | null;
}

/** What happened to it, in the order in which it happened. */
export function DecisionTimeline({ decision, now, timeZone }: DecisionPage) {
  const moments = useEvents(decision.timeline, now, timeZone);
  return (
    <ol className="flex flex-col gap-1.5">
      {moments.map((moment) => (
        <li key={`${moment.at} ${moment.what}`} className="flex flex-wrap gap-x-3">
          <Time at={moment.at} now={now} timeZone={timeZone} as="short" className="figures w-32 text-ink-3" />
          <span className="min-w-0 flex-1 basis-60">
            <MomentWords {...moment} />
            {moment.reason ? (
              <span dir="auto" className="block break-words text-ink-2">
                “{moment.reason}”
              </span>
            ) : null}
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
function useStepWords(now: string, timeZone: string): (event: TimelineEvent) => string | null {
  const t = useTranslations("execution.timeline");
  const names = useTranslations("execution.provider");
  return ({ action, goesTo, dueAt, execution }) => {
    if (action === "execution.sent_again") return t("sentAgain");
    if (action === "execution.owned") {
      if (!goesTo) return t("ownedByNobody");
      if (!dueAt) return t("owned", { person: goesTo });
      return t("ownedUntil", { person: goesTo, due: formatShort(new Date(dueAt), new Date(now), timeZone) });
    }
    if (!execution) return null;
    const what = t(stepWord(action, execution), { provider: names(execution.provider) });
    return execution.reference ? t("reference", { what, reference: execution.reference }) : what;
  };
}

/** The step's key in the catalogue: what a person did or said is told otherwise than what a provider did. */
function stepWord(action: string, { provider, attempt, byPerson }: ExecutionNote): "processing" {
  const status = action.slice(action.indexOf(".") + 1);
  const word = action.startsWith("execution_reversal.") ? `reversal_${status}` : status;
  if (provider === "by_hand" && BY_HAND.includes(word)) return `${word}ByHand` as "processing";
  if (byPerson && BY_PERSON.includes(word)) return `${word}ByPerson` as "processing";
  return (word === "processing" && attempt > 1 ? "processingAgain" : word) as "processing";
}

/** What is told otherwise where people carry it out, and where a person said it of a provider. */
const BY_HAND: readonly string[] = ["succeeded", "failed", "reversal_succeeded"];
const BY_PERSON: readonly string[] = [...BY_HAND, "reversal_by_hand"];

function useEvents(timeline: DecisionPage["decision"]["timeline"], now: string, timeZone: string): Moment[] {
  const t = useTranslations("floor.decision.timeline");
  const step = useStepWords(now, timeZone);
  return timeline.map((event) => {
    const { action, at, actor, key, countsFor, goesTo } = event;
    const by = { by: actor, apiKey: key, reason: event.execution?.reason ?? null };
    const own = step(event);
    if (own) return { at, what: own, ...by };
    const known = EVENTS.find((event) => event === action);
    const word = known?.replace(".", "_") as Known<(typeof EVENTS)[number]> | undefined;
    const what = word
      ? t(`event.${word}`, { customer: countsFor ?? t("somebody"), person: goesTo ?? t("someone") })
      : action;
    return { at, what, ...by };
  });
}
