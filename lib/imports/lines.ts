import { createReadStream } from "node:fs";
import { type CsvFile, UnusableFile } from "./types";

/** Characters. A longer line is no line of a table, and would have to be kept in memory whole. */
const LINE_MAX = 1_000_000;
const LINE_END = /\r\n|\n|\r/;

/** Whether the runtime can decode it. */
export function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

/**
 * The lines of a text file without their ends, some hundred at a time.
 *
 * @throws UnusableFile when the file cannot be read, or its bytes are not of its encoding: what was guessed wrong would
 * be wrong in every name.
 */
export async function* readLines(file: CsvFile): AsyncGenerator<string[]> {
  const decoder = createDecoder(file);
  let count = 1;
  let rest = "";
  for await (const bytes of chunksOf(file)) {
    const text = rest + decoder.decode(bytes, count);
    const lines = text.split(LINE_END);
    rest = lines.pop() ?? "";
    // The other half of this line end may be in the next chunk.
    if (text.endsWith("\r")) rest = `${lines.pop() ?? ""}\r`;
    if (rest.length > LINE_MAX) {
      throw new UnusableFile(
        `Line ${count + lines.length} has more than a million characters.`,
        "This is not a CSV file, or its lines do not end as lines do. Export it again.",
      );
    }
    count += lines.length;
    if (lines.length > 0) yield lines;
  }
  const last = rest + decoder.end(count);
  if (last !== "") yield [last.replace(/\r$/, "")];
}

async function* chunksOf({ path, content }: CsvFile): AsyncGenerator<Uint8Array> {
  if (content) {
    yield content;
    return;
  }
  try {
    for await (const chunk of createReadStream(path)) yield chunk;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") {
    return new UnusableFile(`There is no file ${path}.`, "Check the path; it is taken from where you stand.");
  }
  if (code === "EISDIR") return new UnusableFile(`${path} is a folder.`, "Name a CSV file in it.");
  if (code === "EACCES") {
    return new UnusableFile(`${path} may not be read by you.`, "Give yourself the right to read it.");
  }
  return error;
}

function createDecoder({ encoding = "utf-8", path }: CsvFile) {
  const strict = new TextDecoder(encoding, { fatal: true });
  let first = true;

  /** Decodes, or says in which line the bytes stop making sense; `line` is the number of the first one in `bytes`. */
  function orFail(bytes: Uint8Array, line: number, stream: boolean): string {
    try {
      // Decoding at one go, Node 20 takes windows-1252 for latin1 and loses the euro sign; as a stream it does not.
      return strict.decode(bytes, { stream });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const lenient = new TextDecoder(encoding).decode(bytes);
      const before = lenient.slice(0, Math.max(0, lenient.indexOf("\ufffd")));
      throw notOfThisEncoding(line + before.split(LINE_END).length - 1, strict.encoding);
    }
  }

  return {
    decode(bytes: Uint8Array, line: number): string {
      if (first) refuseOtherMark(bytes, strict.encoding, path);
      first = false;
      return orFail(bytes, line, true);
    },
    end: (line: number) => orFail(new Uint8Array(), line, false),
  };
}

function notOfThisEncoding(line: number, encoding: string): UnusableFile {
  return encoding === "utf-8"
    ? new UnusableFile(
        `Line ${line} has bytes that are not UTF-8.`,
        "A file that was saved on Windows is most likely read by adding: --encoding windows-1252",
      )
    : new UnusableFile(
        `Line ${line} has bytes that are not ${encoding}.`,
        "Name the encoding that the file was saved in with --encoding, or leave the option out for UTF-8.",
      );
}

/** Some programs begin a file with a mark of its encoding. */
const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

function refuseOtherMark(bytes: Uint8Array, encoding: string, path: string): void {
  const marked = MARKS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))?.[0];
  if (marked === undefined || marked === encoding) return;
  throw new UnusableFile(
    `${path} begins with the mark of ${marked.toUpperCase()}, and is to be read as ${encoding}.`,
    marked === "utf-8" ? "Leave out --encoding." : `Add: --encoding ${marked}`,
  );
}
