"use client";

import { Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/choice";
import { Field, Input } from "@/components/ui/field";
import { SPAN_DAYS, SPAN_DAYS_MAX } from "@/lib/simulations/schema";
import type { SimulationPage } from "@/lib/simulations/types";
import { RefusalNote } from "../refusal-note";
import { countOf, type Days, faultOf, lastDays, PRESETS, presetOf, type SpanFault } from "./spans";
import { useReplay } from "./use-replay";

const OTHER = "other";

/** Which days are replayed, and the button that has it done. */
export function SpanForm({ version: { version }, run, today }: SimulationPage) {
  const t = useTranslations("settings.simulation.span");
  const [days, setDays] = useState<Days>(run ? { from: run.from, to: run.to } : lastDays(SPAN_DAYS, today));
  const [open, setOpen] = useState(presetOf(days, today) === null);
  const [fault, setFault] = useState<SpanFault | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const { busy, refusal, replay, clear } = useReplay(version);
  const count = countOf(days);

  function change(next: Partial<Days>) {
    setDays((before) => ({ ...before, ...next }));
    setFault(null);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = faultOf(days);
    setFault(found);
    if (found) form.current?.querySelector<HTMLInputElement>(`[name="${found.field}"]`)?.focus();
    else void replay(days);
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      aria-label={t("label")}
      className="flex flex-col gap-4 print:hidden"
    >
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <Segmented<string>
          name="span"
          label={t("label")}
          value={open ? OTHER : String(presetOf(days, today) ?? OTHER)}
          options={[
            ...PRESETS.map((preset) => ({ value: String(preset), label: t(`${preset}`) })),
            { value: OTHER, label: t("other") },
          ]}
          onChange={(value) => {
            setOpen(value === OTHER);
            if (value !== OTHER) change(lastDays(Number(value), today));
          }}
          className="max-sm:flex-wrap"
        />
        {open ? <OtherDays days={days} today={today} fault={fault} onChange={change} /> : null}
        <Button type="submit" variant={run ? "secondary" : "primary"} busy={busy}>
          <Play aria-hidden />
          {busy ? t("starting") : count === null ? t("startBare") : t("start", { days: count })}
        </Button>
      </div>
      {refusal ? <RefusalNote refusal={refusal} version={version} onSignedIn={clear} /> : null}
    </form>
  );
}

interface OtherDaysProps {
  days: Days;
  today: string;
  fault: SpanFault | null;
  onChange: (change: Partial<Days>) => void;
}

function OtherDays({ days, today, fault, onChange }: OtherDaysProps) {
  const t = useTranslations("settings.simulation.span");
  return (
    <div className="grid grid-cols-2 items-start gap-3 max-sm:w-full">
      {(["from", "to"] as const).map((name) => (
        <Field
          key={name}
          label={t(name)}
          error={fault?.field === name ? t(fault.fault, { days: SPAN_DAYS_MAX }) : undefined}
        >
          <Input
            type="date"
            name={name}
            value={days[name]}
            max={today}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}
