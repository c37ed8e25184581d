"use client";

import { CircleCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button, ButtonLink } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { createDraft } from "@/lib/policies/actions";
import { RefusalNote } from "../refusal-note";
import { useLifeCall } from "../use-life-call";
import { useDraftStore } from "./draft-context";
import { readDraft } from "./read-draft";
import type { Outcome } from "./use-saving";

interface OutcomeNoteProps {
  version: number;
  outcome: Outcome;
  onSave: () => void;
  onNextFault: () => void;
  /** Leads away from what is kept elsewhere now. */
  onGoneOn: () => void;
}

/** What became of saving, where it was asked for. */
export function OutcomeNote(props: OutcomeNoteProps) {
  const { outcome, onSave } = props;
  const t = useTranslations("settings.save");
  switch (outcome.kind) {
    case "none":
    case "saving":
      return null;
    case "saved":
      return <DoneNote title={t("done")}>{t("doneText")}</DoneNote>;
    case "merged":
      return <DoneNote title={t("mergedNote")} />;
    case "rebased":
      return <DoneNote title={t("rebasedNote", { version: outcome.version })} />;
    case "restored":
      return <DoneNote title={t("restored")} />;
    case "faults":
      return <FaultsNote {...props} outcome={outcome} />;
    case "signed_out":
      return (
        <div className="flex flex-col gap-3">
          <ErrorNote title={t("signedOut.title")}>
            <p>{t("signedOut.text")}</p>
          </ErrorNote>
          <SignInForm to={null} onSignedIn={onSave} />
        </div>
      );
    case "not_allowed":
      return <ErrorNote title={t("notAllowed")} />;
    case "unexpected":
      return (
        <ErrorNote
          title={t("unexpected")}
          action={
            <Button size="sm" onClick={onSave}>
              {t("again")}
            </Button>
          }
        />
      );
    case "not_found":
    case "scheduled":
    case "not_draft":
      return <EndedNote {...props} outcome={outcome} />;
    default:
      return outcome satisfies never;
  }
}

function DoneNote({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div role="status" className="arrive flex items-start gap-2 rounded-md bg-allow-soft p-3">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-allow" />
      <div className="flex flex-col gap-0.5">
        <p className="font-medium text-allow">{title}</p>
        {children ? <p>{children}</p> : null}
      </div>
    </div>
  );
}

type Of<Kind extends Outcome["kind"]> = Omit<OutcomeNoteProps, "outcome"> & {
  outcome: Extract<Outcome, { kind: Kind }>;
};

function FaultsNote({ outcome, onNextFault }: Of<"faults">) {
  const t = useTranslations("settings.save");
  const { why, count, elsewhere } = outcome;
  const title =
    count === 0 ? t("faultsElsewhere") : t(why === "save" ? "faults" : "faultsCompare", { count });
  return (
    <ErrorNote
      title={title}
      action={
        count > 0 ? (
          <Button size="sm" onClick={onNextFault}>
            {t("next", { count })}
          </Button>
        ) : null
      }
    >
      {elsewhere.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </ErrorNote>
  );
}

/** The draft is none any more, or waits for its moment: what was typed can go on as another one. */
function EndedNote({ version, outcome, onGoneOn }: Of<"not_found" | "scheduled" | "not_draft">) {
  const t = useTranslations("settings.save");
  const router = useRouter();
  const store = useDraftStore();
  const { busy, refusal, call, clear } = useLifeCall();

  async function goOn() {
    const draft = store.get().now;
    const { document } = readDraft(draft);
    const answer = await call(() => createDraft({ document, note: draft.note.trim() }));
    if (!answer) return;
    onGoneOn();
    router.push(`/settings/policies/${answer.version}`);
  }

  const [title, text] = endedWords(outcome, t);
  return (
    <ErrorNote
      title={title}
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="sm" busy={busy} onClick={goOn}>
            {t("notDraft.create")}
          </Button>
          {outcome.kind === "not_found" ? null : (
            <ButtonLink size="sm" href={`/settings/policies/${version}`} target="_blank" rel="noreferrer">
              {t("notDraft.read", { version })}
            </ButtonLink>
          )}
        </div>
      }
    >
      {text}
      {refusal ? <RefusalNote refusal={refusal} version={version} onSignedIn={clear} /> : null}
    </ErrorNote>
  );
}

function endedWords(
  outcome: Extract<Outcome, { kind: "not_found" | "scheduled" | "not_draft" }>,
  t: ReturnType<typeof useTranslations<"settings.save">>,
): [title: string, text: string] {
  switch (outcome.kind) {
    case "not_found":
      return [t("notFound.title"), t("notFound.text")];
    case "scheduled":
      return [t("scheduled.title"), t("scheduled.text")];
    case "not_draft": {
      const why = outcome.status === "draft" ? "" : `${t(`notDraft.${outcome.status}`)} `;
      return [t("notDraft.title"), why + t("notDraft.text")];
    }
    default:
      return outcome satisfies never;
  }
}
