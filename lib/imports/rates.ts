import { isCurrency } from "@/lib/discretion/money";
import { type DatedRate, parseRate, RATE_DIGITS_MAX } from "@/lib/discretion/rates";
import { type Columns, findColumns } from "./columns";
import { openTable } from "./csv";
import { readInstant } from "./instants";
import { namedColumns } from "./named-columns";
import type { CsvFile, FaultListener, LineFault } from "./types";

const FIELDS = ["currency", "day", "rate"] as const;
type Field = (typeof FIELDS)[number];

/** What to do where a field cannot be read. */
const PROBLEMS: Record<Field, string> = {
  currency: "Write an ISO 4217 code such as EUR.",
  day: "Write a day such as 2026-03-31.",
  rate: `Write what one unit is worth in the policy's currency as a decimal above 0, such as 1.0834, with at most ${RATE_DIGITS_MAX} digits on either side of the point.`,
};

type Line = { line: number; fields: readonly string[] };
type ReadLine = { rate: DatedRate | null; faults: LineFault[] };

export interface RatesOptions {
  /** The file's column of each field; where it is empty, a column is taken by the field's own name. */
  map?: ReadonlyMap<string, string>;
  /** What else is wrong with a rate that can be read. */
  check?: (rate: DatedRate) => readonly { field: Field; message: string }[];
}

/**
 * Reads a file of exchange rates with the columns currency, day and rate: what one unit is worth in the policy's
 * currency from that day on. Tells of each line that cannot be read, and of one that says another rate for a currency
 * and day than an earlier line did.
 *
 * @throws UnusableFile when the file cannot be used as a whole.
 */
export async function readRates(
  file: CsvFile,
  onFault: FaultListener,
  { map = new Map(), check = () => [] }: RatesOptions = {},
): Promise<DatedRate[]> {
  const table = await openTable(file);
  const fields = { known: FIELDS, required: FIELDS };
  const columns = map.size > 0 ? findColumns(map, table, file, fields) : namedColumns(table, file, fields);
  const byDay = new Map<string, { rate: DatedRate; line: number }>();
  for await (const records of table.records) {
    for (const record of records) {
      const read = record.ok ? readRate(record, columns, check) : { rate: null, faults: [record.fault] };
      const other = read.rate ? keep(byDay, read.rate, record.line) : null;
      if (other) read.faults.push({ ...other, column: columns.get("rate")?.name ?? null });
      for (const fault of read.faults) onFault(fault);
    }
  }
  return [...byDay.values()].map(({ rate }) => rate);
}

/** Every column that is at fault is told of, so that a line is corrected once. */
function readRate(
  { line, fields }: Line,
  columns: Columns<Field>,
  check: NonNullable<RatesOptions["check"]>,
): ReadLine {
  const text = (field: Field) => fields[columns.get(field)?.index ?? -1]?.trim() ?? "";
  const fault = (field: Field, problem = PROBLEMS[field]): LineFault => {
    return { line, column: columns.get(field)?.name ?? field, problem, value: text(field).slice(0, 200) };
  };
  const [currency, day, rate] = [text("currency"), text("day"), parseRate(text("rate"))];
  const faults: LineFault[] = [];
  if (!isCurrency(currency)) faults.push(fault("currency"));
  if (readInstant(`${day}T00:00Z`) === null) faults.push(fault("day"));
  if (!rate.ok) faults.push(fault("rate"));
  if (!rate.ok || faults.length > 0) return { rate: null, faults };
  const dated = { currency, day, rate: rate.rate };
  return { rate: dated, faults: check(dated).map(({ field, message }) => fault(field, message)) };
}

/** Answers why a rate cannot stand beside the earlier ones. */
function keep(
  byDay: Map<string, { rate: DatedRate; line: number }>,
  rate: DatedRate,
  line: number,
): Omit<LineFault, "column"> | null {
  const key = `${rate.currency} ${rate.day}`;
  const known = byDay.get(key);
  if (known === undefined) byDay.set(key, { rate, line });
  if (known === undefined || known.rate.rate === rate.rate) return null;
  const problem = `${rate.currency} has another rate from ${rate.day} on in line ${known.line}. Leave one of them out.`;
  return { line, problem, value: rate.rate };
}
