import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";

/** What may be said to the customer, as it stands in the policy. */
export function Words({ say }: { say: string }) {
  const t = useTranslations("common");
  return (
    <div className="flex items-start justify-between gap-3 rounded-md bg-sunken py-2 pr-2 pl-3">
      <div className="min-w-0">
        <p className="text-ink-3 text-xs">{t("explanation.say")}</p>
        <p className="text-base">“{say}”</p>
      </div>
      <CopyButton text={say} label={t("copy")} doneLabel={t("copied")} failedLabel={t("copyFailed")} />
    </div>
  );
}
