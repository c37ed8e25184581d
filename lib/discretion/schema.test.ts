import { describe, expect, test } from "vitest";
import { aLimit, aPolicy, aRule } from "./fixtures";
import { type Example, type Limit, policySchema, REMEDIES, type Rule, type When } from "./schema";

const faultsOf = (document: unknown) => {
  const parsed = policySchema.safeParse(document);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
};
const messagesOf = (document: unknown) => {
  const parsed = policySchema.safeParse(document);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
};
const withLimit = (parts: Record<string, unknown>) =>
  aPolicy({ limits: [{ ...aLimit(), ...parts } as unknown as Limit] });
const withRule = (parts: Record<string, unknown>) =>
  aPolicy({ rules: [{ ...aRule(), ...parts } as unknown as Rule] });
const withWhen = (when: Record<string, unknown>) => withRule({ when: when as When });

describe("a policy that is accepted", () => {
  test("may leave out values, and then has none", () => {
    const { values: _values, ...document } = aPolicy();
    expect(policySchema.parse(document)).toEqual(aPolicy());
  });

  test("comes out as it went in", () => {
    const document = aPolicy({
      values: [{ id: "ownership", text: "Own it." }],
      limits: [aLimit({ value: "ownership", when: { roles: ["agent"], amount: { over: 0, under: 2 } } })],
      rules: [aRule({ when: { hasOrder: false }, value: "ownership" })],
    });
    expect(policySchema.parse(document)).toEqual(document);
  });

  test.each([
    ["a limit of nothing", withLimit({ max: 0 })],
    ["the largest limit there is", withLimit({ max: Number.MAX_SAFE_INTEGER })],
    ["one rolling day", withLimit({ window: { rollingDays: 1 } })],
    ["ten rolling years", withLimit({ window: { rollingDays: 3660 } })],
    ["every scope at once", withLimit({ scope: ["employee", "customer", "team", "order", "organization"] })],
    ["a condition that names nothing", withLimit({ when: {} })],
    ["an id of sixty characters", withLimit({ id: "a".repeat(60) })],
    ["an id that begins with a digit", withLimit({ id: "3-a" })],
  ])("%s", (_name, document) => {
    expect(faultsOf(document)).toEqual([]);
  });
});

describe("a policy that is refused", () => {
  test.each<[string, unknown, string[]]>([
    ["a currency that is none", aPolicy({ currency: "XYZ" }), ["currency"]],
    ["a currency in small letters", aPolicy({ currency: "usd" }), ["currency"]],
    ["a time zone that is none", aPolicy({ timeZone: "Mars/Base" }), ["timeZone"]],
    ["a bare offset as time zone", aPolicy({ timeZone: "+02:00" }), ["timeZone"]],
    ["an unknown field", { ...aPolicy(), foo: 1 }, [""]],
    ["an unknown field of a limit", withLimit({ foo: 1 }), ["limits.0"]],
    ["an unknown condition", withWhen({ weather: "rain" }), ["rules.0.when"]],
    ["a negative limit", withLimit({ max: -1 }), ["limits.0.max"]],
    ["a fraction of a cent", withLimit({ max: 0.5 }), ["limits.0.max"]],
    ["a limit that a number cannot carry", withLimit({ max: 2 ** 53 }), ["limits.0.max"]],
    ["an amount as text", withLimit({ max: "100" }), ["limits.0.max"]],
    ["no scope", withLimit({ scope: [] }), ["limits.0.scope"]],
    ["a scope twice", withLimit({ scope: ["team", "employee", "team"] }), ["limits.0.scope.2"]],
    ["an unknown scope", withLimit({ scope: ["planet"] }), ["limits.0.scope.0"]],
    ["an unknown window", withLimit({ window: "fortnight" }), ["limits.0.window"]],
    ["no rolling day", withLimit({ window: { rollingDays: 0 } }), ["limits.0.window.rollingDays"]],
    ["too many rolling days", withLimit({ window: { rollingDays: 3661 } }), ["limits.0.window.rollingDays"]],
    ["half a rolling day", withLimit({ window: { rollingDays: 1.5 } }), ["limits.0.window.rollingDays"]],
    ["an unknown measure", withLimit({ measure: "weight" }), ["limits.0.measure"]],
    ["an effect that is a verdict but none to set", withLimit({ over: "allow" }), ["limits.0.over"]],
    ["a rule without an effect", withRule({ effect: undefined }), ["rules.0.effect"]],
    ["a blank why", withLimit({ why: " \n " }), ["limits.0.why"]],
    ["no say", withRule({ say: undefined }), ["rules.0.say"]],
    ["a why that is a book", withRule({ why: "a".repeat(1001) }), ["rules.0.why"]],
    ["an id with capitals", withLimit({ id: "Guest" }), ["limits.0.id"]],
    ["an id that begins with a hyphen", withLimit({ id: "-a" }), ["limits.0.id"]],
    ["an id that is too long", withLimit({ id: "a".repeat(61) }), ["limits.0.id"]],
    ["the id of a built-in check", withLimit({ id: "order-refundable" }), ["limits.0.id"]],
    ["the id of the other built-in check", withRule({ id: "exchange-rate" }), ["rules.0.id"]],
    ["a value that nobody declared", withLimit({ value: "ownership" }), ["limits.0.value"]],
    ["an empty list of roles", withWhen({ roles: [] }), ["rules.0.when.roles"]],
    ["an unknown role", withWhen({ roles: ["king"] }), ["rules.0.when.roles.0"]],
    ["an unknown remedy", withWhen({ remedies: ["refund", "hug"] }), ["rules.0.when.remedies.1"]],
    ["a blank team", withWhen({ teams: [" "] }), ["rules.0.when.teams.0"]],
    ["a range without bounds", withWhen({ amount: {} }), ["rules.0.when.amount"]],
    ["a range upside down", withWhen({ orderAgeDays: { over: 9, under: 3 } }), ["rules.0.when.orderAgeDays"]],
    ["a range that holds no number", withWhen({ amount: { over: 5, under: 6 } }), ["rules.0.when.amount"]],
    ["a negative bound", withWhen({ tenureDays: { over: -1 } }), ["rules.0.when.tenureDays.over"]],
    ["a truth as text", withWhen({ hasOrder: "yes" }), ["rules.0.when.hasOrder"]],
    ["nothing", null, [""]],
    ["a list", [], [""]],
  ])("%s", (_name, document, paths) => {
    expect(faultsOf(document)).toEqual(paths);
  });

  test("an id is used once among limits and rules together; the later one is at fault", () => {
    const document = aPolicy({
      limits: [aLimit({ id: "a" }), aLimit({ id: "b" })],
      rules: [aRule({ id: "a" })],
    });
    expect(faultsOf(document)).toEqual(["rules.0.id"]);
    expect(messagesOf(document)).toEqual([
      'The id "a" is taken by limits.0. Give every limit and rule an id of its own.',
    ]);
  });

  test("a value may share its id with a limit, but not with another value", () => {
    const value = { id: "guest-day", text: "Own it." };
    expect(faultsOf(aPolicy({ values: [value], limits: [aLimit()] }))).toEqual([]);
    expect(faultsOf(aPolicy({ values: [value, value] }))).toEqual(["values.1.id"]);
  });

  // An author who is shown one fault at a time saves eight times over.
  test("every fault shows at once, between the parts also when the parts themselves are broken", () => {
    const document = {
      currency: "XYZ",
      timeZone: "Mars/Base",
      values: 7,
      limits: [aLimit({ id: "twice", max: 0.5 }), { id: "exchange-rate" }, "limit"],
      rules: [{ ...aRule(), id: "twice", why: undefined, value: "nobody" }],
    };
    expect(new Set(faultsOf(document))).toEqual(
      new Set([
        "currency",
        "timeZone",
        "values",
        "limits.0.max",
        "limits.1.id",
        "limits.1.scope",
        "limits.1.window",
        "limits.1.measure",
        "limits.1.max",
        "limits.1.over",
        "limits.1.why",
        "limits.1.say",
        "limits.2",
        "rules.0.why",
        "rules.0.id",
        "rules.0.value",
      ]),
    );
  });

  test("no message is zod's own", () => {
    const documents = [
      null,
      {},
      withLimit({ window: {} }),
      withLimit({ max: Number.NaN }),
      aPolicy({ limits: [3 as never] }),
    ];
    for (const message of documents.flatMap(messagesOf)) expect(message).not.toMatch(/Invalid|expected|Too /);
  });
});

const anExample = (parts: Record<string, unknown> = {}): Example =>
  ({
    id: "one",
    given: { employee: { role: "agent" } },
    when: { remedy: "credit", amount: 2500 },
    then: { verdict: "allow" },
    ...parts,
  }) as Example;
const withExample = (parts: Record<string, unknown>) => aPolicy({ examples: [anExample(parts)] });
const given = (parts: Record<string, unknown>) =>
  withExample({ given: { employee: { role: "agent" }, ...parts } });
const when = (parts: Record<string, unknown>) =>
  withExample({ when: { remedy: "credit", amount: 2500, ...parts } });
const past = (parts: Record<string, unknown>) =>
  given({ history: [{ remedy: "credit", amount: 1, ...parts }] });

describe("mission and examples", () => {
  test("may be left out, and then are not there", () => {
    expect(Object.keys(policySchema.parse(aPolicy()))).not.toContain("mission");
    expect(Object.keys(policySchema.parse(aPolicy()))).not.toContain("examples");
  });

  test("come out as they went in", () => {
    const document = aPolicy({
      mission: "We put things right.",
      limits: [aLimit({ id: "guest-day" })],
      examples: [
        anExample(),
        anExample({
          id: "everything",
          says: "A loyal customer's parcel is late again.",
          given: {
            employee: { role: "agent", team: "north", tenureDays: 0 },
            customer: { tier: "gold" },
            order: { paid: 5000, refunded: 100, ageDays: 36_600 },
            hasOpenDispute: null,
            at: "2026-03-08T01:59:59.5-05:00",
            history: [
              {
                daysAgo: 2,
                remedy: "refund",
                amount: 900,
                currency: "EUR",
                rate: "1.0834",
                by: "other",
                for: "same",
                sameOrder: true,
                sameCase: false,
                cause: "carrier",
                channel: "phone",
              },
              { remedy: "gift", amount: 0 },
            ],
          },
          when: {
            remedy: "refund",
            amount: 1000,
            currency: "EUR",
            rate: "0.000001",
            cause: "carrier",
            channel: "phone",
            note: "Third time.",
          },
          then: { verdict: "handover", binding: "guest-day" },
        }),
        anExample({ id: "nothing-binds", then: { verdict: "allow", binding: null } }),
        anExample({ id: "built-in", then: { verdict: "deny", binding: "order-refundable" } }),
        anExample({ id: "no-rate", then: { verdict: "handover", binding: "exchange-rate" } }),
      ],
    });
    expect(policySchema.parse(document)).toEqual(document);
  });

  // An author who sees "invalid input" does not know what to change.
  test.each<[string, unknown, string, string]>([
    ["a blank mission", aPolicy({ mission: " " }), "mission", "Write the mission"],
    ["a long mission", aPolicy({ mission: "a".repeat(1001) }), "mission", "within 1000 characters"],
    ["examples that are no list", { ...aPolicy(), examples: {} }, "examples", "Write a list of examples"],
    [
      "an id twice",
      aPolicy({ examples: [anExample(), anExample()] }),
      "examples.1.id",
      "is taken by examples.0",
    ],
    ["no verdict", withExample({ then: {} }), "examples.0.then.verdict", "An example needs a verdict"],
    [
      "no expectation at all",
      withExample({ then: undefined }),
      "examples.0.then",
      "An example needs a verdict",
    ],
    [
      "an unknown verdict",
      withExample({ then: { verdict: "maybe" } }),
      "examples.0.then.verdict",
      "Use one of: allow",
    ],
    [
      "an unknown check",
      withExample({ then: { verdict: "deny", binding: "guest" } }),
      "examples.0.then.binding",
      '"guest" names no limit or rule',
    ],
    ["nobody who asks", withExample({ given: undefined }), "examples.0.given", "Say who asks"],
    [
      "an employee without a role",
      given({ employee: {} }),
      "examples.0.given.employee.role",
      "Name the employee's role",
    ],
    [
      "an employee who is missing",
      given({ employee: undefined }),
      "examples.0.given.employee",
      "Say who asks",
    ],
    [
      "a blank team",
      given({ employee: { role: "agent", team: "" } }),
      "examples.0.given.employee.team",
      "Write a name",
    ],
    [
      "a broken day",
      given({ employee: { role: "agent", tenureDays: 0.5 } }),
      "examples.0.given.employee.tenureDays",
      "Days are a whole number",
    ],
    [
      "an order of nobody knows what",
      given({ order: {} }),
      "examples.0.given.order.paid",
      "Write what was paid",
    ],
    [
      "an instant without an offset",
      given({ at: "2026-07-15T12:00:00" }),
      "examples.0.given.at",
      "with its offset",
    ],
    ["a day that is none", given({ at: "2026-02-30T12:00:00Z" }), "examples.0.given.at", "with its offset"],
    ["a year before all", given({ at: "0001-01-01T12:00:00Z" }), "examples.0.given.at", "1970 to 9998"],
    ["a fact that is none", given({ weather: "rain" }), "examples.0.given", 'called "weather"'],
    [
      "a past without an amount",
      past({ amount: undefined }),
      "examples.0.given.history.0.amount",
      "Write the amount",
    ],
    [
      "a past in the future",
      past({ daysAgo: -1 }),
      "examples.0.given.history.0.daysAgo",
      "Days are a whole number",
    ],
    ["a past by nobody", past({ by: "them" }), "examples.0.given.history.0.by", "Use one of: same, other"],
    ["a past for nothing", past({ amount: 0 }), "examples.0.given.history.0.amount", "above 0"],
    [
      "a past of no order",
      past({ sameOrder: true }),
      "examples.0.given.history.0.sameOrder",
      "names no order",
    ],
    [
      "an idle rate in the past",
      past({ rate: "1.5" }),
      "examples.0.given.history.0.rate",
      "another currency",
    ],
    ["nothing that is asked", withExample({ when: undefined }), "examples.0.when", "Say what is asked for"],
    ["an unknown remedy", when({ remedy: "hug" }), "examples.0.when.remedy", "Name the remedy"],
    ["a negative amount", when({ amount: -1 }), "examples.0.when.amount", "cannot be negative"],
    ["a credit of nothing", when({ amount: 0 }), "examples.0.when.amount", "above 0"],
    ["no currency", when({ currency: "eur" }), "examples.0.when.currency", "This is no currency"],
    ["a rate of nothing", when({ currency: "EUR", rate: "0.00" }), "examples.0.when.rate", "decimal above 0"],
    [
      "a rate with a comma",
      when({ currency: "EUR", rate: "1,08" }),
      "examples.0.when.rate",
      "decimal above 0",
    ],
    ["a rate as a number", when({ currency: "EUR", rate: 1.08 }), "examples.0.when.rate", "in quotes"],
    ["a rate without a currency", when({ rate: "1.08" }), "examples.0.when.rate", "another currency"],
    [
      "a rate of the policy's own currency",
      when({ currency: "USD", rate: "1.08" }),
      "examples.0.when.rate",
      "another currency",
    ],
  ])("with %s are refused", (_name, document, path, said) => {
    expect(faultsOf(document)).toEqual([path]);
    expect(messagesOf(document)[0]).toContain(said);
  });

  test("at no cost are for remedies that carry one", () => {
    const free = REMEDIES.filter((remedy) => faultsOf(when({ remedy, amount: 0 })).length === 0);
    expect(free).toEqual(["upgrade", "limit_extension", "replacement", "gift"]);
  });

  test("show their faults together with all others", () => {
    const document = {
      ...aPolicy(),
      timeZone: "Mars/Base",
      limits: [aLimit({ max: -1 }), { ...aLimit({ id: "other" }), why: undefined }],
      rules: [aRule({ id: "other" })],
      examples: [anExample({ then: {} }), anExample({ then: { verdict: "deny", binding: "gone" } })],
    };
    expect(new Set(faultsOf(document))).toEqual(
      new Set([
        "timeZone",
        "limits.0.max",
        "limits.1.why",
        "rules.0.id",
        "examples.0.then.verdict",
        "examples.1.id",
        "examples.1.then.binding",
      ]),
    );
    expect(new Set(messagesOf(document)).size).toBe(7);
  });
});
