import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useWindowWords } from "@/components/decision/explanation";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { FailureWords } from "@/components/execution/execution-words";
import { OwnByHand } from "@/components/execution/own-by-hand";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import { formatDay, formatUntil } from "@/lib/format/dates";
import { formatAmount, formatCount } from "@/lib/format/money";
import { isolated } from "@/lib/format/names";
import type { DayDecision, DayHandover, MyDay, OwnLimit, PerCustomerLimit } from "@/lib/my-day/types";
import { PromiseList } from "./promise-list";

/** What the person did today, what others owe them an answer to, and what they promised. It is compared with nobody's. */
export function MyDayView({
  day,
  employeeId,
  reviews,
}: {
  day: MyDay;
  employeeId: string;
  /** What others wrote looking back. */
  reviews: ReactNode;
}) {
  const t = useTranslations("desk.day");
  return (
    <div className="flex flex-col gap-8 pt-6">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        {/* A day has no time zone; any one does to write it, as long as it is the one it is read in. */}
        <p className="text-ink-2">{formatDay(new Date(day.day), "UTC")}</p>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]">
        <div className="flex flex-col gap-8">
          <Failed day={day} />
          <OwnByHand items={day.byHand} employeeId={employeeId} timeZone={day.timeZone} now={day.now} />
          <Decided day={day} />
          <HandedOver day={day} />
        </div>
        <div className="flex flex-col gap-8">
          <Promises day={day} employeeId={employeeId} />
          {reviews}
          <Use day={day} />
        </div>
      </div>
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1">
      <h2 id={id} className="font-semibold text-base">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** What was given and did not come about: the customer has to hear of it. */
function Failed({ day }: { day: MyDay }) {
  const t = useTranslations("execution.day");
  const remedy = useTranslations("common.remedy");
  if (day.failed.length === 0) return null;
  return (
    <Section id="failed" title={t("title")}>
      <p className="text-ink-2">{t("text")}</p>
      <ul className="flex flex-col divide-y divide-line">
        {day.failed.map(({ decisionId, customer, amount, currency, failure, at, ...each }) => (
          <li key={decisionId} className="flex flex-col gap-2 py-3">
            <p className="flex flex-wrap items-baseline gap-x-2.5">
              <Link
                href={`/desk/decisions/${decisionId}`}
                prefetch={false}
                className="min-w-0 break-words rounded-inner font-medium hover:underline"
              >
                {t("line", {
                  remedy: remedy(each.remedy),
                  amount: formatAmount(amount, currency),
                  currency,
                  customer: isolated(customer.name),
                })}
              </Link>
              <span className="text-ink-3 text-xs">
                <Time at={at} now={day.now} timeZone={day.timeZone} />
              </span>
            </p>
            <FailureWords failure={failure} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Decided({ day }: { day: MyDay }) {
  const t = useTranslations("desk.day");
  const { sums, decisions, currency } = day;
  return (
    <Section id="decided" title={t("decided")}>
      <p className="figures text-ink-2">
        {sums.decisions === 0
          ? t("none")
          : t("sums", {
              count: sums.decisions,
              given: formatAmount(sums.given, currency),
              held: formatAmount(sums.held, currency),
              currency,
            })}
      </p>
      <ul className="-mx-2 flex flex-col">
        {decisions.map((decision) => (
          <li key={decision.id}>
            <DecisionLine decision={decision} day={day} />
          </li>
        ))}
      </ul>
      {day.more ? <p className="text-ink-3 text-xs">{t("more", { count: decisions.length })}</p> : null}
    </Section>
  );
}

function DecisionLine({ decision, day }: { decision: DayDecision; day: MyDay }) {
  const remedy = useTranslations("common.remedy");
  return (
    <Link
      href={`/desk/decisions/${decision.id}`}
      prefetch={false}
      className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-2.5 rounded-md px-2 py-2 transition-colors hover:bg-sunken"
    >
      <RemedyIcon remedy={decision.remedy} className="mt-0.5 size-4 text-ink-3" />
      <span className="flex min-w-0 flex-col">
        <span className="font-medium">
          {remedy(decision.remedy)} <Money amount={decision.amount} currency={decision.currency} />
        </span>
        <span className="break-words text-ink-3 text-xs">
          <bdi>{decision.customer.name}</bdi>
          {decision.cause ? ` · ${decision.cause}` : null} ·{" "}
          <Time at={decision.createdAt} now={day.now} timeZone={day.timeZone} />
        </span>
      </span>
      <VerdictAndStatus verdict={decision.verdict} status={decision.status} />
    </Link>
  );
}

function HandedOver({ day }: { day: MyDay }) {
  const t = useTranslations("desk.day");
  return (
    <Section id="handed-over" title={t("handedOver")}>
      {day.handovers.length === 0 ? <p className="text-ink-2">{t("noHandovers")}</p> : null}
      <ul className="-mx-2 flex flex-col">
        {day.handovers.map((handover) => (
          <li key={handover.decisionId}>
            <HandoverLine handover={handover} day={day} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function HandoverLine({ handover, day }: { handover: DayHandover; day: MyDay }) {
  const t = useTranslations("desk.day");
  const remedy = useTranslations("common.remedy");
  const { granted, currency } = handover;
  const until = formatUntil(new Date(handover.deadlineAt), new Date(day.now), day.timeZone);
  const name = isolated(handover.answeredBy ?? handover.waitingFor ?? "");
  const answered =
    handover.status === "waiting"
      ? handover.waitingFor
        ? t("waitsFor", { name, until })
        : t("waits", { until })
      : t(`answer.${handover.status}`, { name: name || t("nobody") });
  return (
    <Link
      href={`/desk/decisions/${handover.decisionId}`}
      prefetch={false}
      className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-2.5 rounded-md px-2 py-2 transition-colors hover:bg-sunken"
    >
      <RemedyIcon remedy={handover.remedy} className="mt-0.5 size-4 text-ink-3" />
      <span className="flex min-w-0 flex-col">
        <span className="font-medium">
          {remedy(handover.remedy)} <Money amount={handover.amount} currency={currency} />{" "}
          <bdi className="font-normal text-ink-2">{handover.customer.name}</bdi>
        </span>
        <span className="text-ink-2 text-sm">
          {answered}
          {granted !== null && granted !== handover.amount
            ? ` ${t("granted", { amount: formatAmount(granted, currency), currency })}`
            : null}
        </span>
        {handover.note ? (
          <span dir="auto" className="break-words text-ink-2 text-sm">
            “{handover.note}”
          </span>
        ) : null}
      </span>
    </Link>
  );
}

function Promises({ day, employeeId }: { day: MyDay; employeeId: string }) {
  const t = useTranslations("desk.day");
  const { open, done } = day.promises;
  if (open.length + done.length === 0) {
    return (
      <Section id="promises" title={t("promises")}>
        <p className="text-ink-2">{t("noPromises")}</p>
      </Section>
    );
  }
  return (
    <PromiseList
      title={t("promises")}
      promises={[...open, ...done]}
      today={day.day}
      employeeId={employeeId}
      withCustomer
    />
  );
}

/** How much of the limits that are the person's alone is used; limits that begin anew with each customer are named. */
function Use({ day }: { day: MyDay }) {
  const t = useTranslations("desk.day");
  const { limits, perCustomer, currency } = day;
  return (
    <Section id="use" title={t("use")}>
      {limits.length + perCustomer.length === 0 ? <p className="text-ink-2">{t("noLimits")}</p> : null}
      <ul className="flex flex-col gap-4">
        {limits.map((limit) => (
          <li key={limit.id}>
            <LimitUse limit={limit} currency={currency} />
          </li>
        ))}
        {perCustomer.map((limit) => (
          <li key={limit.id} className="text-ink-2">
            <PerCustomer limit={limit} currency={currency} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function figureOf({ measure }: Pick<OwnLimit, "measure">, currency: string): (value: number) => string {
  return (value) => (measure === "count" ? formatCount(value) : formatAmount(value, currency));
}

function LimitUse({ limit, currency }: { limit: OwnLimit; currency: string }) {
  const t = useTranslations("desk.day");
  const window = useWindowWords();
  const figure = figureOf(limit, currency);
  const words = {
    used: figure(limit.used),
    held: figure(limit.reserved),
    left: figure(limit.left),
    max: figure(limit.max),
    window: window(limit.window as { rollingDays: number }),
  };
  const share = (part: number) => `${(part / Math.max(limit.max, limit.used, 1)) * 100}%`;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="figures flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-mono text-xs leading-5">{limit.id}</span>
        <span className="text-ink-2">{t(limit.reserved > 0 ? "usedHeld" : "used", words)}</span>
      </p>
      <div
        role="img"
        aria-label={t("meter", words)}
        className="flex h-2.5 overflow-hidden rounded-full bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-text)]"
      >
        <span className="bg-accent" style={{ width: share(limit.used - limit.reserved) }} />
        <span
          className="bg-[repeating-linear-gradient(135deg,var(--accent)_0_3px,transparent_3px_6px)]"
          style={{ width: share(limit.reserved) }}
        />
      </div>
      <p className="text-ink-3 text-xs">{limit.why}</p>
    </div>
  );
}

function PerCustomer({ limit, currency }: { limit: PerCustomerLimit; currency: string }) {
  const t = useTranslations("desk.day");
  const window = useWindowWords();
  return (
    <p className="figures">
      {t(limit.measure === "count" ? "eachTimes" : "each", {
        max: figureOf(limit, currency)(limit.max),
        currency,
        window: window(limit.window as { rollingDays: number }),
      })}{" "}
      <span className="font-mono text-ink-3 text-xs">{limit.id}</span>
    </p>
  );
}
