"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import type { CustomerOrder, Listed } from "@/lib/customers/types";
import { formatMoney } from "@/lib/format/money";
import { useChosenOrder } from "./chosen-order";

interface OrderListProps {
  orders: Listed<CustomerOrder>;
  /** Shows more of them; null when all are there. */
  moreHref: string | null;
  now: string;
  timeZone: string;
}

/** What the customer paid for. Choosing one prepares a refund from it. */
export function OrderList({ orders, moreHref, now, timeZone }: OrderListProps) {
  const t = useTranslations("desk.orders");
  const [chosen, choose] = useChosenOrder();
  return (
    <section aria-labelledby="orders" className="flex flex-col gap-1">
      <h2 id="orders" className="font-semibold text-base">
        {t("title")}
      </h2>
      {orders.items.length === 0 ? <p className="text-ink-2">{t("none")}</p> : null}
      <ul className="-mx-2 flex flex-col">
        {orders.items.map((order) => (
          <li key={order.id}>
            <button
              type="button"
              aria-pressed={order.id === chosen}
              aria-label={t("choose", { ref: order.externalRef })}
              onClick={() => choose(order.id === chosen ? null : order.id)}
              className={cn(
                "figures grid w-full grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 rounded-md px-2 py-2 text-left transition-colors hover:bg-sunken",
                "sm:grid-cols-[minmax(0,1fr)_6rem_6.5rem_10rem]",
                order.id === chosen && "bg-accent-soft hover:bg-accent-soft",
              )}
            >
              <span className="truncate font-mono text-xs">{order.externalRef}</span>
              <Money amount={order.paid} currency={order.currency} className="text-right" />
              <span className="text-ink-3 text-xs sm:text-sm">
                {order.placedAt ? <Time at={order.placedAt} now={now} timeZone={timeZone} /> : t("undated")}
              </span>
              <span className="text-right text-ink-2 text-xs sm:text-sm">
                {order.refundable > 0
                  ? t("refundable", { amount: formatMoney(order.refundable, order.currency) })
                  : t("notRefundable")}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <MoreLink href={moreHref} label={t("more", { count: orders.total - orders.items.length })} />
    </section>
  );
}

/** The next ones of a list, without leaving the page or what was typed on it. */
export function MoreLink({ href, label }: { href: string | null; label: string }) {
  if (!href) return null;
  return (
    <Link
      href={href}
      replace
      scroll={false}
      prefetch={false}
      className="flex h-8 w-fit items-center rounded-md text-accent-text text-sm underline-offset-4 hover:underline pointer-coarse:h-11"
    >
      {label}
    </Link>
  );
}
