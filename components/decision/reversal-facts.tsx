import { useTranslations } from "next-intl";
import { formatExact } from "@/lib/format/dates";
import type { ReversalStory } from "@/lib/reversals/types";
import { FactList } from "./fact-list";

/** That it was taken back, by whom and why. */
export function ReversalFacts({ reversal, timeZone }: { reversal: ReversalStory; timeZone: string }) {
  const t = useTranslations("common.reversal");
  const at = formatExact(new Date(reversal.createdAt), timeZone);
  return (
    <div className="flex flex-col gap-1.5">
      <p>{t(reversal.kind, { name: reversal.reversedBy?.name ?? "", at })}</p>
      {reversal.reason ? <FactList lines={[[t("reason"), reversal.reason]]} /> : null}
    </div>
  );
}
