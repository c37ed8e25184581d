"use client";

import { type RefObject, useEffect } from "react";

const STEPS: Partial<Record<string, 1 | -1>> = { j: 1, J: 1, ArrowDown: 1, k: -1, K: -1, ArrowUp: -1 };

/**
 * J, K and the arrows go from row to row; Enter opens, because each row is a link. They work in the list, and where
 * nothing else has the focus, so that they never take a letter or an arrow from a field.
 */
export function useRowKeys(list: RefObject<HTMLElement | null>) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const step = STEPS[event.key];
      if (!step || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const focused = document.activeElement;
      const inList = list.current?.contains(focused) ?? false;
      if (!inList && focused !== document.body && focused?.id !== "content") return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])].filter(
        (row) => row.offsetParent !== null,
      );
      const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1;
      const next = rows[at === -1 ? (step === 1 ? 0 : -1) : at + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [list]);
}
