import { describe, expect, test } from "vitest";
import { aLimit, aPolicy, aRule } from "./fixtures";
import { type Limit, policySchema, type Rule, type When } from "./schema";

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
