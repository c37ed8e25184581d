import { type Columns, findColumns } from "./columns";
import type { Table } from "./csv";
import { type CsvFile, UnusableFile } from "./types";

const BY_NAME: ReadonlyMap<string, string> = new Map();

/**
 * Where a table whose columns are named as its fields has each of them.
 *
 * @throws UnusableFile when a required one is missing, or one is there twice.
 */
export function namedColumns<Field extends string>(
  table: Pick<Table, "header">,
  file: CsvFile,
  fields: { known: readonly Field[]; required: readonly Field[] },
): Columns<Field> {
  const missing = fields.required.filter((field) => !table.header.includes(field));
  if (missing.length === 0) return findColumns(BY_NAME, table, file, fields);
  throw new UnusableFile(
    `${file.path} has no column ${missing.join(", ")}.`,
    `Its first line has to name ${fields.required.join(", ")}; it names ${table.header.join(", ")}.`,
  );
}

/** Columns that no field is named as. */
export function unknownColumns(table: Pick<Table, "header">, known: readonly string[]): string[] {
  return table.header.filter((name) => name !== "" && !known.includes(name));
}
