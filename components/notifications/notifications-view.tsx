"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { ErrorNote } from "@/components/ui/error-note";
import { FieldGroup } from "@/components/ui/field";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { Notification } from "@/lib/mail/kinds";
import { chooseNotification } from "@/lib/notifications/actions";
import type { NotificationsPage } from "@/lib/notifications/types";

/** What the person is written about: each is kept as soon as it is ticked. */
export function NotificationsView({ email, sends, choices }: NotificationsPage) {
  const t = useTranslations("notifications");
  const [chosen, setChosen] = useState(() => new Map(choices.map(({ kind, wanted }) => [kind, wanted])));
  const [said, setSaid] = useState<"saved" | "failed" | null>(null);

  async function choose(kind: Notification, wanted: boolean) {
    setSaid(null);
    setChosen((before) => new Map(before).set(kind, wanted));
    const answer = await chooseNotification({ kind, wanted }).catch(() => ({ ok: false }));
    setSaid(answer.ok ? "saved" : "failed");
    if (!answer.ok) setChosen((before) => new Map(before).set(kind, !wanted));
  }

  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 max-w-2xl flex-col gap-6 pt-8">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="wrap-anywhere text-base text-ink-2">{t("text", { email })}</p>
      </header>
      {sends ? null : (
        <div className="flex flex-col gap-1 rounded-md bg-sunken p-4">
          <p className="font-medium">{t("off.title")}</p>
          <p className="text-ink-2">{t("off.text")}</p>
        </div>
      )}
      <FieldGroup label={t("label")}>
        <ul className="flex flex-col divide-y divide-line border-line border-y">
          {choices.map(({ kind }) => (
            <li key={kind} className="py-2">
              <Checkbox
                label={
                  <span className="flex flex-col">
                    <span>{t(`kind.${kind}`)}</span>
                    <span className="text-ink-3 text-xs">{t(`detail.${kind}`)}</span>
                  </span>
                }
                checked={chosen.get(kind) ?? false}
                onChange={(event) => void choose(kind, event.target.checked)}
              />
            </li>
          ))}
        </ul>
      </FieldGroup>
      <p role="status" className="text-allow empty:hidden">
        {said === "saved" ? t("saved") : null}
      </p>
      {said === "failed" ? <ErrorNote title={t("failed")} /> : null}
    </fieldset>
  );
}
