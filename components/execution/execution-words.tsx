import { useTranslations } from "next-intl";
import { Words } from "@/components/decision/words";
import { Time } from "@/components/ui/time";
import type { ExecutionView, Failure } from "@/lib/execution/types";
import { formatShort } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import { ExecutionBadge, ReversalBadge } from "./execution-badge";

export interface ExecutionWordsProps {
  execution: ExecutionView;
  /** What was granted, minor units. */
  amount: number;
  currency: string;
  timeZone: string;
  now: string;
}

/** How far it is with carrying a decision out, what that means, and, where it failed, what to tell the customer. */
export function ExecutionWords({ execution, amount, currency, timeZone, now }: ExecutionWordsProps) {
  const t = useTranslations("execution");
  const { status, provider, reversal, failure } = execution;
  const at = execution.finishedAt ?? execution.movedAt;
  const words = { amount: formatAmount(amount, currency), currency };
  return (
    <div className="flex flex-col gap-2" data-execution={status}>
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <ExecutionBadge status={status} />
        {at && status !== "queued" ? (
          <span className="text-ink-3 text-xs">
            <Time at={at} now={now} timeZone={timeZone} />
          </span>
        ) : null}
      </p>
      <p className="text-pretty">
        {status === "succeeded"
          ? t(`what.succeeded.${provider ?? "by_hand"}`, words)
          : t(`what.${status}`, {
              due: execution.dueAt ? formatShort(new Date(execution.dueAt), new Date(now), timeZone) : "",
            })}
      </p>
      {failure ? <FailureWords failure={failure} /> : null}
      <Reference of={execution.reference} />
      {reversal ? (
        <div className="mt-1 flex flex-col gap-2 border-line border-t pt-3">
          <p>
            <ReversalBadge status={reversal.status} />
          </p>
          <p className="text-pretty">{t(`back.${reversal.status}`)}</p>
          {reversal.failure ? <FailureWords failure={reversal.failure} /> : null}
          <Reference of={reversal.reference} />
        </div>
      ) : null}
    </div>
  );
}

function Reference({ of }: { of: string | null }) {
  const t = useTranslations("execution");
  if (!of) return null;
  return <p className="break-all text-ink-3 text-xs">{t("reference", { reference: of })}</p>;
}

/** Why it did not work, in plain words, and what may be said to the customer. */
export function FailureWords({ failure: { code, detail } }: { failure: Failure }) {
  const t = useTranslations("execution.failure");
  return (
    <div className="flex flex-col gap-2">
      <p className="text-pretty">{t(`${code}.why`)}</p>
      {detail ? <p className="break-words text-ink-2 text-sm">{t("detail", { detail })}</p> : null}
      <Words say={t(`${code}.say`)} />
    </div>
  );
}
