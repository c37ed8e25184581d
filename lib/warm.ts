import { tenantDb } from "@/lib/db/prisma";
import { log } from "@/lib/log";

/** An organization that there is none of, so that nothing is read. */
const NOBODY = "00000000-0000-7000-8000-000000000000";

/** As many as a page asks for at once. */
const CONNECTIONS = 4;

/**
 * Opens the first connections and has Prisma load what it makes queries with, beside the start: otherwise whoever comes first
 * waits for it. Nothing depends on it.
 */
export async function warm(): Promise<void> {
  const started = Date.now();
  try {
    await Promise.all(
      Array.from({ length: CONNECTIONS }, () =>
        tenantDb(NOBODY).handover.findFirst({ where: { organizationId: NOBODY }, select: { id: true } }),
      ),
    );
    log.debug({ ms: Date.now() - started }, "warm");
  } catch (error) {
    log.debug({ reason: String(error) }, "the first to come waits for the database");
  }
}
