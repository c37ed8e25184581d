/** Shorter parts of a name are also words. */
const SHORTEST = 3;

/** The words of a text that are parts of these names, whatever their case and accents, each once. */
export function namesIn(text: string, names: readonly string[]): string[] {
  const parts = new Set(
    names.flatMap((name) => wordsOf(name).map(plain)).filter((part) => part.length >= SHORTEST),
  );
  const found = new Map<string, string>();
  for (const word of wordsOf(text)) {
    const bare = plain(word);
    if (parts.has(bare) && !found.has(bare)) found.set(bare, word);
  }
  return [...found.values()];
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}]+/gu) ?? [];
}

function plain(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
