import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Clock,
  Hand,
  type LucideIcon,
  Send,
  Undo2,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { VERDICT_INK } from "@/components/decision/verdict";
import { cn } from "@/components/ui/cn";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import type { Stage } from "./stage";

/** Each stage has a sign of its own, so that its colour is not all that tells it apart. */
const SIGNS: Record<Stage, { icon: LucideIcon; tone: Verdict | null }> = {
  recorded: { icon: CircleDashed, tone: null },
  queued: { icon: Clock, tone: null },
  moving: { icon: Send, tone: null },
  unknown: { icon: CircleHelp, tone: "bend" },
  by_hand: { icon: Hand, tone: "handover" },
  succeeded: { icon: CircleCheck, tone: "allow" },
  failed: { icon: CircleX, tone: "deny" },
  taking_back: { icon: Undo2, tone: null },
  taken_back: { icon: Undo2, tone: null },
  not_taken_back: { icon: CircleX, tone: "deny" },
};

/** The colour that a stage's heading has. */
export function stageInk(stage: Stage): string {
  const { tone } = SIGNS[stage];
  return tone ? VERDICT_INK[tone] : "text-ink";
}

export function StageIcon({ stage, className }: { stage: Stage; className?: string }) {
  const { icon: Icon, tone } = SIGNS[stage];
  return <Icon aria-hidden className={cn("shrink-0", tone ? VERDICT_INK[tone] : "text-ink-2", className)} />;
}

interface Gesture {
  remedy: Remedy;
  /** What was granted, minor units. */
  amount: number;
  currency: string;
  /** Left out where the page is about nobody else. */
  customer?: string;
}

/** What is true of a gesture at a stage, as a heading: "Reserved: Credit 25.00 USD for Ada Miller". */
export function useStageWords(): (stage: Stage, gesture: Gesture) => string {
  const t = useTranslations("execution.stage");
  const names = useTranslations("common.remedy");
  return (stage, { remedy, amount, currency, customer }) => {
    const words = { remedy: names(remedy), amount: formatAmount(amount, currency), currency };
    const what = customer ? t("whatFor", { ...words, customer: isolated(customer) }) : t("what", words);
    return t(stage, { what });
  };
}
