"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, Input } from "@/components/ui/field";
import { saveWebhook } from "@/lib/providers/actions";
import type { Providers, WebhookSettings } from "@/lib/providers/types";
import { ProviderSection, type SectionProps } from "./provider-section";
import { useProvider } from "./use-provider";

interface WebhookSectionProps extends SectionProps {
  stored: WebhookSettings | null;
  onChanged: (providers: Providers) => void;
}

export function WebhookSection({ onChanged, ...props }: WebhookSectionProps) {
  const t = useTranslations("providers");
  const calls = useProvider("webhook", onChanged);
  const { stored, mayEdit, canSave } = props;
  const [url, setUrl] = useState(stored?.url ?? "");
  const [secret, setSecret] = useState<string | null>(null);
  const isBusy = calls.doing === "save";

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const heard = await calls.save(() => saveWebhook({ url }));
    if (heard?.ok) setSecret(heard.secret ?? null);
  }

  async function renew() {
    const heard = await calls.renew(() => saveWebhook({ url: stored?.url ?? url, renew: true }));
    if (heard?.ok) setSecret(heard.secret ?? null);
  }

  return (
    <ProviderSection {...props} kind="webhook" calls={calls}>
      {mayEdit ? (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t("webhook.url")} hint={t("webhook.urlHint")} error={calls.errorOf("url")}>
            <Input
              inputMode="url"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={2000}
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          </Field>
          <Button type="submit" variant="primary" className="w-fit" busy={isBusy} disabled={!canSave}>
            {t(isBusy ? "saving" : "webhook.save")}
          </Button>
        </form>
      ) : null}
      {!mayEdit && stored ? <p className="break-all font-mono text-sm">{stored.url}</p> : null}
      {stored && secret ? <NewSecret secret={secret} /> : null}
      {stored && !secret ? (
        <p className="text-sm">{t("webhook.secretKept", { last: stored.secret })}</p>
      ) : null}
      {stored && mayEdit ? (
        <Button
          className="w-fit"
          busy={calls.doing === "renew"}
          disabled={!canSave}
          onClick={() => void renew()}
        >
          {t(calls.doing === "renew" ? "webhook.renewing" : "webhook.renew")}
        </Button>
      ) : null}
    </ProviderSection>
  );
}

/** Only the answer that made it holds it; with the page it is gone. */
function NewSecret({ secret }: { secret: string }) {
  const t = useTranslations("providers.webhook");
  const common = useTranslations("common");
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between gap-3">
        <h3 className="font-medium text-sm">{t("secret")}</h3>
        <CopyButton
          text={secret}
          label={common("copy")}
          doneLabel={common("copied")}
          failedLabel={common("copyFailed")}
        />
      </div>
      <code className="block break-all rounded-md bg-sunken p-3 font-mono text-xs">{secret}</code>
      <p className="text-ink-2 text-sm">{t("secretOnce")}</p>
    </div>
  );
}
