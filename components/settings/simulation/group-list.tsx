"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { formatShare } from "@/components/floor/share";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatMoney } from "@/lib/format/money";
import { shareOf } from "@/lib/simulations/tallies";
import type { Against, Group } from "@/lib/simulations/types";
import { byMovement } from "./movement";

interface GroupListProps {
  kind: "teams" | "causes";
  groups: readonly Group[];
  against: Against;
  currency: string;
}

/** So many are shown at first. One more would take no more room than the button that shows it. */
const SHOWN = 8;

/** What a draft moves for each team or cause, what moves most first: bars for the eye, numbers for everybody. */
export function GroupList({ kind, groups, against, currency }: GroupListProps) {
  const t = useTranslations("settings.simulation.groups");
  const [open, setOpen] = useState(false);
  const id = useId();
  const sorted = byMovement(groups, against);
  const most = Math.max(
    1,
    ...groups.map(({ solved }) => Math.max(solved[against].amount, solved.draft.amount)),
  );
  const left = sorted.length > SHOWN + 1 ? sorted.length - SHOWN : 0;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <h2 id={id} className="flex flex-wrap items-baseline gap-x-3 font-semibold text-base">
        {t(kind)}
        <span className="font-normal text-ink-3 text-xs">{t("text")}</span>
        <Legend />
      </h2>
      <div
        aria-hidden
        className="hidden grid-cols-[minmax(0,12rem)_minmax(0,1fr)_minmax(0,1fr)] gap-x-8 border-line border-b pb-1.5 text-ink-3 text-xs md:grid"
      >
        <span />
        <span>{t("columns.share")}</span>
        <span>{t("columns.money")}</span>
      </div>
      <ul id={`${id}-list`} className="flex flex-col divide-y divide-line">
        {sorted.map((group, place) => (
          <GroupRow
            key={group.key ?? `${group.others ?? "none"}`}
            kind={kind}
            group={group}
            against={against}
            currency={currency}
            most={most}
            className={cn(left > 0 && place >= SHOWN && !open && "hidden print:grid")}
          />
        ))}
      </ul>
      {left > 0 ? (
        <Button
          variant="quiet"
          size="sm"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          onClick={() => setOpen(!open)}
          className="-ml-3 w-fit pointer-coarse:h-11 print:hidden"
        >
          {open ? t("fewer") : t("more", { count: left })}
        </Button>
      ) : null}
    </section>
  );
}

/** Which bar is which. */
function Legend() {
  const t = useTranslations("settings.simulation.groups");
  const key = (look: string, word: string) => (
    <span className="flex items-center gap-1.5">
      <span className={cn("h-1.5 w-4 rounded-[2px]", look)} />
      {word}
    </span>
  );
  return (
    <span aria-hidden className="ml-auto flex gap-4 font-normal text-ink-3 text-xs">
      {key("bg-line-strong", t("before"))}
      {key("bg-ink", t("after"))}
    </span>
  );
}

interface GroupRowProps extends Omit<GroupListProps, "groups"> {
  group: Group;
  /** The largest sum of any group, which the bars of money are held against. */
  most: number;
  className: string;
}

function GroupRow({ kind, group, against, currency, most, className }: GroupRowProps) {
  const t = useTranslations("settings.simulation.groups");
  const { total, solved } = group;
  const shares = {
    before: shareOf(solved[against], total) ?? 0,
    after: shareOf(solved.draft, total) ?? 0,
  };
  const money = { before: solved[against].amount, after: solved.draft.amount };
  return (
    <li
      className={cn(
        "grid items-center gap-x-8 gap-y-1.5 py-2.5 md:grid-cols-[minmax(0,12rem)_minmax(0,1fr)_minmax(0,1fr)]",
        className,
      )}
    >
      <span className="flex min-w-0 items-baseline justify-between gap-3 md:flex-col md:items-start md:gap-0">
        <span className="wrap-anywhere font-medium">
          <GroupName kind={kind} group={group} />
        </span>
        <span className="figures shrink-0 text-ink-3 text-xs">{t("decisions", { count: total.count })}</span>
      </span>
      <Pair
        before={shares.before}
        after={shares.after}
        text={{ before: formatShare(shares.before), after: formatShare(shares.after) }}
        label="sharesLabel"
        width="md:w-26"
      />
      <Pair
        before={money.before / most}
        after={money.after / most}
        text={{ before: formatMoney(money.before, currency), after: formatMoney(money.after, currency) }}
        label="moneyLabel"
        width="md:w-42"
      />
    </li>
  );
}

function GroupName({ kind, group: { key, name, others } }: Pick<GroupRowProps, "kind" | "group">) {
  const t = useTranslations("settings.simulation.groups");
  if (others !== undefined) return t("others", { count: others });
  if (key === null) return t(kind === "teams" ? "noTeam" : "noCause");
  return name ?? key;
}

interface PairProps {
  /** From 0 to 1. */
  before: number;
  after: number;
  text: { before: string; after: string };
  label: "sharesLabel" | "moneyLabel";
  /** Room for the numbers, so that they stand under one another. */
  width: string;
}

/** The bar of before above the bar of after, and both numbers beside them. */
function Pair({ before, after, text, label, width }: PairProps) {
  const t = useTranslations("settings.simulation.groups");
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden className="flex h-4 grow flex-col justify-between rounded-[2px] bg-sunken">
        <span className="h-1.5 rounded-[2px] bg-line-strong" style={{ width: `${before * 100}%` }} />
        <span className="h-1.5 rounded-[2px] bg-ink" style={{ width: `${after * 100}%` }} />
      </span>
      <span aria-hidden className={cn("figures shrink-0 text-right text-xs", width)}>
        {t("shares", text)}
      </span>
      <span className="sr-only">{t(label, text)}</span>
    </span>
  );
}
