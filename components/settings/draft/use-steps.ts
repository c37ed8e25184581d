"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import type { DraftChange } from "./draft-history";
import type { DraftStore } from "./draft-store";
import { PART_LISTS, type PolicyDraft } from "./policy-draft";

/** Undoing and doing again, with what a reader who can't see it hears of it. */
export function useSteps(store: DraftStore, place: RefObject<HTMLElement | null>) {
  const t = useTranslations("settings.edit");
  const fields = useTranslations("settings.mission");
  const [told, setTold] = useState("");

  function nameOf(path: string, draft: PolicyDraft): string {
    const [name, index] = path.split(".");
    const list = PART_LISTS.find((each) => each === name);
    if (list === undefined) return name === "mission" ? fields("title") : t("document");
    const part = index === undefined ? undefined : draft[list][Number(index)];
    return part?.id || t(`part.${list}`);
  }

  function step(direction: "undo" | "redo") {
    const [change] = store.step(direction);
    if (!change) return;
    const name = nameOf(change.path, store.get().now);
    setTold(t(direction === "undo" ? "undone" : "redone", { name }));
    reveal(change, place.current);
  }

  return { told, step };
}

/** Brings what changed into view. The focus stays where it is, unless that is gone: then it goes there, too. */
function reveal({ path }: DraftChange, place: HTMLElement | null) {
  // Once the page shows it.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const [list, index] = path.split(".");
      const part = place?.querySelector<HTMLElement>(`[data-part="${list}.${index}"]`);
      const field = place?.querySelector<HTMLElement>(`[name="${path}"]`);
      const section = document.getElementById(list ?? "");
      const shown = field ?? part ?? section;
      shown?.scrollIntoView({ block: "nearest" });
      if (document.activeElement !== document.body) return;
      const heading = part?.querySelector<HTMLElement>("h3") ?? section;
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
    }),
  );
}
