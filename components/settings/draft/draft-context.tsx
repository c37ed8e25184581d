"use client";

import {
  createContext,
  type ReactNode,
  use,
  useDeferredValue,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { isEqual, policyDifference } from "@/lib/discretion/difference";
import type { Example, Policy } from "@/lib/discretion/schema";
import type { Roster, Warning } from "@/lib/discretion/warnings";
import type { DraftHistory } from "./draft-history";
import type { DraftStore } from "./draft-store";
import { livePolicy, type Unreadable } from "./live-policy";
import { PART_LISTS } from "./policy-draft";
import { type ReadDraft, readDraft } from "./read-draft";
import type { SavedDraft } from "./stored-draft";
import { type Checked, useChecked } from "./use-checked";

/** What the draft comes to, as it is typed; a moment behind the typing where that takes a moment. */
export interface LiveDraft extends Checked {
  read: ReadDraft;
  /** The last that could be evaluated; null before the first. */
  policy: Policy | null;
  /** What keeps the draft as it is written from being evaluated; then `policy` is as it was before. */
  unreadable: readonly Unreadable[];
  examples: ReadonlyMap<number, Example | null>;
}

const StoreContext = createContext<DraftStore | null>(null);
const LiveContext = createContext<LiveDraft | null>(null);
const DirtyContext = createContext(false);

interface ProviderProps {
  store: DraftStore;
  saved: SavedDraft;
  /** The version that it is compared with by now. */
  base: number | null;
  roster: Roster;
  children: ReactNode;
}

/** Gives what is below it the draft's history, what it comes to, and whether it is saved. */
export function DraftProvider({ store, saved, base, roster, children }: ProviderProps) {
  const { now } = useSyncExternalStore(store.subscribe, store.get, store.get);
  const draft = useDeferredValue(now);
  const read = useMemo(() => readDraft(draft), [draft]);
  const found = useMemo(() => livePolicy(read), [read]);
  const policy = useLastPolicy(found.policy);
  const checked = useChecked(policy, found.examples, read.places, roster);
  const live = useMemo(
    () => ({ read, policy, unreadable: found.unreadable, examples: found.examples, ...checked }),
    [read, policy, found, checked],
  );
  const dirty = useMemo(() => {
    const { document } = readDraft(now);
    return base !== saved.base || now.note.trim() !== saved.note || differs(saved.document, document);
  }, [now, saved, base]);
  return (
    <StoreContext value={store}>
      <DirtyContext value={dirty}>
        <LiveContext value={live}>{children}</LiveContext>
      </DirtyContext>
    </StoreContext>
  );
}

/** The same object for as long as it says the same: what was worked out for it stays good. */
function useLastPolicy(found: Policy | null): Policy | null {
  const [last, setLast] = useState(found);
  if (found === null || found === last || isEqual(found, last)) return last;
  setLast(found);
  return found;
}

function differs(before: Policy, after: Policy): boolean {
  return (
    policyDifference(before, after).length > 0 ||
    PART_LISTS.some((list) => (before[list] ?? []).length !== (after[list] ?? []).length)
  );
}

/** Whether something is typed that is not saved. Never behind the typing. */
export function useDirty(): boolean {
  return use(DirtyContext);
}

export function useLiveDraft(): LiveDraft {
  const live = use(LiveContext);
  if (!live) throw new Error("There is no draft around this.");
  return live;
}

export function useDraftStore(): DraftStore {
  const store = use(StoreContext);
  if (!store) throw new Error("There is no draft around this.");
  return store;
}

export function useHistory(): DraftHistory {
  const store = useDraftStore();
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

const NO_WARNINGS: readonly Warning[] = [];

/** What to look at about one limit or rule, by its place in the draft. */
export function useWarningsOf(path: string): readonly Warning[] {
  return useLiveDraft().warnings.get(path) ?? NO_WARNINGS;
}
