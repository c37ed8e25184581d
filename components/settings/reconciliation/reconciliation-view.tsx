import { CircleCheck, CircleX, Scale, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { Time } from "@/components/ui/time";
import type {
  ReconciliationPage,
  ReconciliationResult,
  ReconciliationView as Run,
} from "@/lib/reconciliation/types";
import { DifferenceList } from "./difference-list";
import { Repaired } from "./repaired";
import { RunControls } from "./run-controls";
import { RunList } from "./run-list";
import { RunProgress } from "./run-progress";
import { Sealed } from "./sealed";
import { Work } from "./work";

/** Whether everything that is kept twice says the same: what was found last, and the ways to find out and to mend. */
export function ReconciliationView(page: ReconciliationPage) {
  const t = useTranslations("reconciliation");
  const { run, underway, isLatest } = page;
  return (
    <article className="flex max-w-3xl flex-col gap-8">
      <header className="flex flex-col gap-1.5">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="max-w-prose text-ink-2">{t("text")}</p>
      </header>
      {run ? <Outcome {...page} run={run} /> : null}
      {run === null && !underway ? (
        <EmptyState icon={<Scale />} title={t("never.title")} className="py-0">
          <p>{page.mayRun ? t("never.text") : t("never.textRead")}</p>
        </EmptyState>
      ) : null}
      {underway ? <RunProgress key={underway.id} run={underway} now={page.now} /> : null}
      {isLatest || run === null ? (
        <RunControls
          run={run}
          mayRun={page.mayRun}
          isUnderway={underway !== null}
          counted={run?.result?.counted ?? null}
        />
      ) : null}
      {run?.result ? <Found {...page} run={run} result={run.result} /> : null}
      <RunList {...page} />
    </article>
  );
}

function Outcome({ run, isLatest, timeZone, now }: ReconciliationPage & { run: Run }) {
  const t = useTranslations("reconciliation");
  return (
    <section aria-labelledby="outcome" className="flex flex-col gap-1.5">
      {isLatest ? null : (
        <p className="text-ink-2">
          {t("earlier")}{" "}
          <Link href="/settings/reconciliation" className="rounded-inner underline underline-offset-4">
            {t("latest")}
          </Link>
        </p>
      )}
      {run.result ? (
        <Verdict run={run} result={run.result} timeZone={timeZone} now={now} />
      ) : (
        <ErrorNote title={<span id="outcome">{t(`failed.${run.fault ?? "broken"}`)}</span>}>
          <p>{t(`failed.${run.fault ?? "broken"}Text`)}</p>
        </ErrorNote>
      )}
    </section>
  );
}

type VerdictProps = { run: Run; result: ReconciliationResult } & Pick<ReconciliationPage, "timeZone" | "now">;

function Verdict({ run, result, timeZone, now }: VerdictProps) {
  const t = useTranslations("reconciliation");
  const differences = run.differences ?? 0;
  const Icon = differences === 0 ? CircleCheck : CircleX;
  return (
    <>
      <h2 id="outcome" className="flex items-start gap-3 font-semibold text-figure tracking-tight">
        <Icon
          aria-hidden
          className={
            differences === 0 ? "mt-1.5 size-8 shrink-0 text-allow" : "mt-1.5 size-8 shrink-0 text-deny"
          }
        />
        <span className="figures min-w-0">
          {differences === 0 ? t("equal") : t("differs", { count: differences })}
        </span>
      </h2>
      <p className="figures text-ink-2">
        {t.rich("compared", {
          decisions: result.decisions,
          counters: result.counters,
          at: () => <Time at={run.finishedAt ?? run.createdAt} now={now} timeZone={timeZone} />,
        })}
      </p>
      {run.lookedAt ? (
        <p className="text-ink-2">
          {t.rich("lookedAt", {
            name: run.lookedBy ?? "",
            at: () => <Time at={run.lookedAt ?? ""} now={now} timeZone={timeZone} />,
          })}
        </p>
      ) : null}
    </>
  );
}

function Found(page: ReconciliationPage & { run: Run; result: ReconciliationResult }) {
  const { result } = page;
  const t = useTranslations("reconciliation");
  return (
    <>
      {result.overdue.count > 0 ? (
        <p className="figures flex items-start gap-2 rounded-md bg-bend-soft p-3">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bend" />
          <span>
            {t.rich("work.overdue", {
              count: result.overdue.count,
              at: () => (
                <Time
                  at={result.overdue.since ?? page.now}
                  now={page.now}
                  timeZone={page.timeZone}
                  as="short"
                />
              ),
            })}
          </span>
        </p>
      ) : null}
      {result.repair ? <Repaired {...page} repair={result.repair} /> : null}
      {result.listed.length > 0 ? <DifferenceList {...page} differences={result.listed} /> : null}
      <Sealed sealed={result.sealed} />
      <Work
        executions={result.executions}
        asked={result.asked ?? 0}
        timeZone={page.timeZone}
        now={page.now}
      />
    </>
  );
}
