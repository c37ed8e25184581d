import { Check, CircleHelp, type LucideIcon, PenLine, ShieldX, UserRoundCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Verdict } from "@/lib/discretion/schema";

const ICONS: Record<Verdict, LucideIcon> = {
  allow: Check,
  bend: PenLine,
  handover: UserRoundCheck,
  deny: ShieldX,
};

/** The sign of a verdict; its word has to stand beside it. */
export function VerdictIcon({ verdict, className }: { verdict: Verdict; className?: string }) {
  const Icon = ICONS[verdict] ?? CircleHelp;
  return <Icon aria-hidden className={className} />;
}

/** Text in a verdict's colour. */
export const VERDICT_INK: Record<Verdict, string> = {
  allow: "text-allow",
  bend: "text-bend",
  handover: "text-handover",
  deny: "text-deny",
};

/** Colour, word and icon together. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const t = useTranslations("common.verdict");
  return (
    <Badge tone={verdict}>
      <VerdictIcon verdict={verdict} />
      {t(verdict)}
    </Badge>
  );
}

/** What became of it since, where the verdict alone doesn't say. */
export function statusSaysMore(verdict: Verdict, status: DecisionStatus): boolean {
  if (verdict === "handover") return true;
  return status !== "posted" && status !== "refused";
}

/** A verdict, and behind it what became of it: "Handed over · Waiting". */
export function VerdictAndStatus({ verdict, status }: { verdict: Verdict; status: DecisionStatus }) {
  const t = useTranslations("common.status");
  return (
    <span className="inline-flex items-center gap-2">
      <VerdictBadge verdict={verdict} />
      {statusSaysMore(verdict, status) ? <span className="text-ink-2 text-xs">{t(status)}</span> : null}
    </span>
  );
}
