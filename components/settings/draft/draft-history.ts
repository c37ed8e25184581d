import type { PolicyDraft } from "./policy-draft";

/** What the form holds, and the way back and forth through what it held. Nothing in it is ever changed in place. */
export interface DraftHistory {
  past: readonly PolicyDraft[];
  now: PolicyDraft;
  future: readonly PolicyDraft[];
  /** The one field that led to `now`, and when (epoch milliseconds); typing on in it makes no further step. */
  last: { path: string; at: number } | null;
}

/** So many steps can be undone. */
const STEPS_MAX = 200;

/** Typing that pauses for longer than this is undone in two steps. */
const TYPING_MS = 1000;

export function beginHistory(draft: PolicyDraft): DraftHistory {
  return { past: [], now: share(null, draft), future: [], last: null };
}

/**
 * Adds what the form holds now. One step is what was changed at once, or what was typed into one field without a pause.
 *
 * @param draft may be changed in place afterwards: it is copied as far as it changed.
 * @param at epoch milliseconds.
 */
export function record(history: DraftHistory, draft: PolicyDraft, at: number): DraftHistory {
  const now = share(history.now, draft);
  if (now === history.now) return history;
  const path = onlyText(history.now, now);
  const last = path === null ? null : { path, at };
  const goesOn = last !== null && history.last?.path === path && at - history.last.at < TYPING_MS;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-STEPS_MAX);
  return { past, now, future: [], last };
}

/** Adds what followed by itself from the last change, such as the id that a sentence suggests: no step of its own. */
export function follow(history: DraftHistory, draft: PolicyDraft): DraftHistory {
  const now = share(history.now, draft);
  return now === history.now ? history : { ...history, now };
}

export function undo(history: DraftHistory): DraftHistory {
  const now = history.past.at(-1);
  if (now === undefined) return history;
  return { past: history.past.slice(0, -1), now, future: [history.now, ...history.future], last: null };
}

export function redo(history: DraftHistory): DraftHistory {
  const [now, ...future] = history.future;
  if (now === undefined) return history;
  return { past: [...history.past, history.now], now, future, last: null };
}

/** A copy of `next` that keeps every part of `before` that is the same, so that looking for changes is quick. */
function share<Content>(before: unknown, next: Content): Content {
  if (typeof next !== "object" || next === null) return next;
  if (Array.isArray(next)) {
    const old = Array.isArray(before) ? before : [];
    const copy = next.map((member, index) => share(old[index], member));
    const same = old.length === copy.length && copy.every((member, index) => member === old[index]);
    return (same && Array.isArray(before) ? before : copy) as Content;
  }
  const old = isFields(before) ? before : {};
  const copy: Fields = {};
  for (const [name, content] of Object.entries(next)) copy[name] = share(old[name], content);
  const names = Object.keys(copy);
  const same =
    isFields(before) &&
    Object.keys(old).length === names.length &&
    names.every((name) => Object.hasOwn(old, name) && Object.is(copy[name], old[name]));
  return (same ? before : copy) as Content;
}

type Fields = Record<string, unknown>;

function isFields(content: unknown): content is Fields {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}

/** The path of the only thing that differs, if that is one text; null where more does, or something else. */
function onlyText(before: PolicyDraft, now: PolicyDraft): string | null {
  const [change, ...others] = changesBetween(before, now);
  if (change === undefined || others.length > 0) return null;
  return typeof change.before === "string" && typeof change.after === "string" ? change.path : null;
}

/** One place in which two drafts differ. */
export interface DraftChange {
  path: string;
  before: unknown;
  after: unknown;
}

/**
 * Where two drafts differ: single fields, as long as both have the same parts; else whole lists. Lists of words, such as
 * roles, are whole.
 */
export function changesBetween(before: unknown, after: unknown, path = ""): DraftChange[] {
  if (Object.is(before, after)) return [];
  const below = (name: string | number) => (path === "" ? String(name) : `${path}.${name}`);
  if (isFields(before) && isFields(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => changesBetween(before[name], after[name], below(name)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const parts = before.length === after.length && [...before, ...after].every(isFields);
    if (parts) {
      return before.flatMap((member, index) => changesBetween(member, after[index], below(index)));
    }
    if (sameWords(before, after)) return [];
  }
  return [{ path, before, after }];
}

function sameWords(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((word, index) => Object.is(word, after[index]));
}
