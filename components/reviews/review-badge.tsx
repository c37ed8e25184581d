import { Check, CircleHelp, type LucideIcon, MessageCircle, Ruler, ThumbsUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { ReviewVerdict } from "@/lib/reviews/schema";

export const REVIEW_ICONS: Record<ReviewVerdict, LucideIcon> = {
  great: ThumbsUp,
  fine: Check,
  rule_unclear: CircleHelp,
  limit_wrong: Ruler,
  talk: MessageCircle,
};

/** What somebody thought who looked back. Never in a colour: it is no verdict on whoever decided. */
export function ReviewBadge({ verdict }: { verdict: ReviewVerdict }) {
  const t = useTranslations("reviews.verdict");
  const Icon = REVIEW_ICONS[verdict];
  return (
    <Badge className="max-w-full overflow-hidden">
      <Icon aria-hidden />
      <span className="truncate">{t(verdict)}</span>
    </Badge>
  );
}
