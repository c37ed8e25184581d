import pg from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { listCustomerHistory, listRecentCauses, readUsualAmounts } from "@/lib/customers/data";
import { instantOf, leastIdAt } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import { findDecision, listDecisions } from "@/lib/decisions/data";
import { DAY_MS } from "@/lib/discretion/windows";
import { makePartitions } from "@/lib/partitions/mutations";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })];

async function months(): Promise<number> {
  const { rows } = await testDatabase().pool.query<{ count: string }>(
    "select count(*) from pg_inherits where inhparent = 'decisions'::regclass",
  );
  return Number(rows[0]?.count);
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Loops": number;
  "Actual Rows": number;
  Plans?: PlanNode[];
}

/** Every statement about these tables that `work` asks the database, with how the database went about it. */
async function plansOf(organizationId: string, work: () => Promise<unknown>) {
  const asked: { text: string; values: unknown[] }[] = [];
  const spy = vi.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    for (const [first, second] of spy.mock.calls as unknown[][]) {
      const { text, values } =
        typeof first === "string"
          ? { text: first, values: second }
          : (first as { text: string; values?: unknown[] });
      if (/\b(decisions|audit_events|ledger_entries)\b/.test(text)) {
        asked.push({ text, values: (values ?? second ?? []) as unknown[] });
      }
    }
  } finally {
    spy.mockRestore();
  }
  const plans: { text: string; scanned: string[]; sorts: number; rows: number }[] = [];
  for (const { text, values } of asked) {
    const { rows } = await withTenant(organizationId, (client) =>
      client.query(`explain (analyze, format json) ${text}`, values),
    );
    const nodes = flatten(rows[0]["QUERY PLAN"][0].Plan).filter((node) => node["Actual Loops"] > 0);
    const scanned = nodes.filter((node) =>
      node["Relation Name"]?.match(/^(decisions|audit_events|ledger_entries)_/),
    );
    plans.push({
      text,
      scanned: scanned.map((node) => node["Relation Name"] ?? ""),
      // An aggregate over a few hundred rows may sort them; a page may not.
      sorts: nodes.filter((node) => node["Node Type"].includes("Sort") && node["Actual Rows"] > 500).length,
      rows: scanned.reduce((sum, node) => sum + node["Actual Rows"] * node["Actual Loops"], 0),
    });
  }
  return plans;
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

describe("a page of the newest", () => {
  const MONTHS = 30;
  const EACH = 400;

  let s: Awaited<ReturnType<typeof longHistory>>;
  beforeAll(async () => {
    s = await longHistory();
  }, 60_000);

  /** Some years of decisions, made from one: what matters here is how many there are. */
  async function longHistory() {
    const s = await scenario({ limits: LIMITS });
    const customers = await Promise.all(Array.from({ length: 5 }, () => s.customer()));
    const first = new Date(Date.now() - (MONTHS - 1) * 30 * DAY_MS);
    await makePartitions(first, new Date());
    const done = decided(
      await s.ask({
        ...{ customer: customers[0] ?? "", amount: 100 },
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
           'customer_id', ($4::uuid[])[1 + n % cardinality($4::uuid[])], 'case_id', null,
           'verdict', case when n % 50 = 0 then 'bend' else 'allow' end, 'cause', 'cause ' || n % 7))).*
         from decisions d
         cross join generate_series(1, $2::integer) as n
         cross join lateral (select $3::timestamptz + (now() - $3::timestamptz) * n / $2::integer as at) as moment
         where d.id = $1`,
        [done, MONTHS * EACH, first, customers],
      );
      await client.query("reset session_replication_role");
      await client.query("analyze decisions, audit_events, ledger_entries, customers, employees, orders");
    } finally {
      client.release();
    }
    return { ...s, customers, done: done ?? "" };
  }

  it("touches a few months, in their order and by an index, however many there are", async () => {
    const { organizationId } = s;
    expect(await months()).toBeGreaterThan(MONTHS);
    const list = (filter: Parameters<typeof listDecisions>[1], page: { cursor?: string } = {}) =>
      listDecisions(organizationId, filter, { limit: 50, timeZone: "UTC", ...page });
    const middle = leastIdAt(Date.now() - (MONTHS / 2) * 30 * DAY_MS);
    const day = new Date(instantOf(middle)).toISOString().slice(0, 10);
    // The months that are near, those that were made ahead, and the one for everything else.
    const FEW = 9;
    for (const [name, work] of Object.entries({
      newest: () => list({}),
      older: () => list({}, { cursor: middle }),
      "of a verdict": () => list({ verdict: "allow" }),
      "of a remedy": () => list({ remedy: "credit" }),
      "of a cause": () => list({ cause: "cause 3" }),
      "of an employee": () => list({ employee: s.agent.employeeId }),
      "of a customer": () => list({ customer: s.customers[3] ?? "" }),
      "up to a day": () => list({ to: day }),
      causes: () => listRecentCauses(organizationId, 30),
      "usual amounts": () => readUsualAmounts(organizationId, "USD"),
      "one decision": () => findDecision(organizationId, s.done),
    })) {
      const plans = await plansOf(organizationId, work);
      expect(plans.length, name).toBeGreaterThan(0);
      for (const { text, scanned, sorts, rows } of plans) {
        expect(new Set(scanned).size, `${name}: ${scanned} in ${text}`).toBeLessThanOrEqual(FEW);
        expect([name, sorts], text).toEqual([name, 0]);
        expect(rows, `${name}: rows read by ${text}`).toBeLessThanOrEqual(1_000);
      }
    }
  });

  it("of one customer asks each month's index, and reads no more than it shows", async () => {
    const plans = await plansOf(s.organizationId, () =>
      listCustomerHistory(s.organizationId, s.customers[3] ?? "", { limit: 20 }),
    );
    for (const { text, sorts } of plans) expect(sorts, text).toBe(0);
    const page = plans.find(({ text }) => text.includes("ORDER BY"));
    expect(page?.rows).toBeLessThan(200);
  });
});
