import { randomBytes } from "node:crypto";
import { isId } from "@/lib/db/ids";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { type Database, resolveDatabase } from "../database";
import { CannotProceed } from "../operations/cannot-proceed";
import { hold, say } from "../operations/program";
import { encryptionSettings, sealSettings, setEnvironment } from "../operations/settings";
import { ensureTables } from "./tables";
import { WrongUsage } from "./usage";

// The app's own code reads its settings while it loads, so every command loads it only after one of these.

/** Reaches the database and gives the app's code its settings, until the command ends. */
export async function openDatabase(options: { logLevel?: string } = {}): Promise<Database> {
  const database = await hold(
    () => resolveDatabase({ log: say }),
    (resolved) => resolved.stop(),
  );
  setEnvironment({
    DATABASE_URL: database.url,
    // A command signs nobody in; the app's settings want a secret all the same.
    NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET || randomBytes(32).toString("hex"),
    // The log goes to standard output, which belongs to the command's result.
    LEEWAY_LOG_LEVEL: options.logLevel ?? "silent",
    ...(database.embedded ? encryptionSettings() : {}),
    ...(await sealSettings(database)),
  });
  await hold(
    async () => undefined,
    async () => {
      const { closePool } = await import("@/lib/db/pool");
      await closePool();
    },
  );
  return database;
}

export interface OrganizationOption {
  organization?: string;
}

/** The organization that a command is about: the one that is named, else the demo's. */
export async function openOrganization(options: OrganizationOption) {
  const id = options.organization ?? DEMO_ORGANIZATION_ID;
  if (!isId(id)) {
    throw new WrongUsage(
      `--organization ${id} is no id. \`organization create\` prints an organization's id.`,
    );
  }
  await ensureTables(await openDatabase());
  const { findOrganization } = await import("@/lib/organizations/data");
  const organization = await findOrganization(id);
  if (organization) return organization;
  throw options.organization === undefined
    ? new CannotProceed(
        "The demo's organization is not here, and no other one was named.",
        "Name yours with --organization <id>, or make the demo's: npm run -s leeway -- seed",
      )
    : new CannotProceed(
        `There is no organization ${id} in this database.`,
        "Check the id and DATABASE_URL; `organization create` makes one and prints its id.",
      );
}
