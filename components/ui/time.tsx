"use client";

import { useSyncExternalStore } from "react";
import { formatDay, formatExact, formatRelative, formatShort } from "@/lib/format/dates";

interface TimeProps {
  /** ISO 8601. */
  at: string;
  /** When the page was made, ISO 8601: what "ago" counts from until the browser's own clock takes over. */
  now: string;
  /** The organization's. */
  timeZone: string;
  /** `relative`: "3 days ago"; `short`: "Mar 4, 2:05 PM"; `day`: "Mar 4, 2026"; `exact`: with seconds and zone. */
  as?: "relative" | "short" | "day" | "exact";
  className?: string;
}

/** A moment in the organization's time zone, with the exact one in its title. */
export function Time({ at, now, timeZone, as = "relative", className }: TimeProps) {
  const minute = useSyncExternalStore(onMinute, currentMinute, () => null);
  const moment = new Date(at);
  // The browser's clock may be behind the server's; nothing shown here has happened in the future of its page.
  const clock = new Date(Math.max(Date.parse(now), minute ?? 0));
  const exact = formatExact(moment, timeZone);
  return (
    <time dateTime={at} title={as === "exact" ? undefined : exact} className={className}>
      {words(as, moment, clock, timeZone, exact)}
    </time>
  );
}

function words(
  as: NonNullable<TimeProps["as"]>,
  at: Date,
  now: Date,
  timeZone: string,
  exact: string,
): string {
  switch (as) {
    case "relative":
      return formatRelative(at, now, timeZone);
    case "short":
      return formatShort(at, now, timeZone);
    case "day":
      return formatDay(at, timeZone);
    case "exact":
      return exact;
  }
}

const MINUTE = 60_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for every time on the page. */
function onMinute(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, MINUTE);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function currentMinute(): number {
  return Math.floor(Date.now() / MINUTE) * MINUTE;
}
