import { isCurrency } from "@/lib/discretion/money";
import { MAX_MINOR_UNITS, REMEDIES, REMEDIES_AT_COST, ROLES } from "@/lib/discretion/schema";
import type { Columns } from "./columns";
import { openTable } from "./csv";
import { readInstant } from "./instants";
import { namedColumns, unknownColumns } from "./named-columns";
import { createRequestColumns, type FileRequest, type RequestColumns } from "./request-columns";
import type { CsvFile, FaultListener, LineFault } from "./types";

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

export interface ReadRequests {
  /** As the file has them, up to the first line that cannot be read. */
  requests: RequestColumns;
  /** Columns that mean nothing here. */
  unknownColumns: string[];
}

export interface RequestListeners {
  /** Hears of all that cannot be read, line by line. */
  onFault: FaultListener;
  /** Hears now and then how many lines were read. */
  onProgress?: (lines: number) => void;
}

/**
 * Reads a file of past requests, its columns named as the fields. Where a request has no `id`, it is the number of its
 * line, counted as an editor does: the header is line 1, and a request that goes over several lines has its first one's.
 *
 * @throws UnusableFile when the file cannot be used as a whole.
 */
export async function readRequests(file: CsvFile, listeners: RequestListeners): Promise<ReadRequests> {
  const table = await openTable(file);
  const columns = namedColumns(table, file, { known: REQUEST_FIELDS, required: REQUIRED });
  const requests = createRequestColumns();
  let isWhole = true;
  let lines = 0;
  const onFault: FaultListener = (fault) => {
    isWhole = false;
    listeners.onFault(fault);
  };
  for await (const records of table.records) {
    for (const record of records) {
      const read = record.ok ? readRequest(record, columns) : { ok: false as const, faults: [record.fault] };
      if (!read.ok) for (const fault of read.faults) onFault(fault);
      else if (isWhole) requests.add(read.request);
    }
    lines += records.length;
    listeners.onProgress?.(lines);
  }
  return { requests, unknownColumns: unknownColumns(table, REQUEST_FIELDS) };
}

const INSTANT = "Write an instant with its offset, such as 2026-03-31T18:00:00Z.";
const WHOLE = "Write a whole number of minor units, such as 2500 for 25.00.";

/** What to do where a field cannot be read; the others can always be. */
const PROBLEMS: Partial<Record<Field, string>> = {
  at: INSTANT,
  employee: "Say who decided.",
  customer: "Say for whom.",
  remedy: `Write one of: ${REMEDIES.join(", ")}.`,
  amount: `${WHOLE} Only these may cost nothing: ${REMEDIES_AT_COST.join(", ")}.`,
  role: `Write one of: ${ROLES.join(", ")}.`,
  orderPaid: WHOLE,
  orderAt: INSTANT,
  tenureDays: "Write a whole number of days.",
  currency: "Write an ISO 4217 code such as USD.",
};

/** The longest part of what cannot be read that is shown again. */
const SHOWN = 200;

type Line = { line: number; fields: readonly string[] };
type ReadLine = { ok: true; request: FileRequest } | { ok: false; faults: LineFault[] };

/** Every field that cannot be read is told of, so that a line is corrected once. */
function readRequest({ line, fields }: Line, columns: Columns<Field>): ReadLine {
  const text = (field: Field) => fields[columns.get(field)?.index ?? -1]?.trim() ?? "";
  const values = valuesOf(text, line);
  const unread = REQUEST_FIELDS.filter((field) => field !== "note" && values[field] === undefined);
  // A request is what has no value missing.
  if (unread.length === 0) return { ok: true, request: values as FileRequest };
  const faultOf = (column: Field): LineFault => {
    return { line, column, problem: PROBLEMS[column] ?? "", value: text(column).slice(0, SHOWN) };
  };
  return { ok: false, faults: unread.map(faultOf) };
}

/** The value of each field: `undefined` where it cannot be read, `null` where an optional one is empty. */
function valuesOf(
  text: (field: Field) => string,
  line: number,
): { [Name in keyof FileRequest]: FileRequest[Name] | undefined } {
  const remedy = memberOf(REMEDIES, text("remedy"));
  return {
    id: text("id") || String(line),
    at: readInstant(text("at")) ?? undefined,
    employee: text("employee") || undefined,
    customer: text("customer") || undefined,
    remedy,
    amount: positive(wholeOf(text("amount")), remedy),
    currency: optional(text("currency"), (code) => (isCurrency(code) ? code : undefined)),
    role: optional(text("role"), (role) => memberOf(ROLES, role)),
    team: text("team") || null,
    tier: text("tier") || null,
    order: text("order") || null,
    orderPaid: optional(text("orderPaid"), wholeOf),
    orderAt: optional(text("orderAt"), (instant) => readInstant(instant) ?? undefined),
    case: text("case") || null,
    cause: text("cause") || null,
    channel: text("channel") || null,
    tenureDays: optional(text("tenureDays"), wholeOf),
  };
}

function optional<Value>(text: string, read: (text: string) => Value | undefined): Value | null | undefined {
  return text === "" ? null : read(text);
}

function memberOf<Word extends string>(words: readonly Word[], text: string): Word | undefined {
  return words.find((word) => word === text);
}

function wholeOf(text: string): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return number <= MAX_MINOR_UNITS ? number : undefined;
}

/** Only what carries a cost may cost nothing. */
function positive(amount: number | undefined, remedy: FileRequest["remedy"] | undefined): number | undefined {
  const mayBeZero = remedy === undefined || REMEDIES_AT_COST.includes(remedy);
  return amount === 0 && !mayBeZero ? undefined : amount;
}
