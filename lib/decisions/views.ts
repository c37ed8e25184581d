import type { DecisionDetail, DecisionListItem } from "@/lib/decisions/data";
import type { DecisionView } from "@/lib/decisions/types";

/** A decision as REST lists it: ids, no names, which stay with the people they belong to. */
export function toListed(
  item: DecisionListItem,
): DecisionView & { cause: string | null; note: string | null } {
  const { employeeName, customerName, orderRef, teamId, countedAmount, ...view } = item;
  return view;
}

/** A decision as REST shows it whole. */
export function toWhole(detail: DecisionDetail) {
  const {
    employeeName,
    customerName,
    orderRef,
    teamId,
    teamName,
    apiKeyName,
    policyPublishedAt,
    timeline,
    ...view
  } = detail;
  return {
    ...view,
    handover: view.handover && { ...view.handover, waitingFor: view.handover.waitingFor?.id ?? null },
    reviews: [],
  };
}
