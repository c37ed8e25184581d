import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Difference, ReconciliationPage, ReconciliationView as Run } from "@/lib/reconciliation/types";
import { useBookWords } from "./use-book-words";

type DifferenceListProps = { run: Run; differences: readonly Difference[] } & Pick<
  ReconciliationPage,
  "names" | "currency"
>;

/** What differs, each in words: what it is about, what it should say, and what it says. */
export function DifferenceList({ run, differences, names, currency }: DifferenceListProps) {
  const t = useTranslations("reconciliation.list");
  const count = run.differences ?? differences.length;
  return (
    <section aria-labelledby="differences" className="flex flex-col gap-2">
      <h2 id="differences" className="font-semibold text-base">
        {t("title")}
      </h2>
      {count > differences.length ? (
        <p className="figures text-ink-2">{t("first", { listed: differences.length, count })}</p>
      ) : null}
      <ol className="flex flex-col divide-y divide-line border-line border-y">
        {differences.map((difference) => (
          <li key={JSON.stringify(difference)} className="py-3">
            <Item difference={difference} names={names} currency={currency} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface ItemProps {
  difference: Difference;
  names: Record<string, string>;
  currency: string;
}

function Item({ difference, names, currency }: ItemProps) {
  const t = useTranslations("reconciliation.difference");
  const list = useTranslations("reconciliation.list");
  const provider = useTranslations("execution.provider");
  const words = useBookWords(names);
  switch (difference.kind) {
    case "counter":
      return (
        <Told
          title={t(difference.found ? "counter.title" : "counter.missing")}
          about={words.counter(difference.key, difference.limitIds)}
          should={words.counts(difference.expected, difference.currency)}
          says={words.counts(difference.found, difference.currency)}
          decision={difference.decisionId && { id: difference.decisionId, label: list("lastDecision") }}
        />
      );
    case "chain":
      return (
        <Told
          title={t("chain.title")}
          about={words.counter(difference.key, difference.limitIds)}
          text={t("chain.text")}
          decision={difference.decisionId && { id: difference.decisionId, label: list("lastDecision") }}
        />
      );
    case "orphan":
      return (
        <Told
          title={t(`orphan.title.${difference.of}`)}
          about={difference.decisionId}
          text={t("orphan.text", { count: difference.rows })}
        />
      );
    case "version":
      return (
        <Told
          title={t("version.title")}
          text={t("version.text", { version: difference.version })}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "entry":
      return (
        <Told
          title={t("entry.title")}
          text={t("entry.text", { seq: difference.seq })}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "status":
      return (
        <Told
          title={t("status.title")}
          should={words.status(difference.expected)}
          says={words.status(difference.found)}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "handover":
      return (
        <Told
          title={t("handover.title")}
          text={t("handover.text", { status: words.status(difference.status) })}
          should={words.states(difference.expected)}
          says={words.states([difference.found])}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "job":
      return (
        <Told
          title={t(`job.title.${difference.job}`)}
          text={t("job.text", { status: words.status(difference.status) })}
          should={words.states(difference.expected)}
          says={words.states([difference.found])}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "queue":
      return (
        <Told
          title={t(`queue.title.${difference.job}`)}
          text={t(`queue.${difference.found}`)}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "rollup":
      return (
        <Told
          title={t("rollup.title")}
          about={words.rollup(difference.key)}
          should={words.sum(difference.expected, currency)}
          says={words.sum(difference.found, currency)}
        />
      );
    case "day":
      return (
        <Told
          title={t("day.title")}
          about={words.day(difference.key)}
          should={words.sum(difference.expected, currency)}
          says={words.sum(difference.found, currency)}
        />
      );
    case "credit":
      return (
        <Told
          title={t(`credit.title.${difference.of}`)}
          should={words.amount(difference.expected, difference.currency)}
          says={words.amount(difference.found, difference.currency)}
          {...(difference.of === "execution"
            ? { decision: { id: difference.id, label: list("decision") } }
            : { about: difference.id })}
        />
      );
    case "provider":
      return (
        <Told
          title={t("provider.title")}
          about={provider(difference.provider)}
          should={words.states([difference.expected])}
          says={words.states([difference.found])}
          decision={{ id: difference.decisionId, label: list("decision") }}
        />
      );
    case "seal":
      return (
        <Told
          title={t("seal.title")}
          about={
            difference.seal === null
              ? t("seal.row", { table: difference.table, id: difference.id })
              : t("seal.rowIn", { table: difference.table, id: difference.id, seal: difference.seal })
          }
          text={difference.text}
        />
      );
    default:
      return difference satisfies never;
  }
}

interface ToldProps {
  title: string;
  about?: string;
  text?: string;
  should?: string;
  says?: string;
  decision?: { id: string; label: string } | null | "";
}

function Told({ title, about, text, should, says, decision }: ToldProps) {
  const t = useTranslations("reconciliation.list");
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h3 className="font-medium">{title}</h3>
      {about ? <p className="figures wrap-anywhere text-ink-2">{about}</p> : null}
      {text ? <p className="text-ink-2">{text}</p> : null}
      {should !== undefined && says !== undefined ? (
        <dl className="figures grid gap-x-4 sm:grid-cols-[auto_minmax(0,1fr)]">
          <Value label={t("should")}>{should}</Value>
          <Value label={t("says")}>{says}</Value>
        </dl>
      ) : null}
      {decision ? (
        <Link
          href={`/floor/decisions/${decision.id}`}
          prefetch={false}
          className="flex w-fit items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {decision.label}
        </Link>
      ) : null}
    </div>
  );
}

function Value({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{label}</dt>
      <dd className="mb-1 sm:mb-0">{children}</dd>
    </>
  );
}
