import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button";
import { formatExact } from "@/lib/format/dates";
import type { VersionPage } from "@/lib/policies/types";
import { ChangeList } from "./change-list";
import { policyChanges } from "./policy-changes";
import { PolicyProse } from "./policy-prose";
import { usePolicyWords } from "./policy-words";
import { Author, VersionStatus } from "./version-list";

/** One version as it was saved, and what it changed. */
export function VersionView(page: VersionPage) {
  const t = useTranslations("settings.versions");
  const { version, status, note, publishedAt, createdAt, document, timeZone } = page;
  const by = () => <Author name={page.author} />;
  return (
    <article className="flex max-w-3xl flex-col gap-6">
      <Link
        href="/settings/policies"
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back")}
      </Link>
      <header className="flex flex-col gap-1.5">
        <h1 className="flex flex-wrap items-center gap-3 font-semibold text-lg">
          {t("version", { version })}
          <VersionStatus status={status} />
        </h1>
        <p className="text-ink-2">
          {publishedAt
            ? t.rich("published", { at: formatExact(new Date(publishedAt), timeZone), by })
            : t.rich("drafted", { at: formatExact(new Date(createdAt), timeZone), by })}
        </p>
        {note ? <p className="max-w-prose whitespace-pre-line text-base">{note}</p> : null}
        {status === "draft" ? null : (
          <ButtonLink href={`/floor?policyVersion=${version}`} size="sm" className="mt-1 w-fit">
            {t("decisions")}
          </ButtonLink>
        )}
      </header>
      <WhatChanged {...page} />
      <PolicyProse policy={document} />
    </article>
  );
}

function WhatChanged({ before, document }: VersionPage) {
  const t = useTranslations("settings");
  const change = useTranslations("settings.change");
  const words = usePolicyWords(document.currency);
  if (!before) return <p className="text-ink-2">{change("first")}</p>;
  return (
    <section aria-labelledby="changed" className="flex flex-col gap-2">
      <h2 id="changed" className="font-semibold text-base">
        {t("versions.changed", { version: before.version })}
      </h2>
      <ChangeList changes={policyChanges(before.document, document, words, change)} empty={change("same")} />
    </section>
  );
}
