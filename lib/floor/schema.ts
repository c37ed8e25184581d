import { isId } from "@/lib/db/ids";
import { FILTERS, type FloorSearch, readFloorSearch, type SearchParams } from "@/lib/insights/schema";

/** What the list of actions can show of each, in this order. The moment is always there: it is what opens a row. */
export const COLUMNS = [
  "time",
  "employee",
  "customer",
  "remedy",
  "amount",
  "verdict",
  "cause",
  "review",
  "team",
  "channel",
  "order",
  "note",
  "policy",
] as const;
export type Column = (typeof COLUMNS)[number];

export const DEFAULT_COLUMNS: readonly Column[] = [
  "time",
  "employee",
  "customer",
  "remedy",
  "amount",
  "verdict",
  "cause",
  "review",
];

/** By what the list is ordered; the first is what it begins with. */
export const SORTS = ["newest", "oldest", "amount"] as const;
export type Sort = (typeof SORTS)[number];

/** Where in the list a part of it ends: the row itself, and its amount where that is the order. */
export interface Cursor {
  id: string;
  amount: number | null;
}

/** Filters, order and columns as the address has them. */
export interface TableSearch extends FloorSearch {
  sort: Sort;
  columns: readonly Column[];
  cursor: Cursor | null;
  /** The view that it came from. */
  view: string | null;
}

/** What the address of the list holds besides filters. */
export const TABLE_PARAMS = ["sort", "columns", "view", "cursor"] as const;

/** Names no view at all, also to whom a view is opened first. */
export const EVERY_ACTION = "all";

const MAX_AMOUNT = /^\d{1,16}$/;

/** Reads the whole address of the list. What can't be read of order, columns and place is as if it were not there. */
export function readTableSearch(params: SearchParams, today: string): TableSearch {
  const sort = SORTS.find((each) => each === params.sort) ?? "newest";
  return {
    ...readFloorSearch(params, today),
    sort,
    columns: readColumns(params.columns),
    cursor: typeof params.cursor === "string" ? readCursor(params.cursor, sort) : null,
    view: typeof params.view === "string" && isId(params.view) ? params.view : null,
  };
}

function readColumns(written: SearchParams[string]): readonly Column[] {
  if (typeof written !== "string") return DEFAULT_COLUMNS;
  const named = written.split(",");
  const known = COLUMNS.filter((column) => named.includes(column));
  return known.length === 0 ? DEFAULT_COLUMNS : COLUMNS.filter((c) => c === "time" || known.includes(c));
}

/** Where a part begins, as `cursorText` wrote it for a list in this order; null for anything else. */
export function readCursor(written: string, sort: Sort): Cursor | null {
  const [id = "", amount = "", ...rest] = written.split("_");
  if (!isId(id) || rest.length > 0) return null;
  if (sort !== "amount") return amount === "" ? { id, amount: null } : null;
  return MAX_AMOUNT.test(amount) ? { id, amount: Number(amount) } : null;
}

/** A cursor as it stands in the address. */
export function cursorText({ id, amount }: Cursor): string {
  return amount === null ? id : `${id}_${amount}`;
}

/** The columns as they stand in the address; null where they are those that it begins with. */
export function columnsText(columns: readonly Column[]): string | null {
  const ordered = COLUMNS.filter((column) => columns.includes(column)).join(",");
  return ordered === DEFAULT_COLUMNS.join(",") ? null : ordered;
}

/** What of an address makes a view: filters, order and columns, but not where in the list it begins. */
export type ViewQuery = Partial<Record<(typeof FILTERS)[number] | "sort" | "columns", string>>;

/** The part of a search that a view keeps. */
export function viewQuery({
  given,
  sort,
  columns,
}: Pick<TableSearch, "given" | "sort" | "columns">): ViewQuery {
  const shown = columnsText(columns);
  return {
    ...given,
    ...(sort === SORTS[0] ? {} : { sort }),
    ...(shown === null ? {} : { columns: shown }),
  };
}

/** The query string of a view, in an order of its own, so that two of the same are the same text. */
export function queryText(query: ViewQuery, more: Record<string, string> = {}): string {
  const search = new URLSearchParams();
  for (const name of [...FILTERS, "sort", "columns"] as const) {
    const written = query[name];
    if (written) search.set(name, written);
  }
  for (const [name, value] of Object.entries(more)) search.set(name, value);
  return search.toString();
}

/** The address of the list with these. */
export function tableHref(query: ViewQuery, more: Record<string, string> = {}): string {
  const text = queryText(query, more);
  return text === "" ? "/floor" : `/floor?${text}`;
}
