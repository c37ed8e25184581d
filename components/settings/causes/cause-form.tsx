"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useCall } from "@/components/settings/rates/use-call";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, Input } from "@/components/ui/field";
import { addCause, changeCause } from "@/lib/causes/actions";
import { CAUSE_MAX_LENGTH } from "@/lib/causes/schema";
import type { KeptCause, SaveCauseAnswer } from "@/lib/causes/types";
import { CauseRefused } from "./cause-refused";

interface CauseFormProps {
  /** What is changed; null where a new one is added. */
  cause: KeptCause | null;
  onDone: (cause: KeptCause) => void;
  /** Leaves it as it is; a new one has nothing to go back to. */
  onKeep?: () => void;
}

/** The name of a cause and whether it asks for a note. Whatever comes of it, what was typed stays until it worked. */
export function CauseForm({ cause, onDone, onKeep }: CauseFormProps) {
  const t = useTranslations("causes");
  const { answer, busy, failed, call, clear } = useCall<SaveCauseAnswer>();
  const [name, setName] = useState(cause?.name ?? "");
  const [needsNote, setNeedsNote] = useState(cause?.needsNote ?? false);
  const [fault, setFault] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const isChange = cause !== null;
  useEffect(() => {
    if (isChange) field.current?.focus();
  }, [isChange]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const typed = name.trim();
    const found =
      typed === ""
        ? t("form.nameMissing")
        : typed.length > CAUSE_MAX_LENGTH
          ? t("form.nameLong", { max: CAUSE_MAX_LENGTH })
          : null;
    setFault(found);
    if (found) return field.current?.focus();
    const said = await call(() =>
      cause
        ? changeCause({
            key: cause.key,
            revision: cause.revision,
            name: typed,
            needsNote,
            retired: cause.retiredAt !== null,
          })
        : addCause({ name: typed, needsNote }),
    );
    if (!said?.ok) return field.current?.focus();
    if (!cause) {
      setName("");
      setNeedsNote(false);
    }
    onDone(said.cause);
  }

  return (
    <div className="flex max-w-lg flex-col gap-3">
      <form
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !busy) onKeep?.();
        }}
        className="flex flex-col gap-3"
      >
        <Field
          label={t("form.name")}
          hint={cause ? t("form.renameHint", { key: cause.key }) : t("form.nameHint")}
          error={fault ?? undefined}
        >
          <Input
            ref={field}
            name="name"
            dir="auto"
            autoComplete="off"
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setFault(null);
              clear();
            }}
          />
        </Field>
        <Checkbox
          label={
            <>
              {t("form.needsNote")} <span className="text-ink-3">{t("form.needsNoteHint")}</span>
            </>
          }
          checked={needsNote}
          onChange={(event) => setNeedsNote(event.currentTarget.checked)}
          className="items-start [&_input]:mt-0.5"
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant={cause ? "secondary" : "primary"} busy={busy}>
            {busy ? t("busy") : t(cause ? "form.save" : "form.add")}
          </Button>
          {onKeep ? (
            <Button variant="quiet" disabled={busy} onClick={onKeep}>
              {t("form.keep")}
            </Button>
          ) : null}
        </div>
      </form>
      {/* It may hold a form of its own. */}
      <CauseRefused answer={answer} failed={failed} onSignedIn={clear} />
    </div>
  );
}
