"use client";

import { useTranslations } from "next-intl";
import { Fault } from "@/components/settings/draft/fault";
import { PART_LOOK } from "@/components/settings/draft/sentence-parts";
import { cn } from "@/components/ui/cn";
import { RETENTION_KINDS } from "@/lib/retention/schema";
import type { SettingsField } from "./settings-draft";

interface NumberSentenceProps {
  field: SettingsField;
  value: string;
  fault: string | undefined;
  /** Left out where it is only read. */
  onChange?: (value: string) => void;
}

/** One setting as a sentence whose number can be changed in its place. */
export function NumberSentence({ field, value, fault, onChange }: NumberSentenceProps) {
  const t = useTranslations("organization");
  const kind = RETENTION_KINDS.find((each) => each === field);
  const id = `setting-${field}`;
  const count = /^\d+$/.test(value) ? Number(value) : 0;
  const control = () =>
    onChange ? (
      <input
        inputMode="numeric"
        autoComplete="off"
        maxLength={6}
        name={field}
        aria-label={labelOf(t, field)}
        aria-invalid={fault ? true : undefined}
        aria-describedby={`${fault ? `${id}-fault ` : ""}${id}-hint`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cn(PART_LOOK, "figures field-sizing-content min-w-14 max-w-full text-right")}
      />
    ) : (
      <span className="figures font-medium">{value}</span>
    );
  return (
    <div className="flex flex-col gap-1 py-2">
      <p className="text-base leading-8 pointer-coarse:leading-11">
        {kind && !onChange && value === "" ? t(`kinds.${kind}.forGood`) : null}
        {kind && (onChange || value !== "")
          ? t.rich(`kinds.${kind}.sentence`, { field: control, count })
          : null}
        {field === "undoSeconds" ? t.rich("undoSeconds.sentence", { field: control, count }) : null}
        {field === "handoverMinutes" ? <Waiting control={control} count={count} /> : null}
      </p>
      <p id={`${id}-hint`} className="text-ink-2">
        {kind && onChange && value.trim() === "" ? `${t("emptyForGood")} ` : null}
        {kind ? t(`kinds.${kind}.hint`) : t(`${field as "undoSeconds" | "handoverMinutes"}.hint`)}
      </p>
      <Fault id={`${id}-fault`}>{fault}</Fault>
    </div>
  );
}

/** Minutes are easily mistyped by a nought, so they are said in hours and days as well. */
function Waiting({ control, count }: { control: () => React.ReactNode; count: number }) {
  const t = useTranslations("organization");
  return t.rich("handoverMinutes.sentence", { field: control, count, words: useDuration(count) });
}

function useDuration(minutes: number): string {
  const t = useTranslations("organization.duration");
  if (minutes < 60) return "none";
  const parts = {
    days: Math.floor(minutes / 1440),
    hours: Math.floor((minutes % 1440) / 60),
    minutes: minutes % 60,
  };
  return (["days", "hours", "minutes"] as const)
    .filter((unit) => parts[unit] > 0)
    .map((unit) => t(unit, { count: parts[unit] }))
    .join(" ");
}

/** What a field is called where its sentence isn't there. */
export function labelOf(t: ReturnType<typeof useTranslations<"organization">>, field: SettingsField): string {
  return field === "undoSeconds" || field === "handoverMinutes"
    ? t(`${field}.label`)
    : t(`kinds.${field}.label`);
}
