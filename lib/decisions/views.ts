import type { DecisionDetail, DecisionListItem } from "@/lib/decisions/data";
import type { DecisionView } from "@/lib/decisions/types";

/** A decision as REST lists it: ids, no names, which stay with the people they belong to. */
export function toListed(
  item: DecisionListItem,
): DecisionView & { cause: string | null; note: string | null } {
  const { employeeName, customerName, orderRef, teamId, countedAmount, granted, ...view } = item;
  return view;
}

/** A decision as REST shows it whole, to whoever may read what was written in looks back at it or not. */
export function toWhole(detail: DecisionDetail, { withReviews }: { withReviews: boolean }) {
  const {
    employeeName,
    customerName,
    orderRef,
    teamId,
    granted,
    teamName,
    apiKeyName,
    policyPublishedAt,
    timeline,
    whyUnknown,
    ...view
  } = detail;
  return {
    ...view,
    handover: view.handover && {
      ...view.handover,
      waitingFor: view.handover.waitingFor?.id ?? null,
      answeredBy: view.handover.answeredBy?.id ?? null,
    },
    reversal: view.reversal && { ...view.reversal, reversedBy: view.reversal.reversedBy?.id ?? null },
    reviews: (withReviews ? view.reviews : []).map(({ reviewer, ...review }) => ({
      ...review,
      reviewer: reviewer.id,
    })),
  };
}
