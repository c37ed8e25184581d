import { expect, it } from "vitest";
import { openSpan } from "@/lib/dashboards/data";
import { answerHandover } from "@/lib/handovers/mutations";
import { readHotSpots } from "@/lib/hot-spots/data";
import { DEMO_ORGANIZATION_ID as organizationId } from "@/lib/organizations/demo";
import { currentPolicy } from "@/lib/policies/data";
import { seedDemo } from "@/prisma/seed";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const timeZone = "America/New_York";

// Risk: a limit that does what it is there for is called a mistake, and is raised.
it("nothing is found in a demo in which no hot spot is planted, though its managers answer", async () => {
  await seedDemo({ databaseUrl: testDatabase().url, historyDays: 16, planted: false });
  const policy = await currentPolicy(organizationId);
  const open = await openSpan({ organizationId, timeZone, currency: "USD" }, { days: "90" }, new Date());
  const { spots, quiet } = await readHotSpots(organizationId, open, policy?.document ?? null);
  expect(spots).toEqual([]);
  expect(quiet[0]?.check).toBe("guest-day");
  expect(quiet[0]?.sums.approved).toBeGreaterThan(0);
}, 180_000);

it("what was handed over although it need not have been is counted and listed, whatever was asked for at first", async () => {
  const s = await scenario({
    currency: "USD",
    timeZone,
    limits: [
      limit({
        id: "at-once",
        scope: ["employee"],
        window: "decision",
        max: 1000,
        when: { roles: ["agent"] },
      }),
    ],
  });
  const now = new Date();
  const customer = await s.customer();
  const granted = async (asked: number, amount: number) => {
    const { id } = decided(await s.ask({ customer, amount: asked }, { now }));
    const { rows } = await testDatabase().pool.query("select id from handovers where decision_id = $1", [id]);
    const input = { answer: "adjust" as const, amount, note: "So much." };
    expect(await answerHandover({ actor: s.manager, handoverId: rows[0].id, input, now })).toMatchObject({
      ok: true,
    });
    return id;
  };
  const small = await granted(5000, 1000);
  await granted(5000, 1001);
  const open = await openSpan({ organizationId: s.organizationId, timeZone, currency: "USD" }, {}, now);
  const { within, spots, quiet } = await readHotSpots(s.organizationId, open, null);
  expect(within.total).toBe(1);
  expect(within.rows.map(({ decisionId }) => decisionId)).toEqual([small]);
  expect([spots.length, quiet[0]?.part]).toEqual([0, { kind: "gone" }]);
});
