import Link from "next/link";
import { useTranslations } from "next-intl";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import type { Listed, PastDecision } from "@/lib/customers/types";
import { MoreLink } from "./order-list";

interface HistoryListProps {
  history: Listed<PastDecision>;
  moreHref: string | null;
  /** Whose desk it is: their own decisions are "by you". */
  employeeId: string;
  now: string;
  timeZone: string;
}

/** Everything that was ever done for the customer, by whom, and what was said to it. */
export function HistoryList({ history, moreHref, employeeId, now, timeZone }: HistoryListProps) {
  const t = useTranslations("desk.history");
  return (
    <section aria-labelledby="history" className="flex flex-col gap-1">
      <h2 id="history" className="font-semibold text-base">
        {t("title")}
      </h2>
      {history.items.length === 0 ? <p className="text-ink-2">{t("none")}</p> : null}
      <ol className="-mx-2 flex flex-col">
        {history.items.map((decision) => (
          <li key={decision.id} className="arrive">
            <PastLine
              decision={decision}
              own={decision.employee.id === employeeId}
              now={now}
              timeZone={timeZone}
            />
          </li>
        ))}
      </ol>
      <MoreLink href={moreHref} label={t("more", { count: history.total - history.items.length })} />
    </section>
  );
}

interface PastLineProps {
  decision: PastDecision;
  own: boolean;
  now: string;
  timeZone: string;
}

function PastLine({ decision, own, now, timeZone }: PastLineProps) {
  const t = useTranslations("desk.history");
  const remedy = useTranslations("common.remedy");
  const words = [decision.cause, decision.orderRef ? t("onOrder", { ref: decision.orderRef }) : null].filter(
    Boolean,
  );
  return (
    <Link
      href={`/desk/decisions/${decision.id}`}
      prefetch={false}
      className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2.5 rounded-md px-2 py-2 transition-colors hover:bg-sunken"
    >
      <RemedyIcon remedy={decision.remedy} className="mt-0.5 size-4 text-ink-3" />
      <span className="min-w-0">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">
            {remedy(decision.remedy)} <Money amount={decision.amount} currency={decision.currency} />
          </span>
          <span className="truncate text-ink-2">{words.join(" · ")}</span>
        </span>
        <span className="block text-ink-3 text-xs">
          <Time at={decision.createdAt} now={now} timeZone={timeZone} />{" "}
          {own ? t("byYou") : t("by", { name: decision.employee.name })}
        </span>
        {decision.happened ? (
          <span className="line-clamp-2 text-ink-2 text-xs">{decision.happened}</span>
        ) : null}
      </span>
      <span className="flex flex-col items-end gap-1">
        <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
      </span>
    </Link>
  );
}
