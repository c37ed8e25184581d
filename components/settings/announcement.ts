"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

/** What has just been done on this page, or on the one before it. */
export type Announcement =
  | { kind: "published"; version: number }
  | { kind: "trial"; version: number; team: string; endsAt: string; current: number }
  | { kind: "trialEnded"; version: number; team: string };

let latest: Announcement | null = null;
const listeners = new Set<() => void>();

/**
 * Says what was done. Putting a draft in force turns its editor into a version to read, and with the editor goes what
 * it would have said; so it is said by whatever shows that version next.
 */
export function announce(announcement: Announcement | null): void {
  latest = announcement;
  for (const listener of listeners) listener();
}

/** What was done with a version; told once, to whatever shows it first, and as long as that is shown. */
export function useAnnouncement(version: number): Announcement | null {
  const given = useSyncExternalStore(subscribe, current, () => null);
  const [taken, setTaken] = useState<Announcement | null>(null);
  useEffect(() => {
    if (given?.version !== version) return;
    setTaken(given);
    announce(null);
  }, [given, version]);
  return taken?.version === version ? taken : null;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function current(): Announcement | null {
  return latest;
}
