"use client";

import { ArrowLeft, ArrowRight, Inbox } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { FactList } from "@/components/decision/fact-list";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { isTyping } from "@/components/shell/is-typing";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Kbd } from "@/components/ui/kbd";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import { QUEUE_DAYS, type ReviewVerdict } from "@/lib/reviews/schema";
import type { QueueItem, ReviewsPage, Whose } from "@/lib/reviews/types";
import { ReviewForm } from "./review-form";
import { RuleDialog, RuleWords } from "./rule-dialog";

/** What waits to be looked back at, one after the other. */
export function ReviewQueue(page: ReviewsPage) {
  const { items, more, whose, rule, currency, mayReview, maySetRule } = page;
  const t = useTranslations("reviews");
  const router = useRouter();
  const queue = useQueue(items);
  const { waiting, current, at } = queue;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented<Whose>
          name="whose"
          label={t("whose.label")}
          value={whose}
          options={[
            { value: "mine", label: t("whose.mine") },
            { value: "all", label: t("whose.all") },
          ]}
          onChange={(next) => router.push(next === "all" ? "/floor/reviews?whose=all" : "/floor/reviews")}
        />
        <p className="text-ink-2">
          <RuleWords rule={rule} currency={currency} />
        </p>
        {maySetRule ? <RuleDialog rule={rule} currency={currency} /> : null}
      </div>
      <p role="status" className="text-ink-2 text-sm empty:hidden">
        {queue.said ? t("queue.done", queue.said) : null}
      </p>
      {current === null ? (
        <EmptyState icon={<Inbox />} title={t("queue.emptyTitle")}>
          <p>{t("queue.emptyText", { days: QUEUE_DAYS })}</p>
          {whose === "mine" ? <p>{t("queue.emptyMine")}</p> : null}
        </EmptyState>
      ) : (
        <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,20rem)_minmax(0,1fr)]">
          <div className="hidden flex-col gap-2 lg:flex">
            <h2 className="font-medium">
              {more
                ? t("queue.countMore", { count: waiting.length })
                : t("queue.count", { count: waiting.length })}
            </h2>
            <QueueList {...page} items={waiting} current={current} onGo={queue.go} />
          </div>
          <div className="flex min-w-0 flex-col gap-5">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <p className="figures text-ink-2">{t("queue.place", { at: at + 1, count: waiting.length })}</p>
              <Button
                size="sm"
                disabled={at === 0}
                onClick={() => queue.move(-1)}
                className="pointer-coarse:h-11"
              >
                <ArrowLeft aria-hidden />
                {t("queue.previous")}
              </Button>
              <Button
                size="sm"
                disabled={at === waiting.length - 1}
                onClick={() => queue.move(1)}
                className="pointer-coarse:h-11"
              >
                {t("queue.next")}
                <ArrowRight aria-hidden />
              </Button>
              <p className="text-ink-3 text-xs max-md:hidden pointer-coarse:hidden">
                {t.rich("queue.keys", { key: (chunks) => <Kbd className="mx-0.5">{chunks}</Kbd> })}
              </p>
            </div>
            <QueueCase {...page} item={current} />
            {mayReview ? (
              <ReviewForm
                key={current.id}
                decisionId={current.id}
                employee={current.employee.name}
                isOwn={false}
                withKeys
                onDone={(verdict) => queue.finish(verdict)}
              />
            ) : (
              <p className="text-ink-2">{t("queue.readOnly")}</p>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

/** Which one is looked at; what was said is gone from the list at once, and the page asks for more at its end. */
function useQueue(items: readonly QueueItem[]) {
  const router = useRouter();
  const words = useTranslations("reviews.verdict");
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const [said, setSaid] = useState<{ verdict: string; employee: string } | null>(null);
  const waiting = items.filter(({ id }) => !done.has(id));
  const at = Math.max(
    0,
    waiting.findIndex(({ id }) => id === chosen),
  );
  const current = waiting[at] ?? null;

  function move(step: 1 | -1) {
    const next = waiting[at + step];
    if (!next) return;
    setChosen(next.id);
    setSaid(null);
  }

  function finish(verdict: ReviewVerdict) {
    if (!current) return;
    setDone(new Set([...done, current.id]));
    setChosen((waiting[at + 1] ?? waiting[at - 1])?.id ?? null);
    setSaid({ verdict: words(verdict), employee: current.employee.name });
    if (waiting.length === 1) router.refresh();
  }

  const latest = useRef(move);
  useEffect(() => {
    latest.current = move;
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event) || event.defaultPrevented) return;
      const step =
        event.key === "j" || event.key === "J" ? 1 : event.key === "k" || event.key === "K" ? -1 : null;
      if (step === null) return;
      event.preventDefault();
      latest.current(step);
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return { waiting, current, at, said, move, finish, go: setChosen };
}

function QueueList({
  items,
  current,
  onGo,
  now,
  timeZone,
}: ReviewsPage & { current: QueueItem; onGo: (id: string) => void }) {
  const t = useTranslations("reviews.queue");
  const remedy = useTranslations("common.remedy");
  const here = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that it is another one.
  useEffect(() => {
    here.current?.scrollIntoView({ block: "nearest" });
  }, [current.id]);
  return (
    <ul aria-label={t("list")} className="-mx-2 flex max-h-[70vh] flex-col overflow-y-auto">
      {items.map((item) => (
        <li key={item.id}>
          <button
            type="button"
            ref={item === current ? here : undefined}
            aria-current={item === current ? "true" : undefined}
            onClick={() => onGo(item.id)}
            className={cn(
              "flex w-full flex-col gap-0.5 rounded-md px-2 py-2 text-left transition-colors hover:bg-sunken",
              item === current && "bg-sunken",
            )}
          >
            <span className="flex items-baseline justify-between gap-2">
              <span className="truncate font-medium">{item.employee.name}</span>
              <span className="figures shrink-0 text-ink-3 text-xs">
                <Time at={item.at} now={now} timeZone={timeZone} as="relative" />
              </span>
            </span>
            <span className="truncate text-ink-2">
              {remedy(item.remedy)} <Money amount={item.amount} currency={item.currency} />
              {item.cause ? `, ${item.cause}` : ""}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What there is to know of a decision before one says something to it. */
function QueueCase({ item, now, timeZone }: ReviewsPage & { item: QueueItem }) {
  const t = useTranslations("reviews");
  const remedy = useTranslations("common.remedy");
  return (
    <article className="flex flex-col gap-3">
      <header className="flex flex-col gap-1.5">
        <VerdictAndStatus verdict={item.verdict} status={item.status} />
        <h2 className="font-semibold text-lg">
          {remedy(item.remedy)} <Money amount={item.amount} currency={item.currency} />
        </h2>
        <p className="text-base">
          {t("queue.for", { employee: item.employee.name, customer: item.customer.name })}
          {item.team ? <span className="text-ink-2"> · {item.team}</span> : null}
        </p>
        <p className="flex flex-wrap items-center gap-x-3 text-ink-2">
          <Time at={item.at} now={now} timeZone={timeZone} as="exact" className="figures" />
          <Link
            href={`/floor/decisions/${item.id}`}
            className="flex items-center rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:min-h-11"
          >
            {t("queue.open")}
          </Link>
        </p>
      </header>
      <FactList
        lines={[
          [t("facts.happened"), item.happened],
          [t("facts.need"), item.need],
          [t("facts.cause"), item.cause],
          [t("facts.note"), item.note],
          [t("facts.checked"), item.binding ? item.binding.why : null],
          [t("reason.label"), item.reasons.map((reason) => t(`reason.${reason}`)).join(", ")],
        ]}
      />
    </article>
  );
}
