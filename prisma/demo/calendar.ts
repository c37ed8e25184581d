import { addDays, DAY_MS, localDay, startOfDay } from "@/lib/discretion/windows";

/** The demo's days, counted back from its today, in its own time zone. */
export interface Calendar {
  /** The last moment that the demo tells of; epoch milliseconds. */
  now: number;
  timeZone: string;
  /** ISO date of a day so long ago. */
  day(daysAgo: number): string;
  /** A moment of that day, by the clock on the wall. */
  at(daysAgo: number, hour: number, minute: number, second: number): number;
  /** 0 is Sunday. */
  weekday(daysAgo: number): number;
}

export function calendarOf(now: number, timeZone: string): Calendar {
  const today = localDay(now, timeZone);
  const day = (daysAgo: number) => addDays(today, -daysAgo);
  const starts = new Map<number, number>();
  const startOf = (daysAgo: number): number => {
    const start = starts.get(daysAgo) ?? startOfDay(day(daysAgo), timeZone);
    starts.set(daysAgo, start);
    return start;
  };
  return {
    now,
    timeZone,
    day,
    at(daysAgo, hour, minute, second) {
      const start = startOf(daysAgo);
      // The clock is set to or from summer time in the night; later on such a day it is that much further or less.
      const shift = startOf(daysAgo - 1) - start - DAY_MS;
      return start + (hour >= 3 ? shift : 0) + ((hour * 60 + minute) * 60 + second) * 1000;
    },
    weekday: (daysAgo) => new Date(day(daysAgo)).getUTCDay(),
  };
}
