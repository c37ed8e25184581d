import { CircleAlert, Info } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import type { SimulationPage, SimulationView } from "@/lib/simulations/types";
import { RunAgain } from "./run-again";
import { dayWords, pointsOfOne } from "./words";

/** From so many decisions on, a single one moves the share by less than a point. */
const FEW = 100;

/** What has to be known before a replay's result is read: that there is none, or what has changed since. */
export function RunOver({ run, version, current, mayStart }: SimulationPage & { run: SimulationView }) {
  const t = useTranslations("settings.simulation");
  const days = { from: dayWords(run.from), to: dayWords(run.to) };
  const again = mayStart ? <RunAgain run={run} /> : null;
  if (run.status === "cancelled") return <Note action={again}>{t("over.cancelled")}</Note>;
  if (run.fault === "nothing") {
    return (
      <Note title={t("over.nothing")}>
        <p>{t("over.nothingText", days)}</p>
      </Note>
    );
  }
  if (run.status === "failed") {
    return (
      <ErrorNote title={t("over.broken")} action={again}>
        <p>{t("over.brokenText")}</p>
      </ErrorNote>
    );
  }
  const isOld = version.status === "draft" && run.revision !== version.revision;
  const isAgainstOld = current !== null && current !== run.comparedWith;
  const count = run.result?.decisions.count ?? 0;
  return (
    <>
      {isOld ? <Note action={again}>{t("note.saved", { revision: run.revision })}</Note> : null}
      {isAgainstOld ? (
        <Note action={isOld ? null : again}>
          {t("note.published", { current, compared: run.comparedWith })}
        </Note>
      ) : null}
      {count > 0 && count < FEW ? (
        <Note warns>{t("note.few", { count, points: pointsOfOne(count) })}</Note>
      ) : null}
    </>
  );
}

interface NoteProps {
  title?: ReactNode;
  warns?: boolean;
  action?: ReactNode;
  children: ReactNode;
}

function Note({ title, warns = false, action, children }: NoteProps) {
  const Icon = warns ? CircleAlert : Info;
  return (
    <div className="flex items-start gap-3 rounded-md bg-sunken p-3">
      <Icon
        aria-hidden
        className={warns ? "mt-0.5 size-4 shrink-0 text-bend" : "mt-0.5 size-4 shrink-0 text-ink-3"}
      />
      <div className="flex min-w-0 grow flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="max-w-prose">
          {title ? <p className="font-medium">{title}</p> : null}
          {children}
        </div>
        {action}
      </div>
    </div>
  );
}
