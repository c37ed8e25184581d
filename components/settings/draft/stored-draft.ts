import type { Policy } from "@/lib/discretion/schema";
import type { PolicyDraft } from "./policy-draft";
import { readDraft } from "./read-draft";

/** What the server has of a draft: its document as it was saved last. */
export interface SavedDraft {
  revision: number;
  document: Policy;
  note: string;
  /** The version in force that it was made from, or compared with since; null before the first. */
  base: number | null;
}

/** The version in force that the draft was last compared with; none before an organization's first. */
export interface DraftBase {
  version: number | null;
  document: Policy | null;
}

/** What was typed and not saved when the page was left, with what it was typed into. */
export interface StoredDraft {
  saved: SavedDraft;
  base: DraftBase;
  draft: PolicyDraft;
}

/** Another shape of what is kept has another number, and what an older page kept is left alone. */
const SHAPE = 1;

/**
 * Where it is kept within the tab. The instant at which the draft was begun tells drafts of different organizations
 * apart, which may have the same number.
 */
export function storedDraftKey({ version, createdAt }: { version: number; createdAt: string }): string {
  return `leeway.policy.${version}.${createdAt}`;
}

/** What was kept, or null where there is nothing, or nothing that can be read. */
export function readStoredDraft(key: string): StoredDraft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (!isStored(kept)) return null;
    // Reads every field: what is not a draft throws here, and not later in the form.
    readDraft(kept.draft);
    return { saved: kept.saved, base: kept.base, draft: kept.draft };
  } catch {
    // Storage that is switched off, or that something else wrote into, is as good as empty.
    return null;
  }
}

function isStored(kept: unknown): kept is StoredDraft {
  if (typeof kept !== "object" || kept === null) return false;
  const { shape, saved, base, draft } = kept as Record<string, unknown>;
  return shape === SHAPE && isObject(saved) && isObject(base) && isObject(draft);
}

function isObject(content: unknown): content is object {
  return typeof content === "object" && content !== null;
}

/** Keeps what is typed, or with `null` forgets it. */
export function writeStoredDraft(key: string, stored: StoredDraft | null): void {
  try {
    if (stored) sessionStorage.setItem(key, JSON.stringify({ shape: SHAPE, ...stored }));
    else sessionStorage.removeItem(key);
  } catch {
    // Without storage, or when it is full, the draft lives as long as its page.
  }
}
