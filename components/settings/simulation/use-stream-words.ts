import { useTranslations } from "next-intl";
import type { Verdict } from "@/lib/discretion/schema";
import { formatMoney } from "@/lib/format/money";
import type { Tally } from "@/lib/simulations/types";

/** "Allowed → Handed over: 412 decisions, $8,450.00". */
export function useStreamWords(currency: string) {
  const t = useTranslations("settings.simulation.flow");
  const verdicts = useTranslations("common.verdict");
  return ({ from, to, tally }: { from: Verdict; to: Verdict; tally: Tally }): string => {
    const what = { count: tally.count, amount: formatMoney(tally.amount, currency) };
    return from === to
      ? t("stays", { ...what, verdict: verdicts(from) })
      : t("stream", { ...what, from: verdicts(from), to: verdicts(to) });
  };
}
