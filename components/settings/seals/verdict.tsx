import { CircleAlert, CircleCheck, CircleHelp, ShieldAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import { Time } from "@/components/ui/time";
import { formatCount } from "@/lib/format/money";
import type { SealsPage, Verification, VerificationResult } from "@/lib/seals/types";

type State = VerificationResult["state"] | "failed" | "unknown";

const LOOKS = {
  whole: { Icon: CircleCheck, tone: "text-allow" },
  doubtful: { Icon: CircleAlert, tone: "text-bend" },
  broken: { Icon: ShieldAlert, tone: "text-deny" },
  failed: { Icon: CircleAlert, tone: "text-bend" },
  unknown: { Icon: CircleHelp, tone: "text-ink-2" },
} as const;

const DOUBTS_SHOWN = 5;

/** The answer to the question above it, how much is sealed, and what the answer rests on. */
export function Verdict(page: SealsPage) {
  const t = useTranslations("seals.state");
  const { latest, eventCount, sealCount } = page;
  const state: State = !latest ? "unknown" : (latest.result?.state ?? "failed");
  const { Icon, tone } = LOOKS[state];
  return (
    <section aria-label={t(state)} className="flex flex-col gap-3" data-testid="verdict">
      <p className={`flex items-center gap-2 font-semibold text-lg ${tone}`}>
        <Icon aria-hidden className="size-6 shrink-0" />
        {t(state)}
      </p>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="figures font-semibold text-figure">{formatCount(eventCount)}</span>
        <span className="text-ink-2">{t("events", { count: eventCount, seals: sealCount })}</span>
      </p>
      {latest ? <Ground page={page} latest={latest} /> : <p className="text-ink-2">{t("neverText")}</p>}
    </section>
  );
}

/** What the answer rests on. */
function Ground({ page, latest }: { page: SealsPage; latest: Verification }) {
  const t = useTranslations("seals.state");
  const { now, timeZone, sealCount } = page;
  const { result, finishedAt, askedBy } = latest;
  const time = () => <Time at={finishedAt ?? latest.createdAt} now={now} timeZone={timeZone} />;
  if (!result) return <p className="text-ink-2">{t.rich("failedText", { time })}</p>;
  if (result.break) return <Broken found={result.break} time={time} />;
  const since = sealCount - result.seals;
  return (
    <>
      <p className="figures max-w-prose text-ink-2">
        {result.lastSeal
          ? t.rich("verified", {
              time,
              by: askedBy ?? "nobody",
              events: result.events,
              seal: result.lastSeal.seq,
              decisions: result.decisions,
              entries: result.entries,
            })
          : t.rich("verifiedNothing", { time })}{" "}
        {since > 0 ? t("since", { count: since }) : null}
      </p>
      {result.doubtCount > 0 ? <Doubts {...result} /> : null}
    </>
  );
}

function Broken({ found, time }: { found: NonNullable<VerificationResult["break"]>; time: () => ReactNode }) {
  const t = useTranslations("seals.state");
  return (
    <ErrorNote
      title={<span className="wrap-anywhere">{t("brokenAt", { table: found.table, id: found.id })}</span>}
    >
      <p className="wrap-anywhere">{found.text}</p>
      <p className="mt-1">{t.rich("brokenFirst", { time })}</p>
    </ErrorNote>
  );
}

function Doubts({ doubts, doubtCount }: VerificationResult) {
  const t = useTranslations("seals.state");
  const more = doubtCount - Math.min(DOUBTS_SHOWN, doubts.length);
  return (
    <div className="flex flex-col gap-1 rounded-md bg-bend-soft p-3">
      <p className="font-medium text-bend">{t("doubts", { count: doubtCount })}</p>
      <p className="max-w-prose text-ink-2">{t("doubtsText")}</p>
      <ul className="flex flex-col gap-1.5 text-ink-2 text-xs">
        {doubts.slice(0, DOUBTS_SHOWN).map(({ id, seal, text }) => (
          <li key={id} className="wrap-anywhere">
            <span className="font-mono text-ink">{id}</span> (
            {t("doubtIn", { seal: seal === null ? "waits" : String(seal) })}): {text}
          </li>
        ))}
        {more > 0 ? <li>{t("more", { count: more })}</li> : null}
      </ul>
    </div>
  );
}
