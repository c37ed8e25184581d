import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Pagination } from "@/components/ui/pagination";
import { Time } from "@/components/ui/time";
import type { ReconciliationLine, ReconciliationPage } from "@/lib/reconciliation/types";

/** Every run, the newest first; those that are over can be opened. */
export function RunList({ runs, run: shown, newestHref, olderHref, timeZone, now }: ReconciliationPage) {
  const t = useTranslations("reconciliation.runs");
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="runs" className="flex flex-col gap-2">
      <h2 id="runs" className="scroll-mt-20 font-semibold text-base">
        {t("title")}
      </h2>
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {runs.map((run) => (
          <li key={run.id}>
            <Line run={run} isShown={run.id === shown?.id}>
              <Time at={run.createdAt} now={now} timeZone={timeZone} as="short" className="figures" />
              <span className="figures text-ink-2">
                <Came run={run} />
              </span>
              <span className="ml-auto text-ink-3 text-xs">
                <Origin run={run} />
              </span>
            </Line>
          </li>
        ))}
      </ul>
      <Pagination
        label={t("pages")}
        newer={newestHref ? { href: newestHref, label: t("newest") } : null}
        older={olderHref ? { href: olderHref, label: t("older") } : null}
      />
    </section>
  );
}

interface LineProps {
  run: ReconciliationLine;
  isShown: boolean;
  children: ReactNode;
}

function Line({ run, isShown, children }: LineProps) {
  const look =
    "-mx-2 flex flex-wrap items-baseline gap-x-4 gap-y-0.5 rounded-md px-2 py-2 aria-current:font-medium";
  if (run.finishedAt === null) return <div className={look}>{children}</div>;
  return (
    <Link
      href={`/settings/reconciliation?run=${run.id}`}
      prefetch={false}
      aria-current={isShown ? "true" : undefined}
      className={`${look} hover:bg-sunken`}
    >
      {children}
    </Link>
  );
}

/** What came of it, in a few words. */
function Came({ run: { status, differences, rebuilt } }: { run: ReconciliationLine }) {
  const t = useTranslations("reconciliation.runs");
  if (status !== "done") return t(status);
  const came = differences === 0 ? t("equal") : t("differs", { count: differences ?? 0 });
  return rebuilt > 0 ? `${t("rebuilt", { count: rebuilt })}, ${came}` : came;
}

function Origin({ run: { origin, askedBy } }: { run: ReconciliationLine }) {
  const t = useTranslations("reconciliation.runs.origin");
  if (origin !== "asked") return t(origin);
  return askedBy === null ? t("askedByNobody") : t("asked", { name: askedBy });
}
