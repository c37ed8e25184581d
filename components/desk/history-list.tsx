import { UsersRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { DecisionActions } from "@/components/decision/decision-actions";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import type { Listed, PastDecision } from "@/lib/customers/types";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import type { MergeStory } from "@/lib/merges/types";
import { MoreLink } from "./order-list";

interface HistoryListProps {
  history: Listed<PastDecision>;
  /** Of the customer's records, the newest first, those that were undone too. */
  merges: readonly MergeStory[];
  moreHref: string | null;
  /** Whose desk it is: their own decisions are "by you". */
  employeeId: string;
  now: string;
  timeZone: string;
}

/** Everything that was ever done for the customer, by whom, and what was said to it. */
export function HistoryList({ history, merges, moreHref, employeeId, now, timeZone }: HistoryListProps) {
  const t = useTranslations("desk.history");
  const lines = together(history, merges);
  return (
    <section aria-labelledby="history" className="flex flex-col gap-1">
      <h2 id="history" className="font-semibold text-base">
        {t("title")}
      </h2>
      {lines.length === 0 ? <p className="text-ink-2">{t("none")}</p> : null}
      <ol className="-mx-2 flex flex-col">
        {lines.map((line) =>
          line.kind === "decision" ? (
            <li key={line.decision.id} className="arrive">
              <PastLine
                decision={line.decision}
                own={line.decision.employee.id === employeeId}
                now={now}
                timeZone={timeZone}
              />
            </li>
          ) : (
            <li key={`${line.merge.id} ${line.kind}`} className="arrive px-2 py-2">
              <MergeLine line={line} employeeId={employeeId} now={now} timeZone={timeZone} />
            </li>
          ),
        )}
      </ol>
      <MoreLink href={moreHref} label={t("more", { count: history.total - history.items.length })} />
    </section>
  );
}

type Line =
  | { kind: "decision"; at: string; decision: PastDecision }
  | { kind: "merged" | "unmerged"; at: string; merge: MergeStory };

/** Decisions and merges in one order of time: as far back as decisions are shown, or to the end where all are. */
function together({ items, total }: Listed<PastDecision>, merges: readonly MergeStory[]): Line[] {
  const last = items.length < total ? items.at(-1)?.createdAt : undefined;
  const told = merges.flatMap((merge): Line[] => [
    { kind: "merged", at: merge.mergedAt, merge },
    ...(merge.undoneAt ? [{ kind: "unmerged", at: merge.undoneAt, merge } as const] : []),
  ]);
  return [
    ...items.map((decision): Line => ({ kind: "decision", at: decision.createdAt, decision })),
    ...told.filter(({ at }) => last === undefined || at > last),
  ].toSorted((a, b) => (a.at > b.at ? -1 : 1));
}

interface MergeLineProps {
  line: Exclude<Line, { kind: "decision" }>;
  employeeId: string;
  now: string;
  timeZone: string;
}

/** That two records are one since, or are two again: who said so, and why. */
function MergeLine({ line, employeeId, now, timeZone }: MergeLineProps) {
  const t = useTranslations("desk.history");
  const { merge, kind, at } = line;
  const who = kind === "merged" ? merge.mergedBy : merge.undoneBy;
  const by = who === null ? t("bySystem") : who.id === employeeId ? t("byYou") : t("by", { name: who.name });
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
      <UsersRound aria-hidden className="mt-0.5 size-4 text-ink-3" />
      <div className="min-w-0">
        <p className="break-words">
          {t(kind, { duplicate: merge.duplicate.name, customer: merge.customer.name })}
        </p>
        <p className="text-ink-3 text-xs">
          <Time at={at} now={now} timeZone={timeZone} /> {by}
        </p>
        {kind === "merged" ? <p className="line-clamp-2 text-ink-2 text-xs">{merge.reason}</p> : null}
      </div>
    </div>
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
  const granted = decision.granted;
  const words = [
    granted !== null && granted !== decision.amount
      ? t("granted", { amount: formatAmount(granted, decision.currency) })
      : null,
    decision.cause,
    decision.orderRef ? t("onOrder", { ref: decision.orderRef }) : null,
  ].filter(Boolean);
  const amount = formatAmount(decision.granted ?? decision.amount, decision.currency);
  return (
    <>
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
            {own ? t("byYou") : t("by", { name: isolated(decision.employee.name) })}
          </span>
          {decision.happened ? (
            <span dir="auto" className="line-clamp-2 break-words text-ink-2 text-xs">
              {decision.happened}
            </span>
          ) : null}
        </span>
        <span className="flex flex-col items-end gap-1">
          <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
        </span>
      </Link>
      {/* It stays where it is once it was used, and says what came of it. */}
      <div className="px-2 pb-2 pl-8.5 empty:hidden">
        <DecisionActions
          decision={{ ...decision, amount: decision.granted ?? decision.amount }}
          undoUntil={decision.undoUntil}
          now={now}
          mayReverse
          undoOnly
          mayWithdraw={false}
          name={t("undo", { remedy: remedy(decision.remedy), amount })}
        />
      </div>
    </>
  );
}
