"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { addDays, localDay } from "@/lib/discretion/windows";
import { formatRelative } from "@/lib/format/dates";
import { formatMoment, instantOf, wallTimeOf } from "@/lib/format/wall-time";
import { scheduleVersion } from "@/lib/policies/actions";
import type { WholeVersion } from "@/lib/policies/types";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

interface ScheduleDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  version: number;
  revision: number;
  timeZone: string;
  onStale: (current: WholeVersion | null) => void;
  onDraftChanged: () => void;
}

/** Has a draft put in force at a moment to come, on the organization's clocks. */
export function ScheduleDialog(props: ScheduleDialogProps) {
  const { open, onOpenChange, version, revision, timeZone } = props;
  const t = useTranslations("settings.publish");
  const common = useTranslations("common");
  const form = useId();
  const [when, setWhen] = useState(() => tomorrowMorning(timeZone));
  const [fault, setFault] = useState<string>();
  const { busy, refusal, call, clear } = useLifeCall();
  const at = instantOf(when, timeZone);

  function close() {
    clear();
    setFault(undefined);
    onOpenChange(false);
  }

  async function schedule(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!at) return setFault(t("at.missing"));
    if (at.getTime() <= Date.now()) return setFault(t("at.past"));
    setFault(undefined);
    const answer = await call(() => scheduleVersion({ version, revision, at: at.toISOString() }));
    if (answer) onOpenChange(false);
  }

  return (
    <Dialog
      title={t("at.title", { version })}
      description={t("at.text")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
    >
      <form id={form} noValidate onSubmit={schedule} className="flex flex-col gap-4">
        <Field label={t("at.field")} hint={t("at.fieldHint", { timeZone })} error={fault}>
          <Input
            type="datetime-local"
            value={when}
            min={wallTimeOf(new Date(), timeZone)}
            onChange={(event) => setWhen(event.target.value)}
            className="w-fit"
          />
        </Field>
        <p aria-live="polite" className="min-h-5">
          {at && at.getTime() > Date.now()
            ? t("at.words", {
                at: formatMoment(at, timeZone),
                relative: formatRelative(at, new Date(), timeZone),
              })
            : null}
        </p>
      </form>
      {refusal ? (
        <RefusalNote
          refusal={refusal}
          version={version}
          onSignedIn={clear}
          onFollow={close}
          onStale={(current) => {
            close();
            props.onStale(current);
          }}
          onDraftChanged={() => {
            close();
            props.onDraftChanged();
          }}
        />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button type="submit" form={form} variant="primary" busy={busy}>
          {busy ? t("at.busy") : t("at.submit")}
        </Button>
      </div>
    </Dialog>
  );
}

/** When people come to work: the likeliest moment for a new rule. */
function tomorrowMorning(timeZone: string): string {
  return `${addDays(localDay(Date.now(), timeZone), 1)}T09:00`;
}
