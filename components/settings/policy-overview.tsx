import Link from "next/link";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { formatMoment } from "@/lib/format/wall-time";
import type { PolicyPage } from "@/lib/policies/types";
import { Author } from "./author";
import { DraftButton } from "./draft-button";
import { DraftList } from "./draft-list";
import { ExportLink } from "./export-link";
import { ImportDialog } from "./import-dialog";
import { PolicyProse } from "./policy-prose";

/** The policy in force as prose; beside it what is being drafted, and what is being tried. */
export function PolicyOverview(page: PolicyPage) {
  const { current, drafts, trials, mayEdit, now, timeZone } = page;
  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_20rem] xl:grid-rows-[auto_1fr]">
      {current ? <Head {...page} current={current} /> : <Begin {...page} />}
      <aside className="flex min-w-0 flex-col gap-6 xl:col-start-2 xl:row-span-2 xl:row-start-1">
        {trials.length > 0 ? <Trials {...page} /> : null}
        {mayEdit || drafts.length > 0 ? (
          <DraftList drafts={drafts} mayEdit={mayEdit} now={now} timeZone={timeZone} />
        ) : null}
      </aside>
      {current ? <PolicyProse policy={current.document} /> : null}
    </div>
  );
}

function Head({
  current,
  mayEdit,
  now,
  timeZone,
}: PolicyPage & { current: NonNullable<PolicyPage["current"]> }) {
  const t = useTranslations("settings.policy");
  const life = useTranslations("settings.life");
  const { version, publishedAt, createdAt, author, note } = current;
  return (
    <header className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">
          {t.rich("inForceBy", {
            version,
            since: () => (
              <Time
                at={publishedAt ?? createdAt}
                now={now}
                timeZone={timeZone}
                as="short"
                className="figures"
              />
            ),
            by: () => <Author name={author} />,
          })}{" "}
          {mayEdit ? null : t("readOnly")}
        </p>
      </div>
      {note ? <p className="wrap-anywhere max-w-prose whitespace-pre-line">{note}</p> : null}
      <div className="flex flex-wrap gap-2">
        {mayEdit ? (
          <>
            <DraftButton from={{ from: version }} variant="primary">
              {life("draft")}
            </DraftButton>
            <ImportDialog />
          </>
        ) : null}
        <ExportLink version={version} />
      </div>
    </header>
  );
}

/** Before an organization's first version. */
function Begin({ currency, timeZone, mayEdit }: PolicyPage) {
  const t = useTranslations("settings.policy");
  const starting = startingPolicy({ currency, timeZone });
  const empty = { currency, timeZone, values: [], limits: [], rules: [] };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h1 className="font-semibold text-lg">{t("heading")}</h1>
      <EmptyState title={t("begin.title")}>
        <p>{mayEdit ? t("begin.text") : t("begin.readOnly")}</p>
      </EmptyState>
      {mayEdit ? (
        <div className="flex flex-wrap gap-2">
          <DraftButton from={{ document: starting }} variant="primary">
            {t("begin.starting")}
          </DraftButton>
          <DraftButton from={{ document: empty }}>{t("begin.empty")}</DraftButton>
          <ImportDialog />
        </div>
      ) : null}
    </div>
  );
}

function Trials({ trials, timeZone }: PolicyPage) {
  const t = useTranslations("settings.life.trials");
  return (
    <section aria-labelledby="trials" className="flex flex-col gap-1">
      <h2 id="trials" className="font-semibold text-base">
        {t("title")}
      </h2>
      <ul className="flex flex-col divide-y divide-line">
        {trials.map(({ id, version, team, endsAt }) => (
          <li key={id} className="flex flex-col gap-1 py-2">
            <p>{t("line", { team: team.name, version, until: formatMoment(new Date(endsAt), timeZone) })}</p>
            <Link
              href={`/settings/policies/${version}/trial`}
              className="flex w-fit items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
            >
              {t("compare")}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
