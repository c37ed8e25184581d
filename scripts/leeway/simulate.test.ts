import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CannotProceed } from "../operations/cannot-proceed";
import { runCommandLine } from "./command-line";

const POLICY = {
  currency: "USD",
  timeZone: "America/New_York",
  limits: [
    {
      id: "guest-day",
      scope: ["employee", "customer"],
      window: "day",
      measure: "amount",
      max: 2_000,
      over: "handover",
      when: { roles: ["agent"] },
      why: "w",
      say: "s",
    },
  ],
  rules: [
    { id: "late", effect: "bend", when: { orderAgeDays: { over: 90 } }, why: "w", say: "s" },
    { id: "no-order", effect: "deny", when: { remedies: ["refund"], hasOrder: false }, why: "w", say: "s" },
  ],
};

let folder: string;
let out = "";
let err = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-simulate-"));
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

async function run(
  requests: string,
  policy: unknown = POLICY,
  ...args: string[]
): Promise<string | undefined> {
  writeFileSync(join(folder, "policy.json"), JSON.stringify(policy));
  writeFileSync(join(folder, "requests.csv"), requests);
  try {
    expect(
      await runCommandLine(["simulate", "--policy", "policy.json", "--requests", "requests.csv", ...args]),
    ).toBe(0);
    return undefined;
  } catch (error) {
    if (error instanceof CannotProceed) return `${error.message} ${error.advice}`;
    throw error;
  }
}

describe("simulate", () => {
  it("replays by time, each request counting for the later ones, and sums up", async () => {
    await run(
      [
        "id,at,employee,customer,remedy,amount,order,orderPaid,orderAt,role",
        "c,2026-03-02T15:00:00-05:00,e1,c1,credit,600,,,,",
        "a,2026-03-02T09:00:00-05:00,e1,c1,credit,1500,,,,",
        "b,2026-03-02T14:00:00Z,e1,c1,refund,100,,,,",
        ",2026-03-02T16:00:00-05:00,e2,c1,refund,700,o1,1000,2025-06-01T00:00:00Z,manager",
        "e,2026-03-02T17:00:00-05:00,e2,c1,refund,301,o1,1000,2026-03-01T00:00:00Z,manager",
      ].join("\n"),
      POLICY,
      "--json",
    );
    const { results, totals } = JSON.parse(out);
    expect(results.map(({ id, verdict, binding }: Record<string, string>) => [id, verdict, binding])).toEqual(
      [
        ["a", "allow", "guest-day"],
        ["b", "deny", "no-order"],
        ["c", "handover", "guest-day"],
        ["5", "bend", "late"],
        ["e", "deny", "order-refundable"],
      ],
    );
    expect(results[2].maxAmount).toBe(500);
    expect(totals).toEqual({
      allow: { count: 1, amount: 1_500 },
      bend: { count: 1, amount: 700 },
      handover: { count: 1, amount: 600 },
      deny: { count: 2, amount: 401 },
    });
    expect(err).toBe("");
  });

  it("keeps the order of the file where the times are the same", async () => {
    const line = (id: string) => `${id},2026-03-02T09:00:00Z,e1,c1,credit,1500`;
    await run(["id,at,employee,customer,remedy,amount", line("z"), line("a")].join("\n"));
    expect(out).toMatch(/^z\tallow\tguest-day\na\thandover\tguest-day\nallow: 1 request, 15.00 USD\n/);
  });

  // Risk: somebody publishes a policy on the ground of half a history.
  it("names every line and column that cannot be read, and puts out nothing", async () => {
    const said = await run(
      [
        "at,employee,customer,remedy,amount,tenureDays,currency",
        "2026-03-02T09:00:00Z,e,c,credit,100,,",
        "2026-03-02T09:00:00Z,e,c,credit,,,",
        "2026-03-02 09:00,e,c,credit,1,,",
        "2026-03-02T09:00:00Z,e,c,hug,1,,",
        "2026-03-02T09:00:00Z,,c,credit,1,,",
        "2026-03-02T09:00:00Z,e,c,credit,1.5,,",
        "2026-03-02T09:00:00Z,e,c,credit,1,-1,",
        "2026-03-02T09:00:00Z,e,c,credit,1,,usd",
        "2026-02-30T09:00:00Z,e,c",
      ].join("\n"),
      POLICY,
      "--json",
    );
    expect(said).toContain("8 lines of requests.csv cannot be read.");
    expect(out).toBe("");
    expect(err.match(/^Line \d+, \w+/gm)).toEqual([
      "Line 3, amount",
      "Line 4, at",
      "Line 5, remedy",
      "Line 6, employee",
      "Line 7, amount",
      "Line 8, tenureDays",
      "Line 9, currency",
      "Line 10, remedy",
    ]);
  });

  it("says what is wrong with the policy or the file", async () => {
    const requests = "at,employee,customer,remedy,amount\n";
    expect(await run(requests, { ...POLICY, currency: "pounds" })).toContain("is no policy");
    expect(err).toContain("currency: This is no currency.");
    expect(await run("at,employee\n")).toContain(
      "has no column customer, remedy, amount. Its first line has to name at, employee,",
    );
    expect(await run(`${requests.trim()},surprise\n`)).toBeUndefined();
    expect(err).toContain("Passed over, because they mean nothing here: surprise");
  });
});
