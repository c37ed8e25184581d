"use client";

import { CircleCheck, Download } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { useRowKeys } from "@/components/floor/use-row-keys";
import { useCall } from "@/components/settings/rates/use-call";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { look } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { FileButton } from "@/components/ui/file-button";
import { useHydrated } from "@/components/ui/use-hydrated";
import { uploadByHand } from "@/lib/execution/actions";
import { type ByHandFilter, DUES, OWNERS, UPLOAD_BYTES_MAX } from "@/lib/execution/schema";
import type { ByHandPage, UploadAnswer } from "@/lib/execution/types";
import { ByHandItem, type Said, SaidOfItem } from "./by-hand-item";
import { SettleRefused } from "./settle-refused";

function addressOf(filter: ByHandFilter, path = "/floor/by-hand"): string {
  const query = new URLSearchParams();
  if (filter.owner !== "anyone") query.set("owner", filter.owner);
  if (filter.due !== "any") query.set("due", filter.due);
  return query.size > 0 ? `${path}?${query}` : path;
}

/** What people carry out elsewhere: whose it is, by when, and what came of it. */
export function ByHandView(page: ByHandPage & { listed: number }) {
  const t = useTranslations("execution.byHand");
  const { filter, items, maySettle, listed } = page;
  const list = useRef<HTMLUListElement>(null);
  const [said, setSaid] = useState<Said | null>(null);
  useRowKeys(list);
  return (
    <div className="flex flex-col gap-6 pt-6">
      <RefreshOnEvents kinds={["execution"]} />
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
      </header>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-3">
        <Filter
          label={t("owner")}
          options={OWNERS.map((owner) => ({
            key: owner,
            label: t(`owners.${owner}`),
            href: addressOf({ ...filter, owner }),
            on: owner === filter.owner,
          }))}
        />
        <Filter
          label={t("due")}
          options={DUES.map((due) => ({
            key: due,
            label: t(`dues.${due}`),
            href: addressOf({ ...filter, due }),
            on: due === filter.due,
          }))}
        />
      </div>
      {said ? <SaidOfItem said={said} onSaid={setSaid} /> : null}
      {items.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title={t("none")}>
          {t("noneText")}
        </EmptyState>
      ) : (
        <ul ref={list} className="flex flex-col divide-y divide-line border-line border-y">
          {items.map((item) => (
            <li key={`${item.of} ${item.decisionId}`} className="py-3">
              <ByHandItem
                item={item}
                employeeId={page.employeeId}
                may={maySettle ? "anything" : "nothing"}
                href={`/floor/decisions/${item.decisionId}`}
                timeZone={page.timeZone}
                now={page.now}
                onSaid={setSaid}
              />
            </li>
          ))}
        </ul>
      )}
      {items.length >= listed ? <p className="text-ink-3 text-xs">{t("more", { count: listed })}</p> : null}
      <Files filter={filter} maySettle={maySettle} />
    </div>
  );
}

interface FilterProps {
  label: string;
  options: readonly { key: string; label: string; href: string; on: boolean }[];
}

function Filter({ label, options }: FilterProps) {
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-1">
      <span aria-hidden className="mr-1 text-ink-3 text-sm">
        {label}
      </span>
      {options.map(({ key, label: words, href, on }) => (
        <Link
          key={key}
          href={href}
          aria-current={on ? "true" : undefined}
          className={cn(
            "flex h-8 items-center rounded-md px-2.5 text-ink-2 transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
            on && "bg-sunken font-medium text-ink",
          )}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}

function Files({ filter, maySettle }: Pick<ByHandPage, "filter" | "maySettle">) {
  const t = useTranslations("execution.byHand.csv");
  const { busy, answer, failed, call, clear } = useCall<UploadAnswer>();
  const [tooLong, setTooLong] = useState(false);
  const ready = useHydrated();

  function choose(file: File) {
    setTooLong(file.size > UPLOAD_BYTES_MAX);
    clear();
    if (file.size <= UPLOAD_BYTES_MAX) void call(() => uploadByHand({ file }));
  }

  return (
    <section aria-label="CSV" className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <a href={addressOf(filter, "/floor/by-hand/file")} download className={look()}>
          <Download aria-hidden />
          {t("out")}
        </a>
        {maySettle ? (
          <FileButton accept=".csv,text/csv" disabled={busy || !ready} onChoose={choose}>
            {t(busy ? "busy" : "in")}
          </FileButton>
        ) : null}
      </div>
      {maySettle ? <p className="max-w-prose text-ink-3 text-xs">{t("hint")}</p> : null}
      {tooLong || (answer?.ok === false && answer.code === "too_long") ? (
        <ErrorNote title={t("tooLong")} />
      ) : null}
      {answer?.ok === false && answer.code === "unreadable" ? <ErrorNote title={t("unreadable")} /> : null}
      {failed ? <ErrorNote title={t("failed")} /> : null}
      <SettleRefused answer={answer} failed={false} onSignedIn={clear} />
      {answer?.ok ? (
        <div role="status" className="flex flex-col gap-2">
          <p className="font-medium">{t("applied", { count: answer.applied })}</p>
          {answer.errors.length > 0 ? (
            <ErrorNote title={t("errors", { count: answer.errors.length })}>
              <ul className="mt-1 flex flex-col gap-1">
                {answer.errors.slice(0, 50).map(({ line, message }) => (
                  <li key={`${line} ${message}`}>{t("line", { line, message })}</li>
                ))}
              </ul>
            </ErrorNote>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
