import { parseISO } from "date-fns";
import { isCurrency } from "@/lib/discretion/money";
import { MAX_MINOR_UNITS, REMEDIES, ROLES } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import { findColumns } from "./columns";
import { openTable } from "./csv";
import { type CsvFile, type FaultListener, type LineFault, UnusableFile } from "./types";

const REQUIRED = ["at", "employee", "customer", "remedy", "amount"] as const;
const OPTIONAL = [
  "id",
  "role",
  "team",
  "tier",
  "order",
  "orderPaid",
  "orderAt",
  "case",
  "cause",
  "channel",
  "currency",
  "note",
  "tenureDays",
] as const;

export const REQUEST_FIELDS = [...REQUIRED, ...OPTIONAL] as const;
type Field = (typeof REQUEST_FIELDS)[number];

const BY_NAME: ReadonlyMap<string, string> = new Map();

export interface ReadRequests {
  /** As the file has them. */
  rows: SimulationRow[];
  /** Columns that mean nothing here. */
  unknownColumns: string[];
}

/**
 * Reads a file of past requests, its columns named as the fields; `id` is the line's number where the file has none.
 * Each line that cannot be read is told of.
 *
 * @throws UnusableFile when the file cannot be used as a whole.
 */
export async function readRequests(file: CsvFile, onFault: FaultListener): Promise<ReadRequests> {
  const table = await openTable(file);
  const missing = REQUIRED.filter((field) => !table.header.includes(field));
  if (missing.length > 0) {
    throw new UnusableFile(
      `${file.path} has no column ${missing.join(", ")}.`,
      `Its first line has to name ${REQUIRED.join(", ")}; it names ${table.header.join(", ")}.`,
    );
  }
  const columns = findColumns(BY_NAME, table, file, { known: REQUEST_FIELDS, required: REQUIRED });
  const rows: SimulationRow[] = [];
  for await (const records of table.records) {
    for (const record of records) {
      if (!record.ok) {
        onFault(record.fault);
        continue;
      }
      const text = (field: Field) => record.fields[columns.get(field)?.index ?? -1]?.trim() ?? "";
      const answer = readRow(text, record.line);
      if (answer.ok) rows.push(answer.row);
      else onFault(answer.fault);
    }
  }
  const unknownColumns = table.header.filter((name) => !REQUEST_FIELDS.some((field) => field === name));
  return { rows, unknownColumns };
}

function readRow(
  text: (field: Field) => string,
  line: number,
): { ok: true; row: SimulationRow } | { ok: false; fault: LineFault } {
  let fault: LineFault | null = null;
  /** Reads a field; the first one that cannot be read is the line's fault. */
  function read<T>(field: Field, reader: (value: string) => T | null, problem: string): T | null {
    const value = text(field);
    const isRequired = REQUIRED.some((name) => name === field);
    if (value === "" && !isRequired) return null;
    const found = value === "" ? null : reader(value);
    if (found === null) fault ??= { line, column: field, problem, value: value.slice(0, 200) };
    return found;
  }
  const asText = (value: string) => value;
  const oneOf =
    <T extends string>(words: readonly T[]) =>
    (value: string) =>
      words.find((word) => word === value) ?? null;
  const moment = "Write an instant with its offset, such as 2026-03-31T18:00:00Z.";
  const amount = "Write a whole number of minor units, such as 2500 for 25.00.";

  const at = read("at", readInstant, moment);
  const employee = read("employee", asText, "Say who decided.");
  const customer = read("customer", asText, "Say for whom.");
  const remedy = read("remedy", oneOf(REMEDIES), `Write one of: ${REMEDIES.join(", ")}.`);
  const asked = read("amount", readWhole, amount);
  const row = {
    role: read("role", oneOf(ROLES), `Write one of: ${ROLES.join(", ")}.`),
    orderPaid: read("orderPaid", readWhole, amount),
    orderAt: read("orderAt", readInstant, moment),
    tenureDays: read("tenureDays", readWhole, "Write a whole number of days."),
    currency: read(
      "currency",
      (value) => (isCurrency(value) ? value : null),
      "Write an ISO 4217 code such as USD.",
    ),
    id: text("id") || String(line),
    team: text("team") || null,
    tier: text("tier") || null,
    order: text("order") || null,
    case: text("case") || null,
    cause: text("cause") || null,
    channel: text("channel") || null,
    note: text("note") || null,
  };
  if (fault) return { ok: false, fault };
  if (at === null || employee === null || customer === null || remedy === null || asked === null) {
    throw new Error("A required field was neither read nor found at fault.");
  }
  return { ok: true, row: { ...row, at, employee, customer, remedy, amount: asked } };
}

function readWhole(text: string): number | null {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return number <= MAX_MINOR_UNITS ? number : null;
}

/** Without an offset it would be another instant on every machine. */
function readInstant(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/.test(text))
    return null;
  const at = parseISO(text).getTime();
  return Number.isNaN(at) ? null : at;
}
