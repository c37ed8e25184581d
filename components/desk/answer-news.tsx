"use client";

import { X } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { call } from "@/components/shell/rest";
import { useEvents } from "@/components/shell/use-events";
import { Button } from "@/components/ui/button";
import { formatAmount } from "@/lib/format/money";
import type { HandoverNews } from "@/lib/handovers/types";

/** Decisions whose answer the page shows where it was asked for. */
const shown = new Set<string>();

/** Says that a decision's answer is shown on the page itself, until the answered function is called. */
export function showHere(decisionId: string): () => void {
  shown.add(decisionId);
  return () => void shown.delete(decisionId);
}

interface AnswerNewsProps {
  employeeId: string;
  /** The server's clock when the page was made, ISO 8601: what was answered before is no news. */
  now: string;
}

/** Answers to what the person handed over, wherever on the desk they are by now. */
export function AnswerNews({ employeeId, now }: AnswerNewsProps) {
  const t = useTranslations("handovers.desk.news");
  const path = usePathname();
  const [news, setNews] = useState<HandoverNews[]>([]);
  const since = useRef(now);

  useEvents(["handover"], async ({ whose }) => {
    if (whose !== undefined && whose !== employeeId) return;
    const answer = await call<{ data: HandoverNews[] }>(
      `/desk/handovers?since=${encodeURIComponent(since.current)}`,
      {},
    );
    const [latest] = answer.ok ? answer.value.data : [];
    if (!answer.ok || !latest) return;
    since.current = latest.movedAt;
    const heard = answer.value.data.filter(({ decision }) => !shown.has(decision));
    setNews((before) =>
      [...heard, ...before.filter(({ id }) => !heard.some((one) => one.id === id))].slice(0, NEWS_MAX),
    );
  });

  const close = (id: string) => setNews((before) => before.filter((one) => one.id !== id));
  const here = news.filter(({ decision }) => path !== `/desk/decisions/${decision}`);
  return (
    <ul aria-label={t("label")} aria-live="polite" className="flex flex-col gap-2 pt-4 empty:hidden">
      {here.map((one) => (
        <li key={one.id} className="flex items-start gap-3 rounded-md bg-handover-soft p-3 text-sm">
          <p className="min-w-0 grow">
            <NewsWords news={one} />{" "}
            <Link
              href={`/desk/decisions/${one.decision}`}
              prefetch={false}
              onClick={() => close(one.id)}
              className="rounded-inner font-medium text-accent-text underline underline-offset-4"
            >
              {t("open")}
            </Link>
          </p>
          <Button variant="quiet" size="icon" aria-label={t("close")} onClick={() => close(one.id)}>
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}

function NewsWords({ news }: { news: HandoverNews }) {
  const t = useTranslations("handovers.desk");
  const remedy = useTranslations("common.remedy");
  const { status, amount, grantedAmount, currency, customer, by } = news;
  // What was taken back is no news to whoever did it.
  if (status === "withdrawn") return null;
  return t(`news.${status}`, {
    name: by?.name ?? t("somebody"),
    remedy: remedy(news.remedy),
    amount: formatAmount(amount, currency),
    granted: formatAmount(grantedAmount ?? amount, currency),
    currency,
    customer: customer.name,
  });
}

const NEWS_MAX = 5;
