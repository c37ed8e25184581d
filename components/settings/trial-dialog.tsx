"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { addDays, localDay, startOfDay } from "@/lib/discretion/windows";
import { formatMoment } from "@/lib/format/wall-time";
import { startTrial } from "@/lib/policies/actions";
import type { DraftPage, WholeVersion } from "@/lib/policies/types";
import { announce } from "./announcement";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

const DAYS = "14";
const DAYS_MAX = 365;

interface TrialDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  page: DraftPage;
  /** The version that everybody else goes on deciding under. */
  current: WholeVersion;
  revision: number;
  onStale: (current: WholeVersion | null) => void;
  onDraftChanged: () => void;
}

interface Faults {
  team?: string;
  days?: string;
}

/** Puts a draft in force for one team, for so many days, beside the version of everybody else. */
export function TrialDialog(props: TrialDialogProps) {
  const { open, onOpenChange, page, current, revision } = props;
  const { timeZone, teams } = page;
  const { version } = page.draft;
  const t = useTranslations("settings.publish");
  const common = useTranslations("common");
  const form = useId();
  const [teamId, setTeamId] = useState("");
  const [days, setDays] = useState(DAYS);
  const [faults, setFaults] = useState<Faults>({});
  const { busy, refusal, call, clear } = useLifeCall();
  const count = readDays(days);
  const endsAt = count === null ? null : trialEnd(count, timeZone);

  function close() {
    clear();
    setFaults({});
    onOpenChange(false);
  }

  async function start(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const team = teams.find(({ id }) => id === teamId);
    setFaults({
      ...(team ? {} : { team: t("trial.teamMissing") }),
      ...(count === null ? { days: t("trial.daysMissing") } : {}),
    });
    if (!team || count === null || !endsAt) return;
    const answer = await call(() => startTrial({ version, revision, teamId, days: count }));
    if (!answer) return;
    announce({
      kind: "trial",
      version,
      team: team.name,
      endsAt: endsAt.toISOString(),
      current: current.version,
    });
    onOpenChange(false);
  }

  return (
    <Dialog
      title={t("trial.title", { version })}
      description={t("trial.text", { current: current.version })}
      closeLabel={common("close")}
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
    >
      <form id={form} noValidate onSubmit={start} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
          <Field
            label={t("trial.team")}
            error={faults.team}
            {...(teams.length === 0 ? { hint: t("trial.noTeams") } : {})}
          >
            <Select value={teamId} onChange={(event) => setTeamId(event.target.value)}>
              <option value="">{t("trial.teamNone")}</option>
              <TeamOptions page={page} />
            </Select>
          </Field>
          <Field label={t("trial.days")} hint={t("trial.daysHint")} error={faults.days}>
            <Input inputMode="numeric" value={days} onChange={(event) => setDays(event.target.value)} />
          </Field>
        </div>
        <p aria-live="polite" className="min-h-5">
          {endsAt ? t("trial.until", { until: formatMoment(endsAt, timeZone) }) : null}
        </p>
      </form>
      {refusal ? (
        <RefusalNote
          refusal={refusal}
          version={version}
          onSignedIn={clear}
          onFollow={close}
          onStale={(now) => {
            close();
            props.onStale(now);
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
          {busy ? t("trial.busy") : t("trial.submit")}
        </Button>
      </div>
    </Dialog>
  );
}

/** A team tries one version at a time. */
function TeamOptions({ page }: { page: DraftPage }) {
  const t = useTranslations("settings.publish.trial");
  return page.teams.map(({ id, name }) => {
    const running = page.running.find(({ team }) => team.id === id);
    return (
      <option key={id} value={id} disabled={running !== undefined}>
        {running ? t("teamBusy", { team: name, version: running.version }) : name}
      </option>
    );
  });
}

function readDays(text: string): number | null {
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= DAYS_MAX ? days : null;
}

/** As the server reckons it: the end of the last of so many local days, today being the first. */
function trialEnd(days: number, timeZone: string): Date {
  return new Date(startOfDay(addDays(localDay(Date.now(), timeZone), days), timeZone));
}
