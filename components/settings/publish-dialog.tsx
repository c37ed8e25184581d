"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import type { Policy } from "@/lib/discretion/schema";
import { publishVersion } from "@/lib/policies/actions";
import type { WholeVersion } from "@/lib/policies/types";
import { announce } from "./announcement";
import { DifferenceList } from "./difference-list";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

export const NOTE_MAX_LENGTH = 1000;

interface PublishDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  submit: string;
  /** What is put in force, and as whom its reader saw it; see `publishVersion`. */
  request: { version: number; revision?: number; base?: number | null };
  /** The version in force; null before an organization's first. */
  before: WholeVersion | null;
  after: Policy;
  /** The draft's own note, to begin with. */
  note?: string | null;
  onDone?: (version: number) => void;
  onStale: (current: WholeVersion | null) => void;
  onDraftChanged?: () => void;
}

/** Asks once more before a version comes into force, with what it changes in words, and a note for the list of versions. */
export function PublishDialog(props: PublishDialogProps) {
  const { open, onOpenChange, title, text, submit, request, before, after } = props;
  const t = useTranslations("settings.publish");
  const common = useTranslations("common");
  const [note, setNote] = useState(props.note ?? "");
  const { busy, refusal, call, clear } = useLifeCall();

  function close() {
    clear();
    onOpenChange(false);
  }

  async function publish() {
    const answer = await call(() => publishVersion({ ...request, note: note.trim() }));
    if (!answer) return;
    announce({ kind: "published", version: answer.version });
    onOpenChange(false);
    props.onDone?.(answer.version);
  }

  return (
    <Dialog
      title={title}
      description={text}
      closeLabel={common("close")}
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
    >
      <Changes before={before} after={after} />
      <Field label={t("note")} hint={t("noteHint")}>
        <Textarea
          value={note}
          maxLength={NOTE_MAX_LENGTH}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      {refusal ? (
        <RefusalNote
          refusal={refusal}
          version={request.version}
          onSignedIn={clear}
          onFollow={close}
          onStale={(current) => {
            close();
            props.onStale(current);
          }}
          {...(props.onDraftChanged
            ? {
                onDraftChanged: () => {
                  close();
                  props.onDraftChanged?.();
                },
              }
            : {})}
        />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button variant="primary" busy={busy} onClick={publish}>
          {busy ? t("now.busy") : submit}
        </Button>
      </div>
    </Dialog>
  );
}

function Changes({ before, after }: Pick<PublishDialogProps, "before" | "after">) {
  const t = useTranslations("settings.publish");
  return (
    <section
      aria-label={before ? t("changes", { version: before.version }) : t("changesFirst")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
      tabIndex={0}
      className="-mx-2 flex max-h-[40dvh] flex-col gap-2 overflow-y-auto rounded-inner px-2"
    >
      <h3 className="font-medium">
        {before ? t("changes", { version: before.version }) : t("changesFirst")}
      </h3>
      <DifferenceList
        before={before?.document ?? null}
        after={after}
        {...(before ? { empty: t("same", { version: before.version }) } : {})}
      />
    </section>
  );
}
