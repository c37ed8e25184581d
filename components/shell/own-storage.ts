/**
 * What the browser keeps under this is somebody's own, by their id: a case in the middle of which they sign out is there
 * when they come back to the tab, and nobody else who signs in is shown it.
 */
export const OWN_PREFIX = "leeway.draft.";

/** Forgets everything that the tab keeps but what is somebody's own. */
export function forgetAllButOwn(): void {
  const keys = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index));
  for (const key of keys) if (key !== null && !key.startsWith(OWN_PREFIX)) sessionStorage.removeItem(key);
}

/** What is kept where a browser has no storage, as in many a frame: gone with the page, and not before. */
const inMemory = new Map<string, string>();

/** What this tab keeps under a key; null where it keeps nothing, or something that nobody can read. */
export function readKept(key: string): unknown {
  try {
    return JSON.parse(inMemory.get(key) ?? sessionStorage.getItem(key) ?? "null");
  } catch {
    // Storage that is switched off, or that something else wrote into, is as good as empty.
    return null;
  }
}

/** Keeps something for as long as the tab is open; null forgets it. */
export function keep(key: string, value: object | null): void {
  const text = value === null ? null : JSON.stringify(value);
  inMemory.delete(key);
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Then it lives as long as its page.
    if (text !== null) inMemory.set(key, text);
  }
}
