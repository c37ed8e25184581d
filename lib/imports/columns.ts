import { parse } from "csv-parse/sync";
import type { Table } from "./csv";
import { type CsvFile, UnusableFile } from "./types";

export type ParsedMap = { ok: true; map: Map<string, string> } | { ok: false; message: string };

/** Reads `field=Column,other=Other Column`; a pair with a comma in the column's name is put into quotes. */
export function parseMap(texts: readonly string[]): ParsedMap {
  const map = new Map<string, string>();
  for (const text of texts) {
    for (const pair of pairsOf(text)) {
      const at = pair.indexOf("=");
      const field = pair.slice(0, Math.max(0, at)).trim();
      const column = pair.slice(at + 1).trim();
      if (field === "" || column === "") {
        return { ok: false, message: `"${pair.trim()}" is no pair. Write field=Column,other=Column.` };
      }
      if (map.has(field)) return { ok: false, message: `"${field}" is mapped twice. Leave one out.` };
      map.set(field, column);
    }
  }
  return { ok: true, map };
}

function pairsOf(text: string): string[] {
  try {
    return text.trim() === "" ? [text] : parse(text, { relax_quotes: true }).flat();
  } catch {
    return text.split(",");
  }
}

/** Where in a record each field stands; a field that the file has no column for is missing. */
export type Columns<Field extends string> = ReadonlyMap<Field, { index: number; name: string }>;

/**
 * Finds the column of each field in the header.
 *
 * @throws UnusableFile when a field is unknown, a column is missing or there twice, or a required field has none.
 */
export function findColumns<Field extends string>(
  map: ReadonlyMap<string, string>,
  table: Pick<Table, "header">,
  file: CsvFile,
  fields: { known: readonly Field[]; required: readonly Field[] },
): Columns<Field> {
  const { header } = table;
  const unknown = [...map.keys()].find((field) => !fields.known.some((known) => known === field));
  if (unknown !== undefined) {
    throw new UnusableFile(
      `There is no field "${unknown}".`,
      `The fields that --map can name are: ${fields.known.join(", ")}.`,
    );
  }
  const columns = new Map<Field, { index: number; name: string }>();
  for (const field of fields.known) {
    const name = map.size === 0 ? field : map.get(field);
    if (name === undefined) continue;
    const index = header.indexOf(name);
    if (index < 0) {
      if (map.size === 0) continue;
      throw new UnusableFile(`${file.path} has no column "${name}".`, columnsAdvice(header, file));
    }
    if (header.indexOf(name, index + 1) >= 0) {
      throw new UnusableFile(`${file.path} has two columns "${name}".`, "Rename one of them in the file.");
    }
    columns.set(field, { index, name });
  }
  const missing = fields.required.filter((field) => !columns.has(field));
  if (missing.length > 0) {
    throw new UnusableFile(
      `Nothing says which column holds: ${missing.join(", ")}.`,
      `Add --map ${missing.map((field) => `${field}=Column`).join(",")}. ${columnsAdvice(header, file)}`,
    );
  }
  return columns;
}

const OTHER_DELIMITERS = [";", "\t", "|", ","] as const;

/** A header that is one long column was most likely written with another delimiter. */
function columnsAdvice(header: readonly string[], { delimiter = "," }: CsvFile): string {
  const only = header.length === 1 ? (header[0] ?? "") : "";
  const other = OTHER_DELIMITERS.find((sign) => sign !== delimiter && only.includes(sign));
  if (other !== undefined) {
    return `Its columns seem to be divided by ${other === "\t" ? "tabs: add --delimiter tab" : `"${other}": add --delimiter '${other}'`}`;
  }
  return `Its columns are: ${header.join(", ")}.`;
}
