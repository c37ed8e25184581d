import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { tenantDb } from "@/lib/db/prisma";
import { preview } from "@/lib/decisions/decide";
import { importRates } from "@/lib/imports/import-rates";
import type { LineFault } from "@/lib/imports/types";
import { UnusableFile } from "@/lib/imports/types";
import {
  compareRates,
  findRate,
  listRates,
  listUnratedCurrencies,
  readLatestRates,
  readRateFrame,
} from "@/lib/rates/data";
import { removeRate, setRates } from "@/lib/rates/mutations";
import { createEmployee } from "../factories/employees";
import { createOrder } from "../factories/orders";
import { createOrganization, type MadeOrganization } from "../factories/organizations";
import { setRatesFor } from "../factories/rates";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const WRITER = { kind: "system", id: null } as const;
const START = join(import.meta.dirname, "..", "..", "scripts", "start.mjs");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-rates-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Currency, day and rate of every line of the table. */
async function tableOf(organizationId: string): Promise<string[]> {
  const { data } = await listRates(organizationId, { limit: 1000 });
  return data.map(({ currency, day, rate }) => `${currency} ${day} ${rate}`);
}

async function eventsOf(organizationId: string) {
  return tenantDb(organizationId).auditEvent.findMany({
    where: { organizationId, subjectKind: "rate" },
    select: { action: true, subjectId: true, data: true, actorKind: true, actorId: true },
  });
}

describe("a decision in another currency", () => {
  const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })];
  const NOON = new Date("2026-03-10T17:00:00Z");

  async function house() {
    const s = await scenario({ limits: LIMITS });
    await setRatesFor(s, ["EUR", "2026-03-01", "1.0842"], ["JPY", "2026-03-01", "0.00671"]);
    return { s, customer: await s.customer() };
  }

  // Risk: euros are counted as dollars, and the limit is passed by every customer who pays in pounds.
  it("is converted at the rate of the day, counted so, and says which rate that was", async () => {
    const { s, customer } = await house();
    const answer = await s.ask({ customer, amount: 2500, currency: "EUR" }, { now: NOON });
    const { id, verdict, amount, currency, explanation } = decided(answer);
    expect({ verdict, amount, currency }).toEqual({ verdict: "allow", amount: 2500, currency: "EUR" });
    // 2,710.5 cents: of two that are as near, the even one.
    expect(explanation.exchange).toEqual({
      currency: "USD",
      rate: "1.0842",
      day: "2026-03-01",
      counted: 2710,
    });
    expect(explanation.checks).toMatchObject([
      { id: "guest-day", max: 5000, used: 0, asked: 2710, left: 2290 },
    ]);

    const { rows } = await testDatabase().pool.query(
      "select posted_amount::int as posted, posted_count::int as count from counters where organization_id = $1",
      [s.organizationId],
    );
    expect(rows).toEqual([{ posted: 2710, count: 1 }]);
    const recorded = await tenantDb(s.organizationId).decision.findFirstOrThrow({ where: { id: id ?? "" } });
    expect([recorded.amount, recorded.countedAmount]).toEqual([2500n, 2710n]);
    expect(recorded.explanation).toMatchObject({ exchange: { rate: "1.0842", counted: 2710 } });

    // 21.12 EUR are 22.90 USD less a fraction: what is left, exactly.
    const rest = await s.ask({ customer, amount: 2113, currency: "EUR" }, { now: NOON });
    expect(decided(rest)).toMatchObject({ verdict: "handover", explanation: { maxAmount: 2112 } });
  });

  it("takes the rate that held on its own day, not the newest one", async () => {
    const { s, customer } = await house();
    await setRatesFor(s, ["EUR", "2026-03-09", "1.1"], ["EUR", "2026-03-11", "1.2"]);
    const at = async (now: string) =>
      decided(await s.ask({ customer, amount: 100, currency: "EUR" }, { now: new Date(now) })).explanation
        .exchange;
    expect(await at("2026-03-08T17:00:00Z")).toMatchObject({
      rate: "1.0842",
      day: "2026-03-01",
      counted: 108,
    });
    expect(await at("2026-03-10T17:00:00Z")).toMatchObject({ rate: "1.1", day: "2026-03-09", counted: 110 });
    // In New York it is still the tenth.
    expect(await at("2026-03-11T03:59:59Z")).toMatchObject({ rate: "1.1", day: "2026-03-09" });
    expect(await at("2026-03-11T04:00:00Z")).toMatchObject({ rate: "1.2", day: "2026-03-11", counted: 120 });
  });

  // Risk: a yen has no cents, so a rate that is applied to minor units is wrong by a hundred.
  it("counts whole units of a currency without decimals", async () => {
    const { s, customer } = await house();
    const answer = await s.ask({ customer, amount: 2500, currency: "JPY" }, { now: NOON });
    expect(decided(answer).explanation.exchange).toMatchObject({ counted: 1678 });
  });

  it("is handed over where there is no rate, or none yet, and holds nothing on limits by amount", async () => {
    const { s, customer } = await house();
    await setRatesFor(s, ["GBP", "2026-03-11", "1.27"]);
    for (const currency of ["CHF", "GBP"]) {
      const { verdict, explanation } = decided(
        await s.ask({ customer, amount: 100, currency }, { now: NOON }),
      );
      expect([currency, verdict]).toEqual([currency, "handover"]);
      expect(explanation.exchange).toBeUndefined();
      expect(explanation.checks).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: "exchange-rate", effect: "handover" })]),
      );
    }
    expect(decided(await s.ask({ customer, amount: 5000 }, { now: NOON })).verdict).toBe("allow");
  });

  // Risk: a corrected rate rewrites what was decided, and the ledger no longer adds up.
  it("keeps the rate that it was taken with, whatever becomes of the table", async () => {
    const { s, customer } = await house();
    const first = decided(await s.ask({ customer, amount: 1000, currency: "EUR" }, { now: NOON, key: "k" }));
    await setRatesFor(s, ["EUR", "2026-03-01", "2"]);
    const again = await s.ask({ customer, amount: 1000, currency: "EUR" }, { now: NOON, key: "k" });
    expect(again).toMatchObject({ replayed: true, decision: { explanation: first.explanation } });
    const next = decided(await s.ask({ customer, amount: 1000, currency: "EUR" }, { now: NOON }));
    expect(next.explanation).toMatchObject({
      exchange: { rate: "2", counted: 2000 },
      checks: [{ used: 1084, asked: 2000 }],
    });
    for (const each of ["EUR", "JPY"]) {
      await removeRate({
        organizationId: s.organizationId,
        currency: each,
        day: "2026-03-01",
        writer: WRITER,
        at: NOON,
      });
    }
    const after = decided(await s.ask({ customer, amount: 1000, currency: "EUR" }, { now: NOON }));
    expect(after.verdict).toBe("handover");
  });

  it("is previewed at the same rate", async () => {
    const { s, customer } = await house();
    const answer = await preview({
      actor: s.agent,
      input: { customer, remedy: "credit", amount: 2500, currency: "EUR" },
      now: NOON,
    });
    expect(answer).toMatchObject({
      decision: { explanation: { exchange: { rate: "1.0842", counted: 2710 } } },
    });
  });

  // Risk: one company's table decides how much another one gives.
  it("never sees another organization's rate", async () => {
    await house();
    const other = await scenario({ limits: LIMITS });
    const customer = await other.customer();
    const answer = await other.ask({ customer, amount: 100, currency: "EUR" }, { now: NOON });
    expect(decided(answer).verdict).toBe("handover");
    const { organizationId } = other;
    expect(await tableOf(organizationId)).toEqual([]);
    expect(await findRate(organizationId, "EUR", "2026-03-01")).toBeNull();
    expect(await readLatestRates(organizationId, { today: "2026-03-10", each: 5 })).toEqual([]);
    expect(
      await removeRate({ organizationId, currency: "EUR", day: "2026-03-01", writer: WRITER, at: NOON }),
    ).toEqual({ ok: false, code: "not_found" });
  });
});

describe("the table of rates", () => {
  const at = new Date("2026-03-10T17:00:00Z");
  const eur = (day: string, rate: string) => ({ currency: "EUR", day, rate });
  let organization: MadeOrganization;
  let admin: string;
  beforeAll(async () => {
    organization = await createOrganization();
    admin = (await createEmployee(organization, { role: "admin", name: "Ada" })).id;
  });
  const set = (rates: Parameters<typeof setRates>[0]["rates"]) =>
    setRates({
      organizationId: organization.organizationId,
      rates,
      writer: { kind: "employee", id: admin },
      at,
    });

  it("counts what was new, replaced and there already, and writes down each change with who made it", async () => {
    const { organizationId } = organization;
    expect(
      await set([eur("2026-03-01", "1.08"), eur("2026-03-02", "1.09"), eur("2026-03-02", "1.09")]),
    ).toMatchObject({
      ok: true,
      created: 2,
      updated: 0,
      unchanged: 0,
    });
    expect(
      await set([
        eur("2026-03-01", "1.08"),
        eur("2026-03-02", "1.1"),
        { currency: "KWD", day: "2026-03-01", rate: "3.25" },
      ]),
    ).toMatchObject({
      created: 1,
      updated: 1,
      unchanged: 1,
      changes: [
        { ...eur("2026-03-02", "1.1"), before: "1.09" },
        { currency: "KWD", day: "2026-03-01", rate: "3.25", before: null },
      ],
    });
    expect(await tableOf(organizationId)).toEqual([
      "EUR 2026-03-02 1.1",
      "EUR 2026-03-01 1.08",
      "KWD 2026-03-01 3.25",
    ]);
    expect(await findRate(organizationId, "EUR", "2026-03-02")).toEqual({
      ...eur("2026-03-02", "1.1"),
      updatedAt: at.toISOString(),
      updatedBy: { id: admin, name: "Ada" },
    });
    const actor = { actorKind: "employee", actorId: admin };
    expect(await eventsOf(organizationId)).toEqual(
      expect.arrayContaining([
        { ...actor, action: "rate.set", subjectId: "EUR/2026-03-01", data: { rate: "1.08", before: null } },
        { ...actor, action: "rate.set", subjectId: "EUR/2026-03-02", data: { rate: "1.1", before: "1.09" } },
      ]),
    );
    expect(await eventsOf(organizationId)).toHaveLength(4);
  });

  it("keeps every digit that a rate may have", async () => {
    const rate = "123456789012.000000000001";
    await set([{ currency: "VND", day: "2026-03-01", rate }]);
    expect((await findRate(organization.organizationId, "VND", "2026-03-01"))?.rate).toBe(rate);
    expect(await set([{ currency: "VND", day: "2026-03-01", rate }])).toMatchObject({ unchanged: 1 });
  });

  // Risk: half a file of rates is in force, and nobody knows which half.
  it("takes all of a list or nothing", async () => {
    const before = await tableOf(organization.organizationId);
    const answer = await set([eur("2026-03-05", "1.2"), { currency: "USD", day: "2026-03-05", rate: "1" }]);
    expect(answer).toEqual({
      ok: false,
      code: "invalid",
      faults: [
        { index: 1, field: "currency", message: "USD is the organization's own currency and needs no rate." },
      ],
    });
    const moved = await set([eur("2026-03-05", "1.2"), { ...eur("2026-03-02", "1.3"), seen: "1.09" }]);
    expect(moved).toEqual({ ok: false, code: "moved", current: "1.1" });
    const taken = await set([eur("2026-03-06", "1.2"), { ...eur("2026-03-02", "1.3"), seen: null }]);
    expect(taken).toEqual({ ok: false, code: "moved", current: "1.1" });
    const gone = await set([{ ...eur("2026-03-07", "1.3"), seen: "1.1" }]);
    expect(gone).toEqual({ ok: false, code: "moved", current: null });
    expect(await tableOf(organization.organizationId)).toEqual(before);
  });

  it("gives up a rate once, and only the one that was seen", async () => {
    const place = {
      organizationId: organization.organizationId,
      currency: "EUR",
      day: "2026-03-02",
      writer: WRITER,
      at,
    };
    expect(await removeRate({ ...place, seen: "1.09" })).toEqual({
      ok: false,
      code: "moved",
      current: "1.1",
    });
    expect(await removeRate({ ...place, seen: "1.1" })).toEqual({ ok: true, before: "1.1" });
    expect(await removeRate(place)).toEqual({ ok: false, code: "not_found" });
    const removals = (await eventsOf(place.organizationId)).filter(({ action }) => action === "rate.removed");
    expect(removals).toMatchObject([
      { subjectId: "EUR/2026-03-02", data: { before: "1.1" }, actorKind: "system" },
    ]);
    expect(await set([{ ...eur("2026-03-02", "1.1"), seen: null }])).toMatchObject({ created: 1 });
  });

  // Risk: of two who write the same day at once, one believes to have created what the other one replaced.
  it("lets one of many who write the same place at once create it", async () => {
    const { organizationId } = await createOrganization();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        setRates({
          organizationId,
          rates: [{ ...eur("2026-03-01", `1.${index + 1}`), seen: null }],
          writer: WRITER,
          at,
        }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await eventsOf(organizationId)).toHaveLength(1);
  });

  it("is listed page by page, whole and in one order", async () => {
    const { organizationId } = await createOrganization();
    const rates = ["CHF", "EUR", "GBP"].flatMap((currency) =>
      ["2026-03-01", "2026-03-02", "2026-03-03"].map((day) => ({ currency, day, rate: "1" })),
    );
    await setRates({ organizationId, rates, writer: WRITER, at });
    const seen: string[] = [];
    let after: { currency: string; day: string } | undefined;
    for (;;) {
      const page = await listRates(organizationId, { limit: 2, after });
      seen.push(...page.data.map(({ currency, day }) => `${currency}:${day}`));
      expect(page.nextCursor).toBe(seen.length === 9 ? null : seen.at(-1));
      if (page.nextCursor === null) break;
      after = page.data.at(-1);
    }
    expect(seen.slice(0, 4)).toEqual([
      "CHF:2026-03-03",
      "CHF:2026-03-02",
      "CHF:2026-03-01",
      "EUR:2026-03-03",
    ]);
    expect(new Set(seen).size).toBe(9);
    const only = await listRates(organizationId, { limit: 2, currency: "GBP" });
    expect(only).toMatchObject({
      data: [{ currency: "GBP", day: "2026-03-03" }, {}],
      nextCursor: "GBP:2026-03-02",
    });
  });

  it("says what holds today, however many dates came before or are still to come", async () => {
    const { organizationId } = await createOrganization();
    const days = ["2026-01-01", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"];
    const rates = days.map((day, index) => eur(day, `1.${index + 1}`));
    rates.push(
      { currency: "GBP", day: "2026-03-11", rate: "1.3" },
      { currency: "CHF", day: "2026-03-01", rate: "1.1" },
    );
    await setRates({ organizationId, rates, writer: WRITER, at });
    const read = await readLatestRates(organizationId, { today: "2026-03-10", each: 2 });
    expect(
      read.map(({ currency, inForce, more }) => ({ currency, rate: inForce?.rate, day: inForce?.day, more })),
    ).toEqual([
      { currency: "CHF", rate: "1.1", day: "2026-03-01", more: false },
      { currency: "EUR", rate: "1.2", day: "2026-03-10", more: true },
      { currency: "GBP", rate: undefined, day: undefined, more: false },
    ]);
    expect(read[1]?.rates.map(({ day }) => day)).toEqual(["2026-03-13", "2026-03-12"]);
  });

  it("tells which currencies were used lately and have no rate today", async () => {
    const s = await scenario();
    const { organizationId } = s;
    const customer = await s.customer();
    const DAY_MS = 86_400_000;
    const ago = (days: number) => new Date(at.getTime() - days * DAY_MS);
    const ask = (currency: string, now: Date) => s.ask({ customer, amount: 100, currency }, { now });
    await ask("EUR", ago(1));
    await ask("EUR", ago(2));
    await ask("GBP", ago(1));
    await ask("SEK", ago(100));
    await ask("USD", ago(1));
    const place = { organizationId, currency: "USD" };
    await createOrder(place, { customer, currency: "NOK", placedAt: ago(89) });
    await createOrder(place, { customer, currency: "DKK", placedAt: ago(91) });
    await createOrder(place, { customer, currency: "EUR", placedAt: ago(3) });
    await setRatesFor(s, ["GBP", "2026-01-01", "1.27"], ["NOK", "2026-03-11", "0.09"]);
    const frame = await readRateFrame(organizationId, at);
    expect(
      await listUnratedCurrencies(organizationId, { frame, days: 90, timeZone: "America/New_York" }),
    ).toEqual([
      { currency: "EUR", decisions: 2, orders: 1 },
      { currency: "NOK", decisions: 0, orders: 1 },
    ]);
  });

  it("compares before it writes, each place once", async () => {
    const { organizationId } = await createOrganization();
    await setRates({ organizationId, rates: [eur("2026-03-01", "1.08")], writer: WRITER, at });
    expect(
      await compareRates(organizationId, [
        eur("2026-03-01", "1.09"),
        eur("2026-03-02", "1"),
        eur("2026-03-02", "1"),
      ]),
    ).toEqual([
      { ...eur("2026-03-01", "1.09"), before: "1.08" },
      { ...eur("2026-03-02", "1"), before: null },
    ]);
  });
});

describe("an import of rates", () => {
  function request(
    { organizationId }: MadeOrganization,
    content: string | Uint8Array,
    map: [string, string][] = [],
  ) {
    const path = join(folder, "rates.csv");
    writeFileSync(path, content);
    const faults: LineFault[] = [];
    return {
      organizationId,
      file: { path },
      map: new Map(map),
      dryRun: false,
      at: new Date(),
      writer: WRITER,
      onFault: (fault: LineFault) => void faults.push(fault),
      onProgress: () => undefined,
      faults,
    };
  }
  const FILE = "currency,day,rate\nEUR,2026-03-01,1.0842\nEUR,2026-03-02,1.0850\nGBP,2026-03-01,1.27\n";

  it("writes the whole file, and the same file again changes nothing", async () => {
    const organization = await createOrganization();
    const { organizationId } = organization;
    const counts = { created: 0, updated: 0, unchanged: 0, faults: 0 };
    expect(await importRates({ ...request(organization, FILE), dryRun: true })).toEqual({
      ...counts,
      created: 3,
    });
    expect(await tableOf(organizationId)).toEqual([]);
    expect(await importRates(request(organization, FILE))).toEqual({ ...counts, created: 3 });
    expect(await tableOf(organizationId)).toEqual([
      "EUR 2026-03-02 1.085",
      "EUR 2026-03-01 1.0842",
      "GBP 2026-03-01 1.27",
    ]);
    expect(await importRates(request(organization, FILE))).toEqual({ ...counts, unchanged: 3 });
    const other = FILE.replace("1.27", "1.28");
    expect(await importRates({ ...request(organization, other), dryRun: true })).toEqual({
      ...counts,
      updated: 1,
      unchanged: 2,
    });
  });

  // Risk: a spreadsheet in another language writes commas, and a hundredth of a rate is in force.
  it("names every fault by line and column, and writes nothing at all", async () => {
    const organization = await createOrganization();
    const asked = request(
      organization,
      [
        "Code,Since,Worth",
        "EUR,2026-03-01,1.0842",
        'eur,31.03.2026,"1,08"',
        "USD,2199-01-01,1",
        "EUR,2026-03-01,1.0843",
        "GBP,2026-03-01,0",
        "GBP,2026-03-01",
        "GBP,2026-03-02,1.2700000000001",
      ].join("\n"),
      [
        ["currency", "Code"],
        ["day", "Since"],
        ["rate", "Worth"],
      ],
    );
    expect(await importRates(asked)).toMatchObject({ created: 0, faults: asked.faults.length });
    expect(asked.faults.map(({ line, column, value }) => [line, column, value])).toEqual([
      [3, "Code", "eur"],
      [3, "Since", "31.03.2026"],
      [3, "Worth", "1,08"],
      [4, "Code", "USD"],
      [4, "Since", "2199-01-01"],
      [5, "Worth", "1.0843"],
      [6, "Worth", "0"],
      [7, "Worth", null],
      [8, "Worth", "1.2700000000001"],
    ]);
    expect(await tableOf(organization.organizationId)).toEqual([]);
  });

  it("refuses a file that is none of rates", async () => {
    const organization = await createOrganization();
    await expect(importRates(request(organization, ""))).rejects.toBeInstanceOf(UnusableFile);
    await expect(importRates(request(organization, "currency,rate\nEUR,1"))).rejects.toThrow("day");
    await expect(
      importRates(request(organization, Buffer.from([0x63, 0x0a, 0xff, 0xfe]))),
    ).rejects.toBeInstanceOf(UnusableFile);
  });

  it("takes years of daily rates at one go", async () => {
    const organization = await createOrganization();
    const lines = ["currency,day,rate"];
    for (let day = Date.parse("2020-01-01"); day < Date.parse("2026-01-01"); day += 86_400_000) {
      lines.push(`EUR,${new Date(day).toISOString().slice(0, 10)},1.08`);
    }
    expect(await importRates(request(organization, lines.join("\n")))).toMatchObject({
      created: lines.length - 1,
    });
    expect(await eventsOf(organization.organizationId)).toHaveLength(lines.length - 1);
  });

  it("can be run and read back on the command line", async () => {
    const organization = await createOrganization();
    const leeway = (...args: string[]) =>
      new Promise<{ code: number; out: string; err: string }>((resolve) => {
        const env = { ...process.env, DATABASE_URL: testDatabase().url, INIT_CWD: folder };
        const named = [...args, "--organization", organization.organizationId];
        execFile(
          process.execPath,
          [START, "leeway", "rates", ...named],
          { cwd: folder, env },
          (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
        );
      });
    writeFileSync(join(folder, "good.csv"), "Day;Code;Value\n2026-03-01;EUR;1.0842\n2026-03-02;EUR;1.09\n");
    writeFileSync(join(folder, "bad.csv"), 'currency,day,rate\nGBP,2026-03-01,1.27\nEUR,2026-03-03,"1,08"\n');
    const mapped = ["--map", "currency=Code,day=Day,rate=Value", "--delimiter", ";"];

    const dry = await leeway("import", "good.csv", ...mapped, "--dry-run", "--json");
    expect([dry.code, JSON.parse(dry.out)], dry.err).toEqual([0, { created: 2, updated: 0, unchanged: 0 }]);
    const bad = await leeway("import", "bad.csv", "--json");
    expect([bad.code, bad.out]).toEqual([1, ""]);
    expect(bad.err).toContain("Line 3, rate: ");
    expect(bad.err).toContain("(1,08)");
    expect(bad.err).toContain("Nothing was imported: 1 value has to be corrected.");
    const empty = await leeway("list");
    expect([empty.code, empty.out]).toEqual([0, expect.stringContaining("handed over")]);

    const good = await leeway("import", "good.csv", ...mapped);
    expect([good.code, good.out], good.err).toEqual([0, "2 rates: 2 created, 0 updated, 0 unchanged.\n"]);
    const list = await leeway("list", "--currency", "EUR");
    expect(list.out).toBe("1 EUR = 1.09 USD from 2026-03-02 on\n1 EUR = 1.0842 USD from 2026-03-01 on\n");
    expect(JSON.parse((await leeway("list", "--json")).out)).toEqual({
      rates: [
        { currency: "EUR", day: "2026-03-02", rate: "1.09" },
        { currency: "EUR", day: "2026-03-01", rate: "1.0842" },
      ],
    });
  });
});
