import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startWorker } from "@/lib/jobs/worker";
import { personAuthor, schedulePolicy } from "@/lib/policies/mutations";
import { testDatabase } from "../setup/database";
import { startProcess } from "../setup/fault-process";
import { openProxy } from "../setup/fault-proxy";
import { atLength, faultsOfFile, rounds } from "../setup/faults";
import { untilNothingIsOwed } from "../setup/owed";
import { decided, limit, scenario } from "../setup/scenario";
import { expectKept } from "../setup/traffic";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 });

/** What the worker does, call by call. */
const STEPS: Record<string, RegExp> = {
  "hands what is due to its queue": /dispatch_jobs/,
  "takes a job": /locked_by = \$1::text/,
  "takes a decision up to carry it out": /begin_execution/,
  "gives the credit": /grant_credit/,
  "writes down what came of it": /note_execution/,
  "expires a handover": /expire_handover\(/,
  "locks out decisions to publish": /pg_advisory_xact_lock\(policy_lock_key/,
  "publishes a draft": /publish_policy\(/,
  "commits a publication": /^commit$/i,
  "crosses a job off": /^delete from .*_private_jobs/,
};
const POINTS = Object.keys(STEPS).flatMap((step) =>
  (["before", "after"] as const).map((cut) => ({ step, cut })),
);
const MINUTE = 60_000;

/** Two decisions to carry out, a handover whose deadline has passed, a draft whose time has come. */
async function work() {
  const s = await scenario({ limits: [DAY] });
  const acknowledged = new Map<string, string>();
  const ask = async (key: string, amount: number, now: Date) => {
    const decision = decided(await s.ask({ customer: await s.customer(), amount }, { key, now }));
    acknowledged.set(key, decision.id ?? "");
  };
  await ask("first", 100, new Date(Date.now() - MINUTE));
  await ask("second", 200, new Date(Date.now() - MINUTE));
  await ask("handed over", 5000, new Date(Date.now() - 9 * 60 * MINUTE));
  const version = await s.draft({ limits: [{ ...DAY, max: 4000 }] });
  const scheduled = await schedulePolicy({
    organizationId: s.organizationId,
    version,
    revision: 1,
    at: new Date(Date.now() - 1000),
    author: personAuthor(s.manager.employeeId),
    now: new Date(),
  });
  expect(scheduled).toEqual({ ok: true });
  return { s, acknowledged };
}

type Work = Awaited<ReturnType<typeof work>>;

/** Each step was done, and done once. */
async function expectDone({ s, acknowledged }: Work): Promise<void> {
  const { rows } = await testDatabase().pool.query(
    `select d.amount, d.status, (select string_agg(j.kind || ' ' || j.status, ', ' order by j.kind) from jobs j
         where j.organization_id = d.organization_id and j.decision_id = d.id) as jobs
     from decisions d where d.organization_id = $1 order by d.amount`,
    [s.organizationId],
  );
  expect(rows).toEqual([
    { amount: "100", status: "posted", jobs: "execute done" },
    { amount: "200", status: "posted", jobs: "execute done" },
    { amount: "5000", status: "expired", jobs: "expire_handover done" },
  ]);
  const { rows: carriedOut } = await testDatabase().pool.query(
    `select x.amount, x.status, t.amount as given, t.id::text = x.reference as named,
       (select count(*)::integer from audit_events e where e.organization_id = x.organization_id
          and e.subject_id = x.decision_id::text and e.action = 'execution.succeeded') as told
     from executions x left join credit_transactions t on t.organization_id = x.organization_id and t.decision_id = x.decision_id
     where x.organization_id = $1 order by x.amount`,
    [s.organizationId],
  );
  expect(carriedOut).toEqual(
    ["100", "200"].map((amount) => ({ amount, status: "succeeded", given: amount, named: true, told: 1 })),
  );
  const { rows: events } = await testDatabase().pool.query(
    `select action, count(*)::integer as times from audit_events
     where organization_id = $1 and (action = 'handover.expired' or (action = 'policy.published' and subject_id = '2'))
     group by action order by action`,
    [s.organizationId],
  );
  expect(events).toEqual([
    { action: "handover.expired", times: 1 },
    { action: "policy.published", times: 1 },
  ]);
  await expectKept(s, acknowledged);
}

/** Starts the worker as it is started in earnest. */
function startProgram(databaseUrl: string) {
  return startProcess(["scripts/leeway.ts", "worker"], {
    env: { DATABASE_URL: databaseUrl, LEEWAY_LOG_LEVEL: "silent" },
    ready: /^The worker is at work/,
  });
}

describe("the worker", () => {
  // Risk: a step is done twice, or never again, because who was to do it died in the middle.
  it("that is killed between any two of its steps leaves work that the next one does, each step once", async () => {
    const { server } = faultsOfFile();
    const shuffled = POINTS.map((point) => ({ point, by: Math.random() })).sort((a, b) => a.by - b.by);
    const points = atLength ? POINTS : shuffled.slice(0, 2).map(({ point }) => point);
    const left: Work[] = [];
    for (const { step, cut } of points) {
      const proxy = await openProxy(server.port);
      const worker = await startProgram(proxy.url(server.url));
      const pattern = STEPS[step];
      proxy.onCall = ({ text }) => (pattern?.test(text) ? { cut, then: worker.kill } : undefined);
      left.push(await work());
      await worker.ended;
      await proxy.close();
    }
    const next = await startWorker({ databaseUrl: server.url, orphansMs: 500 });
    try {
      await untilNothingIsOwed();
    } finally {
      await next.stop();
    }
    for (const each of left) await expectDone(each);
  });

  it("goes on after the database was killed under it and its network was cut, without being started again", async () => {
    const { server } = faultsOfFile();
    const proxy = await openProxy(server.port);
    const worker = await startProgram(proxy.url(server.url));
    const done: Work[] = [];
    for (let round = 0; round < rounds(1, 5); round++) {
      done.push(await work());
      proxy.onCall = ({ text }) =>
        /_private_jobs|_execution\(|grant_credit|expire_handover/.test(text) && Math.random() < 0.3
          ? { cut: Math.random() < 0.5 ? "before" : "after" }
          : undefined;
      await sleep(300);
      server.kill();
      await server.back();
      done.push(await work());
      await sleep(300);
      proxy.onCall = undefined;
    }
    await untilNothingIsOwed();
    await worker.stop();
    await proxy.close();
    for (const each of done) await expectDone(each);
  });
});
