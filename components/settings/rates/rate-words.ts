import { conversionOf } from "@/lib/discretion/conversion";
import { exponentOf } from "@/lib/discretion/money";
import type { DatedRate } from "@/lib/discretion/rates";
import { formatDay } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";

/** "Mar 1, 2026" for an ISO date, which is the same day wherever it is read. */
export function dayWords(day: string): string {
  return formatDay(new Date(`${day}T00:00:00Z`), "UTC");
}

/** What a hundred units of the currency count as: the two amounts of "100.00 EUR count as 108.42 USD". */
export function exampleOf(
  { currency, day, rate }: DatedRate,
  own: string,
): { amount: string; counted: string } {
  const hundred = 100 * 10 ** exponentOf(currency);
  const conversion = conversionOf({ currency, rate: { rate, day } }, own);
  return {
    amount: formatAmount(hundred, currency),
    counted: formatAmount(conversion?.counted(hundred) ?? 0, own),
  };
}

/** Names a line of the table in a list of React's. */
export function keyOf({ currency, day }: Pick<DatedRate, "currency" | "day">): string {
  return `${currency} ${day}`;
}
