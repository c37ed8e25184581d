import { Stamp } from "lucide-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import type { SealsPage } from "@/lib/seals/types";
import { PublishedList } from "./published-list";
import { SealList } from "./seal-list";
import { Verdict } from "./verdict";
import { VerifyNow } from "./verify-now";
import { VerifyProgress } from "./verify-progress";

/** Something is sealed every minute; what has waited longer than this waits for a worker that isn't there. */
const LATE_MS = 5 * 60_000;

/** The auditor's page: whether history is what it was, since when nobody knows, and where the seals are. */
export function SealsView(page: SealsPage) {
  const t = useTranslations("seals");
  return (
    <article className="flex max-w-4xl flex-col gap-8">
      <header className="flex flex-col gap-1.5">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="max-w-prose text-ink-2">{t("text")}</p>
      </header>
      {page.sealCount === 0 && !page.latest && !page.running ? <Nothing {...page} /> : <Answer {...page} />}
      <PublishedList {...page} />
      {page.sealCount > 0 ? <SealList {...page} /> : null}
      <section aria-labelledby="prove" className="flex flex-col gap-2">
        <h2 id="prove" className="font-semibold text-base">
          {t("prove.title")}
        </h2>
        <p className="max-w-prose text-ink-2">{t("prove.text")}</p>
        <Command>npm run -s leeway -- audit check-proof proof.json --anchor &lt;hash&gt;</Command>
      </section>
    </article>
  );
}

function Answer(page: SealsPage) {
  return (
    <div className="flex flex-col gap-4">
      <Verdict {...page} />
      <Waiting {...page} />
      {page.running ? (
        <VerifyProgress key={page.running.id} run={page.running} now={page.now} />
      ) : (
        <VerifyNow />
      )}
    </div>
  );
}

function Nothing(page: SealsPage) {
  const t = useTranslations("seals.state");
  return (
    <div className="flex flex-col gap-2">
      <EmptyState icon={<Stamp />} title={t("none")} className="py-0">
        <p>{t("noneText")}</p>
      </EmptyState>
      <Waiting {...page} />
    </div>
  );
}

function Waiting({ waiting, waitingSince, now, timeZone }: SealsPage) {
  const t = useTranslations("seals.waiting");
  if (waiting === 0) return <p className="text-ink-2">{t("none")}</p>;
  const isLate = waitingSince !== null && Date.parse(now) - Date.parse(waitingSince) > LATE_MS;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="max-w-prose text-ink-2">{t("some", { count: waiting })}</p>
      {isLate ? (
        <>
          <p className="max-w-prose text-bend">
            {t.rich("late", { time: () => <Time at={waitingSince} now={now} timeZone={timeZone} /> })}
          </p>
          <Command>npm run -s leeway -- worker</Command>
          <Command>npm run -s leeway -- audit seal</Command>
        </>
      ) : null}
    </div>
  );
}

function Command({ children }: { children: React.ReactNode }) {
  return (
    <code className="wrap-anywhere w-fit rounded-inner bg-sunken px-1.5 py-0.5 font-mono text-xs">
      {children}
    </code>
  );
}
