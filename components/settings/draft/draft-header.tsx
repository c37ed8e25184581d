import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { DraftPage } from "@/lib/policies/types";
import { Author } from "../author";
import { ExportLink } from "../export-link";

/** Which draft it is, where it comes from, and who saved it last. */
export function DraftHeader({ page }: { page: DraftPage }) {
  const t = useTranslations("settings.edit");
  const policy = useTranslations("settings.policy");
  const { draft, now, timeZone, mayEdit } = page;
  const { version, baseVersion, document } = draft;
  return (
    <header className="flex flex-col gap-3">
      {mayEdit ? (
        <a
          href="#saving"
          className="sr-only rounded-md bg-surface underline underline-offset-4 focus:not-sr-only focus:w-fit focus:px-3 focus:py-2"
        >
          {t("skip")}
        </a>
      ) : null}
      <Link
        href="/settings/policies"
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back")}
      </Link>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="flex min-w-0 flex-col gap-1">
          <h1 className="font-semibold text-lg">{t("heading", { version })}</h1>
          <p className="text-ink-2">
            {baseVersion === null ? t("fromNone") : t("from", { version: baseVersion })}{" "}
            {t.rich("saved", {
              at: () => (
                <Time
                  at={draft.updatedAt ?? draft.createdAt}
                  now={now}
                  timeZone={timeZone}
                  as="short"
                  className="figures"
                />
              ),
              by: () => <Author name={draft.updater ?? draft.author} />,
            })}{" "}
            {policy("frame", { currency: document.currency, timeZone: document.timeZone })}
          </p>
        </div>
        <ExportLink version={version} size="sm" />
      </div>
    </header>
  );
}
