import { describe, expect, test } from "vitest";
import { aLimit, aPolicy, aRule } from "./fixtures";
import type { Limit, Policy, Rule } from "./schema";
import { startingPolicy } from "./starting-policy";
import type { RosterProfile } from "./unanswered";
import { policyWarnings, type Roster } from "./warnings";

const served = { value: "ownership" };
const limits = (...parts: Partial<Limit>[]) => ({
  limits: parts.map((part, index) => aLimit({ id: `limit-${index}`, ...served, ...part })),
});
const rules = (...parts: Partial<Rule>[]) => ({
  rules: parts.map((part, index) => aRule({ id: `rule-${index}`, ...served, ...part })),
});
const warned = (policy: Partial<Policy>, roster?: Roster) => policyWarnings(aPolicy(policy), roster);
const profile = (role: RosterProfile["role"], parts: Partial<RosterProfile> = {}): RosterProfile => ({
  role,
  team: null,
  tenureDays: 400,
  count: 1,
  ...parts,
});
const PEOPLE = [profile("agent", { count: 9 }), profile("manager", { count: 2 }), profile("admin")];

describe("nothing is warned about", () => {
  test("in the policy that an organization begins with", () => {
    const policy = startingPolicy({ currency: "USD", timeZone: "UTC" });
    expect(policyWarnings(policy, { employees: PEOPLE, teams: [], tiers: [], causes: [] })).toEqual([]);
  });

  test("in an empty policy", () => {
    expect(warned({}, { employees: [] })).toEqual([]);
  });
});

describe("a condition that never holds", () => {
  test.each<[string, Partial<Policy>, string, string]>([
    [
      "no order, and an age of it",
      rules({ when: { hasOrder: false, orderAgeDays: { over: 1 } } }),
      "rules.0.when",
      "order_and_none",
    ],
    [
      "no order, and counted by it",
      limits({ scope: ["order"], when: { hasOrder: false } }),
      "limits.0.when",
      "order_and_none",
    ],
    ["only auditors", rules({ when: { roles: ["auditor"] } }), "rules.0.when", "auditors_only"],
    ["amounts below zero", rules({ when: { amount: { under: 0 } } }), "rules.0.when", "amount_below_zero"],
  ])("%s", (_name, policy, path, reason) => {
    expect(warned(policy)).toMatchObject([{ code: "never_holds", path, reason }]);
  });

  test("is warned about by one sentence, though more is to be said of it", () => {
    const never = { when: { hasOrder: false, orderAgeDays: { over: 1 } }, effect: "handover" as const };
    expect(warned(rules(never, {}), { employees: PEOPLE }).map(({ code }) => code)).toEqual(["never_holds"]);
  });
});

describe("a limit on single decisions", () => {
  const one = { window: "decision" as const };
  const codes = (parts: Partial<Limit>) => warned(limits({ ...one, ...parts })).map(({ code }) => code);

  test("that counts them always or never fires", () => {
    expect(warned(limits({ ...one, measure: "count", max: 0, over: "deny" }))).toEqual([
      { path: "limits.0.max", id: "limit-0", kind: "limit", code: "count_always_fires", effect: "deny" },
    ]);
    expect(codes({ measure: "count", max: 1 })).toEqual(["count_never_fires"]);
    // What is not known hands over.
    expect(codes({ measure: "count", max: 1, when: { tenureDays: { over: 1 } } })).toEqual([]);
    expect(codes({ measure: "count", max: 0, window: "day" })).toEqual([]);
  });

  test("that its own condition keeps within it never fires", () => {
    expect(warned(limits({ ...one, max: 100, when: { amount: { under: 100 } } }))).toEqual([
      { path: "limits.0.max", id: "limit-0", kind: "limit", code: "never_exceeded", max: 100, under: 100 },
    ]);
    // An amount in another currency may be worth 100.5.
    expect(codes({ max: 100, when: { amount: { under: 101 } } })).toEqual([]);
    expect(codes({ max: 100, window: "day", when: { amount: { under: 50 } } })).toEqual([]);
    expect(codes({ max: 100, when: { amount: { under: 50 }, hasOpenDispute: true } })).toEqual([]);
  });
});

describe("what is hidden", () => {
  test("names what hides it", () => {
    expect(warned(limits({ when: { roles: ["agent"] } }, { max: 100, over: "deny" }))).toEqual([
      { path: "limits.0", id: "limit-0", kind: "limit", code: "hidden_by_limit", by: "limit-1" },
    ]);
    expect(warned(rules({}, { when: { hasOrder: true } }))).toEqual([
      { path: "rules.1", id: "rule-1", kind: "rule", code: "hidden_by_rule", by: "rule-0" },
    ]);
    expect(warned({ ...limits({}), ...rules({}) })).toEqual([
      { path: "limits.0", id: "limit-0", kind: "limit", code: "hidden_by_rule", by: "rule-0" },
    ]);
  });

  test("of those that are alike, is all but the first", () => {
    expect(warned(limits({}, {}, {}))).toMatchObject([
      { id: "limit-1", by: "limit-0" },
      { id: "limit-2", by: "limit-0" },
    ]);
    expect(warned(rules({}, {}))).toMatchObject([{ id: "rule-1", by: "rule-0" }]);
  });
});

describe("a name that nobody has", () => {
  const when = { teams: ["north", "nrth"], tiers: ["gold"], causes: ["carrier"], channels: ["fax"] };

  test("is told with its place", () => {
    const roster = { employees: [], teams: ["north"], tiers: [], causes: ["stock"], channels: ["phone"] };
    expect(warned(rules({ when }), roster)).toEqual(
      [
        { path: "rules.0.when.teams.1", condition: "teams", name: "nrth" },
        { path: "rules.0.when.tiers.0", condition: "tiers", name: "gold" },
        { path: "rules.0.when.causes.0", condition: "causes", name: "carrier" },
        { path: "rules.0.when.channels.0", condition: "channels", name: "fax" },
      ].map((each) => ({ id: "rule-0", kind: "rule", code: "unknown_name", ...each })),
    );
  });

  test("is not, where the names are not known", () => {
    expect(warned(rules({ when }))).toEqual([]);
    expect(warned(rules({ when }), { employees: [] })).toEqual([]);
  });
});

test("a check without a value is told", () => {
  const policy = { limits: [aLimit()], rules: [aRule()] };
  expect(warned(policy).filter(({ code }) => code === "no_value")).toMatchObject([
    { path: "limits.0", id: "guest-day", kind: "limit" },
    { path: "rules.0", id: "some-rule", kind: "rule" },
  ]);
});

// Risk: the customer waits until the deadline for an answer that nobody could give.
describe("a handover that nobody might answer", () => {
  const unanswered = (policy: Partial<Policy>, employees = PEOPLE) =>
    warned(policy, { employees }).filter(({ code }) => code === "handover_unanswered");
  const forAgents = { when: { roles: ["agent" as const] } };

  test("is told with a request that it happens to", () => {
    expect(unanswered(limits({ scope: ["customer"], max: 500 }))).toEqual([
      {
        path: "limits.0.over",
        id: "limit-0",
        kind: "limit",
        code: "handover_unanswered",
        sample: {
          role: "agent",
          team: null,
          remedy: "refund",
          amount: 501,
          currency: "USD",
          hasOrder: true,
          orderAgeDays: 0,
          tier: null,
          cause: null,
          channel: null,
          hasOpenDispute: false,
        },
      },
    ]);
    expect(unanswered(rules({ effect: "handover", when: { channels: ["phone"] } }))).toMatchObject([
      { path: "rules.0.effect", sample: { amount: 1, channel: "phone" } },
    ]);
  });

  test("is none where somebody with more discretion is there", () => {
    expect(unanswered(limits(forAgents))).toEqual([]);
    expect(unanswered(rules({ effect: "handover", ...forAgents }))).toEqual([]);
    expect(unanswered(limits(forAgents), [profile("agent"), profile("auditor")])).toHaveLength(1);
    expect(unanswered(limits(forAgents), [profile("agent"), profile("manager", { count: 0 })])).toHaveLength(
      1,
    );
  });

  test("is one where the other ones are bound as tightly", () => {
    const tight = limits(
      { ...forAgents, max: 500 },
      { max: 500, over: "deny", when: { roles: ["manager", "admin"] } },
    );
    expect(unanswered(tight)).toMatchObject([{ id: "limit-0", sample: { amount: 501 } }]);
    const wider = limits(
      { ...forAgents, max: 500 },
      { max: 501, over: "deny", when: { roles: ["manager"] } },
    );
    expect(unanswered(wider)).toEqual([]);
  });

  test("is none where nobody is there to be handed over, or it is denied anyway", () => {
    expect(unanswered(limits(forAgents), [profile("manager")])).toEqual([]);
    expect(unanswered(limits({ when: { tenureDays: { under: 30 } } }))).toEqual([]);
    expect(unanswered({ ...limits({}), ...rules({}) })).toEqual([]);
  });

  test("is none where one remedy can be answered, so that another rule is to blame", () => {
    const policy = {
      ...limits(forAgents),
      ...rules({ effect: "handover", when: { remedies: ["refund"] } }),
    };
    expect(unanswered(policy).map(({ id }) => id)).toEqual(["rule-0"]);
  });

  test("may be answered by one of several alike, and never by oneself", () => {
    const often = limits({ measure: "count", max: 2, scope: ["employee"] });
    expect(unanswered(often, [profile("agent", { count: 2 })])).toEqual([]);
    expect(unanswered(often, [profile("agent")])).toHaveLength(1);
    expect(unanswered(often, [profile("agent"), profile("agent", { team: "north" })])).toEqual([]);
  });

  test("asks within the condition of the limit", () => {
    const within = limits({
      scope: ["customer", "order"],
      max: 500,
      when: {
        amount: { over: 900 },
        remedies: ["gift"],
        orderAgeDays: { over: 90 },
        hasOpenDispute: true,
        tiers: ["gold"],
      },
    });
    expect(unanswered(within)).toMatchObject([
      {
        sample: {
          amount: 901,
          remedy: "gift",
          hasOrder: true,
          orderAgeDays: 91,
          hasOpenDispute: true,
          tier: "gold",
        },
      },
    ]);
    expect(unanswered(limits({ max: 500, when: { amount: { under: 501 } } }))).toEqual([]);
    expect(unanswered(limits({ max: Number.MAX_SAFE_INTEGER }))).toEqual([]);
  });
});
