"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState, useTransition } from "react";
import { toast } from "sonner";
import { findEmployees } from "@/components/floor/find-people";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Textarea } from "@/components/ui/field";
import { type Pick, Picker } from "@/components/ui/picker";
import { noteCause } from "@/lib/cause-ledger/actions";
import { CAUSE_NOTE_MAX } from "@/lib/cause-ledger/schema";
import type { CauseNote } from "@/lib/cause-ledger/types";

interface CauseNoteFormProps {
  /** What it is on record as, and what it is called. */
  cause: string;
  name: string;
  holds: CauseNote | null;
}

/** Who sees to a cause and what is being done: opened by a button, since there is one for each cause. */
export function CauseNoteForm({ cause, name, holds }: CauseNoteFormProps) {
  const t = useTranslations("insights.causes.form");
  const [open, setOpen] = useState(false);
  return (
    <div className="print:hidden">
      {open ? (
        <Form cause={cause} name={name} holds={holds} onDone={() => setOpen(false)} />
      ) : (
        <Button
          size="sm"
          aria-label={t("openOf", { words: t(holds ? "change" : "open"), cause: name })}
          onClick={() => setOpen(true)}
          className="pointer-coarse:h-11"
        >
          {holds ? t("change") : t("open")}
        </Button>
      )}
    </div>
  );
}

function Form({ cause, name, holds, onDone }: CauseNoteFormProps & { onDone: () => void }) {
  const t = useTranslations("insights.causes.form");
  const words = useTranslations("floor.filters.picker");
  const title = useId();
  const [owner, setOwner] = useState<Pick | null>(
    holds?.owner ? { value: holds.owner.id, label: holds.owner.name } : null,
  );
  const [note, setNote] = useState(holds?.note ?? "");
  /** What the writer has seen of others. */
  const [seen, setSeen] = useState(holds);
  const [moved, setMoved] = useState<CauseNote | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();

  function save(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    setMoved(null);
    startTransition(async () => {
      const request = { cause, ownerId: owner?.value ?? null, note: note.trim(), after: seen?.id ?? null };
      const answer = await noteCause(request).catch(() => null);
      if (answer?.ok) {
        toast.success(t("saved", { cause: name }));
        onDone();
      } else if (answer?.code === "moved") {
        // What was typed stays; saving again comes after theirs.
        setMoved(answer.theirs);
        setSeen(answer.theirs);
      } else if (answer?.code === "invalid") {
        setRefusal(answer.errors[0]?.message ?? t("unexpected"));
      } else setRefusal(t(answer ? answer.code : "unexpected"));
    });
  }

  return (
    <form
      onSubmit={save}
      aria-labelledby={title}
      noValidate
      className="flex max-w-prose flex-col gap-3 rounded-md bg-sunken p-4"
    >
      <h3 id={title} className="font-medium">
        {t("title", { cause: name })}
      </h3>
      <Field label={t("owner")} hint={t("ownerHint")}>
        <Picker
          value={owner}
          onChange={setOwner}
          find={findEmployees}
          words={{
            searching: words("searching"),
            none: words("none"),
            failed: words("failed"),
            typeFirst: words("typeFirst"),
            clear: t("nobody"),
          }}
        />
      </Field>
      <Field label={t("note")} hint={t("noteHint")}>
        <Textarea
          rows={3}
          value={note}
          maxLength={CAUSE_NOTE_MAX}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      {moved ? (
        <ErrorNote title={t("moved", { name: moved.writtenBy })}>
          <p>{moved.owner ? t("theirOwner", { name: moved.owner.name }) : t("theirNobody")}</p>
          {moved.note ? <p className="whitespace-pre-line break-words">{moved.note}</p> : null}
        </ErrorNote>
      ) : null}
      {refusal ? <ErrorNote title={refusal} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" size="sm" busy={pending} className="pointer-coarse:h-11">
          {pending ? t("saving") : t("save")}
        </Button>
        <Button variant="quiet" size="sm" onClick={onDone} className="pointer-coarse:h-11">
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
