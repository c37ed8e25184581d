import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { bindingOf } from "@/components/decision/arithmetic";
import { DecisionActions } from "@/components/decision/decision-actions";
import { ExplanationList } from "@/components/decision/explanation";
import { HandoverWords } from "@/components/decision/handover-words";
import { useOutcomeWords } from "@/components/decision/outcome-words";
import { OwnHandover } from "@/components/decision/own-handover";
import { ReversalFacts } from "@/components/decision/reversal-facts";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { Why } from "@/components/decision/why";
import { Words } from "@/components/decision/words";
import { ExecutionWords } from "@/components/execution/execution-words";
import { ReviewStories } from "@/components/reviews/review-stories";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { Time } from "@/components/ui/time";
import type { DecisionRecord as Decision } from "@/lib/customers/types";
import { formatAmount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import { CHANNELS } from "./draft";

interface DecisionRecordProps {
  decision: Decision;
  /** Whether it is the person's own. */
  isOwn: boolean;
  mayReverse: boolean;
  currency: string;
  timeZone: string;
  now: string;
}

/**
 * Whether the words of what decided may still be said: what failed has words of its own, and what was asked for is
 * answered by now, unless it waits.
 */
function isStillToBeSaid({ verdict, status, execution }: Decision): boolean {
  return execution?.status !== "failed" && (verdict !== "handover" || status === "reserved");
}

/** A decision to read again: what it was, for whom, why, and what was said. */
export function DecisionRecord(props: DecisionRecordProps) {
  const { decision, currency, timeZone, now } = props;
  const t = useTranslations("desk.record");
  const remedy = useTranslations("common.remedy");
  const explanation = useTranslations("common.explanation");
  const reviews = useTranslations("reviews.decision");
  const binding = bindingOf(decision.explanation);
  return (
    <article className="flex max-w-2xl flex-col gap-6 pt-6">
      <Link
        href={`/desk/${decision.customer.id}`}
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("backTo", { customer: isolated(decision.customer.name) })}
      </Link>
      <header className="flex flex-col gap-1.5">
        <h1 className="break-words font-semibold text-lg">
          {t("title", {
            remedy: remedy(decision.remedy),
            amount: formatAmount(decision.amount, decision.currency),
            currency: decision.currency,
          })}{" "}
          {t("for", { customer: isolated(decision.customer.name) })}
        </h1>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
          <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
          <span>{t("by", { employee: isolated(decision.employee.name) })}</span>
          <Time at={decision.createdAt} now={now} timeZone={timeZone} as="exact" className="figures" />
        </p>
      </header>
      <Aftermath {...props} />
      <CaseLines decision={decision} />
      {binding && isStillToBeSaid(decision) ? <Words say={binding.say} /> : null}
      {binding ? (
        <Why
          check={binding}
          currencies={{ policy: currency, decision: decision.currency }}
          values={decision.values}
          policyVersion={decision.policyVersion}
        />
      ) : null}
      <section className="flex flex-col gap-3">
        <h2 className="font-semibold text-base">{explanation("checked")}</h2>
        <ExplanationList
          explanation={decision.explanation}
          amount={decision.amount}
          currencies={{ policy: currency, decision: decision.currency }}
          values={decision.values}
        />
      </section>
      {decision.reviews.length > 0 ? (
        <section className="flex flex-col gap-3">
          <h2 className="font-semibold text-base">{reviews("title")}</h2>
          <ReviewStories
            reviews={decision.reviews}
            employee={decision.employee.name}
            mayReply={props.isOwn}
            now={now}
            timeZone={timeZone}
          />
        </section>
      ) : null}
      <p className="text-ink-3 text-xs">
        {t("policy", { version: decision.policyVersion })} · {t("id")}{" "}
        <span className="break-all font-mono">{decision.id}</span>
      </p>
    </article>
  );
}

/** What became of it, and what can be done about it still. */
function Aftermath({ decision, isOwn, mayReverse, timeZone, now }: DecisionRecordProps) {
  const { handover, reversal, currency, execution } = decision;
  return (
    <div className="flex flex-col gap-3 empty:hidden">
      {handover ? (
        <>
          <RefreshOnEvents
            kinds={["handover"]}
            about={[decision.id]}
            urgent={handover.status === "waiting"}
          />
          <HandoverWords
            handover={handover}
            amount={decision.amount}
            currency={currency}
            timeZone={timeZone}
          />
          {isOwn ? <OwnHandover handover={handover} /> : null}
        </>
      ) : null}
      {reversal ? <ReversalFacts reversal={reversal} timeZone={timeZone} /> : null}
      {execution && execution.status !== "queued" ? (
        <ExecutionWords
          execution={execution}
          amount={decision.granted ?? decision.amount}
          currency={currency}
          timeZone={timeZone}
          now={now}
        />
      ) : null}
      {execution ? <RefreshOnEvents kinds={["execution"]} about={[decision.id]} /> : null}
      <DecisionActions
        decision={{ ...decision, amount: decision.granted ?? decision.amount }}
        undoUntil={decision.undoUntil}
        now={now}
        mayReverse={mayReverse}
        mayWithdraw={isOwn && handover?.status === "waiting"}
      />
    </div>
  );
}

function CaseLines({ decision }: { decision: Decision }) {
  const t = useTranslations("desk.review");
  const channels = useTranslations("common.channel");
  const said = useOutcomeWords();
  const known = CHANNELS.find((each) => each === decision.channel);
  const lines: [label: string, value: string | null | undefined][] = [
    [t("order"), decision.orderRef],
    [t("happened"), decision.happened],
    [t("cause"), decision.cause],
    [t("need"), decision.need],
    [t("channel"), known ? channels(known) : decision.channel],
    [t("note"), decision.note],
    [t("customerSays"), decision.survey && said(decision.survey.score)],
  ];
  const told = lines.filter(([, value]) => value);
  if (told.length === 0) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
      {told.map(([label, value]) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-3">{label}</dt>
          <dd dir="auto" className="whitespace-pre-line break-words">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
