import { expect, it } from "vitest";
import { verifyPassword } from "@/lib/auth/password";
import { tenantDb } from "@/lib/db/prisma";
import { readAllowance } from "@/lib/decisions/data";
import { DEMO_ORGANIZATION_ID as organizationId } from "@/lib/organizations/demo";
import { listStaleDays } from "@/lib/sums/data";
import { seedDemo } from "@/prisma/seed";
import { testDatabase } from "../setup/database";
import { expectReconciled } from "../setup/reconciled";

const INTERRUPTED = "pulled the plug";
/** The whole demo tells of ninety; so many are enough for every kind of decision, and much quicker. */
const historyDays = 16;

async function numbers(text: string): Promise<Record<string, number>> {
  const { rows } = await testDatabase().pool.query<{ name: string; number: string }>(text, [organizationId]);
  return Object.fromEntries(rows.map(({ name, number }) => [name, Number(number)]));
}

// Risk: a start that was broken off leaves half a demo, and every later start takes it for a whole one.
it("A seed that is interrupted goes on at the next start and makes the same demo whole", async () => {
  const { url: databaseUrl } = testDatabase();
  const interrupted = seedDemo({
    databaseUrl,
    historyDays,
    log: (line) => {
      if (line.startsWith("500 of")) throw new Error(INTERRUPTED);
    },
  });
  await expect(interrupted).rejects.toThrow(INTERRUPTED);
  expect(await seedDemo({ databaseUrl, historyDays })).toEqual({ created: true });
  expect(await seedDemo({ databaseUrl, historyDays })).toEqual({ created: false });

  const db = tenantDb(organizationId);
  expect(await db.organization.findFirst()).toMatchObject({ currency: "USD", timeZone: "America/New_York" });
  expect(await db.employee.count()).toBe(40);
  expect(await db.team.count()).toBe(5);
  expect(await db.customer.count()).toBe(2_000);
  expect(await db.order.count()).toBe(6_000);
  expect((await db.policy.findMany({ orderBy: { version: "asc" } })).map(({ status }) => status)).toEqual([
    "superseded",
    "published",
  ]);

  const verdicts = await numbers(
    "select verdict as name, count(*) as number from decisions where organization_id = $1 group by 1",
  );
  const all = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  expect(all).toBeGreaterThan(800);
  for (const verdict of ["allow", "bend", "handover", "deny"])
    expect(verdicts[verdict], verdict).toBeGreaterThan(8);
  expect(await db.idempotencyKey.count()).toBe(all);
  const days = await numbers(
    `select 'days' as name, count(distinct (created_at at time zone 'America/New_York')::date) as number
     from decisions where organization_id = $1`,
  );
  expect(days.days).toBeGreaterThanOrEqual(historyDays - 1);

  const unsent = await numbers(
    `select case when sent_decision_id is null then verdict else 'lowered' end as name, count(*) as number
     from unsent_requests where organization_id = $1 group by 1`,
  );
  expect(Object.values(unsent).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(8);
  expect(unsent.lowered).toBeGreaterThan(0);
  expect(unsent.allow).toBeUndefined();

  const handovers = await numbers(
    "select status as name, count(*) as number from handovers where organization_id = $1 group by 1",
  );
  expect(Object.keys(handovers)).toEqual(expect.arrayContaining(["approved", "declined", "waiting"]));
  expect(await listStaleDays(organizationId)).toEqual([]);
  expect(handovers.waiting).toBeGreaterThanOrEqual(5);
  const late = await numbers(
    `select 'late' as name, count(*) as number from handovers
     where organization_id = $1 and (status = 'waiting') <> (deadline_at > now())`,
  );
  expect(late.late).toBe(0);
  const owed = await numbers(
    "select kind as name, count(*) as number from jobs where organization_id = $1 and status = 'queued' group by 1",
  );
  expect(owed).toEqual({ expire_handover: handovers.waiting });

  await expectReconciled(organizationId);

  for (const role of ["agent", "manager", "admin", "auditor"]) {
    const email = `${role}@demo.leeway.test`;
    const employee = await db.employee.findFirst({ where: { organizationId, email } });
    expect(employee).toMatchObject({ role, passwordOneTime: false });
    expect(await verifyPassword(employee?.passwordHash ?? null, "leeway-demo")).toBe(true);
  }
  const agent = await db.employee.findFirst({ where: { organizationId, email: "agent@demo.leeway.test" } });
  const customers = await db.customer.findMany({ take: 40, orderBy: { externalRef: "asc" } });
  let whole = 0;
  for (const customer of customers) {
    const answer = await readAllowance({
      organizationId,
      employeeId: agent?.id ?? "",
      customer: customer.id,
      now: new Date(),
    });
    if (answer.ok && answer.allowance.available === 200_000) whole += 1;
  }
  expect(whole).toBeGreaterThan(35);
}, 180_000);
