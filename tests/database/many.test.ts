import { expect, it } from "vitest";
import { answerHandover } from "@/lib/handovers/mutations";
import { seedMany } from "@/prisma/many";
import { books, expectBalanced } from "../setup/books";
import { testDatabase } from "../setup/database";
import { expectReconciled } from "../setup/reconciled";
import { decided, limit, scenario } from "../setup/scenario";

// Risk: what speed is measured on has no books that hold, and is no history that Leeway would ever have written.
it("a long past that is added has balanced books, and leaves today's allowance alone", async () => {
  const s = await scenario({
    limits: [
      limit({
        id: "day",
        scope: ["employee", "customer"],
        window: "day",
        max: 3000,
        when: { roles: ["agent"] },
      }),
      limit({ id: "month", scope: ["employee"], window: "month", max: 1_000_000 }),
      limit({ id: "rolling", scope: ["customer"], window: { rollingDays: 30 }, max: 100_000 }),
      limit({ id: "ever", scope: ["organization"], window: "lifetime", max: 900_000_000, over: "bend" }),
    ],
    rules: [{ id: "no-gifts", effect: "deny", when: { remedies: ["gift"] }, why: "No.", say: "Sorry." }],
  });
  const customer = await s.customer();
  for (const amount of [100, 250, 900]) await s.ask({ customer, amount });
  await s.ask({ customer, amount: 10, remedy: "gift" });
  const held = decided(await s.ask({ customer, amount: 5000 }));
  const { rows } = await testDatabase().pool.query("select id from handovers where decision_id = $1", [
    held.id,
  ]);
  await answerHandover({
    actor: s.manager,
    handoverId: rows[0].id,
    input: { answer: "adjust", amount: 4000, note: "This much is right." },
    now: new Date(),
  });
  const before = await books(s.organizationId);

  await seedMany({
    databaseUrl: testDatabase().url,
    organizationId: s.organizationId,
    decisions: 12_000,
    days: 40,
  });
  const { rows: counts } = await testDatabase().pool.query(
    `select (select count(*)::int from decisions) as decisions, (select count(*)::int from audit_events e
       where e.subject_kind = 'decision' and not exists (select from unsealed u where u.event_id = e.id)) as forgotten,
       (select count(distinct status)::int from decisions) as statuses,
       (select count(*)::int from decisions d where status = 'posted' and not exists (
         select from jobs j where j.decision_id = d.id and j.kind = 'execute')) as jobless`,
  );
  expect(counts[0]).toEqual({ decisions: 12_005, forgotten: 0, statuses: 2, jobless: 0 });
  const { rows: carried } = await testDatabase().pool.query(
    `with steps as (
       select subject_id, count(*) as steps from audit_events where action like 'execution.%' group by 1
     )
     select x.remedy, x.provider, count(*)::int as executions, count(x.reference)::int as referred, sum(e.steps)::int as steps,
       count(l.id)::int as lots
     from executions x
     join decisions d on d.organization_id = x.organization_id and d.id = x.decision_id and d.status = 'posted'
     join steps e on e.subject_id = x.decision_id::text
     left join credit_lots l on l.organization_id = x.organization_id and l.decision_id = x.decision_id and l.left_amount = x.amount
     group by 1, 2`,
  );
  expect(carried).toHaveLength(1);
  const { executions } = carried[0];
  expect(executions).toBeGreaterThan(5_000);
  expect(carried[0]).toEqual({
    ...{ remedy: "credit", provider: "store_credit", executions },
    ...{ referred: executions, steps: 2 * executions, lots: executions },
  });
  await expectBalanced(s.organizationId);
  await expectReconciled(s.organizationId);
  const today = (lines: typeof before) =>
    lines
      .filter((line) => line.scope_key.includes(customer) && line.posted !== "0")
      .sort((a, b) => (a.definition < b.definition ? -1 : 1));
  expect(today(await books(s.organizationId))).toEqual(today(before));
});

it("needs something that was decided as its pattern", async () => {
  const s = await scenario();
  await expect(
    seedMany({ databaseUrl: testDatabase().url, organizationId: s.organizationId, decisions: 10 }),
  ).rejects.toThrow(/pattern/);
});
