import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { DecisionPage } from "@/lib/insights/types";

interface Moment {
  at: string;
  what: string;
  by: string | null;
}

/** What happened to it, in the order in which it happened. */
export function DecisionTimeline({ decision, now, timeZone }: DecisionPage) {
  const t = useTranslations("floor.decision.timeline");
  const moments = [...useEvents(decision.timeline), ...useExecution(decision.execution)].toSorted(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
  return (
    <ol className="flex flex-col gap-1.5">
      {moments.map((moment) => (
        <li key={`${moment.at} ${moment.what}`} className="flex flex-wrap gap-x-3">
          <Time at={moment.at} now={now} timeZone={timeZone} as="short" className="figures w-32 text-ink-3" />
          <span>{moment.by ? t("by", { what: moment.what, name: moment.by }) : moment.what}</span>
        </li>
      ))}
    </ol>
  );
}

/** The events that have words of their own; any other is told by its name. */
const EVENTS = { "decision.recorded": "decision_recorded", "handover.expired": "handover_expired" } as const;

function useEvents(timeline: DecisionPage["decision"]["timeline"]): Moment[] {
  const t = useTranslations("floor.decision.timeline");
  return timeline.map(({ action, at, actor }) => {
    const known = Object.entries(EVENTS).find(([event]) => event === action)?.[1];
    return { at, what: known ? t(known) : action, by: actor };
  });
}

const ENDS = { by_hand: "by_hand", done: "executed", cancelled: "cancelled" } as const;

function useExecution(execution: DecisionPage["decision"]["execution"]): Moment[] {
  const t = useTranslations("floor.decision.timeline");
  if (!execution?.finishedAt || execution.status === "queued") return [];
  return [{ at: execution.finishedAt, what: t(ENDS[execution.status]), by: null }];
}
