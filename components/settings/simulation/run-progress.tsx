"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/format/money";
import { cancelSimulation } from "@/lib/simulations/actions";
import type { SimulationLine } from "@/lib/simulations/types";
import { RefusalNote } from "../refusal-note";
import { useLifeCall } from "../use-life-call";
import { useProgress, type Watched } from "./use-progress";
import { dayWords } from "./words";

interface RunProgressProps {
  run: SimulationLine;
  mayStop: boolean;
  now: string;
}

/** A worker that is there begins at once; one that has not by then is probably not there. */
const LATE_MS = 5_000;
const STALLED_MS = 60_000;

/** A replay that waits or runs: how far it is, in words and as a bar, until it is over. */
export function RunProgress({ run, mayStop, now }: RunProgressProps) {
  const t = useTranslations("settings.simulation.progress");
  const span = useTranslations("settings.simulation.runs");
  const watched = useProgress(run, now);
  const { progress } = watched;
  const id = useId();
  return (
    <section aria-label={t("label")} className="flex max-w-xl flex-col gap-3" data-testid="progress">
      <p className="font-medium text-base">
        {span("line", { from: dayWords(run.from), to: dayWords(run.to) })}
      </p>
      <div className="flex flex-col gap-1.5">
        <progress
          aria-labelledby={id}
          max={progress.total ?? 1}
          // Without a value the browser says that it doesn't know how far it is.
          {...(progress.total === null ? {} : { value: progress.processed })}
          className="h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
        />
        <p id={id} role="status" className="figures text-ink-2">
          <Words {...watched} />
        </p>
      </div>
      <Doubts {...watched} />
      <p className="text-ink-3 text-xs">{t("leave")}</p>
      {mayStop ? <Cancel run={run} /> : null}
    </section>
  );
}

function Words({ progress: { status, processed, total } }: Watched) {
  const t = useTranslations("settings.simulation.progress");
  if (status === "queued") return t("queued");
  if (total === null) return t("counting");
  if (processed >= total) return t("finishing");
  return t("running", { processed: formatCount(processed), total: formatCount(total) });
}

/** Said only when it takes longer than it should. */
function Doubts({ progress, stillMs, unreachable }: Watched) {
  const t = useTranslations("settings.simulation.progress");
  if (unreachable) return <p className="text-bend">{t("unreachable")}</p>;
  if (progress.status === "queued" && stillMs >= LATE_MS) {
    return (
      <p className="text-bend">
        {t("late")} <code className="whitespace-nowrap font-mono text-xs">npm run -s leeway -- worker</code>
      </p>
    );
  }
  return progress.status === "running" && stillMs >= STALLED_MS ? (
    <p className="text-bend">{t("stalled")}</p>
  ) : null;
}

function Cancel({ run }: { run: SimulationLine }) {
  const t = useTranslations("settings.simulation.progress");
  const router = useRouter();
  const { busy, refusal, call, clear } = useLifeCall();

  async function cancel() {
    await call(() => cancelSimulation({ id: run.id }));
    // It may have been over already: either way the page tells what became of it.
    router.refresh();
  }

  return (
    <>
      <Button size="sm" busy={busy} onClick={cancel} className="w-fit pointer-coarse:h-11">
        {busy ? t("cancelling") : t("cancel")}
      </Button>
      {refusal && refusal.code !== "not_found" ? (
        <RefusalNote refusal={refusal} version={run.version} onSignedIn={clear} />
      ) : null}
    </>
  );
}
