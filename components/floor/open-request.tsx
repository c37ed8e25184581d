"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { bindingOf } from "@/components/decision/arithmetic";
import { Arithmetic, CheckName, ExplanationList } from "@/components/decision/explanation";
import { FactList } from "@/components/decision/fact-list";
import { HandoverWords } from "@/components/decision/handover-words";
import { VerdictIcon } from "@/components/decision/verdict";
import { ButtonLink } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import { formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import type { OpenRequest as Open, QueuePage } from "@/lib/handovers/types";
import { AnswerHandover } from "./answer-handover";
import { Countdown } from "./countdown";

interface OpenRequestProps extends QueuePage {
  open: Open;
  /** The request to go on with; null where no other waits. */
  nextHref: string | null;
}

/** All that somebody needs who answers a request, and the answer. */
export function OpenRequest(props: OpenRequestProps) {
  const { open, currency, timeZone, now, employeeId } = props;
  const t = useTranslations("handovers.open");
  const remedy = useTranslations("common.remedy");
  const { line, handover } = open;
  const currencies = { policy: currency, decision: line.currency };
  // Whoever is asked and has no place on the floor reads it on the desk.
  const place = props.seesFloor ? "/floor/decisions" : "/desk/decisions";
  const isOver = handover.status !== "waiting";
  const facts = handover.words.filter(({ kind }) => kind === "facts").length;
  return (
    <article aria-label={t("label")} className="flex max-w-2xl flex-col gap-6">
      <header className="flex flex-col gap-1">
        <p className="flex flex-wrap items-baseline gap-x-3 text-ink-2">
          <span>{t("asks", { employee: line.askedBy.name })}</span>
          <Time at={line.createdAt} now={now} timeZone={timeZone} />
          {isOver || handover.clockStands ? null : (
            <Countdown
              deadlineAt={handover.deadlineAt}
              now={now}
              exact={formatExact(new Date(handover.deadlineAt), timeZone)}
            />
          )}
        </p>
        <h2>
          <span className="block text-ink-2 text-lg">{remedy(line.remedy)}</span>
          <span className="figures block font-semibold text-figure">
            {formatMoney(line.amount, line.currency)}
          </span>
        </h2>
        <p className="text-base">
          {props.seesDesk ? (
            <Link
              href={`/desk/${line.customer.id}`}
              prefetch={false}
              className="rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text"
            >
              {line.customer.name}
            </Link>
          ) : (
            line.customer.name
          )}
        </p>
      </header>
      <WhileReading status={handover.status} answeredBy={handover.answeredBy} employeeId={employeeId} />
      {isOver || handover.clockStands || handover.words.length > 0 || handover.unanswerable ? (
        <HandoverWords
          handover={handover}
          amount={line.amount}
          currency={line.currency}
          timeZone={timeZone}
        />
      ) : null}
      <CaseLines {...open} />
      <Why {...open} currencies={currencies} />
      <AnswerHandover
        key={`${handover.id} ${facts}`}
        handoverId={handover.id}
        asked={line.amount}
        currencies={currencies}
        preview={open.answering}
        values={open.answeringValues}
        employeeId={employeeId}
        askedBy={line.askedBy.name}
        clockStands={handover.clockStands}
        others={open.others}
        mayPropose={props.mayPropose}
        mayEditPolicy={props.mayEditPolicy}
        isQuick
      />
      {isOver && props.nextHref ? (
        <ButtonLink href={props.nextHref} variant="primary" className="w-fit">
          {t("next")}
          <Kbd className="border-transparent bg-transparent text-accent-ink">J</Kbd>
        </ButtonLink>
      ) : null}
      <Others {...open} />
      <Similar {...open} place={place} now={now} timeZone={timeZone} />
      <Link
        href={`${place}/${line.decision}`}
        prefetch={false}
        className="flex w-fit items-center rounded-inner text-accent-text text-sm underline underline-offset-4 pointer-coarse:min-h-11"
      >
        {t("page")}
      </Link>
    </article>
  );
}

/** That it was answered or taken back while it was being read, and by whom. */
function WhileReading({
  status,
  answeredBy,
  employeeId,
}: Pick<Open["handover"], "status" | "answeredBy"> & { employeeId: string }) {
  const t = useTranslations("handovers.open");
  const [opened] = useState(status);
  const isNews = opened === "waiting" && status !== "waiting" && answeredBy?.id !== employeeId;
  return (
    <p role="status" className={isNews ? "rounded-md bg-sunken p-3" : "sr-only"}>
      {isNews
        ? status === "withdrawn"
          ? t("takenBack")
          : answeredBy
            ? t("answeredBy", { name: answeredBy.name })
            : t("expired")
        : null}
    </p>
  );
}

function CaseLines({ decision }: Open) {
  const t = useTranslations("floor.decision.case");
  const common = useTranslations("common");
  const open = useTranslations("handovers.open");
  const channel = decision.case?.channel;
  const lines = [
    [t("happened"), decision.case?.happened],
    [t("need"), decision.case?.need],
    [t("cause"), decision.causeName],
    [t("order"), decision.orderRef],
    [
      t("channel"),
      channel && common.has(`channel.${channel}` as never) ? common(`channel.${channel}` as never) : channel,
    ],
    [t("note"), decision.note],
  ] as const;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold text-base">{open("case")}</h3>
      {lines.some(([, value]) => value) ? (
        <FactList lines={lines} />
      ) : (
        <p className="text-ink-2">{t("none")}</p>
      )}
    </section>
  );
}

/** What stood in the way of whoever asked. */
function Why({ decision, values, currencies }: Open & { currencies: { policy: string; decision: string } }) {
  const t = useTranslations("handovers.open");
  const common = useTranslations("common.explanation");
  const binding = bindingOf(decision.explanation);
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold text-base">{t("why")}</h3>
      {binding ? (
        <div className="flex gap-2.5">
          <VerdictIcon verdict={decision.verdict} className="mt-0.5 size-5 shrink-0 text-handover" />
          <div className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-ink-2">
            <CheckName check={binding} />
            <Arithmetic check={binding} currencies={currencies} />
          </div>
        </div>
      ) : null}
      <details className="text-sm">
        <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
          {common("checked")}
        </summary>
        <ExplanationList
          explanation={decision.explanation}
          amount={decision.amount}
          currencies={currencies}
          values={values}
          className="mt-3"
        />
      </details>
    </section>
  );
}

/** What else waits for the same customer, asked for by the same person. */
function Others({ others, line }: Open) {
  const t = useTranslations("handovers.open");
  const remedy = useTranslations("common.remedy");
  if (others.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold text-base">{t("others", { employee: line.askedBy.name })}</h3>
      <ul className="flex flex-col gap-1">
        {others.map((other) => (
          <li key={other.id}>
            <Link
              href={`/floor/handovers?open=${other.id}`}
              scroll={false}
              className="flex w-fit items-center gap-1 rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:min-h-11"
            >
              {remedy(other.remedy)} <Money amount={other.amount} currency={other.currency} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Similar({ similar, place, now, timeZone }: Open & { place: string; now: string; timeZone: string }) {
  const t = useTranslations("handovers.open");
  const status = useTranslations("common.status");
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold text-base">{t("similar")}</h3>
      {similar.length === 0 ? <p className="text-ink-2">{t("similarNone")}</p> : null}
      <ul className="flex flex-col gap-1">
        {similar.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3">
            <Link
              href={`${place}/${one.id}`}
              prefetch={false}
              className="figures flex items-center rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:min-h-11"
            >
              {formatMoney(one.amount, one.currency)}
            </Link>
            <span className="text-ink-2">{status(one.status)}</span>
            <span className="text-ink-2">{t("similarBy", { employee: one.employee })}</span>
            <Time at={one.createdAt} now={now} timeZone={timeZone} className="text-ink-3" />
          </li>
        ))}
      </ul>
    </section>
  );
}
