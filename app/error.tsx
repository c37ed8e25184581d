"use client";

import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/shell/message-page";
import { Button } from "@/components/ui/button";

/** What a page shows that failed: what to do, and the reference under which the server's log has it. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations("common.error");
  return (
    <MessagePage title={t("title")} text={t("text")}>
      <Button variant="primary" onClick={reset}>
        {t("again")}
      </Button>
      {error.digest ? (
        <p className="font-mono text-ink-3 text-xs">{t("reference", { digest: error.digest })}</p>
      ) : null}
    </MessagePage>
  );
}
