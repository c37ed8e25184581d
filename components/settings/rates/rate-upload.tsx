"use client";

import { ChevronRight, CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { FileButton } from "@/components/ui/file-button";
import { importRatesFile, readRatesFile } from "@/lib/rates/actions";
import { RATES_FILE_MAX_BYTES } from "@/lib/rates/schema";
import type { FilePreview, ImportFileAnswer, RateChange, ReadFileAnswer } from "@/lib/rates/types";
import { dayWords, keyOf } from "./rate-words";
import { Refused } from "./refused";
import { useCall } from "./use-call";

/** Reads a CSV file, shows what it would change or what is wrong in it, and imports it whole. */
export function RateUpload({ own }: { own: string }) {
  const t = useTranslations("settings.rates.file");
  const reading = useCall<ReadFileAnswer>();
  const importing = useCall<ImportFileAnswer>();
  const [file, setFile] = useState<File | null>(null);
  const [tooLarge, setTooLarge] = useState(false);

  async function choose(chosen: File) {
    leave();
    if (chosen.size > RATES_FILE_MAX_BYTES) return setTooLarge(true);
    // As it is now: what is imported later is what was looked at, whatever becomes of it on the disk.
    const kept = new File([await chosen.arrayBuffer()], chosen.name, { type: "text/csv" });
    setFile(kept);
    await reading.call(() => readRatesFile({ file: kept }));
  }

  function leave() {
    setFile(null);
    setTooLarge(false);
    reading.clear();
    importing.clear();
  }

  const preview = previewOf(reading.answer, importing.answer);
  const done = importing.answer?.ok ? importing.answer : null;
  return (
    <details className="group">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-inner font-semibold text-base pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("title")}
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        <p className="text-ink-2">{t("text", { own })}</p>
        <pre className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs">{t("sample")}</pre>
        <FileButton accept=".csv,text/csv" disabled={reading.busy || importing.busy} onChoose={choose}>
          {reading.busy ? t("reading") : t("choose")}
        </FileButton>
        {tooLarge ? <ErrorNote title={t("tooLarge")} /> : null}
        {file && !done ? <p className="break-all font-mono text-ink-2 text-xs">{file.name}</p> : null}
        <Faults answer={reading.answer} />
        <Faults answer={importing.answer} />
        <Refused answer={reading.answer} failed={reading.failed} onSignedIn={reading.clear} />
        {file && preview && !done ? (
          <Preview
            preview={preview}
            moved={importing.answer?.ok === false && importing.answer.code === "moved"}
            busy={importing.busy}
            onImport={() => importing.call(() => importRatesFile({ file, mark: preview.mark }))}
            onLeave={leave}
          />
        ) : null}
        <Refused answer={importing.answer} failed={importing.failed} onSignedIn={importing.clear} />
        {done ? (
          <p role="status" className="arrive flex items-start gap-2 rounded-md bg-allow-soft p-3 text-allow">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span className="font-medium">
              {t("done", { created: done.created, updated: done.updated, unchanged: done.unchanged })}
            </span>
          </p>
        ) : null}
      </div>
    </details>
  );
}

/** What the file would change: as the import saw it last, else as it was read. */
function previewOf(read: ReadFileAnswer | null, imported: ImportFileAnswer | null): FilePreview | null {
  if (imported && !imported.ok && imported.code === "moved") return imported.preview;
  return read?.ok ? read.preview : null;
}

/** Everything that has to be corrected, as an editor counts the lines. */
function Faults({ answer }: { answer: ReadFileAnswer | ImportFileAnswer | null }) {
  const t = useTranslations("settings.rates.file");
  if (!answer || answer.ok) return null;
  if (answer.code === "unusable") {
    return (
      <ErrorNote title={answer.message}>
        <p>{t("unusable")}</p>
      </ErrorNote>
    );
  }
  if (answer.code === "invalid") return <ErrorNote title={answer.errors[0]?.message ?? t("unusable")} />;
  if (answer.code !== "faults") return null;
  const { count, faults } = answer;
  return (
    <ErrorNote title={t("faults", { count })}>
      <ul className="mt-1 flex flex-col gap-1.5">
        {faults.map(({ line, column, problem, value }) => (
          <li key={`${line} ${column} ${problem}`} className="break-words">
            <span className="font-medium text-ink">
              {column === null ? t("line", { line }) : t("place", { line, column })}
            </span>{" "}
            {problem}{" "}
            {value ? (
              <span className="whitespace-pre-wrap break-all font-mono text-xs">({value})</span>
            ) : null}
          </li>
        ))}
      </ul>
      {count > faults.length ? (
        <p className="mt-1">{t("moreFaults", { count: count - faults.length })}</p>
      ) : null}
    </ErrorNote>
  );
}

interface PreviewProps {
  preview: FilePreview;
  moved: boolean;
  busy: boolean;
  onImport: () => void;
  onLeave: () => void;
}

function Preview({ preview, moved, busy, onImport, onLeave }: PreviewProps) {
  const t = useTranslations("settings.rates.file");
  const { changes, created, updated, unchanged } = preview;
  const count = created + updated;
  return (
    <div className="flex flex-col gap-3">
      {moved ? <ErrorNote title={t("moved")} /> : null}
      <p role="status" className="font-medium">
        {count === 0 ? t("nothing", { unchanged }) : t("counts", { created, updated, unchanged })}
      </p>
      <ul className="flex flex-col gap-1">
        {changes.map((change) => (
          <li key={keyOf(change)} className="figures break-words">
            <ChangeWords change={change} />
          </li>
        ))}
      </ul>
      {count > changes.length ? (
        <p className="text-ink-2">{t("more", { count: count - changes.length })}</p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {count === 0 ? null : (
          <Button variant="primary" busy={busy} onClick={onImport}>
            {busy ? t("importing") : t("import", { count })}
          </Button>
        )}
        <Button variant="quiet" onClick={onLeave}>
          {t("leave")}
        </Button>
      </div>
    </div>
  );
}

function ChangeWords({ change }: { change: RateChange }) {
  const t = useTranslations("settings.rates.file");
  const { currency, day, rate, before } = change;
  return (
    <>
      <span className="text-ink-2">{t("changeOf", { currency, day: dayWords(day) })}</span>{" "}
      <span className="font-medium">{before === null ? rate : t("change", { before, rate })}</span>
    </>
  );
}
