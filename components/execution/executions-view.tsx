import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import { LIST_SHOWN } from "@/lib/execution/schema";
import type { ExecutionState, ExecutionsPage, OpenExecution, ReversalState } from "@/lib/execution/types";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import { ExecutionBadge, ReversalBadge } from "./execution-badge";
import { SendAgain } from "./send-again";
import { SettleKnown } from "./settle-known";

/** What is open at providers and with people, and what failed lately, each with its age. */
export function ExecutionsView(page: ExecutionsPage & { listed: number }) {
  const t = useTranslations("execution.list");
  const { show, counts, executions, listed } = page;
  return (
    <div className="flex flex-col gap-6 pt-6">
      <RefreshOnEvents kinds={["execution"]} />
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        <Link
          href="/floor/by-hand"
          className="flex w-fit items-center text-accent-text underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {t("byHandLink")}
        </Link>
      </header>
      <nav aria-label={t("filter")}>
        <ul className="-mx-2.5 flex flex-wrap gap-1">
          {LIST_SHOWN.map((each) => (
            <li key={each}>
              <Link
                href={each === "open" ? "/floor/executions" : `/floor/executions?show=${each}`}
                aria-current={each === show ? "true" : undefined}
                className={cn(
                  "flex h-8 items-center gap-1.5 rounded-md px-2.5 text-ink-2 transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
                  each === show && "bg-sunken font-medium text-ink",
                )}
              >
                {t(`show.${each}`)} <span className="figures text-ink-3 text-xs">{counts[each]}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {executions.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : (
        <ul className="flex flex-col divide-y divide-line border-line border-y">
          {executions.map((execution) => (
            <li key={`${execution.of} ${execution.decisionId}`} className="flex flex-col gap-2 py-3">
              <Line execution={execution} {...page} />
            </li>
          ))}
        </ul>
      )}
      {executions.length >= listed ? (
        <p className="text-ink-3 text-xs">{t("more", { count: listed })}</p>
      ) : null}
    </div>
  );
}

function Line({
  execution,
  maySettle,
  now,
  timeZone,
}: { execution: OpenExecution } & Pick<ExecutionsPage, "maySettle" | "now" | "timeZone">) {
  const t = useTranslations("execution");
  const remedy = useTranslations("common.remedy");
  const { of, status, amount, currency, customer, employee, failure, begunAt, movedAt } = execution;
  return (
    <>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)_auto]">
        <RemedyIcon remedy={execution.remedy} className="mt-0.5 size-4 text-ink-3" />
        <Link
          href={`/floor/decisions/${execution.decisionId}`}
          prefetch={false}
          className="flex min-w-0 flex-wrap items-center break-words rounded-inner font-medium hover:underline pointer-coarse:min-h-11"
        >
          {remedy(execution.remedy)}{" "}
          {t("list.for", {
            amount: formatAmount(amount, currency),
            currency,
            customer: isolated(customer.name),
          })}
        </Link>
        <span className="flex flex-wrap items-center gap-2 max-sm:col-start-2">
          {of === "execution" ? (
            <ExecutionBadge status={status as ExecutionState} />
          ) : (
            <ReversalBadge status={status as ReversalState} />
          )}
        </span>
        <p className="col-start-2 break-words text-ink-3 text-xs">
          {t(`provider.${execution.provider}`)} · <bdi>{employee.name}</bdi> ·{" "}
          <Time at={status === "failed" ? movedAt : begunAt} now={now} timeZone={timeZone} />
          {execution.reference ? ` · ${t("reference", { reference: execution.reference })}` : null}
        </p>
        {execution.settled ? <SettledWords execution={execution} now={now} timeZone={timeZone} /> : null}
        {failure && !execution.settled ? (
          <p className="col-start-2 break-words text-ink-2 text-sm">
            {t(`failure.${failure.code}.why`)}
            {failure.detail ? ` ${t("failure.detail", { detail: failure.detail })}` : null}
          </p>
        ) : null}
      </div>
      {execution.why || execution.stopped ? (
        <p className="ml-6.5 break-words text-ink-2 text-sm">
          {[execution.why, execution.stopped ? t("list.stopped") : null].filter(Boolean).join(" ")}
        </p>
      ) : null}
      {maySettle && (status === "unknown" || status === "pending") ? (
        <div className="ml-6.5 flex flex-wrap items-start gap-2">
          {execution.stopped ? <SendAgain decisionId={execution.decisionId} /> : null}
          <SettleKnown decisionId={execution.decisionId} of={of} />
        </div>
      ) : null}
    </>
  );
}

/** Who said in the provider's place what came of it, and how they know. */
function SettledWords({
  execution: { of, status, settled },
  now,
  timeZone,
}: { execution: OpenExecution } & Pick<ExecutionsPage, "now" | "timeZone">) {
  const t = useTranslations("execution.list");
  if (!settled) return null;
  const isDone = status === "succeeded";
  const said =
    of === "execution" ? (isDone ? "settledMoved" : "settledNot") : isDone ? "settledBack" : "settledNotBack";
  return (
    <p className="col-start-2 break-words text-ink-2 text-sm">
      {t(said, { name: isolated(settled.by) })} · <Time at={settled.at} now={now} timeZone={timeZone} />
      {settled.reason ? (
        <span dir="auto" className="block">
          “{settled.reason}”
        </span>
      ) : null}
    </p>
  );
}
