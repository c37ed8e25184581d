"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import type { DraftPage } from "@/lib/policies/types";
import type { PolicyWords } from "../policy-words";
import { copyOfExample, type ExampleDraft, newExample } from "./example-draft";
import { ExampleItem } from "./example-item";
import { useShown } from "./part-list";
import type { PolicyDraft } from "./policy-draft";

interface ExamplesProps {
  words: PolicyWords;
  page: DraftPage;
}

/** What the policy has to decide, case by case, and whether it does. */
export function Examples({ words, page }: ExamplesProps) {
  const t = useTranslations("settings.example");
  const { getValues } = useFormContext<PolicyDraft>();
  const { fields, append, insert } = useFieldArray<PolicyDraft, "examples", "key">({
    name: "examples",
    keyName: "key",
  });
  const shown = useShown("examples", fields);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const section = useAddressed(shown);
  /** The place of what was just added, until it is there to be opened. */
  const [added, setAdded] = useState<number | null>(null);
  if (added !== null && fields[added]) {
    setAdded(null);
    setOpened(new Set(opened).add(fields[added].key));
  }

  function toggle(key: string) {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  }

  function add() {
    setAdded(fields.length);
    append(newExample(getValues("currency")), { shouldFocus: false });
    focusPart(section, fields.length);
  }

  function duplicate(index: number) {
    const copy: ExampleDraft = copyOfExample(getValues(`examples.${index}`));
    setAdded(index + 1);
    insert(index + 1, copy, { shouldFocus: false });
    focusPart(section, index + 1);
  }

  return (
    <section ref={section} aria-labelledby="examples" className="flex flex-col gap-1">
      <h2 id="examples" className="scroll-mt-20 font-semibold text-base">
        {t("title")}
      </h2>
      <p className="max-w-prose text-ink-2">{shown.length === 0 ? t("none") : t("text")}</p>
      <ol className="mt-2 flex flex-col divide-y divide-line border-line border-y empty:hidden">
        {shown.map(({ field, index }) => (
          <ExampleItem
            key={field.key}
            index={index}
            open={opened.has(field.key)}
            onToggle={() => toggle(field.key)}
            onDuplicate={() => duplicate(index)}
            words={words}
            page={page}
          />
        ))}
      </ol>
      <Button size="sm" className="mt-3 w-fit pointer-coarse:h-11" onClick={add}>
        <Plus aria-hidden />
        {t("add")}
      </Button>
    </section>
  );
}

/** To the first control of an example that was just added. */
function focusPart(section: React.RefObject<HTMLElement | null>, index: number) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const part = section.current?.querySelector(`[data-part="examples.${index}"]`);
      part?.querySelector<HTMLElement>("select, input")?.focus();
    }),
  );
}

/** Brings the example that the address names into view, once. */
function useAddressed(shown: readonly { field: ExampleDraft; index: number }[]) {
  const section = useRef<HTMLElement>(null);
  const wanted = useSearchParams().get("example");
  const index = shown.find(({ field }) => field.id === wanted)?.index;
  const first = useRef(index);
  useEffect(() => {
    if (first.current === undefined) return;
    const part = section.current?.querySelector(`[data-part="examples.${first.current}"]`);
    part?.scrollIntoView({ block: "start" });
    part?.querySelector<HTMLElement>("h3")?.focus({ preventScroll: true });
  }, []);
  return section;
}
