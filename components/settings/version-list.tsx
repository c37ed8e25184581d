import Link from "next/link";
import { useTranslations } from "next-intl";
import { Pagination } from "@/components/ui/pagination";
import { Time } from "@/components/ui/time";
import { formatMoment } from "@/lib/format/wall-time";
import type { ListedVersion, VersionsPage } from "@/lib/policies/types";
import { Author } from "./author";
import { DifferenceList } from "./difference-list";
import { VersionStatus } from "./version-status";

/** Every version of the policy: what it changed, who put it in force, when, and why. */
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
          <VersionEntry key={version.version} version={version} now={now} timeZone={timeZone} />
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

type EntryProps = { version: ListedVersion } & Pick<VersionsPage, "now" | "timeZone">;

function VersionEntry({ version, now, timeZone }: EntryProps) {
  const t = useTranslations("settings.versions");
  const { status, publishAt, restores, before, document } = version;
  const href = `/settings/policies/${version.version}`;
  return (
    <li className="flex min-w-0 flex-col gap-2 py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2>
          <Link
            href={href}
            prefetch={false}
            className="rounded-inner font-medium underline decoration-line-strong underline-offset-4 hover:text-accent-text"
          >
            {t("version", { version: version.version })}
          </Link>
        </h2>
        <VersionStatus status={status} publishAt={publishAt} />
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
      </div>
      {version.note ? <p className="wrap-anywhere max-w-prose whitespace-pre-line">{version.note}</p> : null}
      {restores ? <p className="text-ink-2">{t("restores", { version: restores })}</p> : null}
      {publishAt ? (
        <p className="text-ink-2">{t("publishAt", { at: formatMoment(new Date(publishAt), timeZone) })}</p>
      ) : null}
      <DifferenceList before={before?.document ?? null} after={document} fold={3} />
      {status === "trial" ? (
        <Link
          href={`${href}/trial`}
          prefetch={false}
          className="flex w-fit items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {t("trialLink")}
        </Link>
      ) : null}
    </li>
  );
}
