"use client";

import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";

interface SecretShownProps {
  url: string;
  secret: string;
  onDone: () => void;
}

/** A secret, the one time that it is shown: until somebody says that they have it. */
export function SecretShown({ url, secret, onDone }: SecretShownProps) {
  const t = useTranslations("webhooks.secret");
  const common = useTranslations("common");
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <section
      ref={place}
      tabIndex={-1}
      aria-labelledby="secret"
      className="flex flex-col gap-3 rounded-md border border-accent-text bg-accent-soft p-4"
    >
      <h2 id="secret" className="flex items-start gap-2 font-semibold text-base">
        <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="wrap-anywhere min-w-0">{t("title", { host: new URL(url).host })}</span>
      </h2>
      <p>{t("text")}</p>
      <code className="block break-all rounded-md bg-surface p-3 font-mono text-xs">{secret}</code>
      <div className="flex flex-wrap gap-2">
        <CopyButton
          text={secret}
          label={common("copy")}
          doneLabel={common("copied")}
          failedLabel={common("copyFailed")}
        />
        <Button size="sm" onClick={onDone}>
          {t("done")}
        </Button>
      </div>
    </section>
  );
}
