import { useTranslations } from "next-intl";
import { usePolicyWords } from "@/components/settings/policy-words";
import { EXCHANGE_RATE, ORDER_REFUNDABLE } from "@/lib/discretion/schema";
import type { HotPart } from "@/lib/hot-spots/types";

/** A limit or a rule by its name, with its sentence where the policy in force has it. */
export function CheckName({ check, part, currency }: { check: string; part: HotPart; currency: string }) {
  const t = useTranslations("insights.check");
  const builtIn = useTranslations("common.explanation.builtIn");
  const words = usePolicyWords(currency);
  if (check === EXCHANGE_RATE || check === ORDER_REFUNDABLE) return builtIn(check);
  if (check === "") return t("none");
  return (
    <span className="flex flex-col whitespace-normal">
      <span className="font-mono text-xs">{check}</span>
      <span className="text-ink-2">
        {part.kind === "limit" ? words.limit(part.limit) : null}
        {part.kind === "rule" ? words.rule(part.rule) : null}
        {part.kind === "gone" ? t("gone") : null}
      </span>
    </span>
  );
}
