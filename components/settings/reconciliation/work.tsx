import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { Executions, Since } from "@/lib/reconciliation/types";

interface WorkProps {
  executions: Executions;
  /** How many providers were asked about. */
  asked: number;
  timeZone: string;
  now: string;
}

/** What providers were asked about, and what people have to carry out by hand. */
export function Work({ executions, asked, timeZone, now }: WorkProps) {
  const t = useTranslations("reconciliation.work");
  const words = ({ count, since }: Since) => ({
    count,
    at: () => <Time at={since ?? now} now={now} timeZone={timeZone} as="day" />,
  });
  return (
    <section aria-labelledby="work" className="flex max-w-prose flex-col gap-1">
      <h2 id="work" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="figures text-ink-2">
        {t("asked", { count: asked })} {t.rich("byHand", words(executions.byHand))}
      </p>
      {executions.pending && executions.pending.count > 0 ? (
        <p className="figures text-ink-2">{t.rich("pending", words(executions.pending))}</p>
      ) : null}
      {executions.unknown.count > 0 ? (
        <p className="figures text-bend">{t.rich("unknown", words(executions.unknown))}</p>
      ) : null}
    </section>
  );
}
