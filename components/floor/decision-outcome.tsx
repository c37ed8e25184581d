import { useTranslations } from "next-intl";
import { formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import type { DecisionPage } from "@/lib/insights/types";

type Handover = NonNullable<DecisionPage["decision"]["handover"]>;

/** For whom it waits, or how it ended. */
export function DecisionHandover({ decision, handover, timeZone }: DecisionPage & { handover: Handover }) {
  const t = useTranslations("floor.decision.handover");
  const words = useHandoverWords(handover, timeZone);
  return (
    <p>
      {words}{" "}
      {handover.status === "waiting"
        ? t("held", { amount: formatMoney(decision.amount, decision.currency) })
        : null}
    </p>
  );
}

function useHandoverWords(handover: Handover, timeZone: string): string {
  const t = useTranslations("floor.decision.handover");
  const deadline = formatExact(new Date(handover.deadlineAt), timeZone);
  const at = formatExact(new Date(handover.answeredAt ?? handover.deadlineAt), timeZone);
  const name = handover.waitingFor?.name;
  switch (handover.status) {
    case "waiting":
      return name ? t("waiting", { name, deadline }) : t("waitingAnybody", { deadline });
    case "expired":
      return name ? t("expiredFor", { name, deadline }) : t("expired", { deadline });
    case "approved":
    case "adjusted":
    case "declined":
    case "withdrawn":
      return t(handover.status, { at });
    default:
      throw new Error(`A handover that is ${handover.status}.`);
  }
}

/** Whether the money, or what stands for it, has moved. */
export function DecisionExecution({ decision, timeZone }: DecisionPage) {
  const t = useTranslations("floor.decision");
  const { execution, status, remedy } = decision;
  if (!execution) {
    if (status === "refused") return <p>{t("execution.refused")}</p>;
    return <p>{status === "reserved" ? t("execution.reserved") : t("execution.released")}</p>;
  }
  if (execution.status === "by_hand") {
    return <p>{t("execution.by_hand", { remedy: t(`remedies.${remedy}`) })}</p>;
  }
  if (execution.status === "done" && execution.finishedAt) {
    return <p>{t("execution.doneAt", { at: formatExact(new Date(execution.finishedAt), timeZone) })}</p>;
  }
  return <p>{t(`execution.${execution.status}`)}</p>;
}
