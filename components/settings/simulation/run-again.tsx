"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import type { SimulationLine } from "@/lib/simulations/types";
import { RefusalNote } from "../refusal-note";
import { useReplay } from "./use-replay";

/** Replays the same days once more, under the draft as it is now and against what is in force now. */
export function RunAgain({ run }: { run: SimulationLine }) {
  const t = useTranslations("settings.simulation");
  const { busy, refusal, replay, clear } = useReplay(run.version);
  return (
    <>
      <Button
        size="sm"
        busy={busy}
        onClick={() => replay({ from: run.from, to: run.to })}
        className="pointer-coarse:h-11 print:hidden"
      >
        {busy ? t("span.starting") : t("again")}
      </Button>
      {refusal ? (
        <div className="w-full">
          <RefusalNote refusal={refusal} version={run.version} onSignedIn={clear} />
        </div>
      ) : null}
    </>
  );
}
