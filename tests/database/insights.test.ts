import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readAsking } from "@/lib/asking/data";
import { setAnswerMinutes } from "@/lib/asking/mutations";
import type { EmployeeActor } from "@/lib/auth/types";
import { readCauses } from "@/lib/cause-ledger/data";
import { noteCause } from "@/lib/cause-ledger/mutations";
import { readSpreads } from "@/lib/consistency/data";
import { openSpan, readDashboards } from "@/lib/dashboards/data";
import { type Figure, figureHref, ofOne } from "@/lib/dashboards/rows";
import { rowsHref } from "@/lib/dashboards/schema";
import { newId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import { addDays, localDay } from "@/lib/discretion/windows";
import { readActions } from "@/lib/floor/data";
import { readTableSearch, tableHref } from "@/lib/floor/schema";
import { answerHandover, withdrawHandover } from "@/lib/handovers/mutations";
import { readHotSpots } from "@/lib/hot-spots/data";
import { mergeCustomers } from "@/lib/merges/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import { listStaleDays, readLimitUse, readSums, readTotal } from "@/lib/sums/data";
import { sumUpOrganization, sumUpStale } from "@/lib/sums/mutations";
import { answeredOf, NO_TEAM, noSums, SUMMED, type Summed, type Sums } from "@/lib/sums/types";
import { recordSurveyAnswer } from "@/lib/surveys/mutations";
import { randomOf } from "@/prisma/demo/random";
import { testDatabase } from "../setup/database";
import { expectReconciled } from "../setup/reconciled";
import { decided, limit, scenario } from "../setup/scenario";
import { tamper } from "../setup/tampering";

const timeZone = "America/New_York";
/** Two days after a day of 23 hours. */
const NOW = new Date("2026-03-10T20:30:00Z");
const MINUTE = 60_000;
const SYSTEM = { kind: "system", id: null } as const;

const words = { why: "Because.", say: "Gladly." };

async function house() {
  const s = await scenario({
    currency: "USD",
    timeZone,
    limits: [
      limit({
        id: "guest-day",
        scope: ["employee", "customer"],
        window: "day",
        max: 5000,
        when: { roles: ["agent"] },
      }),
      limit({ id: "often", scope: ["employee"], window: "day", measure: "count", max: 12 }),
      limit({ id: "soft", scope: ["customer"], window: { rollingDays: 3 }, max: 9000, over: "bend" }),
    ],
    rules: [
      { id: "no-gifts", effect: "deny", when: { remedies: ["gift"], amount: { over: 2000 } }, ...words },
      {
        id: "fees",
        effect: "handover",
        when: { remedies: ["fee_waiver"], roles: ["agent"], amount: { over: 300 } },
        ...words,
      },
    ],
  });
  const agents = [
    s.agent,
    await s.employee("agent", { team: "phone" }),
    await s.employee("agent", { team: "phone" }),
    await s.employee("agent", { team: "stores" }),
  ];
  return { ...s, agents, place: { organizationId: s.organizationId, timeZone, currency: "USD" } };
}

type House = Awaited<ReturnType<typeof house>>;

const CAUSES = ["carrier", "billing", "it's <b>odd</b>", null] as const;

/** Much of what may happen to decisions, over some days, always the same. */
async function live(h: House, seed: string, requests: number) {
  const random = randomOf(seed);
  const customers = await Promise.all(Array.from({ length: 8 }, () => h.customer()));
  for (let turn = 0; turn < requests; turn++) {
    const now = new Date(NOW.getTime() - random.int(0, 6 * 24 * 60) * MINUTE);
    const agent = random.chance(0.1) ? h.manager : random.pick(h.agents);
    const cause = random.pick(CAUSES);
    const remedy = random.pick(["credit", "credit", "fee_waiver", "gift"] as const);
    const amount = random.pick([100, 250, 900, 2500, 6000, 11_000]);
    const decision = decided(
      await h.ask(
        {
          customer: random.pick(customers),
          amount,
          remedy,
          note: "It was our mistake, twice over.",
          ...(cause === null ? {} : { case: { channel: "phone", happened: "It broke.", need: null, cause } }),
        },
        { actor: agent, now },
      ),
    );
    await moveOn(h, decision.id ?? "", decision.verdict, agent, amount, now, random);
  }
  await survey(h, seed);
  const [duplicate = "", customer = ""] = customers;
  await mergeCustomers({
    organizationId: h.organizationId,
    duplicateId: duplicate,
    customerId: customer,
    reason: "The same person.",
    writer: { actor: SYSTEM, employeeId: null },
    now: NOW,
  });
}

/** What some of the customers say of it. */
async function survey(h: House, seed: string) {
  const random = randomOf(`surveys of ${seed}`);
  for (const { id } of await rawDecisions(h.organizationId)) {
    if (!random.chance(0.4)) continue;
    const told = await recordSurveyAnswer({
      organizationId: h.organizationId,
      input: { decision: id, reference: id, score: random.int(1, 5), answeredAt: NOW.toISOString() },
      writer: SYSTEM,
      at: NOW,
    });
    expect(told.ok).toBe(true);
  }
}

async function moveOn(
  h: House,
  id: string,
  verdict: string,
  asker: EmployeeActor,
  amount: number,
  now: Date,
  random: ReturnType<typeof randomOf>,
): Promise<void> {
  const later = new Date(now.getTime() + random.pick([20, 60, 61, 299, 900, 3000, 20_000]) * 1000);
  if (verdict !== "handover") {
    if (!random.chance(0.1)) return;
    const how = { actor: h.manager, decisionId: id, idempotencyKey: randomUUID(), now: later };
    await reverseDecision({ ...how, reason: "It was given twice." });
    return;
  }
  const handoverId = await handoverOf(id);
  const note = "Yes, or no, with a reason.";
  const answer = (input: Parameters<typeof answerHandover>[0]["input"]) =>
    answerHandover({ actor: h.manager, handoverId, input, now: later });
  switch (random.int(0, 5)) {
    case 0:
      return;
    case 1:
      await testDatabase().pool.query("select expire_handover($1, $2, $3, $4)", [
        h.organizationId,
        id,
        new Date(now.getTime() + 481 * MINUTE),
        newId(NOW),
      ]);
      return;
    case 2:
      await withdrawHandover({
        organizationId: h.organizationId,
        handoverId,
        employeeId: asker.employeeId,
        actor: { kind: "employee", id: asker.employeeId },
        now: later,
      });
      return;
    case 3:
      await answer({ answer: "decline", note });
      return;
    case 4:
      await answer({ answer: "adjust", amount: Math.ceil(amount / 3), note });
      return;
    default:
      await answer({ answer: "approve", note });
  }
}

async function handoverOf(decisionId: string): Promise<string> {
  const { rows } = await testDatabase().pool.query<{ id: string }>(
    "select id from handovers where decision_id = $1",
    [decisionId],
  );
  return rows[0]?.id ?? "";
}

interface Raw {
  id: string;
  created_at: Date;
  team_id: string | null;
  employee_id: string;
  case_id: string | null;
  remedy: string;
  cause: string | null;
  verdict: string;
  status: string;
  amount: string;
  counted_amount: string | null;
  explanation: {
    binding: string | null;
    maxAmount: number | null;
    checks: {
      id: string;
      kind: string;
      measure: string | null;
      max: number | null;
      used: number | null;
      asked: number | null;
    }[];
  };
  answer: string | null;
  asked_at: Date | null;
  answered_at: Date | null;
  granted_amount: string | null;
  granted_counted_amount: string | null;
  score: number | null;
}

async function rawDecisions(organizationId: string): Promise<Raw[]> {
  const { rows } = await testDatabase().pool.query<Raw>(
    `select d.*, h.status as answer, h.created_at as asked_at, h.answered_at, h.granted_amount, h.granted_counted_amount, s.score
     from decisions d left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
     left join survey_answers s on s.organization_id = d.organization_id and s.decision_id = d.id
     where d.organization_id = $1 order by d.id`,
    [organizationId],
  );
  return rows;
}

/** What one decision adds to the sums, told once more and one by one. */
function told(raw: Raw, all: readonly Raw[]): { sums: Sums; needed: number | null } {
  const sums = noSums();
  const { verdict, status, answer } = raw;
  const counted = Number(raw.counted_amount ?? 0);
  const granted = Number(raw.granted_counted_amount ?? 0);
  const amount = raw.granted_counted_amount === null ? counted : granted;
  sums.decisions = 1;
  if (verdict === "allow" || verdict === "bend") sums.solved = 1;
  if (verdict === "bend") sums.bent = 1;
  if (verdict === "handover") sums.handedOver = 1;
  if (verdict === "deny") sums.denied = 1;
  if (status === "posted") Object.assign(sums, { givenDecisions: 1, given: amount });
  if (status === "reserved") Object.assign(sums, { heldDecisions: 1, held: amount });
  if (status === "reversed") Object.assign(sums, { reversedDecisions: 1, reversed: amount });
  let needed: number | null = null;
  if (answer !== null && answer !== "waiting") {
    const seconds = Math.floor(((raw.answered_at?.getTime() ?? 0) - (raw.asked_at?.getTime() ?? 0)) / 1000);
    sums.settleSeconds = seconds;
    sums[answer as "approved" | "adjusted" | "declined" | "expired" | "withdrawn"] = 1;
    if (["approved", "adjusted", "declined"].includes(answer)) {
      sums.waitSeconds = seconds;
      sums.waitLongest = seconds;
      const minutes = seconds / 60;
      if (minutes <= 1) sums.waited1 = 1;
      else if (minutes <= 5) sums.waited5 = 1;
      else if (minutes <= 15) sums.waited15 = 1;
      else if (minutes <= 60) sums.waited60 = 1;
      else if (minutes <= 480) sums.waited480 = 1;
      else sums.waitedLonger = 1;
    }
    if (answer === "approved" || answer === "adjusted") sums.granted = granted;
    if (answer === "declined" || answer === "adjusted") sums.protected = Math.max(0, counted - granted);
    if (answer === "approved") {
      const check = raw.explanation.checks.find(({ id }) => id === raw.explanation.binding);
      const usedBefore = check?.kind === "limit" ? (check.used ?? 0) : 0;
      needed = check?.measure === "count" ? usedBefore + 1 : usedBefore + granted;
    }
  }
  const { binding, maxAmount } = raw.explanation;
  const wanted = Number(raw.granted_amount ?? raw.amount);
  if (verdict === "handover" && (binding === null || (maxAmount !== null && maxAmount >= wanted))) {
    sums.withinLimit = 1;
  }
  const ofCase = raw.case_id === null ? [raw] : all.filter(({ case_id }) => case_id === raw.case_id);
  const isNothing = (one: Raw) => ["refused", "declined", "expired", "released"].includes(one.status);
  if (ofCase[0] === raw && ofCase.every(isNothing)) sums.withoutRemedy = 1;
  if (ofCase[0] === raw) sums.cases = 1;
  if (raw.score !== null) {
    const satisfied = raw.score >= 4 ? 1 : 0;
    const { score } = raw;
    Object.assign(sums, { surveyed: 1, satisfied, score });
    if (sums.solved)
      Object.assign(sums, { solvedSurveyed: 1, solvedSatisfied: satisfied, solvedScore: score });
    if (sums.handedOver)
      Object.assign(sums, { handedSurveyed: 1, handedSatisfied: satisfied, handedScore: score });
  }
  return { sums, needed };
}

function add(to: Sums, more: Sums): void {
  for (const [name] of SUMMED) to[name] += more[name];
  to.waitLongest = Math.max(to.waitLongest, more.waitLongest);
}

type Expected = Map<string, Sums & { needed: number[] }>;

/** All sums by day, team, remedy and one thing more, made from the rows. */
async function expectedSums(organizationId: string): Promise<Expected> {
  const all = await rawDecisions(organizationId);
  const expected: Expected = new Map();
  for (const raw of all) {
    const { sums, needed } = told(raw, all);
    const keys: [string, string][] = [
      ["all", ""],
      ["employee", raw.employee_id],
      ["cause", raw.cause ?? ""],
    ];
    if (raw.verdict !== "allow") keys.push(["check", raw.explanation.binding ?? ""]);
    for (const [dimension, key] of keys) {
      const day = localDay(raw.created_at.getTime(), timeZone);
      const place = [dimension, day, raw.team_id ?? NO_TEAM, raw.remedy, key].join("|");
      const entry = expected.get(place) ?? { ...noSums(), needed: [] };
      add(entry, sums);
      if (dimension === "check" && needed !== null) entry.needed.push(needed);
      expected.set(place, entry);
    }
  }
  return expected;
}

async function keptSums(organizationId: string): Promise<Expected> {
  const { rows } = await testDatabase().pool.query<Record<string, string> & { needed: string[] }>(
    "select *, day::text as day from insight_days where organization_id = $1 and dimension = any ($2)",
    [organizationId, ["all", "employee", "cause", "check"]],
  );
  return new Map(
    rows.map((row) => {
      const sums = noSums();
      for (const [name, column] of SUMMED) sums[name] = Number(row[column]);
      sums.waitLongest = Number(row.wait_longest);
      const place = [row.dimension, row.day, row.team_id, row.remedy, row.key].join("|");
      return [place, { ...sums, needed: row.needed.map(Number) }];
    }),
  );
}

const sorted = (sums: Expected) =>
  [...sums]
    .map(([place, { needed, ...rest }]) => [place, rest, [...needed].sort((a, b) => a - b)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

async function expectSummed(organizationId: string): Promise<void> {
  expect(await listStaleDays(organizationId)).toEqual([]);
  expect(sorted(await keptSums(organizationId))).toEqual(sorted(await expectedSums(organizationId)));
}

// Risk: a manager steers by a figure that nobody would come to who counted.
describe("the days' sums", () => {
  it("are what somebody comes to who counts every decision, whatever became of it, and only changed days are counted anew", async () => {
    const h = await house();
    await live(h, "first", 160);
    expect(await sumUpStale(h.place)).toEqual([]);
    await expectSummed(h.organizationId);
    const kinds = [...(await keptSums(h.organizationId))].filter(([place]) => place.startsWith("all|"));
    const total = noSums();
    for (const [, sums] of kinds) add(total, sums);
    for (const [name] of SUMMED) {
      if (name !== "waitedLonger" && name !== "withinLimit")
        expect([name, total[name] > 0]).toEqual([name, true]);
    }

    // One day moves on; the others are left as they are.
    const { rows } = await testDatabase().pool.query<{ id: string; at: Date }>(
      "select id, created_at as at from decisions where organization_id = $1 and status = 'posted' order by id limit 1",
      [h.organizationId],
    );
    const [posted] = rows;
    await reverseDecision({
      ...{
        actor: h.manager,
        decisionId: posted?.id ?? "",
        reason: "A mistake.",
        idempotencyKey: randomUUID(),
      },
      now: NOW,
    });
    const changed = localDay(posted?.at.getTime() ?? 0, timeZone);
    expect((await listStaleDays(h.organizationId)).map(({ day }) => day)).toEqual([changed]);
    await sumUpOrganization(h.organizationId);
    await expectSummed(h.organizationId);
    await expectReconciled(h.organizationId);
  });

  it("read no more decisions than they may, the newest days first, and say what is left", async () => {
    const h = await house();
    const customer = await h.customer();
    for (const days of [0, 0, 1, 2]) {
      decided(await h.ask({ customer, amount: 10 }, { now: new Date(NOW.getTime() - days * 1440 * MINUTE) }));
    }
    const left = await sumUpStale(h.place, { budget: 3 });
    expect(left.map(({ day, builtAt }) => [day, builtAt])).toEqual([["2026-03-08", null]]);
    expect(await sumUpStale(h.place, { budget: 1 })).toEqual([]);
    await expectSummed(h.organizationId);
  });

  it("count a case for the day it began, and again once a later day brings its remedy", async () => {
    const h = await house();
    const customer = await h.customer();
    const begun = new Date(NOW.getTime() - 1440 * MINUTE);
    const first = decided(
      await h.ask(
        {
          ...{ customer, amount: 2500, remedy: "gift" },
          case: { channel: "phone", happened: "It broke.", need: null, cause: "carrier" },
        },
        { now: begun },
      ),
    );
    expect(first.verdict).toBe("deny");
    await sumUpStale(h.place);
    const day = localDay(begun.getTime(), timeZone);
    const nothings = () =>
      withTenant(h.organizationId, (client) =>
        readTotal(client, h.organizationId, { from: day, to: localDay(NOW.getTime(), timeZone) }),
      );
    expect((await nothings()).withoutRemedy).toBe(1);
    // What a later step of the same case gives, by hand: one decision of a case is all that is written so far.
    const second = decided(await h.ask({ customer, amount: 100 }, { now: NOW }));
    await tamper(
      "update decisions set case_id = (select case_id from decisions where id = $1) where id = $2",
      [first.id, second.id],
    );
    await sumUpStale(h.place);
    await sumUpStale(h.place);
    expect((await nothings()).withoutRemedy).toBe(0);
    await expectSummed(h.organizationId);
  });

  it("are one's own organization's only", async () => {
    const ours = await house();
    const theirs = await house();
    decided(await theirs.ask({ customer: await theirs.customer(), amount: 10 }, { now: NOW }));
    await sumUpStale(theirs.place);
    const span = { from: "2026-03-01", to: "2026-03-31" };
    const total = await withTenant(ours.organizationId, (client) =>
      readTotal(client, theirs.organizationId, span),
    );
    expect(total).toEqual(noSums());
  });
});

/** The decisions that a page is about. */
function within(
  all: readonly Raw[],
  span: { from: string; to: string },
  more: (raw: Raw) => boolean = () => true,
) {
  return all.filter((raw) => {
    const day = localDay(raw.created_at.getTime(), timeZone);
    return day >= span.from && day <= span.to && more(raw);
  });
}

function summed(raws: readonly Raw[], all: readonly Raw[]): Sums {
  const sum = noSums();
  for (const raw of raws) add(sum, told(raw, all).sums);
  return sum;
}

function by(raws: readonly Raw[], all: readonly Raw[], keyOf: (raw: Raw) => string) {
  const groups = new Map<string, Raw[]>();
  for (const raw of raws) groups.set(keyOf(raw), [...(groups.get(keyOf(raw)) ?? []), raw]);
  return new Map([...groups].map(([key, of]) => [key, summed(of, all)]));
}

interface Told {
  raw: Raw;
  sums: Sums;
}

const answered = ({ sums }: Told) => answeredOf(sums) > 0;
const counted =
  (...names: Summed[]) =>
  ({ sums }: Told) =>
    names.some((name) => sums[name] > 0);

/** Which decisions each figure is made of. */
const COUNTED_BY: Record<Figure, (of: Told) => boolean> = {
  ...(Object.fromEntries(SUMMED.map(([name]) => [name, counted(name)])) as Record<
    Summed,
    (of: Told) => boolean
  >),
  given: counted("givenDecisions"),
  held: counted("heldDecisions"),
  reversed: counted("reversedDecisions"),
  granted: counted("approved", "adjusted"),
  protected: counted("adjusted", "declined"),
  waitSeconds: answered,
  settleSeconds: counted("approved", "adjusted", "declined", "expired", "withdrawn"),
  answered,
  inVain: counted("expired", "withdrawn"),
  atOnce: ({ raw }) => raw.verdict !== "handover",
  settled: ({ raw }) => raw.status !== "reserved",
  unsatisfied: ({ raw }) => raw.score !== null && raw.score < 4,
  deniedSurveyed: ({ raw }) => raw.verdict === "deny" && raw.score !== null,
  deniedSatisfied: ({ raw }) => raw.verdict === "deny" && (raw.score ?? 0) >= 4,
};

/** The ids of all rows behind an address of the floor, the newest first. */
async function listBehind(organizationId: string, href: string): Promise<string[]> {
  const params = Object.fromEntries(new URL(href, "http://localhost").searchParams);
  const { filter, faults } = readTableSearch(params, localDay(NOW.getTime(), timeZone));
  expect([href, faults]).toEqual([href, []]);
  const { rows, next } = await readActions(
    organizationId,
    { filter, sort: "newest", timeZone },
    { limit: 1_000, after: null, patienceMs: 60_000 },
  );
  expect(next).toBeNull();
  return rows.map(({ id }) => id);
}

describe("the dashboards", () => {
  it("show the sums of their span, team and remedy, and of the span before, and of nothing else", async () => {
    const h = await house();
    await live(h, "dashboards", 120);
    const all = await rawDecisions(h.organizationId);
    const phone = await h.team("phone");
    const asked: [Record<string, string>, (raw: Raw) => boolean][] = [
      [{ from: "2026-03-08", to: "2026-03-10" }, () => true],
      [{ from: "2026-03-08", to: "2026-03-09", team: "phone" }, (raw) => raw.team_id === phone],
      [{ days: "7", remedy: "credit" }, (raw) => raw.remedy === "credit"],
      [{ days: "365" }, () => true],
    ];
    for (const [params, more] of asked) {
      const open = await openSpan(h.place, params, NOW);
      const { span, before } = open.page.search;
      expect(open.page.freshness).toEqual({ asOf: null, missing: 0 });
      const shown = await readDashboards(h.organizationId, open, null);
      const raws = within(all, span, more);
      expect(shown.total).toEqual(summed(raws, all));
      expect(shown.totalBefore).toEqual(summed(within(all, before, more), all));
      expect(before.to).toBe(addDays(span.from, -1));
      expect(before.days).toBe(span.days);

      const lines = (list: { value: string | null; sums: Sums }[]) =>
        new Map(list.filter(({ sums }) => sums.decisions > 0).map(({ value, sums }) => [value ?? "", sums]));
      const keyOfTeam = (raw: Raw) =>
        raw.team_id === null ? "" : raw.team_id === phone ? "phone" : "stores";
      expect(lines(shown.teamLines)).toEqual(by(raws, all, keyOfTeam));
      expect(lines(shown.remedyLines)).toEqual(by(raws, all, ({ remedy }) => remedy));
      expect(lines(shown.causeLines)).toEqual(by(raws, all, ({ cause }) => cause ?? ""));
      expect(lines(shown.employeeLines)).toEqual(by(raws, all, ({ employee_id }) => employee_id));
      const sum = noSums();
      for (const { sums } of shown.stretches) add(sum, sums);
      expect(sum).toEqual(shown.total);
      if (shown.grain === "day") {
        const days = by(raws, all, (raw) => localDay(raw.created_at.getTime(), timeZone));
        for (const { from, to, sums } of shown.stretches) {
          expect([from, sums]).toEqual([to, days.get(from) ?? noSums()]);
        }
      }
      const bent = raws.filter(({ verdict }) => verdict === "bend");
      expect(shown.reasons.map(({ decisionId }) => decisionId)).toEqual(
        bent
          .map(({ id }) => id)
          .reverse()
          .slice(0, 8),
      );
      const names = shown.employeeLines.map(({ label }) => label);
      expect(names).toEqual([...names].sort());
    }
  });

  // Risk: somebody follows a figure and looks at other decisions than those that it counts.
  it("lead from every figure to just the rows that it is made of, as do hot spots, the cost of asking and causes", async () => {
    const h = await house();
    await live(h, "figures", 140);
    await sumUpStale(h.place);
    const all = await rawDecisions(h.organizationId);
    const rowsBehind = (href: string) => listBehind(h.organizationId, href);
    const spans: Record<string, string>[] = [
      { from: "2026-03-04", to: "2026-03-10" },
      { from: "2026-03-08", to: "2026-03-09", team: "phone", remedy: "credit" },
    ];
    const phone = await h.team("phone");
    for (const params of spans) {
      const open = await openSpan(h.place, params, NOW);
      const { search } = open.page;
      const raws = within(
        all,
        search.span,
        (raw) => !params.team || (raw.team_id === phone && raw.remedy === params.remedy),
      );
      for (const [figure, counts] of Object.entries(COUNTED_BY) as [Figure, (of: Told) => boolean][]) {
        const expected = raws.filter((raw) => counts({ raw, sums: told(raw, all).sums })).map(({ id }) => id);
        expect([figure, await rowsBehind(figureHref(search, figure))]).toEqual([figure, expected.reverse()]);
      }
      const expectRows = async (count: number, figure: Figure, more: Parameters<typeof figureHref>[2]) =>
        expect([figure, more, (await rowsBehind(figureHref(search, figure, more))).length]).toEqual([
          ...[figure, more, count],
        ]);

      const shown = await readDashboards(h.organizationId, open, null);
      // A page's own filter stands before what its lines narrow by.
      const lines = params.team ? [] : (["team", "cause"] as const);
      for (const by of lines) {
        for (const { value, sums } of by === "team" ? shown.teamLines : shown.causeLines) {
          for (const figure of ["decisions", "solved", "handedOver", "surveyed", "satisfied"] as const)
            await expectRows(sums[figure], figure, ofOne(by, value));
          await expectRows(sums.givenDecisions, "given", ofOne(by, value));
        }
      }
      for (const { check, sums } of shown.bends) await expectRows(sums.bent, "bent", ofOne("check", check));
      for (const { limitId, ...use } of shown.limits) {
        const under = async (more: { use?: "quarter" | "last_quarter" }) =>
          (await rowsBehind(rowsHref(search, { under: limitId, ...more }))).length;
        expect([
          await under({}),
          await under({ use: "quarter" }),
          await under({ use: "last_quarter" }),
        ]).toEqual([use.decisions, use.upToQuarter, use.upToWhole + use.beyond]);
      }

      const hot = await readHotSpots(h.organizationId, open, null);
      expect(hot.quiet.length + hot.spots.length).toBeGreaterThan(0);
      for (const { check, sums } of [...hot.quiet, ...hot.spots]) {
        const only = ofOne("check", check);
        for (const figure of ["handedOver", "approved"] as const)
          await expectRows(sums[figure], figure, only);
        await expectRows(answeredOf(sums), "answered", only);
        await expectRows(sums.approved + sums.adjusted, "granted", only);
      }
      for (const { value, sums } of hot.within.teams)
        await expectRows(sums.withinLimit, "withinLimit", params.team ? {} : ofOne("team", value));
      for (const { cause, sums } of hot.without.causes)
        await expectRows(sums.withoutRemedy, "withoutRemedy", ofOne("cause", cause));

      const asking = await readAsking(h.organizationId, open, null, 4);
      for (const { check, cost } of asking.checks) {
        await expectRows(cost.answered, "answered", ofOne("check", check));
        const { adjusted, declined, expired, withdrawn } = cost.sums;
        await expectRows(adjusted + declined, "protected", ofOne("check", check));
        await expectRows(expired + withdrawn, "inVain", ofOne("check", check));
      }
    }
    const from = "2026-03-04";
    const since = new Date("2026-03-04T05:00:00Z");
    const spreads = await readSpreads(h.organizationId, {
      causes: ["carrier", "billing"],
      since,
      remedy: null,
    });
    expect(spreads).toHaveLength(2);
    for (const { cause, count } of spreads) {
      const rows = await rowsBehind(tableHref({ cause, status: "posted", from }));
      expect([cause, rows.length]).toEqual([cause, count]);
    }
  }, 120_000);

  it("say how far limits were used by what was given without asking", async () => {
    const h = await house();
    const customer = await h.customer();
    const given = [1000, 1500, 2500];
    for (const amount of given) decided(await h.ask({ customer, amount }, { now: NOW }));
    decided(await h.ask({ customer, amount: 100 }, { now: NOW }));
    await sumUpStale(h.place);
    const span = { from: "2026-03-10", to: "2026-03-10" };
    const uses = await withTenant(h.organizationId, (client) => readLimitUse(client, h.organizationId, span));
    const guest = uses.find(({ limitId }) => limitId === "guest-day");
    // 1,000, 2,500 and 5,000 of 5,000; the last one was handed over.
    expect(guest).toEqual({
      limitId: "guest-day",
      decisions: 3,
      upToQuarter: 1,
      upToHalf: 1,
      upToThreeQuarters: 0,
      upToWhole: 1,
      beyond: 0,
      usePermille: 200 + 500 + 1000,
      mostPermille: 1000,
    });
    const open = await openSpan(h.place, span, NOW);
    const shown = await readDashboards(h.organizationId, open, null);
    expect(shown.agents).toEqual({ all: 4, gave: 1 });
  });

  it("take nothing from an address that can't be read, and say what they left out", async () => {
    const h = await house();
    const params = {
      from: "2020-01-01",
      to: "2026-03-10",
      team: "nobody",
      remedy: "money",
      days: ["7", "30"],
    };
    const { page, teamId } = await openSpan(h.place, params, NOW);
    expect(page.search.span).toEqual({ from: "2026-02-09", to: "2026-03-10", days: 30 });
    expect([...page.search.faults].sort()).toEqual(["days", "from", "remedy", "team"]);
    expect(teamId).toBeNull();
  });
});

describe("the cost of asking", () => {
  it("is what was waited, answered and kept, at the minutes that the organization says", async () => {
    const h = await house();
    await live(h, "asking", 100);
    await setAnswerMinutes({ organizationId: h.organizationId, minutes: 12, writer: SYSTEM, at: NOW });
    const all = await rawDecisions(h.organizationId);
    const open = await openSpan(h.place, { days: "7" }, NOW);
    const shown = await readAsking(h.organizationId, open, null, 12);
    const handed = all.filter(({ verdict }) => verdict === "handover");
    const answered = handed.filter(({ answer }) =>
      ["approved", "adjusted", "declined"].includes(answer ?? ""),
    );
    const seconds = (raws: Raw[]) => raws.reduce((sum, raw) => sum + told(raw, all).sums.settleSeconds, 0);
    const kept = answered.reduce(
      (sum, raw) => sum + Number(raw.counted_amount) - Number(raw.granted_counted_amount ?? 0),
      0,
    );
    expect(shown.cost).toMatchObject({
      answered: answered.length,
      managerMinutes: answered.length * 12,
      waitSeconds: seconds(answered),
      inVainSeconds: seconds(handed) - seconds(answered),
      protected: kept,
      protectedPerHour: Math.round((kept * 60) / (answered.length * 12)),
    });
    const checks = by(handed, all, (raw) => raw.explanation.binding ?? "");
    expect(new Map(shown.checks.map(({ check, cost }) => [check, cost.sums]))).toEqual(checks);
    const { rows } = await testDatabase().pool.query(
      "select data from audit_events where organization_id = $1 and action = 'organization.updated'",
      [h.organizationId],
    );
    expect(rows).toEqual([{ data: { fields: ["answerMinutes"] } }]);
  });

  it("is nothing where nobody asked", async () => {
    const h = await house();
    const open = await openSpan(h.place, {}, NOW);
    const { cost } = await readAsking(h.organizationId, open, null, 4);
    expect(cost).toMatchObject({ answered: 0, managerMinutes: 0, protected: 0, protectedPerHour: null });
  });
});

describe("the cause ledger", () => {
  it("says what each cause came to, and its trend comes to the same", async () => {
    const h = await house();
    await live(h, "causes", 80);
    const all = await rawDecisions(h.organizationId);
    const open = await openSpan(h.place, { days: "7" }, NOW);
    const { lines, without, total } = await readCauses(h.organizationId, open);
    const expected = by(within(all, open.page.search.span), all, ({ cause }) => cause ?? "");
    expect(without).toEqual(expected.get("") ?? noSums());
    for (const { cause, sums, trend } of lines) {
      expect([cause, sums]).toEqual([cause, expected.get(cause)]);
      expect(trend.reduce((a, b) => a + b, 0)).toBe(sums.given);
    }
    expect(lines.map(({ sums }) => sums.given)).toEqual(
      lines.map(({ sums }) => sums.given).sort((a, b) => b - a),
    );
    const parts = [...lines.map(({ sums }) => sums.given), without.given];
    expect(parts.reduce((a, b) => a + b, 0)).toBe(total.given);
  });

  // Risk: what one manager wrote is gone because another one wrote at the same moment.
  it("keeps every note in order, with who wrote it, and loses none of two who write at once", async () => {
    const h = await house();
    const cause = "carrier";
    const other = await h.employee("manager");
    const write = (actor: EmployeeActor, note: string, after: string | null, ownerId: string | null = null) =>
      noteCause({ actor, cause, ownerId, note, after, now: new Date() });
    expect(await write(h.manager, "Looking at the depot.", null, other.employeeId)).toEqual({ ok: true });
    const latest = async () => {
      const open = await openSpan(h.place, {}, NOW);
      const { lines } = await readCauses(h.organizationId, open);
      return lines.find((line) => line.cause === cause)?.notes ?? [];
    };
    const [first] = await latest();
    expect(first).toMatchObject({ note: "Looking at the depot.", owner: { id: other.employeeId } });
    const answers = await Promise.all([
      write(h.manager, "A second carrier from June on.", first?.id ?? null, other.employeeId),
      write(other, "Nothing to be done.", first?.id ?? null),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: "moved" });
    const notes = await latest();
    expect(notes).toHaveLength(2);
    expect(notes[1]).toEqual(first);
    // The same words again are no news.
    const holds = notes[0];
    expect(await write(h.manager, holds?.note ?? "", holds?.id ?? null, holds?.owner?.id ?? null)).toEqual({
      ok: true,
    });
    expect(await latest()).toHaveLength(2);
    const stranger = await (await house()).employee("manager");
    expect(await write(h.manager, "Theirs.", holds?.id ?? null, stranger.employeeId)).toEqual({
      ok: false,
      code: "unknown_owner",
    });
    const { rows } = await testDatabase().pool.query(
      "select subject_kind, subject_id, actor_id from audit_events where organization_id = $1 and action = 'cause.noted' order by id",
      [h.organizationId],
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({ subject_kind: "cause", subject_id: cause, actor_id: h.manager.employeeId });
  });

  it("can't be changed or emptied by the app", async () => {
    const h = await house();
    await noteCause({
      actor: h.manager,
      cause: "carrier",
      ownerId: null,
      note: "Ours.",
      after: null,
      now: NOW,
    });
    for (const statement of [
      "update cause_notes set note = 'x'",
      "delete from cause_notes",
      "truncate cause_notes",
    ]) {
      await expect(withTenant(h.organizationId, (client) => client.query(statement))).rejects.toThrow(
        /permission denied/,
      );
    }
  });
});

it("a week is called by its Monday", async () => {
  const h = await house();
  decided(await h.ask({ customer: await h.customer(), amount: 10 }, { now: NOW }));
  await sumUpStale(h.place);
  const weeks = await withTenant(h.organizationId, (client) =>
    readSums(client, h.organizationId, "all", { from: "2026-03-01", to: "2026-03-31" }, "week", "remedy"),
  );
  expect(weeks).toMatchObject([{ key: "2026-03-09", second: "credit", sums: { decisions: 1 } }]);
});
