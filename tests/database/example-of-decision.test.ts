import { expect, it } from "vitest";
import { exampleOf, runExample } from "@/lib/discretion/examples";
import { type PolicyInput, policySchema } from "@/lib/discretion/schema";
import { readOnRecord } from "@/lib/examples/data";
import { decided, limit, scenario } from "../setup/scenario";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const LIMITS = [
  limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 }),
  limit({ id: "customer-week", scope: ["customer"], window: { rollingDays: 7 }, max: 6000 }),
];
const POLICY: PolicyInput = { currency: "USD", timeZone: "America/New_York", limits: LIMITS, rules: [] };

// The risk: an example that says what was decided and fails at once, because what counted then is not in it.
it("an example of a decision comes out as the decision did, by what was given before it and still stands", async () => {
  const s = await scenario(POLICY);
  const policy = policySchema.parse(POLICY);
  const [customer, another] = [await s.customer(), await s.customer()];
  const colleague = await s.employee("agent");
  const noon = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS + 17 * HOUR_MS;
  const ask = async (amount: number, hours: number, whom = customer, actor = s.agent) => {
    const at = new Date(noon + hours * HOUR_MS);
    return decided(await s.ask({ customer: whom, amount }, { actor, now: at }));
  };
  // Too long ago for any limit; and below, by somebody else for somebody else: neither of the two is in it.
  await ask(100, -20 * 24);
  await ask(2500, -48, customer, colleague);
  await ask(1000, -2);
  await ask(700, -1, another);
  await ask(900, -1, another, colleague);
  const decision = await ask(2600, 0);
  expect(decision.verdict).toBe("handover");

  const onRecord = await readOnRecord(s.organizationId, decision.id ?? "", policy);
  if (!onRecord) throw new Error("The decision is not found.");
  expect(
    onRecord.past.map(({ amount, sameEmployee, sameCustomer }) => [amount, sameEmployee, sameCustomer]),
  ).toEqual([
    [700, true, false],
    [1000, true, true],
    [2500, false, true],
  ]);
  const example = exampleOf({ id: "as-decided", ...onRecord });
  expect(runExample(policy, example)).toMatchObject({ passes: true, actual: { verdict: "handover" } });
  // Without its history it would have been allowed.
  const { history: _history, ...given } = example.given;
  expect(runExample(policy, { ...example, given })).toMatchObject({ passes: false });
});

it("nobody else's decision becomes an example", async () => {
  const s = await scenario(POLICY);
  const decision = decided(await s.ask({ customer: await s.customer(), amount: 100 }));
  const other = await scenario(POLICY);
  const policy = policySchema.parse(POLICY);
  expect(await readOnRecord(other.organizationId, decision.id ?? "", policy)).toBeNull();
  expect(await readOnRecord(s.organizationId, "not-an-id", policy)).toBeNull();
});
