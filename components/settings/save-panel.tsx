"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useWatch } from "react-hook-form";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Textarea } from "@/components/ui/field";
import type { Policy } from "@/lib/discretion/schema";
import type { SaveAnswer } from "@/lib/policies/types";
import { ChangeList } from "./change-list";
import { useFault } from "./fault";
import { LeaveGuard } from "./leave-guard";
import { policyChanges } from "./policy-changes";
import { type PolicyDraft, readDraft } from "./policy-draft";
import type { PolicyWords } from "./policy-words";
import { useDraftField } from "./use-draft-field";

/** The version that is being edited. */
export interface Base {
  /** Null before the first. */
  version: number | null;
  document: Policy;
}

type Stale = Extract<SaveAnswer, { code: "stale" }>["current"];

/** How the last attempt to save ended. */
export type Outcome =
  | { kind: "none" }
  | { kind: "saving" }
  | { kind: "saved"; version: number }
  | { kind: "faults"; count: number; elsewhere: string[] }
  | { kind: "stale"; current: Stale }
  | { kind: "rebased"; version: number }
  | { kind: "signed_out" | "not_allowed" | "unexpected" };

interface SavePanelProps {
  base: Base;
  outcome: Outcome;
  words: PolicyWords;
  onSave: () => void;
  onDiscard: () => void;
  onRebase: (current: NonNullable<Stale>) => void;
  onSignedIn: () => void;
  onNextFault: () => void;
}

/** What saving would change, in words; the note for the version; and the one button that puts it in force. */
export function SavePanel(props: SavePanelProps) {
  const { base, outcome, words, onSave, onDiscard } = props;
  const t = useTranslations("settings.save");
  const change = useTranslations("settings.change");
  const draft = useWatch<PolicyDraft>() as PolicyDraft;
  const changes = useMemo(
    () => policyChanges(base.document, readDraft(draft).document, words, change),
    [base, draft, words, change],
  );
  const dirty = changes.length > 0 || draft.note.trim() !== "";
  const saving = outcome.kind === "saving";
  return (
    <section aria-labelledby="saving" className="flex flex-col gap-4">
      <LeaveGuard active={dirty} />
      <h2 id="saving" className="scroll-mt-20 font-semibold text-base">
        {t("title")}
      </h2>
      <ChangeList changes={changes} empty={t("nothing")} />
      <Field label={t("note")} hint={t("noteHint")} error={useFault("note")}>
        <Textarea {...useDraftField("note")} maxLength={1000} />
      </Field>
      <OutcomeNote {...props} />
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" busy={saving} disabled={changes.length === 0} onClick={onSave}>
          {saving ? t("busy") : t("submit", { version: (base.version ?? 0) + 1 })}
        </Button>
        {dirty ? <Discard count={changes.length} base={base} onDiscard={onDiscard} /> : null}
      </div>
      <p className="text-ink-3 text-xs">{t("effect")}</p>
      {changes.length > 0 ? <ChangesBar count={changes.length} /> : null}
    </section>
  );
}

/** Where the panel is far below: says that something waits there to be saved. */
function ChangesBar({ count }: { count: number }) {
  const t = useTranslations("settings.save");
  return (
    <div className="fixed inset-x-0 bottom-0 z-10 flex items-center justify-between gap-3 border-line border-t bg-page px-4 py-2 sm:px-6 xl:hidden">
      <span>{t("count", { count })}</span>
      <a
        href="#saving"
        className="flex h-11 items-center rounded-md px-3 font-medium text-accent-text underline underline-offset-4"
      >
        {t("review")}
      </a>
    </div>
  );
}

function Discard({ count, base, onDiscard }: { count: number; base: Base; onDiscard: () => void }) {
  const t = useTranslations("settings.save");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={t("discardTitle")}
      description={t("discardText", { count, version: base.version ?? 0 })}
      closeLabel={common("close")}
      open={open}
      onOpenChange={setOpen}
      trigger={<Button variant="quiet">{t("discard")}</Button>}
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

/** What became of saving, where it was asked for. */
function OutcomeNote({ outcome, onRebase, onSignedIn, onNextFault }: SavePanelProps) {
  const t = useTranslations("settings.save");
  switch (outcome.kind) {
    case "none":
    case "saving":
      return null;
    case "saved":
      return <SavedNote version={outcome.version} />;
    case "rebased":
      return <p role="status">{t("stale.rebased", { version: outcome.version })}</p>;
    case "faults":
      return (
        <ErrorNote
          title={outcome.count > 0 ? t("faults", { count: outcome.count }) : t("faultsElsewhere")}
          action={
            outcome.count > 0 ? (
              <Button size="sm" onClick={onNextFault}>
                {t("next", { count: outcome.count })}
              </Button>
            ) : null
          }
        >
          {outcome.elsewhere.map((message) => (
            <p key={message}>{message}</p>
          ))}
        </ErrorNote>
      );
    case "stale":
      return <StaleNote current={outcome.current} onRebase={onRebase} />;
    case "signed_out":
      return (
        <div className="flex flex-col gap-3">
          <ErrorNote title={t("signedOut.title")}>
            <p>{t("signedOut.text")}</p>
          </ErrorNote>
          <SignInForm to={null} onSignedIn={onSignedIn} />
        </div>
      );
    case "not_allowed":
      return <ErrorNote title={t("notAllowed")} />;
    case "unexpected":
      return <ErrorNote title={t("unexpected")} />;
    default:
      return outcome satisfies never;
  }
}

function SavedNote({ version }: { version: number }) {
  const t = useTranslations("settings.save");
  return (
    <div role="status" className="arrive flex items-start gap-2 rounded-md bg-allow-soft p-3">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-allow" />
      <div className="flex flex-col gap-0.5">
        <p className="font-medium text-allow">{t("done", { version })}</p>
        <p>{t("doneText")}</p>
        <Link
          href={`/settings/policies/${version}`}
          className="w-fit rounded-inner underline underline-offset-4"
        >
          {t("doneLink", { version })}
        </Link>
      </div>
    </div>
  );
}

function StaleNote({ current, onRebase }: { current: Stale; onRebase: SavePanelProps["onRebase"] }) {
  const t = useTranslations("settings.save.stale");
  if (!current) return <ErrorNote title={t("text")} />;
  const { version, author } = current;
  return (
    <ErrorNote
      title={author ? t("titleBy", { name: author, version }) : t("title", { version })}
      action={
        <Button size="sm" onClick={() => onRebase(current)}>
          {t("rebase", { version })}
        </Button>
      }
    >
      <p>{t("text")}</p>
      <a
        href={`/settings/policies/${version}`}
        target="_blank"
        rel="noreferrer"
        className="rounded-inner underline underline-offset-4"
      >
        {t("link", { version })}
      </a>
    </ErrorNote>
  );
}
