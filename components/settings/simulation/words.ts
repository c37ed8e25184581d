import { formatDay } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";

/** A local day (ISO date) has no time zone any more. */
export function dayWords(day: string): string {
  return formatDay(new Date(`${day}T00:00:00Z`), "UTC");
}

/** A share in tenths of a percent, cut as `formatShare` shows it, so that differences add up to what is read. */
export function permille(share: number): number {
  return Math.floor(share * 1000 + 1e-9);
}

const points = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "5.8" for 58 tenths of a percent. */
export function formatPoints(permilles: number): string {
  return points.format(Math.abs(permilles) / 10);
}

/** How far a single one of so many decisions moves a share. */
export function pointsOfOne(decisions: number): string {
  return points.format(100 / decisions);
}

/** Money without a sign before it; which way it goes is said in words. */
export function formatDistance(amount: number, currency: string): string {
  return formatMoney(Math.abs(amount), currency);
}
