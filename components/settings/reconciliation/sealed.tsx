import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReconciliationResult } from "@/lib/reconciliation/types";

/** How far history is sealed, and where there is more of it. */
export function Sealed({ sealed: { seals, events, waiting } }: Pick<ReconciliationResult, "sealed">) {
  const t = useTranslations("reconciliation.sealed");
  return (
    <section aria-labelledby="sealed" className="flex max-w-prose flex-col gap-1">
      <h2 id="sealed" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="figures text-ink-2">
        {t("text", { events, seals })} {waiting > 0 ? t("waiting", { count: waiting }) : null}
      </p>
      <Link
        href="/settings/seals"
        className="flex w-fit items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
      >
        {t("link")}
      </Link>
    </section>
  );
}
