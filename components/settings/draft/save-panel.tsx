"use client";

import { Redo2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Textarea } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { DifferenceList } from "../difference-list";
import { useDirty, useHistory, useLiveDraft } from "./draft-context";
import { useFault } from "./fault";
import { OutcomeNote } from "./outcome-note";
import type { SavedDraft } from "./stored-draft";
import { useDraftField } from "./use-draft-field";
import type { Outcome } from "./use-saving";

/** Where in the page it stands what became of saving. */
export const OUTCOME = "outcome";

interface SavePanelProps {
  version: number;
  saved: SavedDraft;
  outcome: Outcome;
  onSave: () => void;
  onStep: (direction: "undo" | "redo") => void;
  /** Back to what was saved last. */
  onDiscard: () => void;
  onNextFault: () => void;
  onGoneOn: () => void;
  /** What the draft comes to. */
  children: ReactNode;
}

/** The note for the draft, the button that saves it, what that would save, and what became of it. */
export function SavePanel(props: SavePanelProps) {
  const { saved, outcome, onSave, onDiscard, children } = props;
  const t = useTranslations("settings.save");
  const dirty = useDirty();
  const saving = outcome.kind === "saving";
  return (
    <section aria-labelledby="saving" className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-2">
        <h2 id="saving" tabIndex={-1} className="scroll-mt-20 font-semibold text-base">
          {t("title")}
        </h2>
        <Steps onStep={props.onStep} />
      </div>
      {children}
      <p role="status" className={dirty ? "text-bend" : "text-ink-2"}>
        {dirty ? t("dirty") : t("clean")}
      </p>
      {dirty ? <Unsaved saved={saved} /> : null}
      <Field label={t("note")} hint={t("noteHint")} error={useFault("note")}>
        <Textarea {...useDraftField("note")} maxLength={1000} />
      </Field>
      <div id={OUTCOME} className="scroll-my-24 empty:hidden">
        <OutcomeNote {...props} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant={dirty ? "primary" : "secondary"}
          busy={saving}
          onClick={onSave}
          aria-keyshortcuts="Control+S Meta+S"
        >
          {saving ? t("busy") : t("submit")}
        </Button>
        <Kbd>Ctrl S</Kbd>
      </div>
      {dirty ? <Discard onDiscard={onDiscard} /> : null}
    </section>
  );
}

function Steps({ onStep }: Pick<SavePanelProps, "onStep">) {
  const t = useTranslations("settings.edit");
  const { past, future } = useHistory();
  // A disabled button would lose the focus at the last step.
  return (
    <div className="flex gap-1">
      <Button
        variant="quiet"
        size="icon"
        aria-label={t("undoStep")}
        aria-keyshortcuts="Control+Z Meta+Z"
        aria-disabled={past.length === 0 || undefined}
        onClick={() => onStep("undo")}
      >
        <Undo2 aria-hidden />
      </Button>
      <Button
        variant="quiet"
        size="icon"
        aria-label={t("redoStep")}
        aria-keyshortcuts="Control+Shift+Z Meta+Shift+Z"
        aria-disabled={future.length === 0 || undefined}
        onClick={() => onStep("redo")}
      >
        <Redo2 aria-hidden />
      </Button>
    </div>
  );
}

function Unsaved({ saved }: { saved: SavedDraft }) {
  const t = useTranslations("settings.save");
  const { document } = useLiveDraft().read;
  return (
    <section aria-label={t("unsaved")}>
      <DifferenceList before={saved.document} after={document} fold={6} empty={t("unsavedNone")} />
    </section>
  );
}

function Discard({ onDiscard }: { onDiscard: () => void }) {
  const t = useTranslations("settings.save");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={t("discardTitle")}
      description={t("discardText")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="quiet" size="sm" className="-ml-3 w-fit pointer-coarse:h-11">
          {t("discard")}
        </Button>
      }
    >
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("keep")}</DialogClose>
        <Button
          variant="danger"
          onClick={() => {
            setOpen(false);
            onDiscard();
          }}
        >
          {t("discardConfirm")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Where the panel is far below: says that something waits to be saved, and saves it. */
export function SaveBar({ outcome, onSave }: Pick<SavePanelProps, "outcome" | "onSave">) {
  const t = useTranslations("settings.save");
  const dirty = useDirty();
  if (!dirty) return null;
  const saving = outcome.kind === "saving";
  return (
    <div className="fixed inset-x-0 bottom-0 z-10 flex items-center justify-between gap-3 border-line border-t bg-page px-4 py-2 sm:px-6 xl:hidden">
      <a href="#saving" className="flex h-11 items-center rounded-md underline underline-offset-4">
        {t("dirty")}
      </a>
      <Button variant="primary" busy={saving} onClick={onSave}>
        {saving ? t("busy") : t("submit")}
      </Button>
    </div>
  );
}
