import { parse } from "csv-parse/sync";
import { readLines } from "./lines";
import { type CsvFile, type LineFault, UnusableFile } from "./types";

/** One line of a table below its header. */
export type CsvRecord =
  | { ok: true; line: number; fields: readonly string[] }
  | { ok: false; line: number; fault: LineFault };

export interface Table {
  header: readonly string[];
  /** To be read once. Lines without any text are passed over. */
  records: AsyncIterable<CsvRecord[]>;
}

/** The most lines that one quoted text may go over; so many are kept to look for its end. */
const LOOKAHEAD = 50;

/**
 * Opens a CSV file and reads its header. The rest is read as it is asked for, so that a file of any length takes the
 * same memory.
 *
 * The file is cut into lines first, and csv-parse is given those that belong together. So a text that opens a quote and
 * never closes it costs its own line, and not all that come after it, which a parser of the whole file would take for
 * the rest of that text.
 *
 * @throws UnusableFile when the file cannot be read at all.
 */
export async function openTable(file: CsvFile): Promise<Table> {
  const rows = readRows(file);
  const first = await rows.next();
  const top = first.done ? undefined : first.value[0];
  if (top === undefined) {
    throw new UnusableFile(
      `${file.path} is empty.`,
      "Export it again, with a line of column names at its top.",
    );
  }
  if (top.fields === null) {
    throw new UnusableFile(
      `The column names in line ${top.line} open a quote that does not close.`,
      "Correct the file's first line.",
    );
  }
  const header = top.fields.map((name) => name.trim());
  return { header, records: recordsOf(rows, header) };
}

/** A parsed line; null fields where a quote doesn't close. */
interface Row {
  line: number;
  fields: readonly string[] | null;
}

async function* recordsOf(
  rows: AsyncIterable<Row[]>,
  header: readonly string[],
): AsyncGenerator<CsvRecord[]> {
  for await (const batch of rows) yield batch.map((row) => toRecord(row, header));
}

function toRecord({ line, fields }: Row, header: readonly string[]): CsvRecord {
  const fault = (column: string | undefined, problem: string): CsvRecord => ({
    ok: false,
    line,
    fault: { line, column: column ?? null, problem, value: null },
  });
  if (fields === null) return fault(undefined, "A quote opens here that does not close.");
  if (fields.length < header.length) {
    return fault(
      header[fields.length],
      `The line breaks off after ${fields.length} of ${header.length} columns.`,
    );
  }
  if (fields.slice(header.length).some(isText)) {
    const problem = `The line has ${fields.length} columns, the header ${header.length}. A text with the delimiter in it has to be quoted.`;
    return fault(undefined, problem);
  }
  return { ok: true, line, fields };
}

/** The first batch holds the header alone. */
async function* readRows(file: CsvFile): AsyncGenerator<Row[], void> {
  const delimiter = file.delimiter ?? ",";
  let pending: string[] = [];
  let line = 1;
  let width: number | null = null;

  function* take(until: number): Generator<Row[]> {
    const { rows, used } = takeRows(pending, until, { line, width, delimiter });
    pending = pending.slice(used);
    line += used;
    const filled = rows.filter(({ fields }) => fields === null || fields.some(isText));
    const [first, ...others] = filled;
    if (width === null && first) {
      width = first.fields?.length ?? 0;
      yield [first];
      if (others.length > 0) yield others;
    } else if (filled.length > 0) yield filled;
  }

  for await (const lines of readLines(file)) {
    pending = pending.concat(lines);
    if (pending.length > LOOKAHEAD) yield* take(pending.length - LOOKAHEAD);
  }
  yield* take(pending.length);
}

interface Place {
  /** The number of the first of the lines. */
  line: number;
  /** How many columns there should be; null as long as there is no header. */
  width: number | null;
  delimiter: string;
}

/** Parses the lines up to `until`; those behind it serve to find the end of a text that goes over several. */
function takeRows(lines: readonly string[], until: number, place: Place): { rows: Row[]; used: number } {
  const rows: Row[] = [];
  let used = 0;
  while (used < until) {
    const from = used;
    let to = from;
    while (to < until && isWhole(lines[to] ?? "")) to += 1;
    const together = to > from ? parseLines(lines.slice(from, to), place.delimiter) : null;
    if (together !== null && together.length === to - from) {
      for (const [i, fields] of together.entries()) rows.push({ line: place.line + from + i, fields });
      used = to;
      continue;
    }
    const { fields, taken } = takeRow(lines, from, place);
    rows.push({ line: place.line + from, fields });
    used += taken;
  }
  return { rows, used };
}

/** A line whose quotes all close; it may still be a part of a text that began before. */
function isWhole(line: string): boolean {
  let quotes = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 0;
}

/** One row, with as many of the lines as its texts need; none of them makes it whole: the first alone, unreadable. */
function takeRow(
  lines: readonly string[],
  from: number,
  { width, delimiter }: Place,
): { fields: readonly string[] | null; taken: number } {
  let text = "";
  for (let taken = 1; taken <= LOOKAHEAD && from + taken <= lines.length; taken++) {
    const line = lines[from + taken - 1] ?? "";
    text = taken === 1 ? line : `${text}\n${line}`;
    if (taken > 1 && !isWhole(text)) continue;
    const fields = parseLines([text], delimiter)?.[0];
    if (fields && (taken === 1 || width === null || fields.length === width)) return { fields, taken };
  }
  return { fields: null, taken: 1 };
}

/** Null where csv-parse finds a quote that doesn't close. A quote inside a text that has none around it is a letter. */
function parseLines(lines: readonly string[], delimiter: string): string[][] | null {
  try {
    return parse(lines.join("\n"), {
      delimiter,
      record_delimiter: "\n",
      relax_column_count: true,
      relax_quotes: true,
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "CSV_QUOTE_NOT_CLOSED") return null;
    throw error;
  }
}

function isText(field: string): boolean {
  return field.trim() !== "";
}
