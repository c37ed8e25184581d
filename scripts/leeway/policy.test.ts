import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { CannotProceed } from "../operations/cannot-proceed";
import { runCommandLine } from "./command-line";

const check = { why: "w", say: "s", value: "ownership" };
const POLICY = {
  currency: "USD",
  timeZone: "America/New_York",
  values: [{ id: "ownership", text: "Own it." }],
  limits: [
    {
      id: "guest-day",
      scope: ["employee", "customer"],
      window: "day",
      measure: "amount",
      max: 20_000,
      over: "handover",
      ...check,
    },
  ],
  rules: [{ id: "no-gifts", effect: "deny", when: { remedies: ["gift"] }, ...check }],
  examples: [
    {
      id: "within",
      given: { employee: { role: "agent" }, history: [{ remedy: "credit", amount: 5_000 }] },
      when: { remedy: "credit", amount: 15_000 },
      then: { verdict: "allow" },
    },
    {
      id: "a-gift",
      given: { employee: { role: "agent" } },
      when: { remedy: "gift", amount: 0 },
      then: { verdict: "deny", binding: "no-gifts" },
    },
  ],
};

let folder: string;
let out = "";
let err = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-policy-"));
  [out, err] = ["", ""];
  vi.stubEnv("INIT_CWD", folder);
  vi.spyOn(process.stdout, "write").mockImplementation((text, ...rest: unknown[]) => {
    out += text;
    const written = rest.at(-1);
    if (typeof written === "function") written();
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function run(written: unknown, ...args: string[]) {
  const text = typeof written === "string" ? written : JSON.stringify(written);
  writeFileSync(join(folder, "policy.json"), text);
  const exit = await runCommandLine(["policy", "check", "policy.json", ...args]);
  expect(err).toBe("");
  return { exit, json: args.includes("--json") ? JSON.parse(out) : null };
}

const withExamples = (...thens: object[]) => ({
  ...POLICY,
  examples: POLICY.examples.map((example, index) => ({ ...example, then: thens[index] ?? example.then })),
});

describe("policy check", () => {
  it("says how much there is, and that all of it passes", async () => {
    expect((await run(POLICY)).exit).toBe(0);
    expect(out).toBe("1 limit, 1 rule, 2 examples: all pass.\n");
    out = "";
    expect((await run(startingPolicy({ currency: "GBP", timeZone: "Europe/London" }))).exit).toBe(0);
    expect(out).toBe("4 limits, 1 rule, 5 examples: all pass.\n");
  });

  // Risk: what people copy from the manual is refused.
  it("passes the policy that the manual shows", async () => {
    const manual = readFileSync(fileURLToPath(new URL("../../docs/policy.md", import.meta.url)), "utf8");
    const [, shown = ""] = /```json\n(.*?)```/s.exec(manual) ?? [];
    expect((await run(shown)).exit).toBe(0);
    expect(out).toContain("1 limit, 1 rule, 1 example: all pass.");
  });

  it("reads standard input", async () => {
    vi.spyOn(process, "stdin", "get").mockReturnValue(Readable.from([JSON.stringify(POLICY)]) as never);
    expect(await runCommandLine(["policy", "check", "-"])).toBe(0);
    expect(out).toContain("all pass");
  });

  it("takes a file that begins with a byte order mark", async () => {
    expect((await run(`\uFEFF${JSON.stringify(POLICY)}`)).exit).toBe(0);
  });

  // Risk: an author mends one fault, publishes, and is told of the next.
  it("names every fault with its path, and exits with 1", async () => {
    const broken = {
      ...POLICY,
      timeZone: "Mars/Base",
      limits: [{ ...POLICY.limits[0], max: -1, why: undefined }],
      examples: [{ ...POLICY.examples[0], then: {} }],
    };
    expect((await run(broken)).exit).toBe(1);
    expect(out.split("\n")).toEqual([
      expect.stringMatching(/^timeZone: This is no time zone\./),
      expect.stringMatching(/^limits\.0\.max: It cannot be negative\./),
      expect.stringMatching(/^limits\.0\.why: Say why/),
      expect.stringMatching(/^examples\.0\.then\.verdict: An example needs a verdict/),
      "This is no policy yet: 4 faults.",
      "",
    ]);
    out = "";
    const { exit, json } = await run(broken, "--json");
    expect(exit).toBe(1);
    expect(json).toMatchObject({ ok: false, examples: [], warnings: [] });
    expect(json.faults.map(({ path }: { path: string }) => path)).toEqual([
      "timeZone",
      "limits.0.max",
      "limits.0.why",
      "examples.0.then.verdict",
    ]);
  });

  it("says of what is no JSON that it is none", async () => {
    expect((await run('{ "limits": [\n}', "--json")).exit).toBe(1);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      faults: [{ path: "", message: expect.stringMatching(/^This is no JSON\. [^\n]+$/) }],
      examples: [],
      warnings: [],
    });
    out = "";
    expect((await run("[]")).exit).toBe(1);
    expect(out).toMatch(/^The document: Write an object with mission, currency/);
  });

  // Risk: a script publishes a policy that does something else than its authors say.
  it("tells of an example that fails what was expected and what came, and exits with 1", async () => {
    const failing = withExamples({ verdict: "handover", binding: "guest-day" }, { verdict: "bend" });
    expect((await run(failing)).exit).toBe(1);
    expect(out.split("\n")).toEqual([
      "Example within fails: expected handover by guest-day, got allow, bound by guest-day. The most that would pass is 150.00 USD.",
      "Example a-gift fails: expected bend, got deny by no-gifts. The most that would pass is 0.00 USD.",
      "1 limit, 1 rule, 2 examples: 2 examples fail.",
      "",
    ]);
    out = "";
    const { exit, json } = await run(failing, "--json");
    expect(exit).toBe(1);
    expect(json).toEqual({
      ok: false,
      faults: [],
      examples: [
        {
          id: "within",
          passes: false,
          expected: { verdict: "handover", binding: "guest-day" },
          actual: { verdict: "allow", binding: "guest-day", maxAmount: 15_000 },
        },
        {
          id: "a-gift",
          passes: false,
          expected: { verdict: "bend" },
          actual: { verdict: "deny", binding: "no-gifts", maxAmount: 0 },
        },
      ],
      warnings: [],
    });
  });

  it("warns without failing", async () => {
    const limit = POLICY.limits[0];
    const { value: _value, ...unserving } = { ...POLICY.rules[0], id: "no-orders", when: { hasOrder: true } };
    const odd = {
      ...POLICY,
      limits: [
        limit,
        { ...limit, id: "wider", max: 30_000 },
        { ...limit, id: "none", window: "decision", measure: "count", max: 0 },
        { ...limit, id: "one", window: "decision", measure: "count", max: 1 },
        { ...limit, id: "small", window: "decision", max: 100, when: { amount: { under: 50 } } },
      ],
      rules: [
        ...POLICY.rules,
        unserving,
        { ...POLICY.rules[0], id: "no-free-gifts", when: { remedies: ["gift"], amount: { under: 1 } } },
        { ...POLICY.rules[0], id: "never", when: { hasOrder: false, orderAgeDays: { over: 1 } } },
      ],
      examples: [],
    };
    expect((await run(odd)).exit).toBe(0);
    expect(out.split("\n")).toEqual([
      expect.stringContaining(
        "Warning, limits.1: The limit wider can never bind: whenever it is passed, the limit guest-day is",
      ),
      expect.stringContaining("Warning, limits.2.max: The limit none is passed by every decision"),
      expect.stringContaining(
        "Warning, limits.3.max: The limit one is never passed: it counts each decision by itself",
      ),
      expect.stringContaining(
        "Warning, limits.4.max: The limit small is never passed: it is about amounts under 0.50 USD and allows 1.00 USD.",
      ),
      expect.stringContaining("Warning, rules.1: The rule no-orders serves no value."),
      expect.stringContaining(
        "Warning, rules.2: The rule no-free-gifts changes nothing: whenever it fires, the rule no-gifts does",
      ),
      expect.stringContaining("Warning, rules.3.when: The rule never never holds: it asks for no order"),
      "5 limits, 4 rules, 0 examples: all pass.",
      "",
    ]);
    out = "";
    const { exit, json } = await run(odd, "--json");
    expect(exit).toBe(0);
    expect(json.ok).toBe(true);
    expect(json.warnings[0]).toEqual({
      code: "hidden_by_limit",
      kind: "limit",
      path: "limits.1",
      id: "wider",
      by: "guest-day",
      message: expect.stringContaining("can never bind"),
    });
  });

  it("says what to do about a file that is not there", async () => {
    await expect(runCommandLine(["policy", "check", "nowhere.json"])).rejects.toThrow(CannotProceed);
    expect(out).toBe("");
  });
});
