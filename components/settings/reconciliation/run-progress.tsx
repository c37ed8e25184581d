"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { formatCount } from "@/lib/format/money";
import type { ReconciliationLine, ReconciliationProgress } from "@/lib/reconciliation/types";
import { PAUSE_MS, useWatchedRun } from "../use-watched-run";

/** A worker that is there begins at once; one that has not by then is probably not there. */
const LATE_MS = 5_000;

/** A comparison that waits or runs: how far it is, in words and as a bar, until it is over. */
export function RunProgress({ run, now }: { run: ReconciliationLine; now: string }) {
  const t = useTranslations("reconciliation.progress");
  const { progress, waitedMs, unreachable } = useProgress(run, now);
  const { status, step, processed, total } = progress;
  const isCounting = (step === "decisions" || step === "seals") && total !== null && total > 0;
  const id = useId();
  return (
    <section aria-label={t("label")} className="flex max-w-xl flex-col gap-1.5" data-testid="progress">
      <progress
        aria-labelledby={id}
        max={isCounting ? total : 1}
        // Without a value the browser says that it doesn't know how far it is.
        {...(isCounting ? { value: processed } : {})}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <p id={id} role="status" className="figures text-ink-2">
        {status === "queued" ? t("queued") : null}
        {status === "running" && step === null ? t("begun") : null}
        {step === "decisions" || step === "seals"
          ? t(step, { processed: formatCount(processed), total: formatCount(total ?? 0) })
          : null}
        {step === "counters" || step === "rebuilding" ? t(step) : null}
      </p>
      {unreachable ? <p className="text-bend">{t("unreachable")}</p> : null}
      {status === "queued" && !unreachable && waitedMs >= LATE_MS ? (
        <p className="text-bend">
          {t("late")} <code className="whitespace-nowrap font-mono text-xs">npm run -s leeway -- worker</code>
        </p>
      ) : null}
      <p className="text-ink-3 text-xs">{t("leave")}</p>
    </section>
  );
}

interface Watched {
  progress: ReconciliationProgress;
  /** How long it has been asked for; milliseconds. */
  waitedMs: number;
  /** The last question was not answered. */
  unreachable: boolean;
}

/** Asks how far a run is until it is over, and then reads the page anew. A page that nobody sees doesn't ask. */
function useProgress(run: ReconciliationLine, now: string): Watched {
  const [watched, setWatched] = useState<Watched>(() => ({
    progress: run,
    waitedMs: Math.max(0, Date.parse(now) - Date.parse(run.createdAt)),
    unreachable: false,
  }));

  useWatchedRun<ReconciliationProgress>(`/settings/reconciliation/progress?run=${run.id}`, (heard) =>
    setWatched((before) => ({
      progress: heard ?? before.progress,
      waitedMs: before.waitedMs + PAUSE_MS,
      unreachable: heard === null,
    })),
  );
  return watched;
}
