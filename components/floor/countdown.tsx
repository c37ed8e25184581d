"use client";

import { useTranslations } from "next-intl";
import { useSecondsLeft } from "@/components/decision/use-seconds-left";
import { cn } from "@/components/ui/cn";

interface CountdownProps {
  deadlineAt: string;
  /** The server's clock when the page was made, ISO 8601. */
  now: string;
  /** The deadline in words, for who wants it exactly. */
  exact: string;
  className?: string;
}

const HOUR = 3_600;
const URGENT = 300;

/** The clock of a request, running down. */
export function Countdown({ deadlineAt, now, exact, className }: CountdownProps) {
  const t = useTranslations("handovers");
  const left = useSecondsLeft(deadlineAt, now);
  const words =
    left >= HOUR
      ? t("time.hours", { hours: Math.floor(left / HOUR), minutes: Math.floor((left % HOUR) / 60) })
      : t("time.minutes", {
          minutes: Math.floor(left / 60),
          seconds: String(left % 60).padStart(2, "0"),
        });
  return (
    <span
      role="timer"
      title={exact}
      className={cn("figures", left <= URGENT ? "font-medium text-deny" : "", className)}
    >
      {left === 0 ? t("open.over") : t("open.left", { time: words })}
    </span>
  );
}
