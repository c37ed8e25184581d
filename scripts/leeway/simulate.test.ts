import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Limit, PolicyInput, Rule, When } from "@/lib/discretion/schema";
import { CannotProceed } from "../operations/cannot-proceed";
import { runCommandLine } from "./command-line";

const TEXTS = { why: "w", say: "s" };

const GUEST_DAY: Limit = {
  ...TEXTS,
  id: "guest-day",
  scope: ["employee", "customer"],
  window: "day",
  measure: "amount",
  max: 2_000,
  over: "handover",
  when: { roles: ["agent"] },
};

const POLICY: PolicyInput = {
  currency: "USD",
  timeZone: "America/New_York",
  limits: [GUEST_DAY],
  rules: [
    { ...TEXTS, id: "late", effect: "bend", when: { orderAgeDays: { over: 90 } } },
    { ...TEXTS, id: "no-order", effect: "deny", when: { remedies: ["refund"], hasOrder: false } },
  ],
};

/** A policy that only has rules. */
function rules(...parts: Pick<Rule, "id" | "effect" | "when">[]): PolicyInput {
  return { ...POLICY, limits: [], rules: parts.map((part) => ({ ...TEXTS, ...part })) };
}

let folder: string;
let out = "";
let err = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-simulate-"));
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

interface Files {
  requests: readonly string[];
  policy?: unknown;
  rates?: readonly string[];
}

/** Answers what is said when the command does not go through. */
async function run(
  { requests, policy = POLICY, rates }: Files,
  ...args: string[]
): Promise<string | undefined> {
  [out, err] = ["", ""];
  writeFileSync(join(folder, "policy.json"), typeof policy === "string" ? policy : JSON.stringify(policy));
  writeFileSync(join(folder, "requests.csv"), requests.join("\n"));
  if (rates) writeFileSync(join(folder, "rates.csv"), rates.join("\n"));
  const command = ["simulate", "--policy", "policy.json", "--requests", "requests.csv"];
  if (rates) command.push("--rates", "rates.csv");
  try {
    expect(await runCommandLine([...command, ...args])).toBe(0);
    return undefined;
  } catch (error) {
    if (error instanceof CannotProceed) return `${error.message} ${error.advice}`;
    throw error;
  }
}

async function simulated(files: Files) {
  expect(await run(files, "--json"), err).toBeUndefined();
  return JSON.parse(out);
}

/** "a allow guest-day" for each request, as they were replayed. */
async function verdicts(files: Files): Promise<string[]> {
  const { results } = await simulated(files);
  return results.map((one: Record<string, unknown>) => [one.id, one.verdict, one.binding ?? "-"].join(" "));
}

const HEADER = "id,at,employee,customer,remedy,amount";
const credit = (id: string, time: string, amount = 1_500) =>
  `${id},2026-03-02T${time},e1,c1,credit,${amount}`;

describe("a replay", () => {
  it("goes by time, whatever the offsets and the order of the file", async () => {
    const requests = [
      HEADER,
      credit("d", "16:00:00Z"),
      credit("b", "10:00:00-05:00"),
      credit("a", "14:59:59.999999Z", 1_999),
      credit("c", "20:00:01+05:00", 1),
    ];
    expect(await verdicts({ requests })).toEqual([
      "a allow guest-day",
      "b handover guest-day",
      "c handover guest-day",
      "d handover guest-day",
    ]);
  });

  it("keeps the order of the file where the times are the same", async () => {
    const same = [credit("z", "09:00:00Z"), credit("m", "10:00:00+01:00"), credit("a", "09:00Z")];
    const order = async (...lines: string[]) =>
      (await verdicts({ requests: [HEADER, ...lines] })).map(([id]) => id);
    expect(await order(...same)).toEqual(["z", "m", "a"]);
    expect(await order(credit("q", "09:00:01Z"), ...same)).toEqual(["z", "m", "a", "q"]);
  });

  // Risk: a policy looks roomier in the simulation than it will be.
  it("counts what was allowed, bent or handed over for the later ones, and nothing that was denied", async () => {
    const policy: PolicyInput = {
      ...rules(
        { id: "b", effect: "bend", when: { causes: ["bend"] } },
        { id: "h", effect: "handover", when: { causes: ["handover"] } },
        { id: "d", effect: "deny", when: { causes: ["deny"] } },
      ),
      limits: [{ ...GUEST_DAY, max: 10_000 }],
    };
    for (const [verdict, left] of [
      ["allow", 9_300],
      ["bend", 9_300],
      ["handover", 9_300],
      ["deny", 10_000],
    ] as const) {
      const requests = [
        `${HEADER},cause`,
        `${credit("1", "09:00Z", 700)},${verdict}`,
        `${credit("2", "10:00Z", 1)},`,
      ];
      const { results } = await simulated({ requests, policy });
      expect(results[0]).toMatchObject({ verdict });
      expect(results[1]).toMatchObject({ verdict: "allow", maxAmount: left });
    }
  });

  it("adds up the refunds of an order, in minor units, under whoever asks", async () => {
    const requests = [
      `${HEADER},order,orderPaid`,
      "a,2026-03-02T09:00Z,e1,c1,refund,600,o1,1000",
      "b,2026-03-03T09:00Z,e2,c1,refund,401,o1,1000",
      "c,2026-03-04T09:00Z,e2,c1,refund,400,o1,1000",
      "d,2026-03-05T09:00Z,e2,c1,credit,400,o1,1000",
      "e,2026-03-05T09:00Z,e2,c1,refund,1,o1,1000",
      "f,2026-03-05T09:00Z,e2,c1,refund,1000,o2,1000",
      "g,2026-03-05T09:00Z,e2,c1,refund,1,o3,",
    ];
    expect(await verdicts({ requests, policy: rules() })).toEqual([
      "a allow -",
      "b deny order-refundable",
      "c allow -",
      "d allow -",
      "e deny order-refundable",
      "f allow -",
      "g handover order-refundable",
    ]);
  });

  it("shares the window of a case among the rows of that case alone", async () => {
    const policy = { ...POLICY, limits: [{ ...GUEST_DAY, id: "per-case", window: "case" }], rules: [] };
    const requests = [
      `${HEADER},case`,
      `${credit("a", "09:00Z")},k1`,
      `${credit("b", "09:01Z")},k2`,
      `${credit("c", "09:02Z", 501)},k1`,
      `${credit("d", "09:03Z", 2_000)},`,
      `${credit("e", "09:04Z", 2_000)},`,
    ];
    expect(await verdicts({ requests, policy })).toEqual([
      "a allow per-case",
      "b allow per-case",
      "c handover per-case",
      "d allow per-case",
      "e allow per-case",
    ]);
  });

  it("lets a bend be a bend without a note", async () => {
    const policy = rules({ id: "soft", effect: "bend" });
    for (const note of ["", "short", "They had waited for three hours."]) {
      const requests = [`${HEADER},note`, `${credit("a", "09:00Z")},${note}`];
      expect(await verdicts({ requests, policy })).toEqual(["a bend soft"]);
    }
  });

  it("counts days where the policy is", async () => {
    const requests = [HEADER, credit("a", "04:59:59Z"), credit("b", "05:00:00Z"), credit("c", "05:00:01Z")];
    expect(await verdicts({ requests })).toEqual([
      "a allow guest-day",
      "b allow guest-day",
      "c handover guest-day",
    ]);
  });
});

describe("what a line leaves open", () => {
  const cases: [column: string, when: When, verdict: string][] = [
    ["role", { roles: ["agent"] }, "deny"],
    ["role", { roles: ["manager"] }, "allow"],
    ["team", { teams: ["north"] }, "allow"],
    ["tier", { tiers: ["gold"] }, "allow"],
    ["cause", { causes: ["carrier"] }, "allow"],
    ["channel", { channels: ["phone"] }, "allow"],
    ["tenureDays", { tenureDays: { under: 90 } }, "handover"],
    ["order", { hasOrder: false }, "deny"],
    ["order", { orderAgeDays: { over: 90 } }, "allow"],
    ["currency", { amount: { over: 1_000 } }, "deny"],
  ];
  it.each(cases)("is the default of %s, absent or empty, under %j: %s", async (column, when, verdict) => {
    const policy = rules({ id: "rule", effect: "deny", when });
    for (const requests of [
      [HEADER, credit("a", "09:00Z")],
      [`${HEADER},${column}`, `${credit("a", "09:00Z")},`],
    ]) {
      expect((await simulated({ requests, policy })).results).toMatchObject([{ verdict }]);
    }
  });

  it("is unknown for the date of an order", async () => {
    const policy = rules({ id: "late", effect: "deny", when: { orderAgeDays: { over: 90 } } });
    const requests = [`${HEADER},order`, `${credit("a", "09:00Z")},o1`];
    expect(await verdicts({ requests, policy })).toEqual(["a handover late"]);
  });

  it("counts where the line does say it", async () => {
    const names = ["role", "team", "tier", "cause", "channel", "tenureDays", "order", "orderAt"];
    const policy = rules({
      ...{ id: "all", effect: "deny" },
      when: {
        ...{
          roles: ["manager"],
          teams: ["north"],
          tiers: ["gold"],
          causes: ["carrier"],
          channels: ["phone"],
        },
        ...{ tenureDays: { over: 9, under: 11 }, orderAgeDays: { over: 90, under: 92 } },
      },
    });
    const values = "manager,north,gold,carrier,phone,10,o1,2025-12-01T09:00:00Z";
    const requests = [`${HEADER},${names}`, `${credit("a", "09:00Z")},${values}`];
    expect(await verdicts({ requests, policy })).toEqual(["a deny all"]);
  });
});

describe("the result", () => {
  it("is as JSON what was promised, and nothing else", async () => {
    const requests = [
      HEADER,
      credit("a", "09:00Z", 1_200),
      credit("", "10:00Z", 801),
      "b,2026-03-02T11:00Z,e1,c1,refund,5",
    ];
    await run({ requests }, "--json");
    expect(out).toBe(
      `${JSON.stringify({
        results: [
          { id: "a", verdict: "allow", binding: "guest-day", maxAmount: 2_000 },
          { id: "3", verdict: "handover", binding: "guest-day", maxAmount: 800 },
          { id: "b", verdict: "deny", binding: "no-order", maxAmount: 0 },
        ],
        totals: {
          allow: { count: 1, amount: 1_200 },
          bend: { count: 0, amount: 0 },
          handover: { count: 1, amount: 801 },
          deny: { count: 1, amount: 5 },
        },
      })}\n`,
    );
    expect(err).toBe("");
  });

  it("has no largest amount and no binding check where nothing bounds a request", async () => {
    const { results } = await simulated({ requests: [HEADER, credit("a", "09:00Z")], policy: rules() });
    expect(results).toEqual([{ id: "a", verdict: "allow", binding: null, maxAmount: null }]);
  });

  it("is a line for each request and one for each verdict, where people read it", async () => {
    const requests = [
      `at,employee,customer,remedy,amount,id`,
      ...["a\tb\u001b", ""].map((id) => `2026-03-02T09:00Z,e,c,credit,1500,"${id}"`),
    ];
    await run({ requests });
    expect(out).toBe(
      [
        "a b \tallow\tguest-day",
        "3\thandover\tguest-day",
        "allow: 1 request, 15.00 USD",
        "bend: 0 requests, 0.00 USD",
        "handover: 1 request, 15.00 USD",
        "deny: 0 requests, 0.00 USD",
        "",
      ].join("\n"),
    );
  });

  it("is whole where it is long", async () => {
    const requests = [HEADER, ...Array.from({ length: 5_000 }, (_, i) => credit(`r${i}`, "09:00Z", 1))];
    const { results, totals } = await simulated({ requests });
    expect(results.map((one: { id: string }) => one.id)).toEqual(
      Array.from({ length: 5_000 }, (_, i) => `r${i}`),
    );
    expect(totals.allow).toEqual({ count: 2_000, amount: 2_000 });
    expect(totals.handover).toEqual({ count: 3_000, amount: 3_000 });
  });

  it("is that of nothing, and says so, for a file with nothing but its header", async () => {
    const { results, totals } = await simulated({ requests: [HEADER, ""] });
    expect(results).toEqual([]);
    expect(totals.allow).toEqual({ count: 0, amount: 0 });
    expect(err).toBe("requests.csv holds no requests, so nothing was simulated.\n");
  });
});

describe("a file that cannot be read", () => {
  // Risk: somebody publishes a policy on the ground of half a history.
  it("has every line and column named, and puts out nothing", async () => {
    const requests = [
      "at,employee,customer,remedy,amount,tenureDays,currency",
      "2026-03-02T09:00:00Z,e,c,credit,100,,",
      "2026-03-02T09:00:00Z,e,c,credit,,,",
      "2026-03-02 09:00,e,c,credit,1,,",
      "2026-03-02T09:00:00Z,e,c,hug,1,,",
      "2026-03-02T09:00:00Z,,c,credit,1,,",
      "2026-03-02T09:00:00Z,e,c,credit,1.5,,",
      "2026-03-02T09:00:00Z,e,c,credit,1,-1,",
      "2026-03-02T09:00:00Z,e,c,credit,1,,usd",
      "2026-02-28T09:00:00Z,e,c",
      "2026-02-30T09:00:00Z,e,,credit,1,,",
    ];
    for (const args of [[], ["--json"]]) {
      expect(await run({ requests }, ...args)).toContain("9 lines of requests.csv cannot be read.");
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
        "Line 11, at",
        "Line 11, customer",
      ]);
    }
  });

  it("names only the first of very many lines, and counts them all", async () => {
    const requests = [HEADER, ...Array.from({ length: 1_000 }, () => credit("a", "09:00Z", -1))];
    expect(await run({ requests })).toContain("1,000 lines of requests.csv cannot be read.");
    expect(err.match(/^Line/gm)).toHaveLength(20);
  });

  it("is told of by what it lacks", async () => {
    expect(await run({ requests: ["at,employee"] })).toContain(
      "has no column customer, remedy, amount. Its first line has to name at, employee,",
    );
    expect(await run({ requests: [""] })).toContain("is empty");
    expect(await run({ requests: [HEADER], policy: { ...POLICY, currency: "pounds" } })).toContain(
      "is no policy",
    );
    expect(err).toContain("currency: This is no currency.");
    expect(await run({ requests: [HEADER], policy: "{" })).toContain("policy.json cannot be read");
  });

  it("is read all the same where it has columns that mean nothing, which are named", async () => {
    const requests = [`${HEADER},orderpaid,note`, `${credit("a", "09:00Z")},5,x`];
    expect(await verdicts({ requests })).toEqual(["a allow guest-day"]);
    expect(err).toBe("Passed over, because they mean nothing here: orderpaid\n");
  });

  it("may begin with the mark of its encoding, as may the policy", async () => {
    const requests = [`\ufeff${HEADER}`, credit("a", "09:00Z")];
    expect(await verdicts({ requests, policy: `\ufeff${JSON.stringify(POLICY)}` })).toEqual([
      "a allow guest-day",
    ]);
  });

  it("holds no sums that a number cannot carry", async () => {
    const requests = [HEADER, ...["a", "b"].map((id) => credit(id, "09:00Z", Number.MAX_SAFE_INTEGER))];
    expect(await run({ requests }, "--json")).toContain("The sum of handover is above 9007199254740991");
    expect(out).toBe("");
  });
});

describe("amounts in other currencies", () => {
  const euros = (id: string, at: string, amount: number) => `${id},${at},e1,c1,credit,${amount},EUR`;
  const header = `${HEADER},currency`;

  it("are handed over where no rate is known, and said to be in no sum", async () => {
    const requests = [header, euros("a", "2026-03-02T09:00Z", 100), `${credit("b", "10:00Z", 2_000)},USD`];
    expect(await verdicts({ requests })).toEqual(["a handover exchange-rate", "b allow guest-day"]);
    expect(JSON.parse(out).totals.handover).toEqual({ count: 1, amount: 0 });
    expect(err).toContain("1 request in a currency without a rate");
  });

  it("count at the rate of their day where the policy is", async () => {
    const rates = ["currency,day,rate", "EUR,2026-03-02,2", "EUR,2026-03-03,0.5", "JPY,2026-01-01,0.01"];
    const requests = [
      header,
      euros("before", "2026-03-02T04:59Z", 1),
      euros("limit", "2026-03-03T04:59Z", 1_000),
      euros("next-day", "2026-03-03T05:00Z", 4_000),
      euros("over", "2026-03-03T06:00Z", 2),
    ];
    const { results, totals } = await simulated({ requests, rates });
    expect(results.map(({ id, verdict, binding }: Record<string, string>) => [id, verdict, binding])).toEqual(
      [
        ["before", "handover", "exchange-rate"],
        ["limit", "allow", "guest-day"],
        ["next-day", "allow", "guest-day"],
        ["over", "handover", "guest-day"],
      ],
    );
    expect(totals.allow).toEqual({ count: 2, amount: 4_000 });
    expect(err).toContain("1 request in a currency without a rate");
  });

  it("are not simulated with rates that cannot be read", async () => {
    const rates = ["currency,day,rate", "EUR,2026-03-02,x", "EUR,yesterday,2"];
    const said = await run({ requests: [header, euros("a", "2026-03-02T09:00Z", 1)], rates }, "--json");
    expect(said).toContain("2 lines of rates.csv cannot be read.");
    expect(err.match(/^Line \d+, \w+/gm)).toEqual(["Line 2, rate", "Line 3, day"]);
    expect(out).toBe("");
  });
});
