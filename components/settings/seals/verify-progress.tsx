"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Verification } from "@/lib/seals/types";
import { PAUSE_MS, useWatchedRun } from "../use-watched-run";

/** A worker that is there begins at once. */
const LATE_MS = 5_000;

const shares = new Intl.NumberFormat("en", { style: "percent" });

interface Watched {
  run: Verification;
  unreachable: boolean;
  /** How long it has waited for a worker; milliseconds. */
  waitedMs: number;
}

/** A verification that waits or runs: what it looks at, and how far it is, until it is over. */
export function VerifyProgress({ run: first, now }: { run: Verification; now: string }) {
  const t = useTranslations("seals.verify");
  const { run, unreachable, waitedMs } = useVerification(first, now);
  const id = useId();
  const { status, phase, processed, total } = run;
  const share = total ? Math.min(1, processed / total) : 0;
  return (
    <section aria-label={t("label")} className="flex max-w-xl flex-col gap-2" data-testid="progress">
      <progress
        aria-labelledby={id}
        max={1}
        // Without a value the browser says that it doesn't know how far it is.
        {...(status === "queued" || !total ? {} : { value: share })}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <p id={id} role="status" className="figures text-ink-2">
        {status === "queued" || phase === null
          ? t("queued")
          : t("progress", {
              phase: t(`phase.${phase}`),
              share: shares.format(Math.floor(share * 100) / 100),
            })}
      </p>
      {unreachable ? <p className="text-bend">{t("unreachable")}</p> : null}
      {!unreachable && status === "queued" && waitedMs >= LATE_MS ? (
        <p className="text-bend">
          {t("late")} <code className="whitespace-nowrap font-mono text-xs">npm run -s leeway -- worker</code>
        </p>
      ) : null}
      <p className="text-ink-3 text-xs">{t("leave")}</p>
    </section>
  );
}

/** Asks how far it is until it is over, and then reads the page anew. A page that nobody sees doesn't ask. */
function useVerification(first: Verification, now: string): Watched {
  const [watched, setWatched] = useState<Watched>(() => ({
    run: first,
    unreachable: false,
    waitedMs: Math.max(0, Date.parse(now) - Date.parse(first.createdAt)),
  }));

  useWatchedRun<Verification>(`/settings/seals/progress?run=${first.id}`, (heard) =>
    setWatched((before) => ({
      run: heard ?? before.run,
      unreachable: heard === null,
      waitedMs: before.waitedMs + PAUSE_MS,
    })),
  );
  return watched;
}
