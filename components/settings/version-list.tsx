import Link from "next/link";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Pagination } from "@/components/ui/pagination";
import { Time } from "@/components/ui/time";
import type { VersionLine, VersionsPage } from "@/lib/policies/types";

/** Every version of the policy: who put it in force, when, and why. */
export function VersionList({ versions, newerHref, olderHref, now, timeZone }: VersionsPage) {
  const t = useTranslations("settings.versions");
  const page = useTranslations("common.page");
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{versions.length === 0 ? t("none") : t("text")}</p>
      </header>
      <ol className="flex flex-col divide-y divide-line border-line border-y empty:hidden">
        {versions.map((version) => (
          <li key={version.version}>
            <Link
              href={`/settings/policies/${version.version}`}
              prefetch={false}
              className="-mx-2 flex flex-col gap-0.5 rounded-md px-2 py-3 hover:bg-sunken"
            >
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="font-medium">{t("version", { version: version.version })}</span>
                <VersionStatus status={version.status} />
                <span className="text-ink-2">
                  <Time
                    at={version.publishedAt ?? version.createdAt}
                    now={now}
                    timeZone={timeZone}
                    as="short"
                    className="figures"
                  />{" "}
                  <Author name={version.author} />
                </span>
              </span>
              {version.note ? <span className="break-words">{version.note}</span> : null}
            </Link>
          </li>
        ))}
      </ol>
      <Pagination
        label={t("pages")}
        newer={newerHref ? { href: newerHref, label: page("newer") } : null}
        older={olderHref ? { href: olderHref, label: page("older") } : null}
      />
    </div>
  );
}

export function VersionStatus({ status }: Pick<VersionLine, "status">) {
  const t = useTranslations("settings.versions");
  if (status === "published") return <Badge tone="allow">{t("inForce")}</Badge>;
  return <Badge>{t(status)}</Badge>;
}

export function Author({ name }: { name: string | null }) {
  const t = useTranslations("settings.versions");
  return name ? t("by", { name }) : t("byLeeway");
}
