import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ExplanationList } from "@/components/decision/explanation";
import { FactList } from "@/components/decision/fact-list";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { Time } from "@/components/ui/time";
import { formatMoney } from "@/lib/format/money";
import { floorHref } from "@/lib/insights/schema";
import type { DecisionPage } from "@/lib/insights/types";
import { DecisionExecution, DecisionHandover } from "./decision-outcome";
import { DecisionTimeline } from "./decision-timeline";
import { LedgerList } from "./ledger-list";
import { MakeExample } from "./make-example";

/** One decision whole: what, who for whom, why, what it took from the limits, and what became of it. */
export function DecisionView(page: DecisionPage) {
  const t = useTranslations("floor.decision");
  return (
    <article className="flex flex-col gap-6 pt-6">
      <Link
        href="/floor"
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink"
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
              <DecisionHandover {...page} handover={page.decision.handover} />
            </Part>
          ) : null}
          <Part title={t("execution.title")}>
            <DecisionExecution {...page} />
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

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold text-base">{title}</h2>
      {children}
    </section>
  );
}

function Head({ decision, now, timeZone }: DecisionPage) {
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
    </header>
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

function CaseFacts({ decision }: DecisionPage) {
  const t = useTranslations("floor.decision.case");
  const common = useTranslations("common");
  const channel = decision.case?.channel;
  const lines = [
    [t("order"), decision.orderRef],
    [t("happened"), decision.case?.happened],
    [t("cause"), decision.case?.cause],
    [t("need"), decision.case?.need],
    [
      t("channel"),
      channel && common.has(`channel.${channel}` as never) ? common(`channel.${channel}` as never) : channel,
    ],
    [t("note"), decision.note],
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
