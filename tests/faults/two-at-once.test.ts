import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { databaseTrouble } from "@/lib/db/health";
import { migrate } from "@/lib/db/migrate";
import { startWorker } from "@/lib/jobs/worker";
import { sealHistory } from "@/lib/seals/sealer";
import { createDatabase, query, withDatabase } from "@/scripts/database";
import { testDatabase } from "../setup/database";
import { openProxy } from "../setup/fault-proxy";
import { faultsOfFile, rounds } from "../setup/faults";
import { untilNothingIsOwed } from "../setup/owed";
import { decided, limit, scenario } from "../setup/scenario";
import { expectKept, traffic } from "../setup/traffic";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 });
const HOURS = 3_600_000;

describe("two workers", () => {
  // Risk: both expire the same handover, and what it held is given back twice.
  it("do each job once between them", async () => {
    const s = await scenario({ limits: [DAY] });
    const acknowledged = new Map<string, string>();
    const { server } = faultsOfFile();
    const workers = await Promise.all(
      [0, 1].map(() => startWorker({ databaseUrl: server.url, orphansMs: 100 })),
    );
    const amount = rounds(40, 400);
    await Promise.all(
      Array.from({ length: 8 }, async (_, caller) => {
        for (let turn = caller; turn < amount; turn += 8) {
          const key = `job ${turn}`;
          const input = { customer: await s.customer(), amount: turn % 2 ? 5000 : 50 };
          const decision = decided(await s.ask(input, { key, now: new Date(Date.now() - 9 * HOURS) }));
          acknowledged.set(key, decision.id ?? "");
        }
      }),
    );
    await untilNothingIsOwed();
    await Promise.all(workers.map((worker) => worker.stop()));
    const { rows } = await testDatabase().pool.query(
      `select d.status, count(distinct d.id)::integer as decisions,
         (count(e.id) filter (where e.action = 'handover.expired'))::integer as expiries
       from decisions d join audit_events e on e.organization_id = d.organization_id and e.subject_id = d.id::text
       where d.organization_id = $1 group by d.status order by d.status`,
      [s.organizationId],
    );
    expect(rows).toEqual([
      { status: "expired", decisions: amount / 2, expiries: amount / 2 },
      { status: "posted", decisions: amount / 2, expiries: 0 },
    ]);
    await expectKept(s, acknowledged);
  });
});

describe("two sealers", () => {
  // Risk: both take the same events into seals of their own, and the chain forks; or one dies, and leaves a gap for ever.
  it("while people decide and calls are cut off, seal each event once, in one chain", async () => {
    const s = await scenario({ limits: [DAY] });
    const { organizationId } = s;
    const { proxy } = faultsOfFile();
    const agents = await Promise.all(Array.from({ length: 2 }, () => s.employee("agent")));
    const customers = await Promise.all(Array.from({ length: 3 }, () => s.customer()));
    const load = traffic(s, { agents, customers, callers: 4 });
    proxy.onCall = ({ text }) =>
      /seal/.test(text) && Math.random() < 0.2
        ? { cut: Math.random() < 0.5 ? "before" : "after" }
        : undefined;
    const enough = rounds(120, 1_500);
    const sealer = async () => {
      while (load.acknowledged.size < enough) {
        await sealHistory({ organizationId, eventsPerSeal: 7 }).catch((error: unknown) => {
          if (databaseTrouble(error) === null) throw error;
        });
      }
    };
    await Promise.all([sealer(), sealer(), sealer()]);
    proxy.onCall = undefined;
    await load.settle();
    await expectKept(s, load.acknowledged);
    const { rows } = await testDatabase().pool.query(
      `select (select count(*) from audit_events where organization_id = $1)::integer as events,
         (select count(*) from seal_leaves where organization_id = $1)::integer as leaves,
         (select count(*) from seals where organization_id = $1)::integer as seals,
         (select max(seq) from seals where organization_id = $1)::integer as last`,
      [organizationId],
    );
    const [sealed] = rows;
    expect([sealed.leaves, sealed.last]).toEqual([sealed.events, sealed.seals]);
    expect(sealed.seals).toBeGreaterThan(1);
  });
});

/** An empty database on the file's server. */
async function emptyDatabase(): Promise<string> {
  const { server } = faultsOfFile();
  const name = `empty_${randomBytes(4).toString("hex")}`;
  await createDatabase(withDatabase(server.url, "postgres"), name);
  return withDatabase(server.url, name);
}

/** What a database's tables, columns, rules and functions are. */
async function shapeOf(url: string): Promise<unknown[]> {
  const { rows } = await query(
    url,
    `select 'column' as kind, table_name || '.' || column_name || ' ' || data_type as it from information_schema.columns
       where table_schema in ('public', 'graphile_worker')
     union all
     select 'constraint', conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
       where connamespace = 'public'::regnamespace
     union all
     select 'function', p.oid::regprocedure::text || ' ' || pg_get_userbyid(proowner) || ' ' || coalesce(proacl::text, '')
       from pg_proc p where pronamespace = 'public'::regnamespace
     union all
     select 'migration', name from schema_migrations
     order by 1, 2`,
  );
  return rows;
}

describe("migrations", () => {
  // Risk: two replicas start at the same moment, and each makes the half of the tables, or one of them fails.
  it("that begin at once, of one database and of two, come to the same tables", async () => {
    const expected = await shapeOf(testDatabase().url);
    for (let round = 0; round < rounds(1, 5); round++) {
      const [one, other] = [await emptyDatabase(), await emptyDatabase()];
      await Promise.all([one, one, one, other, other].map((databaseUrl) => migrate({ databaseUrl })));
      expect(await shapeOf(one)).toEqual(expected);
      expect(await shapeOf(other)).toEqual(expected);
    }
  });

  // Risk: a deployment is killed half-way, and the next one finds tables that it neither knows nor may make.
  it("that are cut off at any call are taken up by the next start", async () => {
    const { server } = faultsOfFile();
    const expected = await shapeOf(testDatabase().url);
    const databaseUrl = await emptyDatabase();
    const proxy = await openProxy(server.port);
    for (let round = 0; round < rounds(4, 40); round++) {
      let calls = 0;
      const last = 1 + Math.floor(Math.random() * 25);
      const cut = Math.random() < 0.5 ? "before" : "after";
      proxy.onCall = () => (++calls === last ? { cut } : undefined);
      await migrate({ databaseUrl: proxy.url(databaseUrl) }).catch(() => undefined);
    }
    proxy.onCall = undefined;
    await migrate({ databaseUrl: proxy.url(databaseUrl) });
    await proxy.close();
    expect(await shapeOf(databaseUrl)).toEqual(expected);
  });
});
