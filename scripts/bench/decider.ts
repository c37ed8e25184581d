import "../die-with-parent.mjs";
import { randomUUID } from "node:crypto";
import { actorOf, customerOf, type House, makeHouse } from "./house";
import { medianMs } from "./median";

/** How many decide at once, and how many connections they have. */
export const CLIENTS = 8;

/** What a decider is asked to do. */
export type Task =
  /** Makes tables and an organization; answers the house. */
  | { do: "house" }
  /** Decides so many times; answers how many a second. */
  | { do: "decide"; house: House; who: "spread" | "together"; times: number }
  /** Puts so many prepared calls of the recording function into the table of them, numbered from 1. */
  | { do: "prepare"; house: House; calls: number }
  /** Makes the prepared calls with these numbers, each once; answers how many a second. */
  | { do: "record"; house: House; from: number; calls: number }
  /** Reads what the floor shows so many times; answers the median in milliseconds. */
  | { do: "dashboard"; house: House; times: number }
  /** Reads what the pages over some days show so many times; answers `InsightTimes`. */
  | { do: "insights"; house: House; times: number }
  /** Reads the list of actions in every way that it can be narrowed and ordered, so many times; answers `ListTimes`. */
  | { do: "list"; house: House; times: number };

const TEMPLATES = 200;

/** Does something so many times, by as many clients as there are connections; answers how often a second. */
async function rate(times: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const begunAt = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let turn = next++; turn < times; turn = next++) await work(turn);
    }),
  );
  return (times * 1_000) / (performance.now() - begunAt);
}

async function house(): Promise<House> {
  const { migrate } = await import("@/lib/db/migrate");
  await migrate({ databaseUrl: process.env.DATABASE_URL ?? "" });
  return await makeHouse();
}

/** What every decision of a bench asks for: little enough for the limits never to be met. */
function requestOf(place: House, turn: number) {
  return { customer: customerOf(place, turn), remedy: "credit" as const, amount: 1, currency: "USD" };
}

async function decideTimes({ house: place, who, times }: Extract<Task, { do: "decide" }>): Promise<number> {
  const { decide } = await import("@/lib/decisions/decide");
  return await rate(times, async (turn) => {
    const answer = await decide({
      actor: actorOf(place, place[who], turn),
      input: requestOf(place, turn),
      idempotencyKey: randomUUID(),
      now: new Date(),
    });
    if (!answer.ok || answer.decision.verdict !== "allow") throw new Error(JSON.stringify(answer));
  });
}

async function prepare({ house: place, calls }: Extract<Task, { do: "prepare" }>): Promise<void> {
  const { default: pg } = await import("pg");
  const { prepareRecord } = await import("@/lib/decisions/decide");
  const now = new Date();
  const templates: [hash: string, decision: string][] = [];
  for (let turn = 0; turn < TEMPLATES; turn++) {
    const [, , hash, decision] = await prepareRecord({
      actor: actorOf(place, place.spread, turn),
      input: requestOf(place, turn),
      idempotencyKey: randomUUID(),
      now,
    });
    templates.push([hash, decision]);
  }
  const owner = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await owner.connect();
  try {
    await owner.query(`
      create unlogged table if not exists bench_calls (n integer primary key, key text not null, hash text not null, decision text not null);
      create sequence if not exists bench_n;
      grant select on bench_calls to leeway_app;
      grant usage, update on bench_n to leeway_app;
      truncate bench_calls;
      alter sequence bench_n restart`);
    // Everything that must be a call's own is made anew; the rest is the template's.
    await owner.query(
      `insert into bench_calls
       select n, gen_random_uuid()::text, t.hash, (t.decision || jsonb_build_object(
         'id', new_id(now()), 'auditId', new_id(now()), 'job', t.decision -> 'job' || jsonb_build_object('id', new_id(now())))
       )::text
       from generate_series(1, $1::integer) as n
       join rows from (unnest($2::text[]), unnest($3::jsonb[])) with ordinality as t (hash, decision, i)
         on t.i = 1 + n % ${TEMPLATES}`,
      [calls, templates.map(([hash]) => hash), templates.map(([, decision]) => decision)],
    );
    await owner.query("vacuum analyze bench_calls");
  } finally {
    await owner.end();
  }
}

async function recordTimes({ house: place, from, calls }: Extract<Task, { do: "record" }>): Promise<number> {
  const { pool } = await import("@/lib/db/pool");
  const { record } = await import("@/lib/decisions/decide");
  const { rows } = await pool().query<{ key: string; hash: string; decision: string }>(
    "select key, hash, decision from bench_calls where n >= $1 and n < $1 + $2 order by n",
    [from, calls],
  );
  if (rows.length !== calls) throw new Error("There are not enough prepared calls.");
  return await rate(calls, async (turn) => {
    const call = rows[turn];
    const answer = call && (await record([place.organizationId, call.key, call.hash, call.decision]));
    if (answer?.outcome !== "recorded") throw new Error(JSON.stringify(answer));
  });
}

async function dashboard({ house: place, times }: Extract<Task, { do: "dashboard" }>): Promise<number> {
  const { readTotals, listTeams } = await import("@/lib/insights/data");
  const { readActions } = await import("@/lib/floor/data");
  const { listRecentCauses } = await import("@/lib/customers/data");
  const { organizationId, timeZone } = place;
  return medianMs(times, () =>
    Promise.all([
      readTotals(organizationId, { now: new Date(), timeZone }),
      readActions(organizationId, { filter: {}, sort: "newest", timeZone }, { limit: 50, after: null }),
      listTeams(organizationId),
      listRecentCauses(organizationId, 30),
    ]),
  );
}

async function insights({ house: place, times }: Extract<Task, { do: "insights" }>): Promise<unknown> {
  const { timeInsights } = await import("./insights");
  return await timeInsights(place, times);
}

async function list({ house: place, times }: Extract<Task, { do: "list" }>): Promise<unknown> {
  const { timeList } = await import("./list");
  return await timeList(place, times);
}

async function work(task: Task): Promise<unknown> {
  switch (task.do) {
    case "house":
      return await house();
    case "decide":
      return await decideTimes(task);
    case "prepare":
      return await prepare(task);
    case "record":
      return await recordTimes(task);
    case "dashboard":
      return await dashboard(task);
    case "insights":
      return await insights(task);
    case "list":
      return await list(task);
    default:
      throw new Error(`Nobody knows how to do ${JSON.stringify(task satisfies never)}.`);
  }
}

process.on("message", (task: Task) => {
  work(task).then(
    (answer) => process.send?.({ answer: answer ?? null }),
    (error: Error) => process.send?.({ fault: error.stack ?? String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
