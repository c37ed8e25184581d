import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isDatabaseAway } from "@/lib/db/health";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { decide } from "@/lib/decisions/decide";
import { dispatchJobs } from "@/lib/jobs/dispatcher";
import { books, expectBalanced } from "../setup/books";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 });

describe("a limit under fire", () => {
  // Risk: two clerks at two tills each see enough left, and together pass it.
  it("is never passed by 32 who decide at once, whatever it is counted by", async () => {
    const s = await scenario({
      limits: [
        limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 1000, over: "deny" }),
        limit({
          id: "customer-30",
          scope: ["customer"],
          window: { rollingDays: 30 },
          max: 2500,
          over: "deny",
        }),
        limit({ id: "all-life", scope: ["organization"], window: "lifetime", max: 9000, over: "deny" }),
        limit({ id: "few", scope: ["employee"], window: "week", measure: "count", max: 40, over: "deny" }),
      ],
    });
    const agents = await Promise.all(Array.from({ length: 4 }, () => s.employee("agent")));
    const customers = await Promise.all(Array.from({ length: 5 }, () => s.customer()));
    const posted: { employee: string; customer: string; amount: number }[] = [];
    let denied = 0;
    await Promise.all(
      Array.from({ length: 32 }, async (_, worker) => {
        for (let turn = 0; turn < 12; turn++) {
          const actor = agents[(worker + turn) % agents.length];
          const customer = customers[(worker * 7 + turn) % customers.length];
          if (!actor || !customer) throw new Error("No such.");
          const amount = 37 + ((worker * 13 + turn * 29) % 200);
          const answer = await s.ask({ customer, amount }, { actor });
          if (!answer.ok) expect(answer.code).toBe("busy");
          else if (answer.decision.verdict === "allow") {
            posted.push({ employee: actor.employeeId, customer, amount });
          } else denied++;
        }
      }),
    );

    const sum = (of: (entry: (typeof posted)[number]) => boolean) =>
      posted.filter(of).reduce((total, entry) => total + entry.amount, 0);
    for (const customer of customers) {
      expect(sum((p) => p.customer === customer)).toBeLessThanOrEqual(2500);
      for (const agent of agents) {
        expect(sum((p) => p.customer === customer && p.employee === agent.employeeId)).toBeLessThanOrEqual(
          1000,
        );
      }
    }
    for (const agent of agents) {
      expect(posted.filter((p) => p.employee === agent.employeeId).length).toBeLessThanOrEqual(40);
    }
    expect(sum(() => true)).toBeLessThanOrEqual(9000);
    expect(denied).toBeGreaterThan(0);
    expect(posted.length).toBeGreaterThan(20);
    const whole = (await books(s.organizationId)).find((row) => row.scope_key === "organization");
    expect(Number(whole?.posted)).toBe(sum(() => true));
    await expectBalanced(s.organizationId);
  });

  it("of a count lets exactly so many through", async () => {
    const s = await scenario({
      limits: [
        limit({ id: "few", scope: ["customer"], window: "day", measure: "count", max: 5, over: "deny" }),
      ],
    });
    const customer = await s.customer();
    const answers = await Promise.all(Array.from({ length: 32 }, () => s.ask({ customer, amount: 1 })));
    expect(answers.filter((answer) => decided(answer).verdict === "allow")).toHaveLength(5);
  });

  // Risk: the days of a rolling window are separate rows, and two who decide on both sides of midnight meet at neither.
  it("of rolling days is not passed by those who decide on both sides of midnight at once", async () => {
    const s = await scenario({
      limits: [
        limit({ id: "rolling", scope: ["customer"], window: { rollingDays: 7 }, max: 1000, over: "deny" }),
      ],
    });
    for (let round = 0; round < 5; round++) {
      const customer = await s.customer();
      const times = [new Date("2026-03-10T03:59:59.990Z"), new Date("2026-03-10T04:00:00.010Z")];
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, i) => s.ask({ customer, amount: 300 }, { now: times[i % 2] })),
      );
      const posted = answers.filter((answer) => answer.ok && answer.decision.verdict === "allow");
      expect(posted).toHaveLength(3);
    }
  });

  // Risk: an off-by-one gives away a cent, or keeps one back, on every limit in the world.
  it.each([
    [2999, "allow"],
    [3000, "allow"],
    [3001, "handover"],
  ])("takes %i of 3000 with the verdict %s", async (amount, verdict) => {
    const s = await scenario({ limits: [DAY] });
    expect(decided(await s.ask({ customer: await s.customer(), amount })).verdict).toBe(verdict);
  });

  // Risk: policy.md says that a pending handover holds what it asked for, also on the limit that it passed.
  it("is held by a handover that waits, so that the next one is handed over too", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    expect(decided(await s.ask({ customer, amount: 2500 })).verdict).toBe("allow");
    const over = decided(await s.ask({ customer, amount: 2500 }));
    expect([over.verdict, over.status]).toEqual(["handover", "reserved"]);
    expect(over.explanation).toMatchObject({ binding: "guest-day", maxAmount: 500 });
    expect(over.explanation.checks[0]).toMatchObject({ id: "guest-day", used: 2500, asked: 2500, max: 3000 });
    const next = decided(await s.ask({ customer, amount: 100 }));
    expect(next.verdict).toBe("handover");
    expect(next.explanation.checks[0]).toMatchObject({ used: 5000, reserved: 2500 });
    await expectBalanced(s.organizationId);
  });
});

describe("an idempotency key", () => {
  // Risk: a retry after a lost answer pays twice.
  it("does its intent once, however many send it at the same time", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const keys = Array.from({ length: 20 }, () => randomUUID());
    const answers = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const ids: (string | null)[] = [];
        for (const key of keys) ids.push(decided(await s.ask({ customer, amount: 100 }, { key })).id);
        return ids;
      }),
    );
    for (const ids of answers) expect(ids).toEqual(answers[0]);
    expect(new Set(answers[0]).size).toBe(20);
    const [row] = await books(s.organizationId);
    expect([row?.posted, row?.posted_count]).toEqual(["2000", "20"]);
  });

  it("gives the stored answer again, also when the limit has been used up since", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const first = await s.ask({ customer, amount: 2000 }, { key: "again" });
    await s.ask({ customer, amount: 1000 });
    const again = await s.ask({ customer, amount: 2000 }, { key: "again" });
    expect(again).toEqual({ ...first, replayed: true });
  });

  it("refuses another request, and records nothing for it", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    await s.ask({ customer, amount: 2000 }, { key: "once" });
    expect(await s.ask({ customer, amount: 2001 }, { key: "once" })).toMatchObject({
      ok: false,
      code: "idempotency_mismatch",
    });
    expect((await books(s.organizationId))[0]?.posted).toBe("2000");
  });

  it("refuses all but one of the different requests that come with it at the same time", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => s.ask({ customer, amount: 100 + i }, { key: "contested" })),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.code === "idempotency_mismatch")).toHaveLength(15);
  });

  it("belongs to its employee: two may use the same word", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const other = await s.employee("agent");
    const mine = decided(await s.ask({ customer, amount: 100 }, { key: "k" }));
    const theirs = decided(await s.ask({ customer, amount: 100 }, { key: "k", actor: other }));
    expect(theirs.id).not.toBe(mine.id);
  });
});

describe("what is recorded", () => {
  it("is also every refusal, which holds nothing", async () => {
    const s = await scenario({
      limits: [DAY],
      rules: [{ id: "no-gifts", effect: "deny", when: { remedies: ["gift"] }, why: "No.", say: "Sorry." }],
    });
    const customer = await s.customer();
    const denied = decided(await s.ask({ customer, amount: 100, remedy: "gift" }));
    expect([denied.verdict, denied.status, denied.explanation.binding]).toEqual([
      "deny",
      "refused",
      "no-gifts",
    ]);
    const { rows } = await testDatabase().pool.query(
      `select (select count(*) from decisions where id = $1) as decisions,
         (select count(*) from ledger_entries where decision_id = $1) as entries,
         (select count(*) from jobs where decision_id = $1) as jobs,
         (select count(*) from audit_events where subject_id = $1::text) as events`,
      [denied.id],
    );
    expect(rows[0]).toEqual({ decisions: "1", entries: "0", jobs: "0", events: "1" });
  });

  // Risk: a decision that nobody is told to carry out is a promise; one that two are told to is paid twice.
  it("has a job for whoever carries it out, which the queue gets once, when the undo window is over", async () => {
    const s = await scenario({ limits: [DAY] });
    const now = new Date();
    const done = decided(await s.ask({ customer: await s.customer(), amount: 100 }, { now }));
    const queued = async () => {
      const { rows } = await testDatabase().pool.query(
        `select j.kind, j.status, (select count(*) from graphile_worker.jobs g where g.key = 'execute/' || j.decision_id) as queued
         from jobs j where j.decision_id = $1`,
        [done.id],
      );
      return rows;
    };
    await dispatchJobs(new Date(now.getTime() + 29_000));
    expect(await queued()).toEqual([{ kind: "execute", status: "queued", queued: "0" }]);
    await Promise.all(Array.from({ length: 6 }, () => dispatchJobs(new Date(now.getTime() + 30_000))));
    expect(await queued()).toEqual([{ kind: "execute", status: "queued", queued: "1" }]);
  });

  // Risk: two refunds at once each fit into what was paid, and together don't.
  it("never refunds more than was paid on an order, though ten ask at once and the policy allows it", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const order = await s.order(customer, 1000);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => s.ask({ customer, order, remedy: "refund", amount: 300 })),
    );
    const verdicts = answers.map((answer) => decided(answer).verdict);
    expect(verdicts.filter((verdict) => verdict === "allow")).toHaveLength(3);
    const last = decided(await s.ask({ customer, order, remedy: "refund", amount: 101 }));
    expect(last).toMatchObject({
      verdict: "deny",
      explanation: { binding: "order-refundable", maxAmount: 100 },
    });
    expect(decided(await s.ask({ customer, order, remedy: "refund", amount: 100 })).verdict).toBe("allow");
    await expectBalanced(s.organizationId);
  });

  it("is nothing at all when the request is none: unknown customer, foreign order, missing reason", async () => {
    const s = await scenario({
      rules: [{ id: "soft", effect: "bend", why: "Rarely.", say: "Gladly." }],
    });
    const customer = await s.customer();
    const order = await s.order(await s.customer(), 1000);
    expect(await s.ask({ customer: newId(), amount: 1 })).toMatchObject({ code: "customer_not_found" });
    expect(await s.ask({ customer, order, amount: 1 })).toMatchObject({ code: "order_of_another_customer" });
    expect(await s.ask({ customer, amount: 1, note: "too short" })).toMatchObject({ code: "note_required" });
    expect(await s.ask({ customer, amount: 0 })).toMatchObject({ code: "amount_required" });
    const { rows } = await testDatabase().pool.query("select 1 from decisions where organization_id = $1", [
      s.organizationId,
    ]);
    expect(rows).toEqual([]);
    expect(decided(await s.ask({ customer, amount: 1, note: "ten or more characters" })).verdict).toBe(
      "bend",
    );
  });

  it("is not decided for somebody suspended", async () => {
    const s = await scenario();
    const customer = await s.customer();
    await testDatabase().pool.query("update employees set status = 'suspended' where id = $1", [
      s.agent.employeeId,
    ]);
    expect(await s.ask({ customer, amount: 1 })).toMatchObject({ ok: false, code: "employee_suspended" });
  });

  // Risk: limits by calendar day that begin at midnight UTC reset in the middle of a shift.
  it("counts in the day of the organization's time zone", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    // 23:30 and 00:30 in New York.
    const before = new Date("2026-03-10T03:30:00Z");
    const after = new Date("2026-03-10T04:30:00Z");
    expect(decided(await s.ask({ customer, amount: 3000 }, { now: before })).verdict).toBe("allow");
    expect(decided(await s.ask({ customer, amount: 1 }, { now: before })).verdict).toBe("handover");
    expect(decided(await s.ask({ customer, amount: 3000 }, { now: after })).verdict).toBe("allow");
  });

  it("counts a rolling window over its days, and lets the oldest go", async () => {
    const s = await scenario({
      limits: [limit({ id: "three-days", scope: ["customer"], window: { rollingDays: 3 }, max: 1000 })],
    });
    const customer = await s.customer();
    const on = (day: number) => ({ now: new Date(Date.UTC(2026, 2, day, 17)) });
    expect(decided(await s.ask({ customer, amount: 400 }, on(10))).verdict).toBe("allow");
    expect(decided(await s.ask({ customer, amount: 400 }, on(11))).verdict).toBe("allow");
    expect(decided(await s.ask({ customer, amount: 201 }, on(12))).verdict).toBe("handover");
    // The handover holds 201 on the 12th; the 400 of the 10th are out of the window on the 13th.
    expect(decided(await s.ask({ customer, amount: 399 }, on(13))).verdict).toBe("allow");
    expect(decided(await s.ask({ customer, amount: 1 }, on(13))).verdict).toBe("handover");
  });
});

describe("a handover's deadline", () => {
  it("gives back what was held, once, though ten workers come at the same time", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const held = decided(await s.ask({ customer, amount: 4000 }));
    const later = new Date(Date.now() + 9 * 3_600_000);
    const expire = (at: Date) =>
      pool().query<{ done: boolean }>("select expire_handover($1, $2, $3, $4) as done", [
        s.organizationId,
        held.id,
        at,
        newId(),
      ]);
    expect((await expire(new Date())).rows[0]?.done).toBe(false);
    const runs = await Promise.all(Array.from({ length: 10 }, () => expire(later)));
    expect(runs.filter(({ rows }) => rows[0]?.done)).toHaveLength(1);
    const [row] = await books(s.organizationId);
    expect([row?.posted, row?.reserved]).toEqual(["0", "0"]);
    await expectBalanced(s.organizationId);
    expect(decided(await s.ask({ customer, amount: 3000 })).verdict).toBe("allow");
    const { rows } = await testDatabase().pool.query(
      "select status, sum(decisions) as decisions from decision_rollups where organization_id = $1 group by 1 order by 1",
      [s.organizationId],
    );
    expect(rows).toEqual([
      { status: "expired", decisions: "1" },
      { status: "posted", decisions: "1" },
      { status: "reserved", decisions: "0" },
    ]);
  });
});

describe("a policy that changes under live traffic", () => {
  it("keeps what a limit counted when its maximum is lowered", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    await s.ask({ customer, amount: 2500 });
    expect(await s.publish(1, { limits: [{ ...DAY, max: 1000 }] })).toEqual({ ok: true, version: 2 });
    const next = decided(await s.ask({ customer, amount: 1 }));
    expect(next.policyVersion).toBe(2);
    expect(next.explanation.checks[0]).toMatchObject({
      used: 2500,
      max: 1000,
      left: -1501,
      effect: "handover",
    });
  });

  it("lets a new limit count what happened before it in its window, and what was held before is released on it", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    await s.ask({ customer, amount: 2500 });
    const held = decided(await s.ask({ customer, amount: 2500 }));
    const month = limit({ id: "month", scope: ["customer"], window: "month", max: 6000 });
    await s.publish(1, { limits: [DAY, month] });
    const next = decided(await s.ask({ customer, amount: 100 }));
    expect(next.explanation.checks.find((check) => check.id === "month")).toMatchObject({
      used: 5000,
      reserved: 2500,
    });
    await pool().query("select expire_handover($1, $2, $3, $4)", [
      s.organizationId,
      held.id,
      new Date(Date.now() + 9 * 3_600_000),
      newId(),
    ]);
    await expectBalanced(s.organizationId);
    // Taken out and put back, it has neither forgotten nor counted twice.
    await s.publish(2, { limits: [DAY] });
    await s.ask({ customer, amount: 1 });
    await s.publish(3, { limits: [DAY, month] });
    const last = decided(await s.ask({ customer, amount: 100 }));
    expect(last.explanation.checks.find((check) => check.id === "month")?.used).toBe(2601);
    await expectBalanced(s.organizationId);
  });

  // Risk: decisions that fall between reading the past and publishing are missed by the new limit for ever.
  it("misses no decision that is taken while it is being published", async () => {
    const s = await scenario({ limits: [limit({ ...DAY, max: 1_000_000 })] });
    const customer = await s.customer();
    let stop = false;
    let given = 0;
    const traffic = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const answer = await s.ask({ customer, amount: 1 });
        if (answer.ok) given++;
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const wide = limit({ id: "wide", scope: ["organization"], window: "lifetime", max: 1_000_000 });
    expect(await s.publish(1, { limits: [limit({ ...DAY, max: 1_000_000 }), wide] })).toMatchObject({
      ok: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop = true;
    await Promise.all(traffic);
    const row = (await books(s.organizationId)).find(({ scope_key }) => scope_key === "organization");
    expect(Number(row?.posted)).toBe(given);
    await expectBalanced(s.organizationId);
  });

  it("is published by the first of two who started from the same version; the second is told", async () => {
    const s = await scenario({ limits: [DAY] });
    const answers = await Promise.all([s.publish(1, { limits: [] }), s.publish(1, { limits: [] })]);
    expect(answers).toContainEqual({ ok: true, version: 2 });
    expect(answers).toContainEqual({ ok: false, code: "stale", current: 2 });
  });

  it("is refused, not broken, by a character that no database keeps", async () => {
    const s = await scenario();
    expect(await s.publish(1, { limits: [{ ...DAY, why: "Be\u0000cause." }] })).toMatchObject({
      code: "invalid",
    });
  });

  it("must be counted in the organization's currency and days", async () => {
    const s = await scenario();
    expect(await s.publish(1, { currency: "EUR", timeZone: "Europe/Berlin" })).toMatchObject({
      ok: false,
      code: "invalid",
      errors: [{ path: "currency" }, { path: "timeZone" }],
    });
  });
});

describe("an acknowledged decision", () => {
  // Risk: the connection breaks between the commit and the answer, and the retry pays again or the payment is gone.
  it("is never lost and never doubled, though every connection is killed again and again under load", async () => {
    const s = await scenario({ limits: [limit({ ...DAY, max: 1_000_000 })] });
    const customer = await s.customer();
    const keys = Array.from({ length: 400 }, () => randomUUID());
    const acknowledged = new Map<string, string>();
    let broken = 0;
    const killer = (async () => {
      for (let kill = 0; kill < 8; kill++) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        await testDatabase().pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'leeway'`,
        );
      }
    })();
    let next = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let key = keys[next++]; key; key = keys[next++]) {
          while (!acknowledged.has(key)) {
            try {
              acknowledged.set(key, decided(await s.ask({ customer, amount: 7 }, { key })).id ?? "");
            } catch (error) {
              if (!isDatabaseAway(error)) throw error;
              broken++;
            }
          }
        }
      }),
    );
    await killer;
    expect(broken).toBeGreaterThan(0);
    const { rows } = await testDatabase().pool.query<{ id: string }>(
      "select id from decisions where organization_id = $1",
      [s.organizationId],
    );
    expect(rows.map((row) => row.id).sort()).toEqual([...acknowledged.values()].sort());
    expect((await books(s.organizationId))[0]?.posted).toBe(String(keys.length * 7));
    await expectBalanced(s.organizationId);
  });
});

describe("deciding through a key", () => {
  it("is written down as the key's doing, in the employee's name", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const apiKeyId = newId();
    const answer = await decide({
      actor: {
        kind: "api_key",
        organizationId: s.organizationId,
        apiKeyId,
        scopes: ["decisions:write"],
        employee: { id: s.agent.employeeId, role: "agent", status: "active" },
      },
      input: { customer, remedy: "credit", amount: 1, currency: "USD" },
      idempotencyKey: "key",
      now: new Date(),
    });
    const { rows } = await testDatabase().pool.query(
      "select actor_kind, actor_id, data ->> 'employeeId' as employee from audit_events where subject_id = $1",
      [decided(answer).id],
    );
    expect(rows).toEqual([{ actor_kind: "api_key", actor_id: apiKeyId, employee: s.agent.employeeId }]);
  });
});
