"use client";

import { CircleAlert, CircleCheck, CircleDashed, Copy, PenLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { get, useFormContext, useFormState, useWatch } from "react-hook-form";
import { ExplanationList } from "@/components/decision/explanation";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { ExampleOutcome } from "@/lib/discretion/examples";
import type { DraftPage } from "@/lib/policies/types";
import type { PolicyWords } from "../policy-words";
import { useLiveDraft } from "./draft-context";
import { ANY_CHECK, NO_CHECK } from "./example-draft";
import { ExampleEditor } from "./example-editor";
import { exampleSentence, useExampleSpeaker } from "./example-words";
import { RemoveButton, RemovedPart, usePart } from "./part-frame";
import type { PolicyDraft } from "./policy-draft";
import { suggestExampleId } from "./suggest-id";
import { useNaming } from "./use-naming";

interface ExampleItemProps {
  index: number;
  open: boolean;
  onToggle: () => void;
  onDuplicate: () => void;
  words: PolicyWords;
  page: DraftPage;
}

/** One example: whether it passes, what it says, and, opened, its words to be changed. */
export function ExampleItem({ index, open, onToggle, onDuplicate, words, page }: ExampleItemProps) {
  const path = `examples.${index}` as const;
  const t = useTranslations("settings.example");
  const part = usePart(path, "examples");
  const example = useWatch<PolicyDraft, `examples.${number}`>({ name: path });
  useNaming("examples", index, (taken) => suggestExampleId(example, taken));
  const { errors } = useFormState<PolicyDraft>();
  const outcome = useLiveDraft().outcomes.get(index);
  // A fault that nobody sees could not be corrected.
  const shown = open || get(errors, path) !== undefined;
  const body = useId();
  if (part.removed) return <RemovedPart path={path} list="examples" />;
  const name = example.says.trim() || part.name;
  return (
    <li
      data-part={path}
      data-fails={outcome && !outcome.passes ? true : undefined}
      className="flex scroll-mt-20 flex-col gap-3 py-4"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="flex min-w-0 flex-col gap-0.5">
          <h3 tabIndex={-1} className="wrap-anywhere font-medium text-sm">
            {name}
          </h3>
          <ExampleStatus outcome={outcome} />
        </div>
        <div className="flex flex-wrap items-center gap-1">
          <Button
            variant="quiet"
            size="sm"
            aria-expanded={shown}
            aria-controls={body}
            aria-label={shown ? t("close", { name }) : t("edit", { name })}
            onClick={onToggle}
            className="pointer-coarse:h-11"
          >
            <PenLine aria-hidden />
            {shown ? t("closeShort") : t("editShort")}
          </Button>
          <Button
            variant="quiet"
            size="sm"
            aria-label={t("duplicate", { name })}
            onClick={onDuplicate}
            className="pointer-coarse:h-11"
          >
            <Copy aria-hidden />
            {t("duplicateShort")}
          </Button>
          <RemoveButton path={path} name={name} />
        </div>
      </div>
      <div id={body}>
        {shown ? (
          <ExampleEditor index={index} words={words} page={page} />
        ) : (
          <Sentence index={index} words={words} page={page} />
        )}
      </div>
      {outcome && !outcome.passes ? <CameOtherwise index={index} outcome={outcome} /> : null}
    </li>
  );
}

function Sentence({ index, words, page }: Pick<ExampleItemProps, "index" | "words" | "page">) {
  const { document, places } = useLiveDraft().read;
  const speaker = useExampleSpeaker(words, document.currency, page.teams);
  const example = document.examples?.[places.examples.indexOf(index)];
  return (
    <p className="figures max-w-prose text-ink-2">{example ? exampleSentence(example, speaker) : null}</p>
  );
}

/** Colour, word and sign together, as for verdicts. */
export function ExampleStatus({ outcome }: { outcome: ExampleOutcome | null | undefined }) {
  const t = useTranslations("settings.example");
  const [Icon, word, ink] =
    outcome === undefined
      ? ([CircleDashed, "pending", "text-ink-3"] as const)
      : outcome === null
        ? ([CircleDashed, "unfinished", "text-ink-2"] as const)
        : outcome.passes
          ? ([CircleCheck, "passes", "text-allow"] as const)
          : ([CircleAlert, "fails", "text-deny"] as const);
  return (
    <p className={cn("flex items-center gap-1.5 text-xs", ink)}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {t(word)}
    </p>
  );
}

/** What came of a failing example instead, why, and the way to have it expected. */
function CameOtherwise({ index, outcome }: { index: number; outcome: ExampleOutcome }) {
  const t = useTranslations("settings.example");
  const { setValue, getValues } = useFormContext<PolicyDraft>();
  const path = `examples.${index}.then` as const;

  function accept() {
    const { verdict, binding } = outcome.actual;
    // Which check decides stays open where nobody asked for one.
    const decides = outcome.expected.binding === undefined ? ANY_CHECK : (binding ?? NO_CHECK);
    setValue(path, { verdict, binding: decides }, { shouldDirty: true });
    focusHeading(index);
  }

  const currency = getValues("currency");
  const asked = getValues(`examples.${index}.when.currency`);
  return (
    <div className="flex flex-col items-start gap-2 rounded-md bg-deny-soft p-3">
      <p>{cameWords(outcome, t)}</p>
      <ExampleDetails>
        <ExplanationList
          explanation={outcome.explanation}
          currencies={{ policy: currency, decision: asked }}
          className="mt-3"
        />
      </ExampleDetails>
      <Button size="sm" onClick={accept} className="pointer-coarse:h-11">
        {t("accept")}
      </Button>
    </div>
  );
}

function ExampleDetails({ children }: { children: ReactNode }) {
  const t = useTranslations("common.explanation");
  return (
    <details className="w-full text-sm">
      <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
        {t("checked")}
      </summary>
      {children}
    </details>
  );
}

function cameWords(
  { actual, expected }: ExampleOutcome,
  t: ReturnType<typeof useTranslations<"settings.example">>,
): string {
  const verdict = t(`verdict.${actual.verdict}`);
  if (actual.binding !== null) return t("cameBy", { verdict, binding: actual.binding });
  return expected.binding === undefined ? t("came", { verdict }) : t("cameByNone", { verdict });
}

/** What was pressed is gone once the example passes. */
function focusHeading(index: number) {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`[data-part="examples.${index}"] h3`)?.focus(),
  );
}
