import { exponentOf, isCurrency } from "@/lib/discretion/money";
import { MAX_MINOR_UNITS } from "@/lib/discretion/schema";
import { emailSchema } from "@/lib/employees/schema";
import { paymentRefSchema } from "@/lib/orders/schema";
import { type Columns, findColumns } from "./columns";
import { openTable, type Table } from "./csv";
import { add, type Decimal, multiply, parseDecimal, round, ZERO } from "./decimal";
import { createMomentReader } from "./moments";
import { type ImportRequest, type LineFault, UnusableFile } from "./types";

export const ORDER_FIELDS = [
  "order",
  "customer",
  "date",
  "quantity",
  "unitPrice",
  "amount",
  "currency",
  "customerName",
  "customerEmail",
  "customerPhone",
  "paymentRef",
] as const;

export type OrderField = (typeof ORDER_FIELDS)[number];

export interface OrdersRequest extends ImportRequest {
  /** Of the lines that name none; ISO 4217. */
  currency: string;
  /** Of dates without an offset. */
  timeZone: string;
  dateFormat?: string;
  decimal?: "." | ",";
}

/** One order of the file, all its lines summed up. */
export interface FileOrder {
  ref: string;
  customer: string;
  currency: string;
  /** Minor units, rounded once, after everything was added exactly. */
  amount: number;
  /** The earliest of its lines, epoch milliseconds; null where the file has no dates. */
  placedAt: number | null;
  /** What was paid with, as its provider names it; null where the file doesn't say. */
  paymentRef: string | null;
  /** Where it stands first, and how many lines it has. */
  line: number;
  lines: number;
}

/** What a file says of a customer beside the reference. */
export interface FileCustomer {
  name: string | null;
  email: string | null;
  phone: string | null;
}

export interface CollectedOrders {
  orders: FileOrder[];
  /** Those whose sum is negative: what was once refunded. */
  refunds: FileOrder[];
  customers: ReadonlyMap<string, FileCustomer>;
  /** Counts of lines. */
  noCustomer: number;
  broken: number;
  /** Whether a column of dates was named. */
  dated: boolean;
}

interface Pile extends Omit<FileOrder, "amount"> {
  sum: Decimal;
}

interface Line {
  order: string;
  customer: string;
  currency: string;
  amount: Decimal;
  placedAt: number | null;
  paymentRef: string | null;
  about: FileCustomer;
}

type ReadLine =
  | { ok: true; line: Line }
  | { ok: false; fault: Omit<LineFault, "line"> }
  | { ok: false; fault: null };

const REF_MAX = 200;

/**
 * Reads a file of order lines and sums them up by order.
 *
 * Lines of one order may stand anywhere in the file, so the orders are kept until its end: some hundred bytes for each,
 * however many lines it has. Nothing is written before the whole file was read.
 *
 * @throws UnusableFile when the file cannot be used as a whole.
 */
export async function collectOrders(request: OrdersRequest): Promise<CollectedOrders> {
  const table = await openTable(request.file);
  const columns = orderColumns(request, table);
  const read = createLineReader(request, columns);
  const piles = new Map<string, Pile>();
  const customers = new Map<string, FileCustomer>();
  let noCustomer = 0;
  let broken = 0;
  const leaveOut = (fault: LineFault) => {
    broken += 1;
    request.onFault(fault);
  };

  for await (const records of table.records) {
    for (const record of records) {
      if (!record.ok) {
        leaveOut(record.fault);
        continue;
      }
      const answer = read(record.fields);
      if (!answer.ok) {
        if (answer.fault === null) noCustomer += 1;
        else leaveOut({ line: record.line, ...answer.fault });
        continue;
      }
      const clash = pile(piles, answer.line, record.line, columns);
      if (clash) leaveOut({ line: record.line, ...clash });
      else introduce(customers, answer.line);
    }
    request.onProgress(records.at(-1)?.line ?? 0, "lines read");
  }

  const { orders, refunds, tooLarge } = addUp(piles);
  for (const order of tooLarge) {
    const column = nameOf(columns, "amount") ?? nameOf(columns, "unitPrice");
    broken += order.lines - 1;
    leaveOut({
      line: order.line,
      column,
      problem: "The order's sum is more than can be counted.",
      value: order.ref,
    });
  }
  return { orders, refunds, customers, noCustomer, broken, dated: columns.has("date") };
}

function orderColumns({ map, file }: OrdersRequest, table: Table): Columns<OrderField> {
  const columns = findColumns(map, table, file, { known: ORDER_FIELDS, required: ["order", "customer"] });
  const whole = columns.has("amount");
  const parts = columns.has("quantity") && columns.has("unitPrice");
  if (whole && (columns.has("quantity") || columns.has("unitPrice"))) {
    throw new UnusableFile(
      "What a line costs is named twice.",
      "Map amount, or quantity and unitPrice; not both.",
    );
  }
  if (!whole && !parts) {
    throw new UnusableFile(
      "Nothing says what a line costs.",
      `Add --map quantity=Column,unitPrice=Column, or --map amount=Column. Its columns are: ${table.header.join(", ")}.`,
    );
  }
  return columns;
}

function nameOf(columns: Columns<OrderField>, field: OrderField): string | null {
  return columns.get(field)?.name ?? null;
}

/** A reader of one line's fields; a fault of null is a line without a customer. */
function createLineReader(request: OrdersRequest, columns: Columns<OrderField>) {
  const decimal = request.decimal ?? ".";
  const momentOf = createMomentReader({
    format: request.dateFormat,
    timeZone: request.timeZone,
    today: request.at,
  });
  const example = request.dateFormat ?? "2026-03-31 or 2026-03-31T18:00:00Z";

  return (fields: readonly string[]): ReadLine => {
    const text = (field: OrderField) => fields[columns.get(field)?.index ?? -1]?.trim() ?? "";
    const fault = (field: OrderField, problem: string): ReadLine => ({
      ok: false,
      fault: { column: nameOf(columns, field), problem, value: text(field).slice(0, REF_MAX) },
    });

    const customer = text("customer");
    if (customer === "") return { ok: false, fault: null };
    const order = text("order");
    if (order === "") return fault("order", "The line names no order.");
    for (const field of ["order", "customer", "customerName", "customerEmail", "customerPhone"] as const) {
      const problem = textProblem(text(field));
      if (problem) return fault(field, problem);
    }
    const email = text("customerEmail");
    if (email !== "" && !emailSchema.safeParse(email).success) {
      return fault("customerEmail", "This is no email address.");
    }
    const paymentRef = text("paymentRef") || null;
    if (paymentRef !== null && !paymentRefSchema.safeParse(paymentRef).success) {
      return fault("paymentRef", "This is no payment provider's reference.");
    }
    const currency = text("currency") || request.currency;
    if (!isCurrency(currency)) return fault("currency", "This is no ISO 4217 currency.");

    const amount = columns.has("amount") ? parseDecimal(text("amount"), decimal) : null;
    const quantity = parseDecimal(text("quantity"), decimal);
    const unitPrice = parseDecimal(text("unitPrice"), decimal);
    const isNumber = `This is no number with a decimal ${decimal === "." ? "point" : "comma"}.`;
    if (columns.has("amount") && !amount) return fault("amount", isNumber);
    if (!columns.has("amount") && !quantity) return fault("quantity", isNumber);
    if (!columns.has("amount") && !unitPrice) return fault("unitPrice", isNumber);

    const placedAt = columns.has("date") ? momentOf(text("date")) : null;
    if (columns.has("date") && placedAt === null)
      return fault("date", `This is no date in the form ${example}.`);
    const about = {
      name: text("customerName") || null,
      email: email || null,
      phone: text("customerPhone") || null,
    };
    const cost = amount ?? multiply(quantity ?? ZERO, unitPrice ?? ZERO);
    return { ok: true, line: { order, customer, currency, amount: cost, placedAt, paymentRef, about } };
  };
}

function textProblem(text: string): string | null {
  if (text.length > REF_MAX) return `It has more than ${REF_MAX} characters.`;
  return text.includes("\u0000") ? "It has a NUL character in it." : null;
}

/** Adds a line to its order; answers why it cannot belong to it. */
function pile(
  piles: Map<string, Pile>,
  line: Line,
  number: number,
  columns: Columns<OrderField>,
): Omit<LineFault, "line"> | null {
  const known = piles.get(line.order);
  if (!known) {
    const { order: ref, customer, currency, amount: sum, placedAt, paymentRef } = line;
    piles.set(ref, { ref, customer, currency, sum, placedAt, paymentRef, line: number, lines: 1 });
    return null;
  }
  const clash = (field: OrderField, value: string) => ({
    column: nameOf(columns, field),
    problem: `Order ${line.order} has another ${field} in line ${known.line}.`,
    value,
  });
  if (known.customer !== line.customer) return clash("customer", line.customer);
  if (known.currency !== line.currency) return clash("currency", line.currency);
  if (known.paymentRef !== null && line.paymentRef !== null && known.paymentRef !== line.paymentRef) {
    return clash("paymentRef", line.paymentRef);
  }
  known.paymentRef ??= line.paymentRef;
  known.sum = add(known.sum, line.amount);
  known.lines += 1;
  if (line.placedAt !== null && (known.placedAt === null || line.placedAt < known.placedAt)) {
    known.placedAt = line.placedAt;
  }
  return null;
}

/** The first line that says something of a customer is believed. */
function introduce(customers: Map<string, FileCustomer>, { customer, about }: Line): void {
  const known = customers.get(customer);
  if (!known) {
    customers.set(customer, about);
    return;
  }
  known.name ??= about.name;
  known.email ??= about.email;
  known.phone ??= about.phone;
}

function addUp(piles: ReadonlyMap<string, Pile>) {
  const orders: FileOrder[] = [];
  const refunds: FileOrder[] = [];
  const tooLarge: Pile[] = [];
  for (const { sum, ...order } of piles.values()) {
    const minor = round(sum, exponentOf(order.currency));
    const size = minor < 0n ? -minor : minor;
    if (size > BigInt(MAX_MINOR_UNITS)) tooLarge.push({ sum, ...order });
    else (minor < 0n ? refunds : orders).push({ ...order, amount: Number(minor) });
  }
  return { orders, refunds, tooLarge };
}
