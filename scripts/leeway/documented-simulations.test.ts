import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { policySchema, VERDICTS, type Verdict } from "@/lib/discretion/schema";
import { collectOrders } from "@/lib/imports/orders";
import { runCommandLine } from "./command-line";

const DOCS = join(import.meta.dirname, "..", "..", "docs");
const REAL_FILE = join(DOCS, "..", "..", "shared", "data", "online-retail-2010-12.csv");
const page = readFileSync(join(DOCS, "simulations.md"), "utf8");
const files = readdirSync(join(DOCS, "simulations")).filter((name) => name.endsWith(".json"));

describe("the policies of the page about simulations", () => {
  it.each(files)("%s can be published, and is linked there", (name) => {
    const document = JSON.parse(readFileSync(join(DOCS, "simulations", name), "utf8"));
    expect(policySchema.safeParse(document).error?.issues).toBeUndefined();
    expect(page).toContain(`(simulations/${name})`);
  });

  it("are all there", () => {
    const linked = [...page.matchAll(/\(simulations\/([a-z-]+\.json)\)/g)].map(([, name]) => name);
    expect(linked.sort()).toEqual([...files].sort());
  });
});

const real = existsSync(REAL_FILE);
if (!real) {
  process.stderr.write(`\nSKIPPED: the numbers of docs/simulations.md, because ${REAL_FILE} is not there.\n`);
}

describe.skipIf(!real)("the numbers of the page about simulations", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "leeway-refunds-"));
    writeFileSync(join(folder, "refunds.csv"), await refundsOfTheRealFile());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => void vi.restoreAllMocks());

  async function totalsUnder(name: string): Promise<Record<Verdict, { count: number; amount: number }>> {
    let out = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text, ...rest: unknown[]) => {
      out += text;
      const written = rest.at(-1);
      if (typeof written === "function") written();
      return true;
    });
    const policy = join(DOCS, "simulations", name);
    const requests = join(folder, "refunds.csv");
    expect(await runCommandLine(["simulate", "--policy", policy, "--requests", requests, "--json"])).toBe(0);
    return JSON.parse(out).totals;
  }

  // Risk: the engine changes, and the page goes on promising what it found before.
  it.each(files)("are those that %s comes to", async (name) => {
    const totals = await totalsUnder(name);
    const row = page.split("\n").find((line) => line.includes(`(simulations/${name})`));
    const cell = (verdict: Verdict) => `${totals[verdict].count} · £${inPounds(totals[verdict].amount)}`;
    const all = VERDICTS.reduce((sum, verdict) => sum + totals[verdict].count, 0);
    const share = (100 * (totals.allow.count + totals.bend.count)) / all;
    expect(row?.split(" | ").slice(1)).toEqual([
      ...(["allow", "bend", "handover"] as const).map(cell),
      `${share.toFixed(1)} % |`,
    ]);
    expect(totals.deny.count).toBe(0);
  });
});

function inPounds(pence: number): string {
  return (pence / 100).toLocaleString("en", { minimumFractionDigits: 2 });
}

/** As the page's import writes them, which needs a database only to say whose they are. */
async function refundsOfTheRealFile(): Promise<string> {
  const { refunds } = await collectOrders({
    ...{ organizationId: "", dryRun: true, at: new Date("2026-01-01T00:00:00Z") },
    file: { path: REAL_FILE, encoding: "windows-1252" },
    map: new Map([
      ...([
        ["order", "InvoiceNo"],
        ["customer", "CustomerID"],
        ["date", "InvoiceDate"],
      ] as const),
      ...([
        ["quantity", "Quantity"],
        ["unitPrice", "UnitPrice"],
      ] as const),
    ]),
    ...{ currency: "GBP", timeZone: "Europe/London", dateFormat: "dd/MM/yyyy HH:mm" },
    ...{ onFault: () => undefined, onProgress: () => undefined },
  });
  const lines = refunds.map(({ ref, customer, amount, placedAt }) =>
    [new Date(placedAt ?? 0).toISOString(), "unknown", customer, "refund", -amount, ref].join(","),
  );
  return ["at,employee,customer,remedy,amount,id", ...lines].join("\n");
}
