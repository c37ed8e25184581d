import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { bindingOf } from "@/components/decision/arithmetic";
import { ExplanationList } from "@/components/decision/explanation";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { Words } from "@/components/decision/words";
import { Time } from "@/components/ui/time";
import type { DecisionRecord as Decision } from "@/lib/customers/types";
import { formatAmount } from "@/lib/format/money";
import { CHANNELS } from "./draft";

interface DecisionRecordProps {
  decision: Decision;
  currency: string;
  timeZone: string;
  now: string;
}

/** A decision to read again: what it was, for whom, why, and what was said. */
export function DecisionRecord({ decision, currency, timeZone, now }: DecisionRecordProps) {
  const t = useTranslations("desk.record");
  const remedy = useTranslations("common.remedy");
  const explanation = useTranslations("common.explanation");
  const binding = bindingOf(decision.explanation);
  return (
    <article className="flex max-w-2xl flex-col gap-6 pt-6">
      <Link
        href={`/desk/${decision.customer.id}`}
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("backTo", { customer: decision.customer.name })}
      </Link>
      <header className="flex flex-col gap-1.5">
        <h1 className="font-semibold text-lg">
          {t("title", {
            remedy: remedy(decision.remedy),
            amount: formatAmount(decision.amount, decision.currency),
            currency: decision.currency,
          })}{" "}
          {t("for", { customer: decision.customer.name })}
        </h1>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
          <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
          <span>{t("by", { employee: decision.employee.name })}</span>
          <Time at={decision.createdAt} now={now} timeZone={timeZone} as="exact" className="figures" />
        </p>
      </header>
      <CaseLines decision={decision} />
      {binding ? <Words say={binding.say} /> : null}
      <section className="flex flex-col gap-3">
        <h2 className="font-semibold text-base">{explanation("checked")}</h2>
        <ExplanationList
          explanation={decision.explanation}
          amount={decision.amount}
          currencies={{ policy: currency, decision: decision.currency }}
          values={decision.values}
        />
      </section>
      <p className="text-ink-3 text-xs">
        {t("policy", { version: decision.policyVersion })} · {t("id")}{" "}
        <span className="break-all font-mono">{decision.id}</span>
      </p>
    </article>
  );
}

function CaseLines({ decision }: { decision: Decision }) {
  const t = useTranslations("desk.review");
  const channels = useTranslations("common.channel");
  const known = CHANNELS.find((each) => each === decision.channel);
  const lines: [label: string, value: string | null | undefined][] = [
    [t("order"), decision.orderRef],
    [t("happened"), decision.happened],
    [t("cause"), decision.cause],
    [t("need"), decision.need],
    [t("channel"), known ? channels(known) : decision.channel],
    [t("note"), decision.note],
  ];
  const told = lines.filter(([, value]) => value);
  if (told.length === 0) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
      {told.map(([label, value]) => (
        <div key={label} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-3">{label}</dt>
          <dd className="whitespace-pre-line break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
