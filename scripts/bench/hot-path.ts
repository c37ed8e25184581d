import pg from "pg";
import { startTalking } from "../operations/child";
import { say } from "../operations/program";
import { AGAIN, step } from "../operations/step";
import { CLIENTS } from "./decider";
import type { Round, RoundResult } from "./hammer";
import { customerOf, type House } from "./house";
import { findPgbench, runPgbench } from "./pgbench";
import { type BenchPlace, copyFresh, settingsFor } from "./place";
import { measureRounds, type Result } from "./rounds";

/** As many requests under way as the app has connections twice over. */
const CONNECTIONS = 2 * CLIENTS;
const BODIES = 1_000;

/** What recording a decision costs by pgbench, by the driver, and by the whole of a request; and an empty route beside it. */
export async function benchHotPath(
  place: BenchPlace,
  { quick }: { quick: boolean },
): Promise<{ result: Result; pgbench: string }> {
  const { house } = place;
  const fresh = await copyFresh(place, "hot_path");
  const calls = quick ? 1_200 : 4_000;
  const seconds = quick ? 2 : 5;
  const pgbench = findPgbench();
  if (pgbench === null)
    say("There is no pgbench here: a loop of prepared statements over `pg` stands for it.");
  const web = await step("Starting the app", AGAIN, () => startWeb(house, fresh.url));

  const measure = async () => {
    await fresh.ask({ do: "prepare", house, calls: 2 * calls });
    const byPgbench =
      pgbench === null
        ? await recordBare({ url: fresh.url, house, from: 1, calls })
        : await runPgbench(pgbench, {
            ...{ url: fresh.url, organizationId: house.organizationId, clients: CLIENTS, calls },
          });
    const byDriver = (await fresh.ask({ do: "record", house, from: calls + 1, calls })) as number;
    await requireRecorded(fresh.url, 2 * calls);

    const empty = await web.empty(seconds);
    const endpoint = await web.decide("/api/v1/decisions", seconds);
    // An address that only Next's router answers, by the same function.
    const routed = await web.decide("/api/v1/decisions?", seconds);

    const uniform = (await fresh.ask({ do: "decide", house, who: "spread", times: calls })) as number;
    const hot = (await fresh.ask({ do: "decide", house, who: "together", times: calls })) as number;
    return {
      pgbenchTps: byPgbench,
      driverTps: byDriver,
      driverVsPgbench: byDriver / byPgbench,
      emptyRouteRps: empty.perSecond,
      endpointRps: endpoint.perSecond,
      endpointP50Ms: endpoint.p50Ms,
      endpointP95Ms: endpoint.p95Ms,
      endpointP99Ms: endpoint.p99Ms,
      endpointVsEmptyRoute: endpoint.perSecond / empty.perSecond,
      routedEndpointRps: routed.perSecond,
      routedEndpointVsEmptyRoute: routed.perSecond / empty.perSecond,
      uniformPerSecond: uniform,
      hotTeamPerSecond: hot,
      hotTeamVsUniform: hot / uniform,
    };
  };
  // The first round is the compilers' and the caches'.
  await step("The hot path, once to warm up", AGAIN, measure);
  const result = await measureRounds("The hot path", measure);
  await web.stop();
  return { result, pgbench: pgbench === null ? "a loop of prepared statements over pg" : "pgbench" };
}

/** The app, and who asks it. */
async function startWeb(house: House, url: string) {
  const app = await startTalking("scripts/bench/app.ts", { env: settingsFor(url), onLine: () => undefined });
  const hammer = await startTalking("scripts/bench/hammer.ts");
  const port = (await app.ask({})) as number;
  const ask = async (round: Omit<Round, "port" | "connections">) => {
    const result = (await hammer.ask({ ...round, port, connections: CONNECTIONS })) as RoundResult;
    if (result.unexpected !== null) throw new Error(`The app answered:\n${result.unexpected}`);
    return result;
  };
  const bodies = Array.from({ length: BODIES }, (_, turn) => ({
    headers: { "Leeway-Employee": house.spread[turn % house.spread.length] ?? "" },
    body: JSON.stringify({ customer: customerOf(house, turn), remedy: "credit", amount: 1, currency: "USD" }),
  }));
  return {
    stop: async () => {
      await hammer.stop();
      await app.stop();
    },
    /** A route of Next's that does nothing: it says that the process lives. */
    empty: (seconds: number) =>
      ask({ seconds, method: "GET", path: "/api/health/live", headers: {}, bodies: [], expectedStatus: 200 }),
    /** A decision with a key, through the whole: proof, form, rules, record. */
    decide: (path: string, seconds: number) =>
      ask({
        ...{ seconds, method: "POST", path, bodies, expectedStatus: 201 },
        headers: { Authorization: `Bearer ${house.key}`, "Content-Type": "application/json" },
      }),
  };
}

/** As pgbench does it: the prepared calls over bare connections. */
async function recordBare(options: {
  url: string;
  house: House;
  from: number;
  calls: number;
}): Promise<number> {
  const { url, house, from, calls } = options;
  const config = { connectionString: url, options: "-c role=leeway_app" };
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = new pg.Client(config);
      await client.connect();
      return client;
    }),
  );
  let next = from;
  const begunAt = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let n = next++; n < from + calls; n = next++) {
        await client.query({
          name: "bench_record",
          text: "select record_decision($1, key, hash, decision::jsonb) from bench_calls where n = $2",
          values: [house.organizationId, n],
        });
      }
    }),
  );
  const perSecond = (calls * 1_000) / (performance.now() - begunAt);
  await Promise.all(clients.map((client) => client.end()));
  return perSecond;
}

/** Whether each of the prepared calls did record something: what is refused is quick. */
async function requireRecorded(url: string, calls: number): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ recorded: string }>(
      "select count(*) as recorded from bench_calls c join decisions d on d.id = (c.decision::jsonb ->> 'id')::uuid",
    );
    if (Number(rows[0]?.recorded) !== calls) {
      throw new Error(`Of ${calls} calls only ${rows[0]?.recorded} recorded a decision.`);
    }
  } finally {
    await owner.end();
  }
}
