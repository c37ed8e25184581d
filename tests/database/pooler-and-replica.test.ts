import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { migrate } from "@/lib/db/migrate";
import { createDatabase, withDatabase } from "@/scripts/database";
import { hasPgBouncer, startPgBouncer } from "../setup/pgbouncer";
import { type ReplicatedServer, startReplicatedServer } from "../setup/replicated-server";

const DATABASE = "leeway";
const timeZone = "America/New_York";
const pooled = hasPgBouncer();
if (!pooled) {
  process.stderr.write("PgBouncer is not installed: its tests are skipped, the replica's run without it.\n");
}

const undone: (() => Promise<void> | void)[] = [];
const undo = (step: () => Promise<void> | void) => undone.push(step);

let server: ReplicatedServer;
/** The superuser's connections, past PgBouncer and row-level security. */
let primary: pg.Pool;
let replica: pg.Pool;

/** The app's code reads its settings while it loads, so it is loaded after all is there, and anew for other settings. */
async function load(settings: Record<string, string> = {}) {
  Object.assign(process.env, settings);
  vi.resetModules();
  const [db, tenant, health, credentials, insights, decisions, events, worker, setup] = await Promise.all([
    import("@/lib/db/pool"),
    import("@/lib/db/tenant"),
    import("@/lib/db/health"),
    import("@/lib/auth/api-keys"),
    import("@/lib/insights/data"),
    import("@/lib/decisions/data"),
    import("@/lib/events/listener"),
    import("@/lib/jobs/worker"),
    import("../setup/scenario"),
  ]);
  const replicated = await import("@/lib/db/replica");
  return {
    ...db,
    ...tenant,
    ...health,
    ...credentials,
    ...insights,
    ...decisions,
    ...events,
    ...worker,
    ...setup,
    ...replicated,
  };
}

let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  server = await startReplicatedServer(undo);
  const url = withDatabase(server.primaryUrl, DATABASE);
  await createDatabase(server.primaryUrl, DATABASE);
  await migrate({ databaseUrl: url });
  primary = new pg.Pool({ connectionString: url, max: 4 });
  replica = new pg.Pool({ connectionString: withDatabase(server.replicaUrl, DATABASE), max: 4 });
  for (const pool of [primary, replica]) {
    pool.on("error", () => undefined);
    undo(() => pool.end());
  }

  const [role, password] = ["leeway_app", randomUUID()];
  await primary.query(`alter role ${role} login password '${password}'`);
  await primary.query(`alter role ${role} set statement_timeout = '30s'`);
  const own = Object.assign(new URL(url), { username: role, password });
  const settings = {
    DATABASE_URL: url,
    LEEWAY_APP_DATABASE_URL: own.href,
    LEEWAY_LISTEN_DATABASE_URL: own.href,
    LEEWAY_REPLICA_DATABASE_URL: Object.assign(new URL(own), { host: new URL(server.replicaUrl).host }).href,
  };
  if (pooled) {
    settings.LEEWAY_APP_DATABASE_URL = await startPgBouncer(
      { server: own, database: DATABASE, role, password },
      undo,
    );
    Object.assign(settings, { LEEWAY_DATABASE_POOLER: "transaction" });
  }
  app = await load(settings);
  undo(() => app.closePool());
  undo(() => app.closeListener());
});

afterAll(async () => {
  const failures: unknown[] = [];
  for (const step of undone.reverse()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  expect(failures).toEqual([]);
});

async function tight(max: number) {
  const s = await app.scenario({
    timeZone,
    limits: [app.limit({ id: "guest-day", scope: ["customer"], window: "day", max, over: "deny" })],
  });
  return { ...s, guest: await s.customer() };
}

const allowed = (answers: Awaited<ReturnType<Awaited<ReturnType<typeof tight>>["ask"]>>[]) =>
  answers.filter((answer) => app.decided(answer).verdict === "allow").length;

describe.skipIf(!pooled)("behind PgBouncer in transaction mode", () => {
  // Risk: a statement that was prepared on one connection is asked for on another one, and every second decision fails.
  it("lets exactly as many of 32 who decide at once through as fit, over four connections", async () => {
    const { ask, guest, organizationId } = await tight(1000);
    const answers = await Promise.all(Array.from({ length: 32 }, () => ask({ customer: guest, amount: 90 })));
    expect(allowed(answers)).toBe(11);
    const { rows } = await primary.query(
      `select (select sum(posted_amount)::int from counters where organization_id = $1) as counted,
         (select sum(posted_amount_after - posted_amount_before)::int from ledger_entries where organization_id = $1) as entered,
         (select count(*)::int from decisions where organization_id = $1) as decisions`,
      [organizationId],
    );
    expect(rows).toEqual([{ counted: 990, entered: 990, decisions: 32 }]);
    const { rows: connections } = await primary.query<{ count: number }>(
      "select count(*)::int as count from pg_stat_activity where usename = 'leeway_app' and application_name = 'leeway'",
    );
    expect(connections[0]?.count).toBeLessThanOrEqual(4);
  });

  it("does the same intent once, whoever asks for it again", async () => {
    const { ask, guest, organizationId } = await tight(100_000);
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => ask({ customer: guest, amount: 10 }, { key: `intent-${i % 8}` })),
    );
    expect(new Set(answers.map((answer) => app.decided(answer).id)).size).toBe(8);
    const { rows } = await primary.query(
      "select sum(posted_amount)::int as counted from counters where organization_id = $1",
      [organizationId],
    );
    expect(rows).toEqual([{ counted: 80 }]);
  });

  // Risk: the connection that one tenant's transaction was on goes to another's, and still says whose it was.
  it("leaves nothing of a tenant on a connection that the next one gets", async () => {
    const all = await Promise.all([tight(1000), tight(1000), tight(1000)]);
    await Promise.all(all.map(({ ask, guest }) => ask({ customer: guest, amount: 10 })));
    const seen = await Promise.all(
      Array.from({ length: 48 }, async (_, i) => {
        const own = all[i % all.length]?.organizationId ?? "";
        const { rows } = await app.withTenant(own, (client) =>
          client.query<{ organization_id: string }>("select distinct organization_id from decisions"),
        );
        const nobody = await app
          .pool()
          .query("select current_organization() as whose, (select count(*)::int from decisions) as visible");
        return [rows.map((row) => row.organization_id === own), nobody.rows];
      }),
    );
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify([[true], [{ whose: null, visible: 0 }]])]),
    );
  });

  it("is leeway_app, whose statements end by themselves", async () => {
    const { rows } = await app
      .pool()
      .query("select current_user as role, current_setting('statement_timeout') as timeout");
    expect(rows).toEqual([{ role: "leeway_app", timeout: "30s" }]);
  });

  it("knows who presents a key, however many ask at once", async () => {
    const { organizationId, agent } = await tight(1000);
    const { key } = await app.createApiKey({
      organizationId,
      name: "K",
      scopes: ["decisions:write"],
      createdBy: null,
      at: new Date(),
    });
    const found = await Promise.all(
      Array.from({ length: 24 }, () =>
        app.findApiKeyActor(key, { id: agent.employeeId, email: null }, new Date()),
      ),
    );
    expect(new Set(found.map((actor) => actor?.employee?.id))).toEqual(new Set([agent.employeeId]));
  });

  it("hears of what was done through it on the connection that goes past it", async () => {
    const { organizationId, publish } = await tight(1000);
    const heard: unknown[] = [];
    const leave = await new Promise<() => void>((resolve) => {
      const stop = app.subscribe(organizationId, {
        onEvent: (event) => heard.push(event),
        onListening: () => resolve(() => stop()),
      });
    });
    await publish(1, {});
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([{ kind: "policy", id: null }]);
    leave();
  });

  it("has its jobs done by the worker, whose queue goes past it", async () => {
    const { ask, guest, organizationId } = await tight(1000);
    await primary.query("update organizations set undo_seconds = 0 where id = $1", [organizationId]);
    const { id } = app.decided(await ask({ customer: guest, amount: 10 }));
    const worker = await app.startWorker({ databaseUrl: withDatabase(server.primaryUrl, DATABASE) });
    try {
      const status = async () => {
        const { rows } = await primary.query(
          "select status, provider from executions where organization_id = $1 and decision_id = $2",
          [organizationId, id],
        );
        return rows;
      };
      await expect
        .poll(status, { timeout: 20_000 })
        .toEqual([{ status: "succeeded", provider: "store_credit" }]);
    } finally {
      await worker.stop();
    }
  });
});

describe("a replica that dashboards are read from", () => {
  const totals = async (organizationId: string) =>
    (await app.readTotals(organizationId, { now: new Date(), timeZone })).today.given;

  /** Lets the replica receive, but not take in, what happens from here on. */
  async function paused(work: () => Promise<void>): Promise<void> {
    const { rows } = await primary.query<{ lsn: string }>("select pg_current_wal_flush_lsn() as lsn");
    await expect
      .poll(async () => {
        const there = await replica.query("select pg_last_wal_replay_lsn() >= $1::pg_lsn as there", [
          rows[0]?.lsn,
        ]);
        return there.rows;
      })
      .toEqual([{ there: true }]);
    await replica.query("select pg_wal_replay_pause()");
    try {
      await expect
        .poll(async () => (await replica.query("select pg_get_wal_replay_pause_state() as state")).rows)
        .toEqual([{ state: "paused" }]);
      await work();
    } finally {
      await replica.query("select pg_wal_replay_resume()");
    }
  }

  // Risk: somebody who looks at a replica's old numbers is told that there is still something left.
  it("gives the totals, which catch up; what is still allowed it is never asked", async () => {
    app = await load({ LEEWAY_REPLICA_LAG_SECONDS: "3600" });
    const { ask, guest, organizationId, agent } = await tight(100);
    app.decided(await ask({ customer: guest, amount: 40 }));
    await paused(async () => {
      app.decided(await ask({ customer: guest, amount: 50 }));
      expect(await totals(organizationId)).toBe(40);
      expect(allowed([await ask({ customer: guest, amount: 50 })])).toBe(0);
      const left = await app.readAllowance({
        organizationId,
        employeeId: agent.employeeId,
        customer: guest,
        now: new Date(),
      });
      expect(JSON.stringify(left)).toContain('"left":10');
    });
    await expect.poll(() => totals(organizationId), { timeout: 10_000 }).toBe(90);
  });

  // Risk: the replica has been stuck since yesterday, and nobody notices but the manager who believes the chart.
  it("is not asked while it is further behind than it may be", async () => {
    app = await load({ LEEWAY_REPLICA_LAG_SECONDS: "0" });
    const { ask, guest, organizationId } = await tight(100);
    await paused(async () => {
      app.decided(await ask({ customer: guest, amount: 50 }));
      // Where the primary is, is asked once a second.
      await expect.poll(() => totals(organizationId), { timeout: 10_000 }).toBe(50);
      const { rows } = await replica.query("select 1 from decisions where organization_id = $1", [
        organizationId,
      ]);
      expect(rows).toEqual([]);
    });
  });

  it("shows a tenant its own alone, and changes nothing", async () => {
    app = await load({ LEEWAY_REPLICA_LAG_SECONDS: "3600" });
    const [own, other] = [await tight(100), await tight(100)];
    for (const { ask, guest } of [own, other]) app.decided(await ask({ customer: guest, amount: 10 }));
    const read = () =>
      app.readTenant(own.organizationId, async (client) => {
        const { rows } = await client.query<{ organization_id: string; there: boolean }>(
          "select distinct organization_id, pg_is_in_recovery() as there from decisions",
        );
        return rows;
      });
    await expect
      .poll(read, { timeout: 10_000 })
      .toEqual([{ organization_id: own.organizationId, there: true }]);
    const nobody = await app
      .replicaPool()
      ?.query("select current_user as role, count(*)::int from decisions");
    expect(nobody?.rows).toEqual([{ role: "leeway_app", count: 0 }]);
    const written = app.replicaPool()?.query("insert into rate_limits (key, points) values ('x', 1)");
    await expect(written).rejects.toThrow(/read-only transaction/);
  });

  it("is missed by nobody when it is away, and asked again when it is back", async () => {
    app = await load({ LEEWAY_REPLICA_LAG_SECONDS: "3600" });
    const { ask, guest, organizationId } = await tight(100);
    const there = () =>
      app.readTenant(organizationId, async (client) => {
        const { rows } = await client.query<{ there: boolean }>("select pg_is_in_recovery() as there");
        return rows[0]?.there;
      });
    await expect.poll(there, { timeout: 10_000 }).toBe(true);
    await server.withoutReplica(async () => {
      // What was connected lives a moment longer.
      await expect.poll(there, { timeout: 10_000 }).toBe(false);
      app.decided(await ask({ customer: guest, amount: 30 }));
      expect(await totals(organizationId)).toBe(30);
    });
    // A process that starts now knows nothing of what happened, and needn't wait out the pause.
    await expect
      .poll(
        async () => {
          app = await load();
          return there();
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(true);
  });
});

// It is the last: nothing brings the primary back.
describe.skipIf(!pooled)("behind PgBouncer while the database is away", () => {
  // Risk: PgBouncer keeps everybody waiting, and what was down for a second looks down for minutes.
  it("says so, as it does without PgBouncer", async () => {
    await server.stopPrimary();
    const failure = await app
      .pool()
      .query("select 1")
      .catch((error: unknown) => error);
    expect([failure, app.isDatabaseAway(failure)]).toEqual([expect.any(Error), true]);
    expect(await app.isDatabaseUp()).toBe(false);
  });
});
