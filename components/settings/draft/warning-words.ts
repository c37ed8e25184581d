import type { useTranslations } from "next-intl";
import type { Warning } from "@/lib/discretion/warnings";
import type { PolicyWords } from "../policy-words";

export interface WarningCopy {
  warning: ReturnType<typeof useTranslations<"settings.warning">>;
  policy: ReturnType<typeof useTranslations<"settings.policy">>;
}

/** What is probably not meant so, and what to do about it. */
export function warningWords(
  warning: Warning,
  words: PolicyWords,
  { warning: t, policy }: WarningCopy,
): string {
  switch (warning.code) {
    case "never_holds":
      return t(`never_holds.${warning.reason}`);
    case "hidden_by_limit":
    case "hidden_by_rule":
      return t(warning.code, { by: warning.by });
    case "never_exceeded":
      return t("never_exceeded", { max: words.amount(warning.max), under: words.amount(warning.under) });
    case "count_never_fires":
      return t("count_never_fires", { max: warning.max });
    case "count_always_fires":
      return t("count_always_fires", { effect: warning.effect });
    case "unknown_name":
      return t(`unknown_name.${warning.condition}`, { name: warning.name });
    case "no_value":
      return t("no_value");
    case "handover_unanswered": {
      const { role, remedy, amount, hasOrder } = warning.sample;
      return t("handover_unanswered", {
        who: policy(`who.one.${role}`),
        remedy: policy(`remedy.${remedy}`),
        amount: words.amount(amount),
        order: hasOrder ? "yes" : "no",
      });
    }
    default:
      return warning satisfies never;
  }
}
