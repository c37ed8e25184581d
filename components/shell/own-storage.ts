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
