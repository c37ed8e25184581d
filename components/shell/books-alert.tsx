import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { BooksAlert as Alert } from "@/lib/reconciliation/types";
import { RefreshOnEvents } from "./refresh-on-events";

interface BooksAlertProps {
  /** Null for who is not told. */
  books: { alert: Alert | null; timeZone: string } | null;
  now: string;
}

/** That something which is kept twice differs, until somebody has looked at it. Comes and goes by itself. */
export function BooksAlert({ books, now }: BooksAlertProps) {
  const t = useTranslations("reconciliation.alert");
  if (!books) return null;
  const { alert, timeZone } = books;
  return (
    <>
      <RefreshOnEvents kinds={["reconciliation"]} />
      {alert ? (
        <section
          aria-label={t("label")}
          className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-deny-soft p-3"
        >
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-deny" />
          <p className="min-w-0 grow basis-60">
            <span className="font-medium text-deny">{t("title", { count: alert.differences })}</span>{" "}
            <span className="text-ink-2">
              {t.rich("found", {
                at: () => <Time at={alert.finishedAt} now={now} timeZone={timeZone} />,
              })}
            </span>
          </p>
          <Link
            href="/settings/reconciliation"
            className="flex items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
          >
            {t("look")}
          </Link>
        </section>
      ) : null}
    </>
  );
}
