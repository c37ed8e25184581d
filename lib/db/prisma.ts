import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "@/lib/db/generated/client";
import { pool } from "@/lib/db/pool";

const held = globalThis as unknown as {
  leewayPrisma?: { client: PrismaClient; over: ReturnType<typeof pool> };
};

function prisma(): PrismaClient {
  const over = pool();
  if (held.leewayPrisma?.over !== over) {
    // Its messages would quote what was asked for otherwise, and they go to the log.
    const client = new PrismaClient({ adapter: new PrismaPg(over), errorFormat: "minimal" });
    held.leewayPrisma = { client, over };
  }
  return held.leewayPrisma.client;
}

/**
 * A client that sees one organization: each operation runs in a transaction that names the tenant, and row-level
 * security does the rest. Queries still say `organizationId` themselves, so that either guard alone would hold.
 */
export function tenantDb(organizationId: string) {
  const client = prisma();
  return client.$extends({
    query: {
      async $allOperations({ args, query }) {
        const [, result] = await client.$transaction([
          client.$executeRaw`select set_config('leeway.organization_id', ${organizationId}, true)`,
          query(args) as Prisma.PrismaPromise<unknown>,
        ]);
        return result;
      },
    },
  });
}

/** A transaction that somebody waits for is over sooner. */
const TRANSACTION_MS = 5_000;

export type TenantTransaction = Prisma.TransactionClient;

/** Runs several statements of one organization in one transaction; throwing undoes them all, and so does its timeout. */
export async function inTenant<T>(
  organizationId: string,
  work: (tx: TenantTransaction) => Promise<T>,
  { timeoutMs = TRANSACTION_MS }: { timeoutMs?: number } = {},
): Promise<T> {
  return prisma().$transaction(
    async (tx) => {
      await tx.$executeRaw`select set_config('leeway.organization_id', ${organizationId}, true)`;
      return work(tx);
    },
    { timeout: timeoutMs },
  );
}
