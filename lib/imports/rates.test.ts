import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRates } from "./rates";
import type { LineFault } from "./types";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-rates-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(...lines: string[]) {
  const path = join(folder, "rates.csv");
  writeFileSync(path, lines.join("\r\n"));
  const faults: LineFault[] = [];
  const rates = await readRates({ path }, (fault) => faults.push(fault));
  return { rates, faults: faults.map(({ line, column }) => `${line} ${column}`), faultList: faults };
}

describe("a file of rates", () => {
  it("is read as it is written, in whatever order its columns are", async () => {
    const { rates, faults } = await read(
      "\ufeffday,source,currency,rate",
      "2026-01-01,ECB,EUR,1.0830",
      "2026-01-02,ECB, EUR ,1.09",
      "2026-01-01,ECB,JPY,0.0064",
    );
    expect(faults).toEqual([]);
    expect(rates).toEqual([
      { currency: "EUR", day: "2026-01-01", rate: "1.083" },
      { currency: "EUR", day: "2026-01-02", rate: "1.09" },
      { currency: "JPY", day: "2026-01-01", rate: "0.0064" },
    ]);
  });

  it("has each line named that cannot be read, with its column", async () => {
    const { faults } = await read(
      "currency,day,rate",
      "eur,2026-01-01,1.1",
      "EUR,2026-02-30,1.1",
      "EUR,01/02/2026,1.1",
      'EUR,2026-01-01,"1,1"',
      "EUR,2026-01-01,0",
      "EUR,2026-01-01,-1",
      "EUR,2026-01-01,",
      "EUR,2026-01-01",
    );
    expect(faults).toEqual([
      ...["2 currency", "3 day", "4 day", "5 rate", "6 rate", "7 rate", "8 rate", "9 rate"],
    ]);
  });

  // Risk: which of two rates counted is nowhere to be seen.
  it("may say the same twice, but not two things of one day", async () => {
    const { faults, faultList, rates } = await read(
      "currency,day,rate",
      "EUR,2026-01-01,1.10",
      "EUR,2026-01-01,1.1",
      "EUR,2026-01-01,1.2",
    );
    expect(rates).toHaveLength(1);
    expect(faults).toEqual(["4 rate"]);
    expect(faultList[0]?.problem).toContain("in line 2");
  });

  it("has to have all three columns", async () => {
    await expect(read("currency,rate", "EUR,1.1")).rejects.toThrow("has no column day");
  });
});
