import { MessageCircle } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { Time } from "@/components/ui/time";
import { formatMoney } from "@/lib/format/money";
import type { OwnReview } from "@/lib/reviews/types";
import { ReviewStories } from "./review-stories";

interface OwnReviewsProps {
  /** Who reads it. */
  name: string;
  items: readonly OwnReview[];
  olderHref: string | null;
  newestHref: string | null;
  now: string;
  timeZone: string;
}

/** What others wrote about somebody's own decisions, and what they say to it. */
export function OwnReviews({ name, items, olderHref, newestHref, now, timeZone }: OwnReviewsProps) {
  const t = useTranslations("reviews.own");
  const remedy = useTranslations("common.remedy");
  return (
    <div className="flex max-w-2xl flex-col gap-6 pt-6">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="text-ink-2">{t("text")}</p>
      </header>
      {items.length === 0 ? (
        <EmptyState icon={<MessageCircle />} title={t("emptyTitle")}>
          <p>{t("emptyText")}</p>
        </EmptyState>
      ) : (
        <ul className="flex flex-col divide-y divide-line border-line border-y">
          {items.map(({ decision, ...review }) => (
            <li key={review.id} className="flex flex-col gap-3 py-4">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Link
                  href={`/desk/decisions/${decision.id}`}
                  prefetch={false}
                  className="rounded-inner font-medium underline decoration-line-strong underline-offset-4 hover:text-accent-text"
                >
                  {t("for", {
                    remedy: remedy(decision.remedy),
                    amount: formatMoney(decision.amount, decision.currency),
                    customer: decision.customer,
                  })}
                </Link>
                <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
                <span className="text-ink-3 text-xs">
                  <Time at={decision.at} now={now} timeZone={timeZone} as="short" />
                  {decision.cause ? ` · ${decision.cause}` : ""}
                </span>
              </div>
              <ReviewStories reviews={[review]} employee={name} mayReply now={now} timeZone={timeZone} />
            </li>
          ))}
        </ul>
      )}
      <Pagination
        label={t("pages")}
        newer={newestHref ? { href: newestHref, label: t("newest") } : null}
        older={olderHref ? { href: olderHref, label: t("older") } : null}
      />
    </div>
  );
}
