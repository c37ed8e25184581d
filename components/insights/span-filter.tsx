"use client";

import { Info } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryStates } from "nuqs";
import { type ReactNode, useState, useTransition } from "react";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Segmented } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SPAN_FILTERS, SPANS, type SpanFilterName, type SpanPreset } from "@/lib/dashboards/schema";
import type { SpanPage } from "@/lib/dashboards/types";

// As text: the server reads the address and says what it can't read, so nothing may be dropped here.
const PARSERS = Object.fromEntries(SPAN_FILTERS.map((name) => [name, parseAsString]));

type Change = Partial<Record<SpanFilterName, string | null>>;

/** Which days, which team and which remedy a page is about. It is made anew on the server with every choice. */
export function SpanFilter({
  search,
  teams,
  today,
  children,
}: Pick<SpanPage, "search" | "teams" | "today"> & { children: ReactNode }) {
  const t = useTranslations("insights.filter");
  const remedy = useTranslations("common.remedy");
  const [pending, startTransition] = useTransition();
  const [, setQuery] = useQueryStates(PARSERS, {
    history: "push",
    shallow: false,
    scroll: false,
    startTransition,
  });
  const set = (change: Change) => void setQuery(change);
  const faults = [...new Set(search.faults)];
  return (
    <>
      <search aria-label={t("label")} className="flex flex-wrap items-end gap-x-4 gap-y-3 print:hidden">
        <Segmented<SpanPreset>
          name="days"
          label={t("days")}
          value={search.preset}
          options={SPANS.map((value) => ({ value, label: t(`span.${value}`) }))}
          onChange={(days) => set({ days, from: null, to: null })}
        />
        <div className="flex gap-2">
          <DayField name="from" day={search.span.from} set={set} />
          <DayField name="to" day={search.span.to} set={set} />
        </div>
        <Field label={t("team")} className="w-40">
          <Select value={search.team ?? ""} onChange={(event) => set({ team: event.target.value || null })}>
            <option value="">{t("anyTeam")}</option>
            {teams.map((team) => (
              <option key={team.value} value={team.value}>
                {team.label}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("remedy")} className="w-40">
          <Select
            value={search.remedy ?? ""}
            onChange={(event) => set({ remedy: event.target.value || null })}
          >
            <option value="">{t("anyRemedy")}</option>
            {REMEDY_ORDER.map((each) => (
              <option key={each} value={each}>
                {remedy(each)}
              </option>
            ))}
          </Select>
        </Field>
        <p role="status" className="text-ink-3 text-xs">
          {pending ? t("updating") : ""}
        </p>
      </search>
      {faults.length > 0 ? (
        <ul className="flex flex-col gap-1">
          {faults.map((name) => (
            <li key={name} className="flex items-center gap-2 text-ink-2">
              <Info aria-hidden className="size-4 shrink-0 text-ink-3" />
              {t(`fault.${name}`, { today })}
            </li>
          ))}
        </ul>
      ) : null}
      <div
        aria-busy={pending}
        className={cn("flex flex-col gap-10 transition-opacity", pending && "opacity-60")}
      >
        {children}
      </div>
    </>
  );
}

/** What is typed holds when the field is left, or at Enter: the browser's own picker counts as leaving. */
function DayField({ name, day, set }: { name: "from" | "to"; day: string; set: (change: Change) => void }) {
  const t = useTranslations("insights.filter");
  const [state, setState] = useState({ day, typed: day });
  if (state.day !== day) setState({ day, typed: day });
  const finish = () => {
    if (state.typed !== day) set({ [name]: state.typed || null, days: null });
  };
  return (
    <Field label={t(name)} className="w-38">
      <Input
        type="date"
        value={state.typed}
        min="1970-01-01"
        max="2999-12-31"
        onChange={(event) => setState({ day, typed: event.target.value })}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === "Enter") finish();
        }}
      />
    </Field>
  );
}
