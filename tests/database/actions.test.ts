import { parse } from "csv-parse/sync";
import pg from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { instantOf, leastIdAt } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { listDecisions } from "@/lib/decisions/data";
import type { DecisionFilter } from "@/lib/decisions/schema";
import { DAY_MS, localDay } from "@/lib/discretion/windows";
import { type ActionQuery, readActions } from "@/lib/floor/data";
import { exportActions } from "@/lib/floor/export";
import { COLUMNS, type Column, DEFAULT_COLUMNS, readCursor, SORTS, type Sort } from "@/lib/floor/schema";
import type { ActionRow } from "@/lib/insights/types";
import { makePartitions } from "@/lib/partitions/mutations";
import { createCustomer } from "../factories/customers";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const timeZone = "America/New_York";
const DAYS = 400;
const EACH_DAY = 8;

type House = Awaited<ReturnType<typeof longHistory>>;

/** More than a year of decisions, made by hand after one that was really taken: a few of each kind on every day. */
async function longHistory() {
  const s = await scenario({
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })],
  });
  const first = new Date(Date.now() - DAYS * DAY_MS);
  await makePartitions(first, new Date());
  const customers = await Promise.all(Array.from({ length: 7 }, () => s.customer()));
  const people = [s.agent.employeeId, s.manager.employeeId];
  const done = decided(
    await s.ask({
      ...{ customer: customers[0] ?? "", amount: 100, note: "With a note." },
      case: { channel: "phone", happened: "It broke.", cause: "damaged" },
    }),
  ).id;
  const client = await testDatabase().pool.connect();
  try {
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into decisions
       select (jsonb_populate_record(d, jsonb_build_object(
         'id', overlay(gen_random_uuid()::text placing left(least_id_at(at)::text, 13) from 1 for 13), 'created_at', at,
         'customer_id', ($4::uuid[])[1 + n % 7], 'employee_id', ($5::uuid[])[1 + n % 2], 'case_id', null,
         'amount', 100 * (1 + n % 13), 'remedy', (array['credit', 'gift', 'upgrade'])[1 + n % 3],
         'verdict', case when n % 50 = 0 then 'bend' else 'allow' end, 'cause', 'cause ' || n % 5,
         'status', case when n % 40 = 0 then 'reversed' else 'posted' end,
         'explanation', jsonb_set(d.explanation, '{binding}', to_jsonb(case when n % 90 = 0 then 'seldom' else 'guest-day' end))))).*
       from decisions d
       cross join generate_series(1, $2::integer) as n
       cross join lateral (select $3::timestamptz + (now() - interval '1 minute' - $3::timestamptz) * n / $2::integer as at) as moment
       where d.id = $1`,
      [done, DAYS * EACH_DAY, first, customers, people],
    );
    await client.query("reset session_replication_role");
    await client.query("analyze decisions, customers, employees, orders");
  } finally {
    client.release();
  }
  return { ...s, customers, people, done: done ?? "" };
}

/** Every decision of a house, as the owner sees it. */
async function everyRow(organizationId: string) {
  const { rows } = await testDatabase().pool.query<{
    id: string;
    employee_id: string;
    customer_id: string;
    remedy: string;
    verdict: string;
    status: string;
    binding: string;
    cause: string | null;
    amount: string;
  }>(
    "select id, employee_id, customer_id, remedy, verdict, status, explanation ->> 'binding' as binding, cause, amount from decisions where organization_id = $1 order by id desc",
    [organizationId],
  );
  return rows.map((row) => ({ ...row, amount: Number(row.amount) }));
}

/** All of a list, in parts of so many, with how many parts it took. */
async function readAll(
  organizationId: string,
  query: ActionQuery,
  place: { limit: number; patienceMs?: number },
): Promise<{ rows: ActionRow[]; parts: number }> {
  const rows: ActionRow[] = [];
  let next: string | null = null;
  for (let parts = 1; ; parts++) {
    if (parts > 2_000) throw new Error("The list has no end.");
    const after: ReturnType<typeof readCursor> = next === null ? null : readCursor(next, query.sort);
    const slice = await readActions(organizationId, query, { ...place, after });
    expect(slice.rows.length).toBeLessThanOrEqual(place.limit);
    rows.push(...slice.rows);
    next = slice.next;
    if (next === null) return { rows, parts };
  }
}

let s: House;
beforeAll(async () => {
  s = await longHistory();
}, 60_000);

// Risk: somebody looks for what was done, and a row is missing, or stands there twice.
describe("the list of actions", () => {
  const filters = (): Record<string, DecisionFilter> => ({
    nothing: {},
    "an employee": { employee: s.agent.employeeId },
    "a customer": { customer: s.customers[2] ?? "" },
    "a verdict": { verdict: "bend" },
    "a status": { status: "reversed" },
    "a status that nothing has": { status: "expired" },
    "what bound it": { check: "seldom" },
    "what bound most, of one status": { check: "guest-day", status: "reversed" },
    "what binds nothing": { check: "nobody-knows" },
    "several verdicts and statuses": { verdict: ["bend", "deny"], status: ["posted", "reversed"] },
    "some by their ids": { ids: [s.done, leastIdAt(0)] },
    "a remedy and a cause": { remedy: "gift", cause: "cause 3" },
    "what nothing is": { verdict: "deny", remedy: "gift" },
    "an amount": { minAmount: 1200 },
    "a span": { from: day(300), to: day(100) },
    "a day": { from: day(7), to: day(7) },
    "days that have not come": { from: day(-3) },
    "the time before the first": { to: day(DAYS + 30) },
  });
  const day = (ago: number) => localDay(Date.now() - ago * DAY_MS, timeZone);

  /** The same by hand: all rows, sifted and put in order. */
  async function slowly(filter: DecisionFilter, sort: Sort): Promise<string[]> {
    const kept = (await everyRow(s.organizationId)).filter((row) => {
      const on = localDay(instantOf(row.id), timeZone);
      return (
        (!filter.employee || row.employee_id === filter.employee) &&
        (!filter.customer || row.customer_id === filter.customer) &&
        (!filter.verdict || [filter.verdict].flat().some((each) => each === row.verdict)) &&
        (!filter.status || [filter.status].flat().some((each) => each === row.status)) &&
        (!filter.check || row.binding === filter.check) &&
        (!filter.ids || filter.ids.includes(row.id)) &&
        (!filter.remedy || row.remedy === filter.remedy) &&
        (!filter.cause || row.cause === filter.cause) &&
        (filter.minAmount === undefined || row.amount >= filter.minAmount) &&
        (!filter.from || on >= filter.from) &&
        (!filter.to || on <= filter.to)
      );
    });
    if (sort === "oldest") kept.reverse();
    if (sort === "amount") kept.sort((a, b) => b.amount - a.amount || (a.id < b.id ? 1 : -1));
    return kept.map(({ id }) => id);
  }

  it.each(SORTS)("holds each row that matches once, in its order, however it is cut: %s", async (sort) => {
    for (const [name, filter] of Object.entries(filters())) {
      const expected = await slowly(filter, sort);
      const { rows } = await readAll(s.organizationId, { filter, sort, timeZone }, { limit: 333 });
      expect([name, rows.map(({ id }) => id)]).toEqual([name, expected]);
    }
  });

  // Risk: what is not found at once is taken for all there is.
  it("goes on where it stopped looking, and says up to where that was, without a gap or a repeat", async () => {
    for (const sort of ["newest", "oldest"] as const) {
      for (const filter of [
        { verdict: "bend", remedy: "gift" },
        { check: "seldom" },
      ] satisfies DecisionFilter[]) {
        const query = { filter, sort, timeZone };
        const { rows, parts } = await readAll(s.organizationId, query, { limit: 50, patienceMs: -1 });
        expect(rows.map(({ id }) => id)).toEqual(await slowly(filter, sort));
        expect(parts).toBeGreaterThan(3);
        const first = await readActions(s.organizationId, query, { limit: 50, after: null, patienceMs: -1 });
        expect(first.lookedBackTo).not.toBeNull();
      }
    }
    for (const filter of [
      { check: "seldom" },
      { verdict: "bend", remedy: "gift" },
    ] satisfies DecisionFilter[]) {
      const largest = { filter, sort: "amount", timeZone } as const;
      const { rows, parts } = await readAll(s.organizationId, largest, { limit: 50, patienceMs: -1 });
      expect(rows.map(({ id }) => id)).toEqual(await slowly(filter, "amount"));
      expect(parts).toBeGreaterThan(3);
    }
  });

  // Risk: somebody reads a word that only a policy's author knows.
  it("calls a cause by its name in the catalogue, also one that is offered no longer", async () => {
    const one = await scenario();
    const customer = await one.customer();
    for (const cause of ["late delivery", "never kept"])
      decided(await one.ask({ customer, amount: 100, case: { channel: "phone", happened: "It.", cause } }));
    await inTenant(one.organizationId, (tx) =>
      tx.cause.create({
        data: {
          ...{ organizationId: one.organizationId, key: "late delivery", name: "Came late" },
          ...{ createdAt: new Date(), updatedAt: new Date(), retiredAt: new Date() },
        },
      }),
    );
    const query = { filter: {}, sort: "oldest", timeZone } as const;
    const { rows } = await readActions(one.organizationId, query, { limit: 5, after: null });
    expect(rows.map(({ cause, causeName }) => [cause, causeName])).toEqual([
      ["late delivery", "Came late"],
      ["never kept", null],
    ]);
  });

  it("shows who, for whom, of which team and order, what was granted, and what the last review said", async () => {
    const one = await scenario({
      limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })],
    });
    const customer = await one.customer();
    const order = await one.order(customer, 5000);
    const id = decided(await one.ask({ customer, order, remedy: "refund", amount: 1500, note: "Sorry." })).id;
    const { rows } = await readActions(
      one.organizationId,
      { filter: {}, sort: "newest", timeZone },
      { limit: 5, after: null },
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ id, employee: "An agent", customer: "A customer", remedy: "refund", amount: 1500, asked: 1500 },
      ...{ verdict: "allow", status: "posted", note: "Sorry.", review: null, policyVersion: 1 },
    });
    expect(rows[0]?.orderRef).toEqual(expect.any(String));
  });

  it("is one's own organization's only", async () => {
    const stranger = await scenario();
    const filter = { customer: s.customers[0] ?? "" };
    for (const sort of SORTS) {
      const slice = await readActions(
        stranger.organizationId,
        { filter, sort, timeZone },
        { limit: 5, after: null },
      );
      expect(slice).toEqual({ rows: [], next: null, lookedBackTo: null });
    }
  });

  it("is what the API lists, row by row", async () => {
    const asked: DecisionFilter[] = [
      { remedy: "gift", from: day(200) },
      { status: "reversed", check: "guest-day" },
    ];
    for (const filter of asked) {
      const query = { filter, sort: "newest", timeZone } as const;
      const { rows } = await readAll(s.organizationId, query, { limit: 500 });
      const listed: string[] = [];
      for (let cursor: string | null = null; ; ) {
        const page: Awaited<ReturnType<typeof listDecisions>> = await listDecisions(
          s.organizationId,
          filter,
          {
            limit: 100,
            cursor,
            timeZone,
          },
        );
        listed.push(...page.data.map(({ id }) => id));
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      expect(rows.map(({ id }) => id)).toEqual(listed);
    }
  });
});

// Risk: it gets slower with every month that goes by.
describe("a part of the list", () => {
  it("reads a few months by an index and no more rows than it may show, also far down", async () => {
    const middle = leastIdAt(Date.now() - (DAYS / 2) * DAY_MS);
    const list =
      (filter: DecisionFilter, after: string | null = null, sort: Sort = "newest") =>
      () =>
        readActions(
          s.organizationId,
          { filter, sort, timeZone },
          { limit: 50, after: after === null ? null : { id: after, amount: null } },
        );
    for (const [name, work] of Object.entries({
      newest: list({}),
      "further down": list({}, middle),
      "oldest, further down": list({}, middle, "oldest"),
      "of a verdict": list({ verdict: "allow" }),
      "of a remedy": list({ remedy: "credit" }),
      "of a cause": list({ cause: "cause 3" }),
      "of an employee": list({ employee: s.agent.employeeId }),
      "of a customer": list({ customer: s.customers[3] ?? "" }),
    })) {
      for (const { months, rows, text } of await plansOf(s.organizationId, work)) {
        expect(months, `${name}: ${text}`).toBeLessThanOrEqual(9);
        expect(rows, `${name}: ${text}`).toBeLessThanOrEqual(1_000);
      }
    }
  });
});

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Loops": number;
  "Actual Rows": number;
  Plans?: PlanNode[];
}

/** How the database went about each statement on decisions that `work` asked. */
async function plansOf(organizationId: string, work: () => Promise<unknown>) {
  const asked: { text: string; values: unknown[] }[] = [];
  const spy = vi.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    for (const [first, second] of spy.mock.calls as unknown[][]) {
      const text = typeof first === "string" ? first : (first as { text: string }).text;
      const values = typeof first === "string" ? second : (first as { values?: unknown[] }).values;
      if (/\bfrom decisions\b/.test(text))
        asked.push({ text, values: (values ?? second ?? []) as unknown[] });
    }
  } finally {
    spy.mockRestore();
  }
  expect(asked.length).toBeGreaterThan(0);
  const plans: { text: string; months: number; rows: number }[] = [];
  for (const { text, values } of asked) {
    const { rows } = await withTenant(organizationId, (client) =>
      client.query(`explain (analyze, format json) ${text}`, values),
    );
    const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
    const scanned = flatten(rows[0]["QUERY PLAN"][0].Plan).filter(
      (node) => node["Actual Loops"] > 0 && node["Relation Name"]?.startsWith("decisions_"),
    );
    plans.push({
      text,
      months: new Set(scanned.map((node) => node["Relation Name"])).size,
      rows: scanned.reduce((sum, node) => sum + node["Actual Rows"] * node["Actual Loops"], 0),
    });
  }
  return plans;
}

async function fileOf(
  organizationId: string,
  query: { filter: DecisionFilter; sort: Sort; columns: readonly Column[] },
): Promise<string[][]> {
  const pieces = exportActions({ organizationId, ...query, timeZone, signal: new AbortController().signal });
  let text = "";
  for await (const piece of pieces) text += piece;
  return parse(text, { bom: true });
}

// Risk: the file that leaves the house is another one than the list that somebody looked at.
describe("the export", () => {
  it.each(SORTS)(
    "holds the rows of the list, all of them, in its order and with its columns: %s",
    async (sort) => {
      const filter: DecisionFilter = { remedy: "gift" };
      const { rows } = await readAll(s.organizationId, { filter, sort, timeZone }, { limit: 500 });
      expect(rows.length).toBeGreaterThan(1_000);
      const [head, ...lines] = await fileOf(s.organizationId, { filter, sort, columns: DEFAULT_COLUMNS });
      const column = head?.indexOf("Decision") ?? -1;
      expect(lines.map((line) => line[column])).toEqual(rows.map(({ id }) => id));
      const [narrow] = await fileOf(s.organizationId, { filter, sort, columns: ["time", "cause"] });
      expect(narrow).toEqual(["Time", "Decision", "Cause", "Cause on record"]);
    },
  );

  it("neutralizes what somebody typed as a formula, in names, references, causes and notes", async () => {
    const one = await scenario();
    const evil = ["=cmd|'/c calc'!A0", "@SUM(1)", "＝1+1", "\t=1"];
    for (const name of evil) {
      const customer = (await createCustomer(one, { name, ref: `ref ${name}` })).id;
      decided(
        await one.ask({
          ...{ customer, amount: 100, note: `-1+1 ${name}` },
          case: { channel: "+phone", happened: "It broke.", cause: `=${name}`.slice(0, 80) },
        }),
      );
    }
    const [head = [], ...lines] = await fileOf(one.organizationId, {
      filter: {},
      sort: "newest",
      columns: COLUMNS,
    });
    expect(lines).toHaveLength(evil.length);
    for (const line of lines) {
      for (const [index, cell] of line.entries()) {
        expect([head[index], cell]).not.toEqual([
          head[index],
          expect.stringMatching(/^\s*[=+\-@＝＋－＠]|^[\t\r]/u),
        ]);
      }
    }
    expect(lines.flat()).toContain("'=cmd|'/c calc'!A0");
  });

  it("of nothing is its header", async () => {
    const one = await scenario();
    expect(await fileOf(one.organizationId, { filter: {}, sort: "newest", columns: ["time"] })).toEqual([
      ["Time", "Decision"],
    ]);
  });

  // Risk: somebody closes the page, and the database goes on for nobody; ten do, and it stands still.
  it("that is given up half way stops what the database is doing for it, though that would take long", async () => {
    const gone = new AbortController();
    const pieces = exportActions({
      organizationId: s.organizationId,
      ...{ filter: {}, sort: "newest", columns: COLUMNS, timeZone, signal: gone.signal },
    });
    expect((await pieces.next()).done).toBe(false);
    expect((await pieces.next()).done).toBe(false);
    const blocker = await testDatabase().pool.connect();
    try {
      // What is read next waits here for as long as anybody likes.
      await blocker.query("begin; lock table customers in access exclusive mode");
      const next = pieces.next();
      next.catch(() => undefined);
      await expect.poll(reading, { timeout: 10_000 }).toBe(1);
      gone.abort();
      await expect(next).rejects.toThrow();
      await expect.poll(reading, { timeout: 10_000 }).toBe(0);
    } finally {
      await blocker.query("rollback");
      blocker.release();
    }
    expect((await pieces.next()).done).toBe(true);
    // The pool gave up one connection and goes on with the others.
    expect(
      (
        await readActions(
          s.organizationId,
          { filter: {}, sort: "newest", timeZone },
          { limit: 1, after: null },
        )
      ).rows,
    ).toHaveLength(1);
  });
});

/** How many statements about decisions the database works on for the app. */
async function reading(): Promise<number> {
  const { rows } = await testDatabase().pool.query<{ count: string }>(
    `select count(*) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like '%from decisions d where%'`,
  );
  return Number(rows[0]?.count);
}
