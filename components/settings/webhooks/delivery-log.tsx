"use client";

import { CircleCheck, CircleX, Clock } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import { Pagination } from "@/components/ui/pagination";
import { Time } from "@/components/ui/time";
import { replayMessages } from "@/lib/webhooks/actions";
import type { DeliveryStatus, EndpointPage, LoggedDelivery, ReplayAnswer } from "@/lib/webhooks/types";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";
import { refusalOf } from "./webhooks-view";

const FILTERS = [null, "waiting", "delivered", "dead"] as const;

/** What an endpoint was told and is to be told, with what came back, and the way to send it again. */
export function DeliveryLog(page: EndpointPage) {
  const t = useTranslations("webhooks");
  const { endpoint, deliveries, status, next, mayEdit, keptDays } = page;
  const { answer, busy, failed, call, clear } = useCall<ReplayAnswer>();
  const [asked, setAsked] = useState<string | null>(null);
  const address = (to: { status?: DeliveryStatus | null; before?: string }) => {
    const query = new URLSearchParams();
    if (to.status) query.set("status", to.status);
    if (to.before) query.set("before", to.before);
    return `/settings/webhooks/${endpoint.id}${query.size > 0 ? `?${query}` : ""}`;
  };
  const again = (message: string | null) => {
    setAsked(message);
    void call(() => replayMessages({ id: endpoint.id, message }));
  };

  return (
    <section aria-labelledby="log" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="flex flex-col">
          <h2 id="log" className="font-semibold text-base">
            {t("log.title")}
          </h2>
          <p className="text-ink-3 text-sm">{t("log.text", { days: keptDays ?? 0 })}</p>
        </div>
        <nav aria-label={t("log.filter")} className="inline-flex rounded-md bg-sunken p-1">
          {FILTERS.map((filter) => (
            <Link
              key={filter}
              href={address({ status: filter })}
              scroll={false}
              aria-current={filter === status ? "page" : undefined}
              className={cn(
                "flex h-7 items-center rounded-inner px-2.5 text-ink-2 text-sm transition-colors hover:text-ink pointer-coarse:h-11",
                filter === status && "bg-surface font-medium text-ink",
              )}
            >
              {t(`log.${filter ?? "all"}`)}
            </Link>
          ))}
        </nav>
      </div>
      {mayEdit && endpoint.dead > 0 ? (
        <Button size="sm" className="w-fit" busy={busy && asked === null} onClick={() => again(null)}>
          {t("log.all_dead")}
        </Button>
      ) : null}
      <p role="status" className="text-allow empty:hidden">
        {answer?.ok ? t("log.replayed", { count: answer.messages }) : null}
      </p>
      {refusalOf(answer, t) ? <ErrorNote title={refusalOf(answer, t)} /> : null}
      <Refused answer={answer} failed={failed} onSignedIn={clear} />
      {deliveries.length === 0 ? <p>{t(status === null ? "log.none" : "log.noneOf")}</p> : null}
      <ul className="flex flex-col divide-y divide-line border-line border-y empty:hidden">
        {deliveries.map((delivery) => (
          <Delivery
            key={delivery.message}
            delivery={delivery}
            page={page}
            busy={busy && asked === delivery.message}
            onAgain={again}
          />
        ))}
      </ul>
      <Pagination
        label={t("log.title")}
        newer={null}
        older={next === null ? null : { href: address({ status, before: next }), label: t("log.older") }}
      />
    </section>
  );
}

interface DeliveryProps {
  delivery: LoggedDelivery;
  page: Pick<EndpointPage, "mayEdit" | "now" | "timeZone">;
  busy: boolean;
  onAgain: (message: string) => void;
}

function Delivery({ delivery, page, busy, onAgain }: DeliveryProps) {
  const t = useTranslations("webhooks.log");
  const { now, timeZone, mayEdit } = page;
  const { message, type, decision, createdAt, attempts, nextAttemptAt, last } = delivery;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2.5">
      <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium font-mono text-sm">{type}</span>
          <Standing status={delivery.status} />
          {decision ? (
            <Link
              href={`/floor/decisions/${decision}`}
              className="inline-flex min-w-11 items-center pointer-coarse:min-h-11 text-accent-text text-sm underline-offset-2 hover:underline"
            >
              {t("decision")}
            </Link>
          ) : null}
        </span>
        <span className="figures flex flex-wrap gap-x-3 text-ink-3 text-xs">
          <Time at={createdAt} now={now} timeZone={timeZone} as="short" />
          <span>{t("attempts", { count: attempts })}</span>
          {last && last.code !== null ? (
            <span>{t("code", { code: String(last.code), ms: String(last.latencyMs) })}</span>
          ) : null}
          {nextAttemptAt && attempts > 0 ? (
            <span>
              {t.rich("next", {
                time: () => <Time at={nextAttemptAt} now={now} timeZone={timeZone} as="short" />,
              })}
            </span>
          ) : null}
        </span>
        {last?.fault ? <span className="wrap-anywhere text-deny text-sm">{last.fault}</span> : null}
        {last?.excerpt ? (
          <details>
            <summary className="w-fit cursor-pointer text-ink-2 text-xs pointer-coarse:py-3.5">
              {t("excerpt")}
            </summary>
            <pre className="mt-1 max-h-40 overflow-auto whitespace-pre-wrap break-all rounded-md bg-sunken p-2 font-mono text-xs">
              {last.excerpt}
            </pre>
          </details>
        ) : null}
      </div>
      {mayEdit ? (
        <Button
          size="sm"
          variant="quiet"
          busy={busy}
          aria-label={t("againOf", { type })}
          onClick={() => onAgain(message)}
        >
          {t("again")}
        </Button>
      ) : null}
    </li>
  );
}

function Standing({ status }: { status: DeliveryStatus }) {
  const t = useTranslations("webhooks.log");
  switch (status) {
    case "delivered":
      return (
        <Badge tone="allow">
          <CircleCheck aria-hidden />
          {t("delivered")}
        </Badge>
      );
    case "waiting":
      return (
        <Badge>
          <Clock aria-hidden />
          {t("waiting")}
        </Badge>
      );
    case "dead":
      return (
        <Badge tone="deny">
          <CircleX aria-hidden />
          {t("dead")}
        </Badge>
      );
  }
}
