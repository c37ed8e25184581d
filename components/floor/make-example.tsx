"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { listOpenDrafts, makeExample } from "@/lib/examples/actions";
import type { MakeExampleAnswer, OpenDraft, OpenDraftsAnswer } from "@/lib/examples/types";

/** Holds a draft of the policy to what was decided here. */
export function MakeExample({ decisionId }: { decisionId: string }) {
  const t = useTranslations("floor.decision.example");
  const common = useTranslations("common");
  return (
    <Dialog
      title={t("title")}
      description={t("text")}
      closeLabel={common("close")}
      trigger={
        <Button size="sm" className="w-fit">
          {t("open")}
        </Button>
      }
    >
      <ExampleForm decisionId={decisionId} />
    </Dialog>
  );
}

const NEW = "";

function ExampleForm({ decisionId }: { decisionId: string }) {
  const t = useTranslations("floor.decision.example");
  const form = useId();
  const [chosen, setChosen] = useState(NEW);
  const { drafts, step, refusal, load, make } = useMaking(decisionId);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (step === null) make(chosen === NEW ? null : Number(chosen));
  }

  return (
    <>
      <form id={form} noValidate onSubmit={submit}>
        <Field label={t("where")}>
          <Select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value={NEW}>{t("new")}</option>
            {drafts.map(({ version, author, note }) => (
              <option key={version} value={version}>
                {[t("draft", { version }), author, note].filter(Boolean).join(" · ")}
              </option>
            ))}
          </Select>
        </Field>
      </form>
      <p role="status" className="text-ink-2 empty:hidden">
        {step === "looking" ? t("loading") : null}
      </p>
      {refusal ? <RefusedNote refusal={refusal} onSignedIn={load} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button type="submit" form={form} variant="primary" busy={step === "making"}>
          {step === "making" ? t("busy") : t("submit")}
        </Button>
      </div>
    </>
  );
}

type Refusal =
  | Exclude<OpenDraftsAnswer | MakeExampleAnswer, { ok: true }>
  | { ok: false; code: "unexpected" };

const UNEXPECTED: Refusal = { ok: false, code: "unexpected" };

/** Looks for drafts as soon as it is asked for, makes the example, and opens it in the draft's editor. */
function useMaking(decisionId: string) {
  const router = useRouter();
  const [drafts, setDrafts] = useState<readonly OpenDraft[]>([]);
  const [step, setStep] = useState<"looking" | "making" | null>("looking");
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  async function load() {
    setStep("looking");
    setRefusal(null);
    // No answer, or none of ours.
    const answer = await listOpenDrafts().catch(() => UNEXPECTED);
    setStep(null);
    if (answer.ok) setDrafts(answer.drafts);
    else setRefusal(answer);
  }

  async function make(version: number | null) {
    setStep("making");
    setRefusal(null);
    const answer = await makeExample({ decisionId, version }).catch(() => UNEXPECTED);
    if (answer.ok) {
      router.push(`/settings/policies/${answer.version}?example=${encodeURIComponent(answer.example)}`);
      return;
    }
    setStep(null);
    setRefusal(answer);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it opens.
  useEffect(() => {
    load();
  }, []);
  return { drafts, step, refusal, load, make };
}

function RefusedNote({ refusal, onSignedIn }: { refusal: Refusal; onSignedIn: () => void }) {
  const t = useTranslations("floor.decision.example.refused");
  switch (refusal.code) {
    case "signed_out":
      return (
        <div className="flex flex-col gap-3">
          <ErrorNote title={t("signed_out")} />
          <SignInForm to={null} onSignedIn={onSignedIn} />
        </div>
      );
    case "invalid":
      return (
        <ErrorNote title={t("invalid")}>
          {refusal.errors.map(({ path, message }) => (
            <p key={path}>{message}</p>
          ))}
        </ErrorNote>
      );
    case "not_found":
    case "not_draft":
    case "scheduled":
      return <ErrorNote title={t("gone")} />;
    case "draft_changed":
    case "not_allowed":
    case "unexpected":
      return <ErrorNote title={t(refusal.code)} />;
    default:
      return refusal satisfies never;
  }
}
