"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { findAble } from "@/components/floor/find-people";
import { useCall } from "@/components/settings/rates/use-call";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { type Pick, Picker } from "@/components/ui/picker";
import { assign } from "@/lib/execution/actions";
import type { OpenExecution, SettleAnswer } from "@/lib/execution/types";
import { formatShort } from "@/lib/format/dates";
import { instantOf, wallTimeOf } from "@/lib/format/wall-time";
import { SettleRefused } from "./settle-refused";

interface AssignFormProps {
  item: OpenExecution;
  timeZone: string;
  onKeep: () => void;
  onDone: (given: { ownerId: string; name: string; due: string }) => void;
}

/** Gives something that is done by hand to somebody, with the time by which it should be done. */
export function AssignForm({ item, timeZone, onKeep, onDone }: AssignFormProps) {
  const t = useTranslations("execution.byHand");
  const picker = useTranslations("floor.filters.picker");
  const title = useId();
  const { decisionId, dueAt } = item;
  // Whoever came in between is not taken it from, though the list behind the form shows them by now.
  const [from] = useState(() => item.owner?.id ?? null);
  const [person, setPerson] = useState<Pick | null>(null);
  const [due, setDue] = useState(() => (dueAt ? wallTimeOf(new Date(dueAt), timeZone) : ""));
  const [faults, setFaults] = useState<{ person?: string; due?: string }>({});
  const { busy, answer, failed, call, clear } = useCall<SettleAnswer>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const at = instantOf(due, timeZone);
    // A time that was there before may have passed; one that is written anew may not.
    const stays = dueAt !== null && due === wallTimeOf(new Date(dueAt), timeZone);
    const found = {
      ...(person ? {} : { person: t("personMissing") }),
      ...(at === null ? { due: t("dueMissing") } : {}),
      ...(at && !stays && at.getTime() <= Date.now() ? { due: t("duePassed") } : {}),
    };
    setFaults(found);
    if (!person || at === null || Object.keys(found).length > 0) return;
    const said = await call(() =>
      assign({
        decisionId,
        ownerId: person.value,
        dueAt: stays ? null : at.toISOString(),
        from,
      }),
    );
    if (said?.ok) {
      onDone({ ownerId: person.value, name: person.label, due: formatShort(at, new Date(), timeZone) });
    }
  }

  return (
    <form
      noValidate
      aria-labelledby={title}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !busy && !event.defaultPrevented) onKeep();
      }}
      className="flex max-w-lg flex-col gap-3"
    >
      <p id={title} className="font-medium">
        {t("assignTitle")}
      </p>
      <Field label={t("person")} hint={t("personHint")} error={faults.person}>
        <Picker
          value={person}
          onChange={(next) => {
            setFaults(({ due }) => (due ? { due } : {}));
            setPerson(next);
          }}
          find={findAble}
          words={{
            searching: picker("searching"),
            none: picker("none"),
            failed: picker("failed"),
            typeFirst: picker("typeFirst"),
            clear: t("clear"),
          }}
        />
      </Field>
      <Field label={t("dueField")} hint={t("dueHint", { timeZone })} error={faults.due}>
        <Input
          type="datetime-local"
          value={due}
          onChange={(event) => setDue(event.target.value)}
          className="w-fit max-w-full"
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy}>
          {t("submitAssign")}
        </Button>
        <Button variant="quiet" onClick={onKeep}>
          {t("keep")}
        </Button>
      </div>
      <SettleRefused answer={answer} failed={failed} onSignedIn={clear} />
    </form>
  );
}
