import { MessageCircle } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import type { RecentCustomer } from "@/lib/customers/types";

interface DeskHomeProps {
  /** Whom the person helped, the latest first. */
  recent: RecentCustomer[];
  /** What the company is there for, in its own words; null where it has written down none. */
  mission: string | null;
  now: string;
  timeZone: string;
}

/** The desk before a customer was chosen. */
export function DeskHome({ recent, mission, now, timeZone }: DeskHomeProps) {
  const t = useTranslations("desk.home");
  const remedy = useTranslations("common.remedy");
  const reviews = useTranslations("reviews.own");
  return (
    <div className="flex max-w-2xl flex-col gap-10 pt-10">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="text-base text-ink-2">{t("text")}</p>
        <Link
          href="/desk/day"
          className="flex w-fit items-center rounded-inner text-accent-text underline-offset-4 hover:underline pointer-coarse:min-h-11"
        >
          {t("day")}
        </Link>
      </header>
      <section aria-labelledby="recent" className="flex flex-col gap-1">
        <h2 id="recent" className="font-semibold text-base">
          {t("recent")}
        </h2>
        {recent.length === 0 ? <p className="text-ink-2">{t("none")}</p> : null}
        <ul className="-mx-2 flex flex-col">
          {recent.map(({ id, name, last }) => (
            <li key={id}>
              <Link
                href={`/desk/${id}`}
                prefetch={false}
                className="flex flex-wrap items-baseline justify-between gap-x-4 rounded-md px-2 py-2 transition-colors hover:bg-sunken pointer-coarse:min-h-11 pointer-coarse:py-3"
              >
                <bdi className="min-w-0 break-words font-medium">{name}</bdi>
                <span className="text-ink-3 text-xs">
                  {remedy(last.remedy)} <Money amount={last.amount} currency={last.currency} /> ·{" "}
                  <Time at={last.createdAt} now={now} timeZone={timeZone} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <Link
        href="/desk/reviews"
        prefetch={false}
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 hover:text-ink pointer-coarse:min-h-11"
      >
        <MessageCircle aria-hidden className="size-4" />
        {reviews("link")}
      </Link>
      {mission ? (
        <section aria-labelledby="mission" className="flex flex-col gap-1 border-line border-t pt-4">
          <h2 id="mission" className="text-ink-3 text-xs">
            {t("mission")}
          </h2>
          <p className="whitespace-pre-line break-words text-base text-ink-2">{mission}</p>
        </section>
      ) : null}
    </div>
  );
}
