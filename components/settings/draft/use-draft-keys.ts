"use client";

import { useEffect } from "react";

interface DraftKeys {
  onSave: () => void;
  onStep: (direction: "undo" | "redo") => void;
}

/** The keys of the editor: save anywhere; undo and redo wherever a text field doesn't undo what was typed into it. */
export function useDraftKeys({ onSave, onStep }: DraftKeys) {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.repeat) return;
      const key = event.key.toLowerCase();
      if (key === "s" && !event.shiftKey) {
        event.preventDefault();
        onSave();
      }
      if ((key !== "z" && key !== "y") || undoesItself(event.target)) return;
      event.preventDefault();
      onStep(key === "y" || event.shiftKey ? "redo" : "undo");
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [onSave, onStep]);
}

const TEXT_INPUTS = ["text", "search", "email", "password", "number", "date"];

function undoesItself(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return TEXT_INPUTS.includes(target.type);
  return target instanceof HTMLTextAreaElement;
}
