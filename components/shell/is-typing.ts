import { singleKeysOn } from "./single-keys";

/**
 * Whether a key is no shortcut of ours: it belongs to a field or to the browser, or the person has switched single keys
 * off.
 */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey || !singleKeysOn()) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    target.closest(
      "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true]",
    ) !== null
  );
}
