import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { ExecutionState, ReversalState } from "@/lib/execution/types";

const TONE: Record<ExecutionState | ReversalState, "neutral" | "allow" | "bend" | "handover" | "deny"> = {
  queued: "neutral",
  processing: "neutral",
  pending: "handover",
  unknown: "bend",
  by_hand: "handover",
  succeeded: "allow",
  failed: "deny",
  cancelled: "neutral",
};

/** How far it is with carrying a decision out, in a word. */
export function ExecutionBadge({ status }: { status: ExecutionState }) {
  const t = useTranslations("execution.status");
  return <Badge tone={TONE[status]}>{t(status)}</Badge>;
}

/** How far it is with taking it back. */
export function ReversalBadge({ status }: { status: ReversalState }) {
  const t = useTranslations("execution.reversalStatus");
  return <Badge tone={TONE[status]}>{t(status)}</Badge>;
}
