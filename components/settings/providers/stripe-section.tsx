"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, Input } from "@/components/ui/field";
import { saveStripe } from "@/lib/providers/actions";
import type { Providers, StripeSettings } from "@/lib/providers/types";
import { ProviderSection, type SectionProps } from "./provider-section";
import { type ProviderCalls, useProvider } from "./use-provider";

interface StripeSectionProps extends SectionProps {
  stored: StripeSettings | null;
  address: string;
  onChanged: (providers: Providers) => void;
}

export function StripeSection({ onChanged, address, ...props }: StripeSectionProps) {
  const t = useTranslations("providers.stripe");
  const calls = useProvider("stripe", onChanged);
  const { stored, mayEdit } = props;
  return (
    <ProviderSection {...props} kind="stripe" calls={calls}>
      {stored ? (
        <p className="text-sm">
          {mayEdit ? null : `${stored.label}. `}
          {t(`mode.${stored.mode}`)}
        </p>
      ) : null}
      {mayEdit ? <StripeForm key={stored ? "stored" : "new"} {...props} calls={calls} /> : null}
      {stored && mayEdit ? <Address address={address} /> : null}
    </ProviderSection>
  );
}

type StripeFormProps = Pick<StripeSectionProps, "stored" | "canSave"> & { calls: ProviderCalls };

function StripeForm({ stored, canSave, calls }: StripeFormProps) {
  const t = useTranslations("providers");
  const [label, setLabel] = useState(stored?.label ?? "");
  const [secretKey, setSecretKey] = useState("");
  const [webhookSecret, setWebhookSecret] = useState("");
  const isBusy = calls.doing === "save";

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const heard = await calls.save(() => saveStripe({ label, secretKey, webhookSecret }));
    if (!heard?.ok) return;
    setSecretKey("");
    setWebhookSecret("");
  }

  const kept = (last: string | null | undefined, hint: string) => {
    if (last === null || last === undefined) return hint;
    return last === "" ? t("keptHidden") : t("kept", { last });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("stripe.label")} hint={t("stripe.labelHint")} error={calls.errorOf("label")}>
        <Input value={label} maxLength={100} onChange={(event) => setLabel(event.target.value)} />
      </Field>
      <Field
        label={t("stripe.secretKey")}
        hint={kept(stored?.secretKey, t("stripe.secretKeyHint"))}
        error={calls.errorOf("secretKey")}
      >
        <Secret value={secretKey} onChange={setSecretKey} />
      </Field>
      <Field
        label={t("stripe.webhookSecret")}
        aside={t("stripe.optional")}
        hint={kept(stored?.webhookSecret, t("stripe.webhookSecretHint"))}
        error={calls.errorOf("webhookSecret")}
      >
        <Secret value={webhookSecret} onChange={setWebhookSecret} />
      </Field>
      <Button type="submit" variant="primary" className="w-fit" busy={isBusy} disabled={!canSave}>
        {t(isBusy ? "saving" : "stripe.save")}
      </Button>
    </form>
  );
}

/** Neither shown while it is typed, nor offered to be remembered by the browser. */
function Secret({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Input
      type="password"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={400}
      data-1p-ignore
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Address({ address }: { address: string }) {
  const t = useTranslations("providers.stripe");
  const common = useTranslations("common");
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between gap-3">
        <h3 className="font-medium text-sm">{t("address")}</h3>
        <CopyButton
          text={address}
          label={common("copy")}
          doneLabel={common("copied")}
          failedLabel={common("copyFailed")}
        />
      </div>
      <code className="block break-all rounded-md bg-sunken p-3 font-mono text-xs">{address}</code>
      <p className="text-ink-3 text-xs">{t("addressText")}</p>
    </div>
  );
}
