import pg from "pg";
import { startTalking, type TalkingChild } from "../operations/child";
import { hold, say } from "../operations/program";
import { AGAIN, step } from "../operations/step";
import {
  addDatabase,
  FOR_MEASURING,
  openTestDatabases,
  type TestDatabases,
} from "../operations/test-databases";
import { CLIENTS, type Task } from "./decider";
import type { House } from "./house";

/** A database with a ledger of some size, and a process that decides in it with the app's own code. */
export interface Ledger {
  decisions: number;
  url: string;
  ask(task: Task): Promise<unknown>;
}

export interface BenchPlace {
  databases: TestDatabases;
  house: House;
  /** The ledger of a house that has just begun. */
  fresh: Ledger;
}

/** What the programs of a bench are set to: a key is a thousand times faster than any caller should be. */
export function settingsFor(url: string): Record<string, string> {
  return {
    NODE_ENV: "production",
    DATABASE_URL: url,
    NEXTAUTH_SECRET: "a bench is signed in to by nobody at all",
    LEEWAY_DATABASE_POOL: String(CLIENTS),
    LEEWAY_RATE_PER_SECOND: "1000000",
    LEEWAY_LOG_LEVEL: "warn",
  };
}

async function startDecider(url: string): Promise<TalkingChild> {
  return await startTalking("scripts/bench/decider.ts", { env: settingsFor(url) });
}

/** Opens databases whose commits reach the disk, and makes the house that everything is measured in. */
export async function openPlace(): Promise<BenchPlace> {
  const databases = await hold(
    () => openTestDatabases(() => undefined, FOR_MEASURING),
    (opened) => opened.stop(),
  );
  const url = await addDatabase(databases, "fresh");
  const house = await step("Making an organization", AGAIN, async () => {
    const maker = await startDecider(url);
    const made = (await maker.ask({ do: "house" } satisfies Task)) as House;
    await maker.stop();
    return made;
  });
  return { databases, house, fresh: { decisions: 0, url, ask: askOf(url) } };
}

/** Starts who decides with the first question, so that nobody is connected to a database that is still copied. */
function askOf(url: string): Ledger["ask"] {
  let decider: Promise<TalkingChild> | undefined;
  return async (task) => {
    decider ??= startDecider(url);
    return await (await decider).ask(task);
  };
}

/** One more ledger of a house that has just begun: the fresh one is left as it is. */
export async function copyFresh({ databases, fresh }: BenchPlace, name: string): Promise<Ledger> {
  const url = await addDatabase(databases, name, fresh.url);
  return { decisions: 0, url, ask: askOf(url) };
}

/** A copy of the house's database with so many decisions more, spread over the year before. */
export async function growLedger(
  { databases, house, fresh }: BenchPlace,
  decisions: number,
): Promise<Ledger> {
  const name = `of_${decisions}`;
  return await step(`Making a ledger of ${decisions.toLocaleString("en")} decisions`, AGAIN, async () => {
    const url = await addDatabase(databases, name, fresh.url);
    const { seedMany } = await import("@/prisma/many");
    let told = 0;
    await seedMany({
      databaseUrl: url,
      organizationId: house.organizationId,
      decisions,
      log: (line) => {
        if (++told % 10 === 0) say(`  ${line}`);
      },
    });
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    // What a database does sooner or later anyway is not to be done while it is measured.
    for (const chore of ["vacuum analyze", "checkpoint"]) await owner.query(chore);
    await owner.end();
    return { decisions, url, ask: askOf(url) };
  });
}
