"use client";

import { useEffect, useRef, useState } from "react";
import { useDirty, useHistory } from "./draft-context";
import { readStoredDraft, type StoredDraft, writeStoredDraft } from "./stored-draft";

/** Typing that rests for so long (milliseconds) is kept. */
const REST_MS = 300;

/** What was kept when the page was left before; the server knows nothing of it, so the first rendering doesn't either. */
export function useOfferedDraft(key: string): [offered: StoredDraft | null, decide: () => void] {
  const [offered, setOffered] = useState<StoredDraft | null>(null);
  useEffect(() => setOffered(readStoredDraft(key)), [key]);
  const decide = () => {
    writeStoredDraft(key, null);
    setOffered(null);
  };
  return [offered, decide];
}

interface KeepDraftProps extends Pick<StoredDraft, "saved" | "base"> {
  storageKey: string;
  /** Something else that was kept waits to be decided on, and nothing new is kept over it. */
  waiting: boolean;
}

/** Keeps what is typed and not saved within the tab, until it is saved. */
export function KeepDraft({ storageKey, waiting, saved, base }: KeepDraftProps) {
  const { now } = useHistory();
  const dirty = useDirty();
  const keep = useRef(() => {});
  useEffect(() => {
    keep.current = () => {
      if (!waiting) writeStoredDraft(storageKey, dirty ? { saved, base, draft: now } : null);
    };
    const timer = window.setTimeout(() => keep.current(), REST_MS);
    return () => window.clearTimeout(timer);
  }, [storageKey, waiting, saved, base, now, dirty]);

  // Whoever leaves within that time loses nothing either.
  useEffect(() => {
    const onHide = () => keep.current();
    window.addEventListener("pagehide", onHide);
    return () => {
      window.removeEventListener("pagehide", onHide);
      onHide();
    };
  }, []);
  return null;
}
