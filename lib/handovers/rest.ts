import type { HandoverRefusal, HandoverStatus } from "@/lib/handovers/types";
import { problem } from "@/lib/http/problem";

/** What the core refused, as a problem. */
export function handoverProblem(refusal: HandoverRefusal): Response {
  switch (refusal.code) {
    case "handover_not_found":
      return problem("not_found");
    case "handover_answered":
      return problem("handover_answered", { detail: OVER[refusal.handover.status] });
    case "beyond_own_limits":
    case "denied_now":
      return problem(refusal.code, { explanation: refusal.explanation });
    case "note_required":
    case "amount_required":
    case "invalid":
      return problem(refusal.code, { errors: refusal.errors });
    case "asked_already":
    case "not_asked":
    case "own_handover":
    case "not_allowed":
    case "handover_expired":
    case "busy":
      return problem(refusal.code);
    default:
      return refusal satisfies never;
  }
}

const OVER: Record<HandoverStatus, string | undefined> = {
  waiting: undefined,
  approved: "Somebody approved it already. Their answer stands.",
  adjusted: "Somebody granted another amount already. Their answer stands.",
  declined: "Somebody declined it already. Their answer stands.",
  expired: "Its deadline has passed, and what it held is given back. It can be asked for anew.",
  withdrawn: "Whoever asked took it back. What it held is free again.",
};
