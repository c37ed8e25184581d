import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button";
import { formatExact } from "@/lib/format/dates";
import { formatMoment } from "@/lib/format/wall-time";
import type { VersionPage } from "@/lib/policies/types";
import type { Trial } from "@/lib/trials/types";
import { Author } from "./author";
import { DifferenceList } from "./difference-list";
import { DraftButton } from "./draft-button";
import { ExportLink } from "./export-link";
import { LifeNote } from "./life-note";
import { PolicyProse } from "./policy-prose";
import { RestoreButton } from "./restore-button";
import { TakeBack } from "./take-back";
import { TrialActions } from "./trial-actions";
import { VersionStatus } from "./version-status";

/** One version as it was published, tried or thrown away: what it changed, what came of it, and what can be done with it. */
export function VersionView(page: VersionPage) {
  const t = useTranslations("settings.versions");
  const { version, status, document } = page.version;
  return (
    <article className="flex max-w-3xl flex-col gap-8">
      <Link
        href="/settings/policies"
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back")}
      </Link>
      <LifeNote version={version} timeZone={page.timeZone} />
      <Head {...page} />
      {status === "discarded" ? <TakeBack version={version} mayEdit={page.mayEdit} /> : <Actions {...page} />}
      {page.trials.length > 0 ? <Trials {...page} /> : null}
      <WhatChanged {...page} />
      <PolicyProse policy={document} />
    </article>
  );
}

function Head({ version: whole, timeZone }: VersionPage) {
  const t = useTranslations("settings.versions");
  const { version, status, note, publishedAt, publishAt, createdAt, restores } = whole;
  const by = () => <Author name={whole.author} />;
  return (
    <header className="flex flex-col gap-1.5">
      <h1 className="flex flex-wrap items-center gap-3 font-semibold text-lg">
        {t("version", { version })}
        <VersionStatus status={status} publishAt={publishAt} />
      </h1>
      <p className="text-ink-2">
        {publishedAt
          ? t.rich("published", { at: formatExact(new Date(publishedAt), timeZone), by })
          : t.rich("drafted", { at: formatExact(new Date(createdAt), timeZone), by })}{" "}
        {restores ? t("restores", { version: restores }) : null}
      </p>
      {note ? <p className="wrap-anywhere max-w-prose whitespace-pre-line text-base">{note}</p> : null}
    </header>
  );
}

function Actions({ version: whole, current, mayEdit }: VersionPage) {
  const t = useTranslations("settings.versions");
  const { version, status } = whole;
  return (
    <div className="flex flex-wrap gap-2">
      {mayEdit && status === "superseded" ? <RestoreButton version={whole} current={current} /> : null}
      {mayEdit ? <DraftButton from={{ from: version }}>{t("draftFrom")}</DraftButton> : null}
      <ButtonLink href={`/floor?policyVersion=${version}`}>{t("decisions")}</ButtonLink>
      <ButtonLink href={`/settings/policies/${version}/simulation`}>{t("simulation")}</ButtonLink>
      <ExportLink version={version} />
    </div>
  );
}

function Trials({ trials, version, current, mayEdit, timeZone }: VersionPage) {
  const t = useTranslations("settings");
  return (
    <section aria-labelledby="trials" className="flex flex-col gap-2">
      <h2 id="trials" className="font-semibold text-base">
        {t("versions.trials")}
      </h2>
      {trials.map((trial) => (
        <div key={trial.id} className="flex flex-col gap-2">
          <TrialLine trial={trial} timeZone={timeZone} />
          <div className="flex flex-wrap gap-2">
            <ButtonLink href={`/settings/policies/${version.version}/trial`}>{t("trial.compare")}</ButtonLink>
            {mayEdit && trial.endedAt === null ? (
              <TrialActions trial={trial} version={version} current={current} />
            ) : null}
          </div>
        </div>
      ))}
    </section>
  );
}

function TrialLine({ trial, timeZone }: { trial: Trial; timeZone: string }) {
  const t = useTranslations("settings.trial");
  const { team, startsAt, endsAt, endedAt, startedBy, endedBy } = trial;
  const from = formatMoment(new Date(startsAt), timeZone);
  const until = formatMoment(new Date(endedAt ?? endsAt), timeZone);
  return (
    <p>
      {t(endedAt === null ? "line" : "lineOver", { team: team.name, from, until })}{" "}
      <span className="text-ink-2">
        {t("startedBy", { name: startedBy.name })} {endedBy ? t("overBy", { name: endedBy.name }) : null}
      </span>
    </p>
  );
}

function WhatChanged({ version, before }: VersionPage) {
  const t = useTranslations("settings.versions");
  const wasInForce = version.publishedAt !== null;
  return (
    <section aria-labelledby="changed" className="flex flex-col gap-2">
      <h2 id="changed" className="font-semibold text-base">
        {!before ? t("changed") : t(wasInForce ? "changedSince" : "wouldChange", { version: before.version })}
      </h2>
      <DifferenceList before={before?.document ?? null} after={version.document} />
    </section>
  );
}
