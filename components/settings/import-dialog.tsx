"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Textarea } from "@/components/ui/field";
import { FileButton } from "@/components/ui/file-button";
import { createDraft } from "@/lib/policies/actions";
import { FaultList } from "./fault-list";
import { type ReadJson, readJson, TEXT_MAX_LENGTH } from "./read-json";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

/** Takes a document that was written elsewhere as a draft. Whatever is wrong with it, the text stays to be corrected. */
export function ImportDialog() {
  const t = useTranslations("settings.transfer");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  return (
    <Dialog
      title={t("title")}
      description={t("text")}
      closeLabel={common("close")}
      trigger={<Button>{t("open")}</Button>}
      open={open}
      onOpenChange={setOpen}
      className="max-w-2xl"
    >
      <ImportForm text={text} onText={setText} />
    </Dialog>
  );
}

function ImportForm({ text, onText }: { text: string; onText: (text: string) => void }) {
  const t = useTranslations("settings.transfer");
  const router = useRouter();
  const form = useId();
  const [fault, setFault] = useState<string>();
  const { busy, refusal, call, clear } = useLifeCall();

  function change(next: string) {
    setFault(undefined);
    clear();
    onText(next);
  }

  async function choose(file: File) {
    if (file.size > TEXT_MAX_LENGTH) return setFault(t("tooLarge"));
    try {
      change(await file.text());
    } catch {
      setFault(t("unreadable"));
    }
  }

  function sayFault(read: Exclude<ReadJson, { ok: true }>): string {
    switch (read.reason) {
      case "notJson":
        return t("notJson", { said: read.said });
      case "notJsonAt":
        return t("notJsonAt", { line: read.line, column: read.column });
      default:
        return t(read.reason);
    }
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const read = readJson(text);
    if (!read.ok) {
      clear();
      return setFault(sayFault(read));
    }
    setFault(undefined);
    const answer = await call(() => createDraft({ document: read.value }));
    if (answer) router.push(`/settings/policies/${answer.version}`);
  }

  return (
    <>
      <form id={form} noValidate onSubmit={submit} className="flex min-w-0 flex-col gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <FileButton accept=".json,application/json" onChoose={choose}>
            {t("file")}
          </FileButton>
          <p className="text-ink-3 text-xs">{t("fileHint")}</p>
        </div>
        <Field label={t("paste")} error={fault}>
          <Textarea
            value={text}
            rows={10}
            spellCheck={false}
            autoCapitalize="none"
            className="field-sizing-fixed max-h-[40dvh] overflow-auto whitespace-pre font-mono text-xs"
            onChange={(event) => change(event.target.value)}
          />
        </Field>
      </form>
      {refusal?.code === "invalid" ? (
        <ErrorNote title={t("faults", { count: refusal.errors.length })}>
          <FaultList faults={refusal.errors} />
        </ErrorNote>
      ) : refusal ? (
        <RefusalNote refusal={refusal} version={0} onSignedIn={clear} />
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button type="submit" form={form} variant="primary" busy={busy}>
          {busy ? t("busy") : t("submit")}
        </Button>
      </div>
    </>
  );
}
