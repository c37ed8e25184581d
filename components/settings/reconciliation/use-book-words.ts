import { useTranslations } from "next-intl";
import { formatDay } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import type { CounterKey, Counts, DayKey, RollupKey, Sum } from "@/lib/reconciliation/types";

/** Rows of counters and sums as people call them. `names` are those of the ids in them. */
export function useBookWords(names: Record<string, string>) {
  const t = useTranslations("reconciliation");
  const common = useTranslations("common");
  const or = new Intl.ListFormat("en", { type: "disjunction" });
  const and = new Intl.ListFormat("en", { type: "conjunction" });

  const day = (iso: string) => formatDay(new Date(`${iso}T00:00:00Z`), "UTC");

  function subject(part: string): string {
    const colon = part.indexOf(":");
    const [kind, id] = [part.slice(0, colon), part.slice(colon + 1)];
    if (colon < 0) return t("counter.organization");
    if (kind === "team") return t("counter.team", { key: id });
    if (kind === "case") return t("counter.case");
    if (kind === "order") return t("counter.order", { ref: names[id] ?? id });
    return names[id] ?? id;
  }

  function counter({ scopeKey, bucket, slot }: CounterKey, limitIds: readonly string[]): string {
    const subjects = and.format(scopeKey.split("/").map(subject));
    const of =
      limitIds.length > 0
        ? t("counter.of", { limits: and.format(limitIds), subjects })
        : t("counter.ofNothing", { subjects });
    return [
      of,
      ...(bucket === "0001-01-01" ? [] : [t("counter.from", { day: day(bucket) })]),
      ...(slot > 0 ? [t("counter.slot", { slot })] : []),
    ].join(", ");
  }

  return {
    counter,
    counts: (counts: Counts | null, currency: string) =>
      counts === null
        ? t("value.nothing")
        : t("value.counts", {
            posted: formatMoney(counts.postedAmount, currency),
            postedCount: counts.postedCount,
            reserved: formatMoney(counts.reservedAmount, currency),
            reservedCount: counts.reservedCount,
          }),
    rollup: (key: RollupKey) =>
      t("value.rollup", {
        day: day(key.day),
        employee: names[key.employeeId] ?? key.employeeId,
        remedy: common(`remedy.${key.remedy}`),
        verdict: common(`verdict.${key.verdict}`),
        status: status(key.status),
      }),
    day: (key: DayKey) =>
      t("value.day", {
        day: day(key.day),
        verdict: common(`verdict.${key.verdict}`),
        status: status(key.status),
      }),
    sum: ({ decisions, amount }: Sum, currency: string) =>
      t("value.sum", { amount: formatMoney(amount, currency), decisions }),
    amount: formatMoney,
    status,
    states: (states: readonly string[]) => or.format(states.map(state)),
  };

  function status(name: string): string {
    return common(`status.${name as "posted"}`);
  }

  function state(name: string): string {
    return t(`value.state.${name as "none"}`);
  }
}
