"use client";

import { ArrowLeft, Inbox } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Kbd } from "@/components/ui/kbd";
import { Money } from "@/components/ui/money";
import { nameOfCause } from "@/lib/causes/naming";
import { formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import { QUEUE_MAX, type QueueLine, type QueuePage } from "@/lib/handovers/types";
import { AlertSwitches } from "./alert-switches";
import { Countdown } from "./countdown";
import { OpenRequest } from "./open-request";
import { useQueueKeys } from "./use-queue-keys";

const hrefOf = (id: string) => `/floor/handovers?open=${id}`;
const WIDE = "(min-width: 64rem)";

/** What waits for an answer, live, and beside it the request that is open. On a phone one or the other. */
export function HandoverQueue(page: QueuePage) {
  const t = useTranslations("handovers.queue");
  const { own, others, holes, open, isChosen } = page;
  const openId = open?.line.id ?? null;
  useQueueKeys(
    [...own, ...others, ...holes].map(({ id }) => id),
    openId,
    hrefOf,
  );
  useStayingOpen(openId, isChosen);
  return (
    <div className="grid gap-x-10 gap-y-6 pt-6 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
      <RefreshOnEvents kinds={["handover", "policy"]} urgent />
      <h1 className={cn("font-semibold text-lg lg:col-span-2", isChosen && "max-lg:sr-only")}>
        {t("title")}
      </h1>
      <div className={cn("flex flex-col gap-6", isChosen && "max-lg:hidden")}>
        <header className="flex flex-col gap-2">
          <p role="status" className="text-ink-2">
            {t("status", { count: own.length })}
          </p>
          <AlertSwitches />
          <p className="text-ink-3 text-xs max-md:hidden pointer-coarse:hidden">
            {t.rich("keys", { key: (letter) => <Kbd>{letter}</Kbd> })}
          </p>
        </header>
        <Group title={t("own")} lines={own} {...page} openId={openId}>
          <EmptyState icon={<Inbox />} title={t("ownNone")} className="py-2">
            {t("ownNoneText")}
          </EmptyState>
        </Group>
        {others.length > 0 ? <Group title={t("others")} lines={others} {...page} openId={openId} /> : null}
        {holes.length > 0 ? <Group title={t("holes")} lines={holes} {...page} openId={openId} /> : null}
        {own.length + others.length + holes.length >= QUEUE_MAX ? (
          <p className="text-ink-3 text-xs">{t("more", { count: QUEUE_MAX })}</p>
        ) : null}
      </div>
      <div className={cn("min-w-0 lg:border-line lg:border-l lg:pl-10", !isChosen && "max-lg:hidden")}>
        <Link
          href="/floor/handovers"
          className="mb-4 flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink lg:hidden pointer-coarse:min-h-11"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t("back")}
        </Link>
        {open ? (
          <OpenRequest
            key={open.line.id}
            {...page}
            open={open}
            nextHref={nextHref([...own, ...others], open.line.id)}
          />
        ) : (
          <p className="text-ink-2">{t("nothingOpen")}</p>
        )}
      </div>
    </div>
  );
}

/** Where to go on after this one: what waits for the person comes first. */
function nextHref(lines: readonly QueueLine[], openId: string): string | null {
  const next = lines.find(({ id }) => id !== openId);
  return next ? hrefOf(next.id) : null;
}

/**
 * The first request is open by itself where there is room beside the list. From then on the address names it, so that it
 * stays when the list changes: it may be half answered.
 */
function useStayingOpen(openId: string | null, isChosen: boolean) {
  const router = useRouter();
  useEffect(() => {
    if (openId === null || isChosen || !window.matchMedia(WIDE).matches) return;
    // By the router, which otherwise finds another page at the address than it made, and loads all of it anew.
    router.replace(hrefOf(openId), { scroll: false });
  }, [router, openId, isChosen]);
}

interface GroupProps
  extends Pick<QueuePage, "now" | "timeZone" | "causeNames" | "mayEditPolicy" | "employeeId"> {
  title: string;
  lines: readonly QueueLine[];
  openId: string | null;
  /** What stands there while there are none. */
  children?: ReactNode;
}

function Group({ title, lines, openId, employeeId, children, ...rest }: GroupProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <h2 className="font-semibold text-base">
        {title} <span className="figures font-normal text-ink-3 text-sm">{lines.length}</span>
      </h2>
      {lines.length === 0 ? children : null}
      <ul className="-mx-2 flex flex-col">
        {lines.map((line) => (
          <li key={line.id}>
            <Row
              line={line}
              isOpen={line.id === openId}
              isOwn={line.waitingFor?.id === employeeId}
              {...rest}
            />
            {line.unanswerable ? <Hole line={line} mayEditPolicy={rest.mayEditPolicy} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RowProps extends Pick<GroupProps, "now" | "timeZone" | "causeNames"> {
  line: QueueLine;
  isOpen: boolean;
  /** Waits for whoever looks at it. */
  isOwn: boolean;
}

function Row({ line, isOpen, isOwn, now, timeZone, causeNames }: RowProps) {
  const t = useTranslations("handovers.queue");
  const remedy = useTranslations("common.remedy");
  return (
    <Link
      href={hrefOf(line.id)}
      scroll={false}
      prefetch={false}
      aria-current={isOpen ? "true" : undefined}
      className={cn(
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-2 rounded-md px-2 py-2 transition-colors hover:bg-sunken",
        isOpen && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <RemedyIcon remedy={line.remedy} className="size-4 translate-y-0.5 text-ink-3" />
      <span className="min-w-0 truncate">
        <span className="font-medium">
          {remedy(line.remedy)} <Money amount={line.amount} currency={line.currency} />
        </span>
      </span>
      {line.clockStands ? (
        <span className="text-ink-2 text-xs">{t("stands")}</span>
      ) : (
        <Countdown
          deadlineAt={line.deadlineAt}
          now={now}
          exact={formatExact(new Date(line.deadlineAt), timeZone)}
          className="text-ink-2 text-xs"
        />
      )}
      <span className="col-start-2 col-end-4 min-w-0 truncate text-ink-2 text-sm">
        {t("row", { employee: line.askedBy.name, customer: line.customer.name })}
      </span>
      <span className="col-start-2 col-end-4 flex flex-wrap gap-x-2 text-ink-2 text-xs">
        {line.cause ? <span className="truncate">{nameOfCause(causeNames, line.cause)}</span> : null}
        {isOwn ? null : (
          <span>{line.waitingFor ? t("waitsFor", { name: line.waitingFor.name }) : t("nobody")}</span>
        )}
      </span>
    </Link>
  );
}

/** Why nobody may answer it, and where an admin mends that. */
function Hole({ line, mayEditPolicy }: { line: QueueLine; mayEditPolicy: boolean }) {
  const t = useTranslations("handovers.queue");
  const { unanswerable } = line;
  if (!unanswerable) return null;
  const { reason, maxAmount, binding } = unanswerable;
  return (
    <div className="flex flex-col gap-0.5 px-2 pb-2 pl-8 text-ink-2 text-xs">
      <p>
        {reason === "away"
          ? t("holeAway")
          : maxAmount
            ? t("holePolicy", { amount: formatMoney(maxAmount, line.currency) })
            : t("holePolicyNone")}
      </p>
      {binding ? (
        <p>
          {t("holeBinding", { id: binding })}{" "}
          {mayEditPolicy ? (
            <Link
              href="/settings/policies"
              className="rounded-inner text-accent-text underline underline-offset-2"
            >
              {t("holeLink")}
            </Link>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
