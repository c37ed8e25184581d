import { stringify } from "csv-stringify/sync";
import { messages } from "@/lib/copy/messages";
import { toMajorString } from "@/lib/discretion/money";
import type { Column } from "@/lib/floor/schema";
import { isoWithOffset } from "@/lib/format/wall-time";
import type { ActionRow } from "@/lib/insights/types";

/** What a spreadsheet takes for the beginning of a formula, in its full-width forms too (OWASP, CSV injection). */
const FORMULA = "[=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20]";

/** At the beginning of a cell, also behind blanks, which some spreadsheets leave out; a tab or a line break is one by itself. */
const LEADING = new RegExp(`^(?:[\\t\\r\\n]|\\s*${FORMULA})`, "u");

/** Behind what another spreadsheet would take for the end of a cell. */
const INNER = new RegExp(`([;\\t])(?=\\s*${FORMULA})`, "gu");

/** A text as it may stand in a cell: what would be taken for a formula begins with an apostrophe, and is none. */
export function cellText(text: string): string {
  const inner = text.replace(INNER, "$1'");
  return LEADING.test(inner) ? `'${inner}` : inner;
}

interface CellContext {
  timeZone: string;
}

type Cell = (row: ActionRow, context: CellContext) => string;

const { list } = messages.floor;
const { remedy, verdict, status, channel } = messages.common;

/** What each column becomes in the file: up to three cells under words of their own. */
const CELLS: Record<Column, readonly (readonly [header: string, cell: Cell])[]> = {
  time: [
    [list.time, (row, { timeZone }) => isoWithOffset(new Date(row.at), timeZone)],
    [list.decision, (row) => row.id],
  ],
  employee: [[list.employee, (row) => cellText(row.employee)]],
  customer: [[list.customer, (row) => cellText(row.customer)]],
  remedy: [[list.remedy, (row) => remedy[row.remedy]]],
  amount: [
    [list.amount, (row) => toMajorString(row.amount, row.currency)],
    [list.currency, (row) => row.currency],
    [list.asked, (row) => toMajorString(row.asked, row.currency)],
  ],
  verdict: [
    [list.verdict, (row) => verdict[row.verdict]],
    [list.status, (row) => status[row.status]],
  ],
  cause: [
    [list.cause, (row) => cellText(row.causeName ?? row.cause ?? "")],
    [list.causeKey, (row) => cellText(row.cause ?? "")],
  ],
  review: [[list.review, (row) => (row.review === null ? "" : messages.reviews.verdict[row.review])]],
  team: [[list.team, (row) => cellText(row.team ?? "")]],
  channel: [[list.channel, (row) => cellText(channelWord(row.channel))]],
  order: [[list.order, (row) => cellText(row.orderRef ?? "")]],
  note: [[list.note, (row) => cellText(row.note ?? "")]],
  policy: [[list.policy, (row) => String(row.policyVersion)]],
};

function channelWord(written: string | null): string {
  if (written === null) return "";
  return Object.hasOwn(channel, written) ? channel[written as keyof typeof channel] : written;
}

/** RFC 4180: every cell in quotes, lines that end with CR and LF. */
function lines(cells: readonly (readonly string[])[]): string {
  return stringify(cells as string[][], { quoted: true, quoted_empty: true, record_delimiter: "\r\n" });
}

/** Says to a spreadsheet that the file is UTF-8. */
const BYTE_ORDER_MARK = "\uFEFF";

/** The first line of a file with these columns. */
export function csvHeader(columns: readonly Column[]): string {
  return BYTE_ORDER_MARK + lines([columns.flatMap((column) => CELLS[column].map(([header]) => header))]);
}

/** The lines of these rows, in their order. */
export function csvRows(
  rows: readonly ActionRow[],
  columns: readonly Column[],
  context: CellContext,
): string {
  return lines(
    rows.map((row) => columns.flatMap((column) => CELLS[column].map(([, cell]) => cell(row, context)))),
  );
}
