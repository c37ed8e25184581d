import { ArrowLeft, Stamp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DecisionActions } from "@/components/decision/decision-actions";
import { ExplanationList } from "@/components/decision/explanation";
import { FactList } from "@/components/decision/fact-list";
import { HandoverWords } from "@/components/decision/handover-words";
import { useOutcomeWords } from "@/components/decision/outcome-words";
import { ReversalFacts } from "@/components/decision/reversal-facts";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { DecisionReviews } from "@/components/reviews/decision-reviews";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { Time } from "@/components/ui/time";
import { formatMoney } from "@/lib/format/money";
import { floorHref } from "@/lib/insights/schema";
import type { DecisionPage } from "@/lib/insights/types";
import { AnswerHandover } from "./answer-handover";
import { DecisionExecution } from "./decision-outcome";
import { DecisionTimeline } from "./decision-timeline";
import { LedgerList } from "./ledger-list";
import { MakeExample } from "./make-example";

/** One decision whole: what, who for whom, why, what it took from the limits, and what became of it. */
export function DecisionView(page: DecisionPage) {
  const t = useTranslations("floor.decision");
  const reviews = useTranslations("reviews.decision");
  return (
    <article className="flex flex-col gap-6 pt-6">
      <Link
        href="/floor"
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back")}
      </Link>
      <div className="grid gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
        <div className="flex flex-col gap-8">
          <Head {...page} />
          <Part title={t("case.title")}>
            <CaseFacts {...page} />
          </Part>
          {page.decision.handover ? (
            <Part title={t("handover.title")}>
              <HandoverPart {...page} handover={page.decision.handover} />
            </Part>
          ) : null}
          {page.decision.reversal ? (
            <Part title={t("reversal.title")}>
              <ReversalFacts reversal={page.decision.reversal} timeZone={page.timeZone} />
            </Part>
          ) : null}
          <Part title={t("execution.title")}>
            <RefreshOnEvents kinds={["execution"]} about={[page.decision.id ?? ""]} />
            <DecisionExecution {...page} />
            <DecisionActions
              decision={{
                ...page.decision,
                amount: page.decision.handover?.grantedAmount ?? page.decision.amount,
              }}
              undoUntil={null}
              now={page.now}
              mayReverse={page.mayReverse}
              mayWithdraw={false}
            />
          </Part>
          <Part title={reviews("title")}>
            <DecisionReviews {...page} />
          </Part>
          <Part title={t("timeline.title")}>
            <DecisionTimeline {...page} />
          </Part>
        </div>
        <div className="flex flex-col gap-8 lg:border-line lg:border-l lg:pl-14">
          <Explained {...page} />
          <Part title={t("ledger.title")}>
            <LedgerList {...page} />
          </Part>
        </div>
      </div>
    </article>
  );
}

/** A form that has asked for facts begins anew with them. */
export function handoverKey({ id, words }: { id: string; words: readonly { kind: string }[] }): string {
  return `${id} ${words.filter(({ kind }) => kind === "facts").length}`;
}

function HandoverPart(page: DecisionPage & { handover: NonNullable<DecisionPage["decision"]["handover"]> }) {
  const t = useTranslations("floor.decision.handover");
  const { decision, handover, answering } = page;
  const currencies = { policy: page.policyCurrency, decision: decision.currency };
  return (
    <>
      <RefreshOnEvents kinds={["handover"]} about={[decision.id]} urgent={handover.status === "waiting"} />
      <HandoverWords
        handover={handover}
        amount={decision.amount}
        currency={decision.currency}
        timeZone={page.timeZone}
      />
      {handover.explanation && handover.answeredBy ? (
        <details className="text-sm">
          <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
            {t("checkedFor", { name: handover.answeredBy.name })}
          </summary>
          <ExplanationList explanation={handover.explanation} currencies={currencies} className="mt-3" />
        </details>
      ) : null}
      <AnswerHandover
        key={handoverKey(handover)}
        handoverId={handover.id}
        asked={decision.amount}
        currencies={currencies}
        preview={answering}
        values={page.answeringValues}
        employeeId={page.employeeId}
        askedBy={decision.employeeName}
        clockStands={handover.clockStands}
        mayPropose={page.mayPropose}
        mayEditPolicy={page.mayEditPolicy}
      />
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold text-base">{title}</h2>
      {children}
    </section>
  );
}

function Head({ decision, seal, mayReadPolicy, now, timeZone }: DecisionPage) {
  const t = useTranslations("floor.decision");
  const remedy = useTranslations("common.remedy");
  const details = [
    decision.teamName ? t("team", { name: decision.teamName }) : null,
    decision.apiKeyName ? t("byKey", { name: decision.apiKeyName }) : null,
  ].filter(Boolean);
  return (
    <header className="flex flex-col gap-2">
      <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
      <h1>
        <span className="block text-ink-2 text-lg">{remedy(decision.remedy)}</span>
        <span className="figures block font-semibold text-figure">
          {formatMoney(decision.amount, decision.currency)}
        </span>
      </h1>
      <p className="text-base">
        {t.rich("who", {
          who: () => (
            <TextLink href={floorHref({ employee: decision.employee })}>{decision.employeeName}</TextLink>
          ),
          whom: () => (
            <TextLink href={floorHref({ customer: decision.customer })}>{decision.customerName}</TextLink>
          ),
        })}
      </p>
      <p className="flex flex-wrap gap-x-2 text-ink-2">
        <Time at={decision.createdAt} now={now} timeZone={timeZone} as="exact" className="figures" />
        {details.map((detail) => (
          <span key={detail}>· {detail}</span>
        ))}
      </p>
      <p className="text-ink-3 text-xs">
        {t("id")} <span className="break-all font-mono">{decision.id}</span>
      </p>
      <SealLine decisionId={decision.id} seal={seal} mayProve={mayReadPolicy} />
    </header>
  );
}

interface SealLineProps {
  decisionId: string;
  seal: DecisionPage["seal"];
  /** Whether this person may have the proof. */
  mayProve: boolean;
}

/** "Sealed in 12 · proof" */
function SealLine({ decisionId, seal, mayProve }: SealLineProps) {
  const t = useTranslations("seals.decision");
  if (!seal) return <p className="text-ink-3 text-xs">{t("waits")}</p>;
  return (
    <p className="flex items-center gap-1.5 text-ink-3 text-xs">
      <Stamp aria-hidden className="size-3.5 shrink-0" />
      {t("sealed", { seal: seal.seal })}
      {mayProve ? (
        <>
          <span aria-hidden>·</span>
          <a
            href={`/settings/seals/proofs/${decisionId}`}
            download
            className="inline-flex items-center rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:min-h-11"
          >
            {t("proof")}
          </a>
        </>
      ) : null}
    </p>
  );
}

function TextLink(props: { href: string; children: ReactNode }) {
  return (
    <Link
      {...props}
      className="rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text"
    />
  );
}

function CaseFacts({ decision, now, timeZone }: DecisionPage) {
  const t = useTranslations("floor.decision.case");
  const said = useOutcomeWords();
  const common = useTranslations("common");
  const channel = decision.case?.channel;
  const lines = [
    [t("order"), decision.orderRef],
    [t("happened"), decision.case?.happened],
    [t("cause"), decision.causeName],
    [t("need"), decision.case?.need],
    [
      t("channel"),
      channel && common.has(`channel.${channel}` as never) ? common(`channel.${channel}` as never) : channel,
    ],
    [t("note"), decision.note],
    [
      t("customerSays"),
      decision.survey && (
        <>
          {said(decision.survey.score)} ·{" "}
          <Time
            at={decision.survey.answeredAt}
            now={now}
            timeZone={timeZone}
            as="short"
            className="figures"
          />
        </>
      ),
    ],
  ] as const;
  return lines.some(([, value]) => value) ? (
    <FactList lines={lines} />
  ) : (
    <p className="text-ink-2">{t("none")}</p>
  );
}

function Explained({ decision, policyCurrency, values, mayReadPolicy, mayEditPolicy }: DecisionPage) {
  const t = useTranslations("floor.decision");
  const common = useTranslations("common.explanation");
  const { explanation, currency, policyVersion } = decision;
  const { maxAmount } = explanation;
  const say = explanation.checks.find((check) => check.id === explanation.binding)?.say;
  return (
    <Part title={common("checked")}>
      <p>
        {maxAmount === null
          ? t("explanation.maxUnbounded")
          : maxAmount === 0
            ? t("explanation.maxNone")
            : t("explanation.maxAmount", { amount: formatMoney(maxAmount, currency) })}
      </p>
      <ExplanationList
        explanation={explanation}
        amount={decision.amount}
        currencies={{ policy: policyCurrency, decision: currency }}
        values={values}
      />
      {say ? <FactList lines={[[t("say"), say]]} /> : null}
      <p className="text-ink-2">
        {mayReadPolicy
          ? t.rich("explanation.under", {
              link: () => (
                <TextLink href={`/settings/policies/${policyVersion}`}>
                  {t("explanation.policyLink", { version: policyVersion })}
                </TextLink>
              ),
            })
          : t("explanation.policy", { version: policyVersion })}
      </p>
      {mayEditPolicy ? <MakeExample decisionId={decision.id} /> : null}
    </Part>
  );
}
