"use client";

import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { type Conflict, mergePolicies, resolve, type Side } from "@/lib/discretion/merge";
import type { Policy } from "@/lib/discretion/schema";
import type { WholeVersion } from "@/lib/policies/types";
import { DifferenceList } from "../difference-list";
import type { PolicyWords } from "../policy-words";
import { type ConflictSaying, conflictWords, useConflictSpeaker } from "./merge-words";

/** Two versions of one draft that have to become one. */
export interface Comparison {
  /** Somebody saved the draft, or published another version. */
  kind: "draft" | "current";
  /** What both come from; null where there was nothing. */
  base: Policy | null;
  mine: Policy;
  theirs: WholeVersion;
}

interface MergeViewProps {
  comparison: Comparison;
  words: PolicyWords;
  teams: readonly { key: string; name: string }[];
  onDone: (merged: Policy) => void;
  onLater: () => void;
}

/** What others changed meanwhile, and which words hold where both changed the same. Nothing is overwritten unseen. */
export function MergeView({ comparison, words, teams, onDone, onLater }: MergeViewProps) {
  const t = useTranslations("settings.merge");
  const { base, mine, theirs } = comparison;
  const merge = useMemo(
    () => mergePolicies({ ...(base ?? emptyLike(mine)) }, { ...mine }, { ...theirs.document }),
    [base, mine, theirs],
  );
  const [choices, setChoices] = useState<Record<string, Side>>({});
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  // Both are policies that the schema has taken, and a merge takes every field from one of them.
  const merged = merge.merged as unknown as Policy;
  return (
    <section aria-labelledby="merge" className="flex max-w-4xl flex-col gap-8">
      <header className="flex flex-col gap-1">
        <h2 ref={heading} id="merge" tabIndex={-1} className="font-semibold text-lg">
          {t("title")}
        </h2>
        <p className="text-ink-2">{introduction(comparison, t)}</p>
      </header>
      <section aria-labelledby="taken" className="flex flex-col gap-2">
        <h3 id="taken" className="font-semibold text-base">
          {t("taken")}
        </h3>
        {merge.theirs.length > 0 ? <p className="text-ink-2">{t("takenText")}</p> : null}
        <DifferenceList before={mine} after={merged} empty={t("takenNone")} />
      </section>
      <section aria-labelledby="conflicts" className="flex flex-col gap-2">
        <h3 id="conflicts" className="font-semibold text-base">
          {t("conflicts")}
        </h3>
        <p className="text-ink-2">{merge.conflicts.length > 0 ? t("conflictsText") : t("conflictsNone")}</p>
        <Conflicts
          conflicts={merge.conflicts}
          comparison={comparison}
          words={words}
          teams={teams}
          choices={choices}
          onChoose={(key, side) => setChoices({ ...choices, [key]: side })}
        />
      </section>
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" onClick={() => onDone(resolve(merge, choices) as unknown as Policy)}>
            {t("goOn")}
          </Button>
          <Button onClick={onLater}>{t("later")}</Button>
        </div>
        <p className="text-ink-3 text-xs">{t("goOnText")}</p>
      </div>
    </section>
  );
}

function emptyLike({ currency, timeZone }: Policy): Policy {
  return { currency, timeZone, values: [], limits: [], rules: [] };
}

function introduction(
  { kind, theirs }: Comparison,
  t: ReturnType<typeof useTranslations<"settings.merge">>,
): string {
  if (kind === "current") return t("current", { version: theirs.version });
  return theirs.updater ? t("draft", { name: theirs.updater }) : t("draftSomebody");
}

interface ConflictsProps extends Pick<MergeViewProps, "comparison" | "words" | "teams"> {
  conflicts: readonly Conflict[];
  choices: Readonly<Record<string, Side>>;
  onChoose: (key: string, side: Side) => void;
}

function Conflicts({ conflicts, comparison, words, teams, choices, onChoose }: ConflictsProps) {
  const speaker = useConflictSpeaker(words, comparison.mine.currency, teams);
  if (conflicts.length === 0) return null;
  return (
    <ol className="flex flex-col divide-y divide-line border-line border-y">
      {conflicts.map((conflict) => (
        <li key={conflict.key} className="py-4">
          <ConflictChoice
            name={conflict.key}
            saying={conflictWords(conflict, speaker)}
            comparison={comparison}
            chosen={choices[conflict.key] ?? "mine"}
            onChoose={(side) => onChoose(conflict.key, side)}
          />
        </li>
      ))}
    </ol>
  );
}

interface ConflictChoiceProps {
  name: string;
  saying: ConflictSaying;
  comparison: Comparison;
  chosen: Side;
  onChoose: (side: Side) => void;
}

/** The same part as both wrote it, side by side, one of them chosen. */
function ConflictChoice({ name, saying, comparison, chosen, onChoose }: ConflictChoiceProps) {
  const t = useTranslations("settings.merge");
  const { kind, theirs } = comparison;
  const labels = {
    mine: t("mine"),
    theirs:
      kind === "current" ? t("theirsVersion", { version: theirs.version }) : (theirs.updater ?? t("theirs")),
  };
  return (
    <fieldset className="flex min-w-0 flex-col">
      <legend className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <span className="text-ink-2">{saying.what}</span>
        <span className="font-medium font-mono text-sm">{saying.id}</span>
      </legend>
      <div className="grid gap-2 md:grid-cols-2">
        {(["mine", "theirs"] as const).map((side) => (
          <label
            key={side}
            htmlFor={`${name}-${side}`}
            className={cn(
              "relative flex min-w-0 flex-col gap-1.5 rounded-md border border-line-strong bg-surface p-3 transition-colors hover:bg-sunken",
              "has-checked:border-accent-text has-checked:bg-accent-soft has-checked:shadow-[inset_0_0_0_1px_var(--accent-text)]",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent-text has-focus-visible:outline-offset-2",
            )}
          >
            <span className="flex items-center gap-2 font-medium">
              <input
                id={`${name}-${side}`}
                type="radio"
                name={name}
                value={side}
                checked={chosen === side}
                onChange={() => onChoose(side)}
                className="size-4 accent-(--accent) outline-none"
              />
              {labels[side]}
            </span>
            {saying[side].map((line) => (
              <span key={line} className="figures wrap-anywhere whitespace-pre-line">
                {line}
              </span>
            ))}
          </label>
        ))}
      </div>
      {saying.base.length > 0 ? (
        <p className="wrap-anywhere mt-2 text-ink-3 text-xs">
          {t("before", { text: saying.base.join(" ") })}
        </p>
      ) : null}
    </fieldset>
  );
}
