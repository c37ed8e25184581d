"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { cn } from "@/components/ui/cn";
import { formatAmount } from "@/lib/format/money";
import type { DraftPage } from "@/lib/policies/types";
import { capital } from "../policy-words";
import { useLiveDraft } from "./draft-context";
import { compareWords, type PreviewState, usePreviewAnswers } from "./preview";

interface ChecksSummaryProps {
  preview: PreviewState;
  page: DraftPage;
}

/** What the draft comes to while it is typed: examples, warnings, and the answer to the question that was asked below. */
export function ChecksSummary({ preview, page }: ChecksSummaryProps) {
  const t = useTranslations("settings.save.checks");
  const unnamed = useTranslations("settings.edit.unnamed");
  const { unreadable } = useLiveDraft();
  const names = unreadable.map(({ list, id }) => id || unnamed(list));
  return (
    <section aria-label={t("title")} className="flex flex-col gap-1.5">
      <ExamplesLine />
      <WarningsLine />
      <PreviewLine preview={preview} page={page} />
      {names.length > 0 ? (
        <p className="text-ink-3 text-xs">{t("stale", { names: new Intl.ListFormat("en").format(names) })}</p>
      ) : null}
    </section>
  );
}

function PreviewLine({ preview: { draft }, page }: ChecksSummaryProps) {
  const t = useTranslations("settings.save.checks");
  const words = useTranslations("settings.preview");
  const policy = useTranslations("settings.policy.remedy");
  const answers = usePreviewAnswers(draft, page.current?.document ?? null);
  if (!answers.draft) return null;
  const { amount, currency, remedy } = answers.draft;
  const asked = t("asked", { remedy: policy(remedy), amount: formatAmount(amount, currency), currency });
  return (
    <p className="figures text-ink-2">
      {capital(asked)} {compareWords(answers, words)}{" "}
      <a href="#preview" className={LINK}>
        {t("toPreview")}
      </a>
    </p>
  );
}

const LINK = "rounded-inner underline underline-offset-4 pointer-coarse:py-3";

/** How many examples fail, of those that were tried. */
export function useFailing(): number {
  const { outcomes } = useLiveDraft();
  return [...outcomes.values()].filter((outcome) => outcome && !outcome.passes).length;
}

function ExamplesLine() {
  const t = useTranslations("settings.save.checks");
  const { examples, outcomes } = useLiveDraft();
  const failing = useFailing();
  const count = examples.size;
  if (count === 0) return <p className="text-ink-2">{t("examplesNone")}</p>;
  const tried = [...examples.keys()].filter((place) => outcomes.has(place)).length;
  const unfinished = [...examples.values()].filter((example) => example === null).length;
  if (tried === 0) return <p className="text-ink-2">{t("examplesPending", { count })}</p>;
  const passing = count - failing - unfinished;
  return (
    <p role="status" className="figures">
      <span className={cn(failing > 0 ? "text-deny" : "text-ink-2")}>
        {passing === count ? t("examplesAll", { count }) : t("examples", { passing, count })}
      </span>{" "}
      {unfinished > 0 ? <span className="text-ink-2">{t("unfinished", { count: unfinished })} </span> : null}
      {failing > 0 ? (
        <button type="button" onClick={() => focusFirst("[data-fails] h3")} className={LINK}>
          {t("toFailing")}
        </button>
      ) : null}
    </p>
  );
}

function WarningsLine() {
  const t = useTranslations("settings.save.checks");
  const { warnings } = useLiveDraft();
  const last = useRef<HTMLElement | null>(null);
  const count = [...warnings.values()].reduce((sum, some) => sum + some.length, 0);

  /** From one to the next, and from the last to the first. */
  function next() {
    const all = [...document.querySelectorAll<HTMLElement>("[data-warning]")];
    const at = last.current ? all.indexOf(last.current) : -1;
    last.current = all[(at + 1) % Math.max(1, all.length)] ?? null;
    last.current?.focus();
  }

  if (count === 0) return <p className="text-ink-2">{t("warningsNone")}</p>;
  return (
    <p role="status" className="figures">
      <span className="text-bend">{t("warnings", { count })}</span>{" "}
      <button type="button" onClick={next} className={LINK}>
        {t("nextWarning", { count })}
      </button>
    </p>
  );
}

function focusFirst(selector: string) {
  document.querySelector<HTMLElement>(selector)?.focus();
}
