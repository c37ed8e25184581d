import { ShieldAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { SealAlert as Alert } from "@/lib/seals/types";

interface SealAlertProps {
  /** Null where the latest verification found nothing, and for who is not told. */
  alert: Alert | null;
  now: string;
}

/** That history is not what was sealed, until a verification finds that it is. */
export function SealAlert({ alert, now }: SealAlertProps) {
  const t = useTranslations("seals.alert");
  if (!alert) return null;
  return (
    <section
      aria-label={t("label")}
      className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-deny-soft p-3"
    >
      <ShieldAlert aria-hidden className="size-4 shrink-0 text-deny" />
      <p className="min-w-0 grow basis-60">
        <span className="font-medium text-deny">{t(alert.state)}</span>{" "}
        <span className="text-ink-2">
          {t.rich("found", {
            time: () => <Time at={alert.finishedAt} now={now} timeZone={alert.timeZone} />,
          })}
        </span>
      </p>
      <Link
        href="/settings/seals"
        className="flex items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
      >
        {t("look")}
      </Link>
    </section>
  );
}
