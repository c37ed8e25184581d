import { type AuditActor, audit } from "@/lib/audit/mutations";
import { pool } from "@/lib/db/pool";
import { inTenant } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { log } from "@/lib/log";
import { RETENTION_KINDS, type RetentionKind } from "@/lib/retention/schema";

/** How many rows are looked at in one transaction, so that nobody waits for long. */
const BATCH = 2_000;

/** Attempts to sign in are forgotten an hour after their time; they belong to no organization. */
const RATE_LIMIT_GRACE_MS = 60 * 60 * 1000;

interface Run {
  /** Stops between two batches; what was removed until then is gone. */
  signal?: AbortSignal | undefined;
  /** Rows of one transaction. */
  batch?: number;
}

/** How much went, by kind. */
export type Removed = Record<RetentionKind, number>;

/**
 * Removes what an organization keeps no longer, a batch at a time, and writes down how much that was. What is older than
 * a kind is kept is gone by the database's own clock; a kind without days stays for good.
 */
export async function enforceRetention(
  options: { organizationId: string; writer: AuditActor; at: Date } & Run,
): Promise<Removed> {
  const { organizationId, writer, at } = options;
  const removed = Object.fromEntries(RETENTION_KINDS.map((kind) => [kind, 0])) as Removed;
  for (const kind of RETENTION_KINDS) {
    removed[kind] = await removeKind(organizationId, kind, at, options);
  }
  await inTenant(organizationId, (tx) =>
    audit(tx, {
      organizationId,
      actor: writer,
      action: "retention.enforced",
      subjectId: organizationId,
      data: removed,
      at,
    }),
  );
  return removed;
}

async function removeKind(
  organizationId: string,
  kind: RetentionKind,
  at: Date,
  { signal, batch = BATCH }: Run,
): Promise<number> {
  const before = await keptSince(organizationId, kind);
  if (before === null) return 0;
  let removed = 0;
  for (let after: unknown[] | null = null; ; ) {
    signal?.throwIfAborted();
    const done: Batch = await removeBatch([organizationId, kind, before, cursor(after), batch, at]);
    removed += done.removed;
    after = done.after;
    if (after === null) return removed;
  }
}

/** How much one batch removed, and what it ended with; null at the end. */
interface Batch {
  removed: number;
  after: unknown[] | null;
}

async function removeBatch(values: unknown[]): Promise<Batch> {
  const { rows } = await pool().query<{ done: Batch }>(
    "select expire_batch($1, $2, $3, $4, $5, $6) as done",
    values,
  );
  if (!rows[0]) throw new Error("expire_batch gave no row.");
  return rows[0].done;
}

function cursor(after: unknown[] | null): string | null {
  return after === null ? null : JSON.stringify(after);
}

async function keptSince(organizationId: string, kind: RetentionKind): Promise<Date | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ since: Date | null }>("select kept_since($1, $2) as since", [organizationId, kind]),
  );
  return rows[0]?.since ?? null;
}

/**
 * Does so for every organization, and forgets attempts to sign in that count no more. One organization that it fails for
 * keeps it from no other; the failure is thrown at the end.
 */
export async function enforceEverywhere(options: { at: Date } & Run): Promise<void> {
  const { rows } = await pool().query<{ id: string }>("select list_organizations() as id");
  const failures: unknown[] = [];
  for (const { id } of rows) {
    options.signal?.throwIfAborted();
    try {
      await enforceRetention({ ...options, organizationId: id, writer: { kind: "system", id: null } });
    } catch (error) {
      options.signal?.throwIfAborted();
      log.error({ err: error, organizationId: id }, "an organization's retention was not enforced");
      failures.push(error);
    }
  }
  await pool().query("delete from rate_limits where expire < $1", [
    options.at.getTime() - RATE_LIMIT_GRACE_MS,
  ]);
  if (failures.length > 0) {
    throw new AggregateError(failures, `Retention failed for ${failures.length} organizations.`);
  }
}
