/** The longest text that is taken as a policy, in characters: what a server action takes, less what goes around it. */
export const TEXT_MAX_LENGTH = 3_500_000;

export type ReadJson =
  | { ok: true; value: unknown }
  | { ok: false; reason: "empty" | "tooLarge" }
  /** In the browser's own words. */
  | { ok: false; reason: "notJson"; said: string }
  /** Where the browser found that it is not JSON; both count from one. */
  | { ok: false; reason: "notJsonAt"; line: number; column: number };

/** Reads what somebody pasted, and says where it stops being JSON as far as the browser tells. */
export function readJson(written: string): ReadJson {
  // Some editors begin a file with a mark of its encoding, which is no JSON.
  const text = written.replace(/^\uFEFF/, "");
  if (text.trim() === "") return { ok: false, reason: "empty" };
  if (text.length > TEXT_MAX_LENGTH) return { ok: false, reason: "tooLarge" };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    const place = placeOf(said, text);
    return place ? { ok: false, reason: "notJsonAt", ...place } : { ok: false, reason: "notJson", said };
  }
}

/** Browsers say it by line and column, by position, as the end of the text, or by showing what stands around it. */
function placeOf(message: string, text: string): { line: number; column: number } | null {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line && column) return { line: Number(line), column: Number(column) };
  const position = /position (\d+)/.exec(message)?.[1];
  if (position) return placeAt(Number(position), text);
  return /end of (JSON input|data)|unexpected EOF/i.test(message) ? placeAt(text.length, text) : null;
}

function placeAt(position: number, text: string): { line: number; column: number } {
  const lines = text.slice(0, position).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
