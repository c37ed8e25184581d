"use client";

import { useSyncExternalStore } from "react";

/** Kept in the browser: it is a matter of the keyboard, and of who sits before it. */
const STORAGE_KEY = "leeway.single-keys";

const listeners = new Set<() => void>();
/** What was chosen on this page, where the browser keeps nothing. */
let chosen: boolean | null = null;

/** Whether keys that are pressed by themselves do something. They do, until somebody switches them off. */
export function singleKeysOn(): boolean {
  if (chosen !== null) return chosen;
  try {
    return localStorage.getItem(STORAGE_KEY) !== "off";
  } catch {
    // Storage that is switched off says nothing against them.
    return true;
  }
}

/** Switches single keys on or off, for this browser. */
export function setSingleKeys(on: boolean): void {
  chosen = on;
  try {
    localStorage.setItem(STORAGE_KEY, on ? "on" : "off");
  } catch {
    // Without storage the choice lives as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether single keys are on, as it changes. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, singleKeysOn, () => true);
}
