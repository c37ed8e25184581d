import { useTranslations } from "next-intl";
import { ExecutionWords } from "@/components/execution/execution-words";
import { formatExact } from "@/lib/format/dates";
import type { DecisionPage } from "@/lib/insights/types";

/** Whether the money, or what stands for it, has moved. */
export function DecisionExecution({ decision, timeZone, now }: DecisionPage) {
  const t = useTranslations("floor.decision");
  const { execution, status } = decision;
  if (!execution) {
    if (status === "refused") return <p>{t("execution.refused")}</p>;
    return <p>{status === "reserved" ? t("execution.reserved") : t("execution.released")}</p>;
  }
  if (execution.status === "queued") {
    return decision.undoUntil ? (
      <p>{t("execution.queuedUntil", { at: formatExact(new Date(decision.undoUntil), timeZone) })}</p>
    ) : (
      <p>{t("execution.queued")}</p>
    );
  }
  return (
    <>
      <ExecutionWords
        execution={execution}
        amount={decision.handover?.grantedAmount ?? decision.amount}
        currency={decision.currency}
        timeZone={timeZone}
        now={now}
      />
      {decision.whyUnknown ? (
        <p className="break-words text-ink-2">{t("execution.why", { why: decision.whyUnknown })}</p>
      ) : null}
    </>
  );
}
