import Link from "next/link";
import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import { formatMoney } from "@/lib/format/money";
import type { OwnReview } from "@/lib/reviews/types";
import { ReviewBadge } from "./review-badge";

const SHOWN = 3;

/** The latest of what others wrote about the person's decisions, and whether they have answered. */
export function DayReviews({
  items,
  now,
  timeZone,
}: {
  items: readonly OwnReview[];
  now: string;
  timeZone: string;
}) {
  const t = useTranslations("reviews.own");
  const remedy = useTranslations("common.remedy");
  return (
    <section aria-labelledby="reviews" className="flex flex-col gap-1">
      <h2 id="reviews" className="font-semibold text-base">
        {t("link")}
      </h2>
      {items.length === 0 ? <p className="text-ink-2">{t("emptyTitle")}</p> : null}
      <ul className="flex flex-col">
        {items.slice(0, SHOWN).map(({ decision, ...review }) => (
          <li key={review.id} className="flex flex-col gap-0.5 py-2">
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <ReviewBadge verdict={review.verdict} />
              <span className="text-ink-3 text-xs">
                <Time at={review.createdAt} now={now} timeZone={timeZone} as="relative" />
              </span>
            </span>
            <span className="break-words text-ink-2">
              {t("for", {
                remedy: remedy(decision.remedy),
                amount: formatMoney(decision.amount, decision.currency),
                customer: decision.customer,
              })}
              {review.reply || review.own ? null : ` · ${t("open")}`}
            </span>
          </li>
        ))}
      </ul>
      <Link
        href="/desk/reviews"
        className="flex w-fit items-center rounded-inner text-accent-text underline underline-offset-4 pointer-coarse:min-h-11"
      >
        {t("all")}
      </Link>
    </section>
  );
}
