"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState, useSyncExternalStore } from "react";
import { useFieldArray } from "react-hook-form";
import { Button } from "@/components/ui/button";
import type { KnownNames } from "@/lib/policies/types";
import type { PolicyWords } from "../policy-words";
import { useDraftStore } from "./draft-context";
import type { PartEditorProps } from "./part-editors";
import type { PartList, PolicyDraft } from "./policy-draft";

type List = Exclude<PartList, "examples">;

interface PartsProps {
  list: List;
  make: () => PolicyDraft[List][number];
  Editor: (props: PartEditorProps) => ReactNode;
  words: PolicyWords;
  known: KnownNames;
}

const FIRST_FIELD = { limits: "max", rules: "why", values: "text" } as const;

/** The limits, the rules or the values, in the order in which they are told. */
export function Parts({ list, make, Editor, words, known }: PartsProps) {
  const t = useTranslations("settings");
  const section = useRef<HTMLOListElement>(null);
  const [told, setTold] = useState("");
  // `id` is a field of ours.
  const { fields, append, move } = useFieldArray<PolicyDraft, List, "key">({ name: list, keyName: "key" });
  const shown = useShown(list, fields);

  function shift(position: number, by: 1 | -1) {
    const [from, to] = [shown[position], shown[position + by]];
    if (!from || !to) return;
    move(from.index, to.index);
    const name = from.field.id || t(`edit.unnamed.${list}`);
    setTold(t("edit.moved", { name, place: position + by + 1, count: shown.length }));
    focusMove(section.current, position + by, by);
  }

  return (
    <section aria-labelledby={list} className="flex flex-col gap-1">
      <h2 id={list} className="scroll-mt-20 font-semibold text-base">
        {t(`policy.${list}.title`)}
      </h2>
      <p className="text-ink-2">{shown.length === 0 ? t(`policy.${list}.none`) : t(`policy.${list}.text`)}</p>
      <p role="status" className="sr-only">
        {told}
      </p>
      <ol ref={section} className="mt-2 flex flex-col divide-y divide-line border-line border-y empty:hidden">
        {shown.map(({ field, index }, position) => (
          <Editor
            key={field.key}
            index={index}
            position={position}
            count={shown.length}
            onMove={(by) => shift(position, by)}
            words={words}
            known={known}
          />
        ))}
      </ol>
      <Button
        size="sm"
        className="mt-3 w-fit pointer-coarse:h-11"
        onClick={() => append(make(), { focusName: `${list}.${fields.length}.${FIRST_FIELD[list]}` })}
      >
        <Plus aria-hidden />
        {t(`policy.${list}.add`)}
      </Button>
    </section>
  );
}

/** The fields of parts that are shown, with their places in the draft: what was taken out and saved so is not. */
export function useShown<Field>(list: PartList, fields: readonly Field[]): { field: Field; index: number }[] {
  const store = useDraftStore();
  const goneAt = () => {
    const gone = store.get().now[list].flatMap((part, index) => (part.gone && part.removed ? [index] : []));
    return gone.join();
  };
  const gone = useSyncExternalStore(store.subscribe, goneAt, goneAt).split(",");
  return fields.flatMap((field, index) => (gone.includes(String(index)) ? [] : [{ field, index }]));
}

/** The focus goes along with what was moved, to the same button, or to the other one at the end of the way. */
function focusMove(list: HTMLElement | null, position: number, by: 1 | -1) {
  requestAnimationFrame(() => {
    const part = list?.children[position];
    const wanted = part?.querySelector<HTMLButtonElement>(`[data-move=${by === 1 ? "down" : "up"}]`);
    const other = part?.querySelector<HTMLButtonElement>(`[data-move=${by === 1 ? "up" : "down"}]`);
    (wanted?.disabled ? other : wanted)?.focus();
  });
}
