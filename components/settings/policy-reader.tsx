import { useTranslations } from "next-intl";
import { formatExact } from "@/lib/format/dates";
import type { PolicyPage } from "@/lib/policies/types";
import { PolicyProse } from "./policy-prose";

/** The policy in force for somebody who doesn't change it. */
export function PolicyReader({ current, timeZone }: PolicyPage) {
  const t = useTranslations("settings.policy");
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">
          {current?.publishedAt
            ? t("inForceSince", {
                version: current.version,
                since: formatExact(new Date(current.publishedAt), timeZone),
              })
            : t("none")}{" "}
          {t("readOnly")}
        </p>
      </header>
      {current ? <PolicyProse policy={current.document} /> : null}
    </div>
  );
}
