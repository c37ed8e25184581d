/** What an organization may put into its words, and Leeway fills in. */
export const PLACEHOLDERS = ["customer", "amount", "remedy", "organization"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const SLOT = /\{(\w+)\}/g;

/** The words with what stands for each placeholder. What isn't one stays as it was typed. */
export function fillIn(words: string, values: Record<Placeholder, string>): string {
  return words.replace(SLOT, (slot, name: string) => (isPlaceholder(name) ? values[name] : slot));
}

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}

/** What looks like a placeholder and is none. */
export function unknownSlots(words: string): string[] {
  return [
    ...new Set([...words.matchAll(SLOT)].map(([slot, name = ""]) => (isPlaceholder(name) ? "" : slot))),
  ].filter((slot) => slot !== "");
}

/** Paragraphs are parted by empty lines. */
export function paragraphsOf(body: string): string[] {
  return body
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}
