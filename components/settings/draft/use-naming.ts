"use client";

import { useEffect } from "react";
import { useFormContext } from "react-hook-form";
import type { Policy } from "@/lib/discretion/schema";
import { useDraftStore } from "./draft-context";
import type { DraftForm } from "./draft-store";
import type { PartDraft, PartList, PolicyDraft } from "./policy-draft";

/**
 * Names a part after what it says, until somebody types a name, and has what speaks of it follow to its new id. Answers
 * what to call when another id is typed.
 */
export function useNaming(
  list: PartList,
  index: number,
  suggest: (taken: ReadonlySet<string>) => string,
): (before: string, id: string) => void {
  const form: DraftForm = useFormContext<PolicyDraft, unknown, Policy>();
  const store = useDraftStore();
  // After each change of the part: what it is named after is the whole of it.
  useEffect(() => {
    const part: PartDraft | undefined = form.getValues(`${list}.${index}`);
    if (!part || part.named || part.removed) return;
    const others = sharing(list).flatMap((each) =>
      (form.getValues(each) as PartDraft[]).filter((_, place) => each !== list || place !== index),
    );
    const id = suggest(new Set(others.map((each) => each.id)));
    if (id === part.id) return;
    store.quietly(() => {
      form.setValue(`${list}.${index}.id`, id, { shouldDirty: true });
      followName(form, list, part.id, id);
    });
  });
  return (before, id) => store.quietly(() => followName(form, list, before, id));
}

/** The lists whose parts have their ids in common. */
function sharing(list: PartList): readonly PartList[] {
  return list === "limits" || list === "rules" ? ["limits", "rules"] : [list];
}

/** What serves a value, or expects a check to decide, goes on doing so under its new id. */
function followName(form: DraftForm, list: PartList, old: string, id: string) {
  if (old === "" || old === id) return;
  const draft = form.getValues();
  // By now it is another part's name alone.
  if (sharing(list).some((each) => draft[each].some((part) => part.id === old))) return;
  if (list === "values") {
    for (const checks of ["limits", "rules"] as const) {
      for (const [at, part] of draft[checks].entries()) {
        if (part.value === old) form.setValue(`${checks}.${at}.value`, id, { shouldDirty: true });
      }
    }
  } else if (list !== "examples") {
    for (const [at, example] of draft.examples.entries()) {
      if (example.then.binding === old)
        form.setValue(`examples.${at}.then.binding`, id, { shouldDirty: true });
    }
  }
}
