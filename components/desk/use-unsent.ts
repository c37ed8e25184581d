"use client";

import { useCallback, useEffect, useRef } from "react";
import { newKey } from "@/components/shell/intent-key";
import { keep, readKept } from "@/components/shell/own-storage";
import type { DecisionView } from "@/lib/decisions/types";
import type { DecisionBody } from "./requests";
import { givenUp, type Intent, lookedAt, loweredTo, restMs, type UnsentBody, withLooked } from "./unsent";
import type { LiveVerdict } from "./use-live-verdict";

interface Unsent {
  /** A verdict stood on the screen long enough to be read. */
  onLooked: (body: DecisionBody, shown: DecisionView) => void;
  /** The intent has come to its end. */
  onSent: (decision: DecisionView) => void;
}

/**
 * Tells the server of the highest amount that was looked at, when less of it was sent, or nothing at all by the time
 * that the page is left. Where limits are low, people ask for less: without this, history would say that they need
 * less. Once for each intent; nothing waits for it, and nothing is lost with it but the remark itself.
 *
 * @param place what the intent is kept under: the person and the customer, as their draft is.
 */
export function useUnsent(place: string): Unsent {
  const intent = useRef<Intent | null>(null);

  const hold = useCallback(
    (next: Intent | null) => {
      intent.current = next;
      writeIntent(place, next);
    },
    [place],
  );

  useEffect(() => {
    intent.current = readIntent(place);
    const leave = () => {
      const told = intent.current && givenUp(intent.current);
      if (!told || !intent.current) return;
      hold({ ...intent.current, told: true });
      tell(told);
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [place, hold]);

  const onLooked = useCallback<Unsent["onLooked"]>(
    (body, shown) => {
      const begun = intent.current ?? { key: newKey(), began: shown.createdAt, looked: [], told: false };
      hold(withLooked(begun, lookedAt(body, shown.verdict)));
    },
    [hold],
  );

  const onSent = useCallback<Unsent["onSent"]>(
    (decision) => {
      const told = intent.current && loweredTo(intent.current, decision);
      hold(null);
      if (told) tell(told);
    },
    [hold],
  );

  return { onLooked, onSent };
}

/** Calls once a verdict has stood long enough to be read. */
export function useLooked(live: LiveVerdict, body: DecisionBody | null, onLooked: Unsent["onLooked"]): void {
  const shown = live.fresh && live.answer?.ok ? (live.answer.value.at(-1) ?? null) : null;
  useEffect(() => {
    if (!body || !shown) return;
    const timer = setTimeout(() => onLooked(body, shown), restMs(shown.verdict));
    return () => clearTimeout(timer);
  }, [body, shown, onLooked]);
}

/** Sent so that it leaves also while the page goes away. */
function tell(body: UnsentBody): void {
  navigator.sendBeacon("/desk/unsent", new Blob([JSON.stringify(body)], { type: "application/json" }));
}

/** As the draft, an intent outlives its page within the tab: who comes back to it has the same one. */
function storageKey(place: string): string {
  return `${place}.unsent`;
}

function readIntent(place: string): Intent | null {
  const kept = readKept(storageKey(place)) as Intent | null;
  return Array.isArray(kept?.looked) ? kept : null;
}

function writeIntent(place: string, intent: Intent | null): void {
  keep(storageKey(place), intent);
}
