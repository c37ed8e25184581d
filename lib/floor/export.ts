import { withTenantUntil } from "@/lib/db/abort";
import { csvHeader, csvRows } from "@/lib/floor/csv";
import { type ActionQuery, readActions } from "@/lib/floor/data";
import { type Column, type Cursor, readCursor } from "@/lib/floor/schema";

/** How many rows are read at once: all that is held of a file, however long it is. */
const BATCH = 1_000;

/** A file is waited for, so that a stretch without rows in it is no reason to stop there. */
const PATIENCE_MS = 1_000;

export interface ExportQuery extends ActionQuery {
  organizationId: string;
  columns: readonly Column[];
  /** Ends what is being read when whoever wanted it is gone. */
  signal: AbortSignal;
}

/**
 * The list as the pieces of a CSV file (RFC 4180), header first: what the list shows, by the same reads, in its order. A
 * piece is read when the one before was taken. Each is a transaction of its own, so that a slow reader holds nothing.
 */
export async function* exportActions(query: ExportQuery): AsyncGenerator<string> {
  const { organizationId, columns, signal, ...list } = query;
  yield csvHeader(columns);
  let after: Cursor | null = null;
  do {
    const slice = await readActions(
      organizationId,
      list,
      { limit: BATCH, after, patienceMs: PATIENCE_MS },
      (work) => withTenantUntil(signal, organizationId, work),
    );
    if (slice.rows.length > 0) yield csvRows(slice.rows, columns, list);
    after = slice.next === null ? null : readCursor(slice.next, list.sort);
  } while (after !== null);
}
