"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { Providers, ProvidersPage } from "@/lib/providers/types";
import { StripeSection } from "./stripe-section";
import { WebhookSection } from "./webhook-section";

/** Who carries decisions out elsewhere: what is set up of each, how it does, and a test that moves nothing. */
export function ProvidersView({ now, ...page }: ProvidersPage & { now: string }) {
  const t = useTranslations("providers");
  const [providers, setProviders] = useState<Providers>(page);
  const { mayEdit, canKeepSecrets } = page;
  const common = { mayEdit, canSave: canKeepSecrets, now, onChanged: setProviders };
  // Not before the page is ready: what would be typed until then would be lost.
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 flex-col gap-10">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        {mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      {mayEdit && !canKeepSecrets ? (
        <ErrorNote title={t("noKey.title")} className="max-w-prose">
          <p>{t("noKey.text")}</p>
        </ErrorNote>
      ) : null}
      <StripeSection {...common} stored={providers.stripe} address={page.stripeAddress} />
      <WebhookSection {...common} stored={providers.webhook} />
    </fieldset>
  );
}
