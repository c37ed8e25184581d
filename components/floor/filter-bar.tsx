"use client";

import { Download, Info, ListFilter, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button, look } from "@/components/ui/button";
import { Segmented } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { queryText } from "@/lib/floor/schema";
import { exampleAmount } from "@/lib/format/money";
import { type FilterName, PRESETS, type Preset } from "@/lib/insights/schema";
import type { FloorPage } from "@/lib/insights/types";
import { FilterPanel } from "./filter-panel";
import { type FilterFacts, filterWords } from "./filter-words";
import { TableSettings } from "./table-settings";
import { useFilters } from "./use-filters";
import { ViewMenu } from "./view-menu";

interface FilterBarProps extends FilterFacts {
  faults: FloorPage["search"]["faults"];
  teams: FloorPage["teams"];
  causes: FloorPage["causes"];
  checks: FloorPage["checks"];
  /** The organization's local day. */
  today: string;
  sort: FloorPage["sort"];
  columns: FloorPage["columns"];
  views: FloorPage["views"];
  /** The list that is narrowed. */
  children: ReactNode;
}

/** What the list is narrowed by, in words that can be taken away again, and the panel to narrow it further. */
export function FilterBar(props: FilterBarProps) {
  const { given, children } = props;
  const t = useTranslations("floor");
  const [open, setOpen] = useState(false);
  const filters = useFilters({ beginsWithView: props.views.views.some((view) => view.first) });
  const panel = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const words = filterWords(props, useTranslations());

  /** What was pressed is gone afterwards; the focus goes where filters are set. */
  function remove(names: readonly FilterName[]) {
    filters.set(Object.fromEntries(names.map((name) => [name, null])));
    opener.current?.focus();
  }

  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="actions" className="font-semibold text-base">
          {t("list.title")}
        </h2>
        <p className="hidden items-center gap-1.5 text-ink-3 text-xs lg:flex pointer-coarse:hidden">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd>
          <span>{t.rich("list.keys", { key: (chunks) => <Kbd className="mx-0.5">{chunks}</Kbd> })}</span>
        </p>
        <p role="status" className="text-ink-3 text-xs">
          {filters.pending ? t("list.updating") : ""}
        </p>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <ViewMenu {...props.views} />
          <SpanChoice given={given} set={filters.set} />
          <Button
            ref={opener}
            size="sm"
            aria-expanded={open}
            aria-controls={panel}
            onClick={() => setOpen(!open)}
            className="pointer-coarse:h-11"
          >
            <ListFilter aria-hidden />
            {open ? t("filters.close") : t("filters.open")}
          </Button>
          <TableSettings columns={props.columns} sort={props.sort} set={filters.set} />
          <a
            href={`/floor/export?${queryText(props.views.query)}`}
            download
            className={cn(look({ size: "sm" }), "pointer-coarse:h-11")}
          >
            <Download aria-hidden />
            {t("list.export")}
          </a>
        </div>
      </div>
      {words.length > 0 ? (
        <ul aria-label={t("filters.active")} className="flex flex-wrap items-center gap-2">
          {words.map(({ name, text }) => (
            <li key={name}>
              <Button
                variant="quiet"
                size="sm"
                aria-label={t("filters.remove", { filter: text })}
                onClick={() => remove([name])}
                className="bg-sunken pr-2 text-ink pointer-coarse:h-11"
              >
                <span className="max-w-64 truncate">{text}</span>
                <X aria-hidden />
              </Button>
            </li>
          ))}
          <li>
            <Button
              variant="quiet"
              size="sm"
              onClick={() => remove(filters.names)}
              className="pointer-coarse:h-11"
            >
              {t("filters.clear")}
            </Button>
          </li>
        </ul>
      ) : null}
      <Faults {...props} onRemove={(name) => remove([name])} />
      {open ? <FilterPanel id={panel} {...props} set={filters.set} /> : null}
      <div aria-busy={filters.pending} className={cn("transition-opacity", filters.pending && "opacity-60")}>
        {children}
      </div>
    </>
  );
}

const ANY = "any";

function SpanChoice({
  given,
  set,
}: Pick<FilterBarProps, "given"> & { set: ReturnType<typeof useFilters>["set"] }) {
  const t = useTranslations("floor.filters.span");
  const named = given.from !== undefined || given.to !== undefined;
  const preset = PRESETS.find((each) => each === given.days);
  return (
    <Segmented<Preset | typeof ANY>
      name="days"
      label={t("label")}
      value={named ? null : (preset ?? ANY)}
      options={[{ value: ANY, label: t("any") }, ...PRESETS.map((value) => ({ value, label: t(value) }))]}
      onChange={(value) => set({ days: value === ANY ? null : value, from: null, to: null })}
    />
  );
}

/** What stands in the address and could not be read: left out, and said, so that nobody takes the list for narrowed. */
function Faults({
  given,
  faults,
  names,
  currency,
  today,
  onRemove,
}: FilterBarProps & { onRemove: (name: FilterName) => void }) {
  const t = useTranslations("floor.filters");
  const unknown = (["employee", "team", "customer"] as const).filter((name) => given[name] && !names[name]);
  const named = [...faults, ...unknown];
  if (named.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1">
      {named.map((name) => (
        <li key={name} className="flex items-center gap-2 text-ink-2">
          <Info aria-hidden className="size-4 shrink-0 text-ink-3" />
          <span>
            <span className="font-medium text-ink">{t(`field.${name}`)}</span>
            {": "}
            {t(`fault.${name}`, { today, example: exampleAmount(currency) })}
          </span>
          {given[name] ? null : (
            <Button
              variant="quiet"
              size="icon"
              aria-label={t("remove", { filter: t(`field.${name}`) })}
              onClick={() => onRemove(name)}
            >
              <X aria-hidden />
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
