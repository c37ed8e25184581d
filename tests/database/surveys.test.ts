import { describe, expect, it } from "vitest";
import { openSpan, readDashboards } from "@/lib/dashboards/data";
import { figureHref } from "@/lib/dashboards/rows";
import { newId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import { findDecision } from "@/lib/decisions/data";
import { localDay } from "@/lib/discretion/windows";
import { readActions } from "@/lib/floor/data";
import { readTableSearch } from "@/lib/floor/schema";
import { eraseCustomer } from "@/lib/personal-data/mutations";
import { listStaleDays } from "@/lib/sums/data";
import { sumUpStale } from "@/lib/sums/mutations";
import { recordSurveyAnswer } from "@/lib/surveys/mutations";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const NOW = new Date("2026-03-10T20:30:00Z");
const MINUTE = 60_000;
const timeZone = "America/New_York";
const SYSTEM = { kind: "system", id: null } as const;
const CASE = { channel: "phone", happened: "It broke.", need: null, cause: "carrier" };

async function house() {
  const s = await scenario({
    currency: "USD",
    timeZone,
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
  });
  const { organizationId } = s;
  const customer = await s.customer();
  return {
    ...s,
    customer,
    place: { organizationId, timeZone, currency: "USD" },
    give: async (parts: Partial<Parameters<typeof s.ask>[0]> = {}, now = NOW) =>
      decided(await s.ask({ customer, amount: 100, case: CASE, ...parts }, { now })).id ?? "",
    tell: (
      decision: string,
      score: number,
      { reference = "answer-1", minutes = 0 }: { reference?: string; minutes?: number } = {},
    ) =>
      recordSurveyAnswer({
        organizationId,
        input: {
          ...{ decision, reference, score },
          answeredAt: new Date(NOW.getTime() + minutes * MINUTE).toISOString(),
        },
        writer: SYSTEM,
        at: new Date(NOW.getTime() + 60 * MINUTE),
      }),
    answers: () =>
      rowsOf<{ decision_id: string; reference: string | null; score: number }>(
        "select decision_id, reference, score from survey_answers where organization_id = $1 order by decision_id",
        organizationId,
      ),
    events: () =>
      rowsOf<{ subject_id: string; data: unknown }>(
        "select subject_id, data from audit_events where organization_id = $1 and action = 'survey.answered' order by id",
        organizationId,
      ),
    stale: async () => (await listStaleDays(organizationId)).map(({ day }) => day),
    async behind(href: string): Promise<string[]> {
      const params = Object.fromEntries(new URL(href, "http://localhost").searchParams);
      const { filter, faults } = readTableSearch(params, localDay(NOW.getTime(), timeZone));
      expect(faults).toEqual([]);
      const query = { filter, sort: "oldest", timeZone } as const;
      const { rows } = await readActions(organizationId, query, { limit: 100, after: null });
      return rows.map(({ id }) => id);
    },
    async dashboards() {
      const open = await openSpan(
        { organizationId, timeZone, currency: "USD" },
        { from: "2026-03-01", to: "2026-03-10" },
        NOW,
      );
      return { ...(await readDashboards(organizationId, open, null)), search: open.page.search };
    },
  };
}

async function rowsOf<Row extends object>(sql: string, organizationId: string): Promise<Row[]> {
  return (await testDatabase().pool.query<Row>(sql, [organizationId])).rows;
}

describe("a customer's answer", () => {
  // Risk: a survey tool that retries makes one customer into ten, and they all count.
  it("is there once, with one event, however often and however many at once it is told", async () => {
    const h = await house();
    const decision = await h.give();
    const told = await Promise.all(Array.from({ length: 12 }, () => h.tell(decision, 4)));
    expect(told.filter((each) => each.ok && each.outcome === "recorded")).toHaveLength(1);
    expect(told.filter((each) => each.ok && each.outcome === "unchanged")).toHaveLength(11);
    expect(await h.tell(decision, 4, { minutes: 3 })).toMatchObject({ ok: true, outcome: "unchanged" });
    expect(await h.answers()).toEqual([{ decision_id: decision, reference: "answer-1", score: 4 }]);
    expect(await h.events()).toEqual([{ subject_id: decision, data: { score: 4, before: null } }]);
    expect(await findDecision(h.organizationId, decision)).toMatchObject({
      survey: { score: 4, answeredAt: NOW.toISOString() },
      timeline: [{ action: "decision.recorded" }, { action: "survey.answered" }],
    });
  });

  // Risk: an old answer that was on its way for long takes the place of what the customer said since.
  it("gives way to a later one of the same case, and never to an earlier one, whichever comes first", async () => {
    const h = await house();
    const decision = await h.give();
    await h.tell(decision, 2, { minutes: 5 });
    expect(await h.tell(decision, 5, { minutes: 20 })).toMatchObject({
      outcome: "replaced",
      answer: { score: 5 },
    });
    expect(await h.tell(decision, 2, { minutes: 5 })).toMatchObject({
      outcome: "unchanged",
      answer: { score: 5 },
    });
    // A second survey about the same case.
    expect(await h.tell(decision, 3, { reference: "answer-2", minutes: 30 })).toMatchObject({
      outcome: "replaced",
      answer: { reference: "answer-2", score: 3 },
    });
    expect(await h.answers()).toEqual([{ decision_id: decision, reference: "answer-2", score: 3 }]);
    const said = (await h.events()).map(({ data }) => data);
    expect(said).toHaveLength(3);
    expect(said).toEqual(
      expect.arrayContaining([
        { score: 2, before: null },
        { score: 5, before: 2 },
        { score: 3, before: 5 },
      ]),
    );
  });

  it("stands at the decision that its case began with, whichever of the case's it names, and counts the case once", async () => {
    const h = await house();
    const first = await h.give();
    const second = await h.give(
      { amount: 200, remedy: "gift", case: undefined, caseOf: first },
      new Date(NOW.getTime() + MINUTE),
    );
    const alone = await h.give({ case: undefined });
    expect(await h.tell(second, 5)).toMatchObject({ answer: { decision: first } });
    expect(await h.tell(first, 1, { reference: "late", minutes: -5 })).toMatchObject({
      outcome: "unchanged",
    });
    expect(await findDecision(h.organizationId, second)).toMatchObject({ survey: { score: 5 } });
    const { total, search } = await h.dashboards();
    expect(total).toMatchObject({ decisions: 3, cases: 2, surveyed: 1, satisfied: 1, score: 5 });
    expect(await h.behind(figureHref(search, "cases"))).toEqual([first, alone].sort());
    expect(await h.behind(figureHref(search, "surveyed"))).toEqual([first]);
    expect(await h.behind("/floor?outcome=unanswered")).toEqual([alone]);
    expect(await h.behind("/floor?outcome=unsatisfied")).toEqual([]);
  });

  it("under one name is an answer to one case", async () => {
    const h = await house();
    const [one, other] = [await h.give(), await h.give()];
    expect(await h.tell(one, 4)).toMatchObject({ ok: true });
    expect(await h.tell(other, 4)).toEqual({ ok: false, code: "reference_used" });
    const both = await Promise.all(
      [one, other].map((each) => h.tell(each, 5, { reference: "same", minutes: 9 })),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await h.answers()).toHaveLength(1 + Number(both[1]?.ok));
  });

  it("to nothing of this organization's, or of a moment to come, is refused and leaves no trace", async () => {
    const ours = await house();
    const theirs = await house();
    const decision = await theirs.give();
    expect(await ours.tell(decision, 5)).toEqual({ ok: false, code: "missing" });
    expect(await ours.tell(newId(NOW), 5)).toEqual({ ok: false, code: "missing" });
    expect(await theirs.tell(decision, 5, { minutes: 66 })).toEqual({ ok: false, code: "in_future" });
    expect([await ours.answers(), await theirs.answers(), await ours.events()]).toEqual([[], [], []]);
    // The same name in two organizations means two answers.
    expect(await theirs.tell(decision, 5)).toMatchObject({ outcome: "recorded" });
    expect(await ours.tell(await ours.give(), 1)).toMatchObject({ outcome: "recorded" });
    expect(await ours.answers()).toMatchObject([{ score: 1 }]);
  });

  // Risk: whoever has the app's credentials makes customers content.
  it("is written by the recording function alone", async () => {
    const h = await house();
    await h.tell(await h.give(), 1);
    for (const statement of [
      "update survey_answers set score = 5",
      "delete from survey_answers",
      "truncate survey_answers",
      "insert into survey_answers select organization_id, decision_id, 'x', 5, now(), now() from survey_answers",
      "update survey_days set changes = 1",
    ]) {
      const attempt = withTenant(h.organizationId, (client) => client.query(statement));
      await expect(attempt).rejects.toThrow(/permission denied/);
    }
  });

  it("keeps its score when the customer is erased, and nothing that may say who it was; no other one comes after", async () => {
    const h = await house();
    const [one, other] = [await h.give(), await h.give()];
    await h.tell(one, 4);
    await eraseCustomer({
      organizationId: h.organizationId,
      customerId: h.customer,
      reason: "request",
      writer: SYSTEM,
      at: NOW,
    });
    expect(await h.answers()).toEqual([{ decision_id: one, reference: null, score: 4 }]);
    expect(await h.tell(one, 1, { minutes: 9 })).toEqual({ ok: false, code: "missing" });
    expect(await h.tell(other, 1)).toEqual({ ok: false, code: "missing" });
    expect((await h.dashboards()).total).toMatchObject({ surveyed: 1, score: 4 });
  });
});

describe("the days' sums", () => {
  // Risk: what customers say comes days later, and the day was summed long before.
  it("are made anew after an answer, and after another score, and not after the same one again", async () => {
    const h = await house();
    const decision = await h.give({}, new Date(NOW.getTime() - 3 * 1440 * MINUTE));
    await h.give();
    expect((await h.dashboards()).total.surveyed).toBe(0);
    expect(await h.stale()).toEqual([]);
    await h.tell(decision, 5);
    expect(await h.stale()).toEqual(["2026-03-07"]);
    expect((await h.dashboards()).total).toMatchObject({ surveyed: 1, satisfied: 1, score: 5 });
    await h.tell(decision, 5);
    expect(await h.stale()).toEqual([]);
    await h.tell(decision, 2, { minutes: 1 });
    await h.tell(decision, 3, { minutes: 2 });
    expect((await h.dashboards()).total).toMatchObject({ surveyed: 1, satisfied: 0, score: 3 });
  });

  it("miss no answer that is committed while the day is summed for the first time", async () => {
    const h = await house();
    const decision = await h.give();
    await withTenant(h.organizationId, async (client) => {
      await client.query("select record_survey_answer($1, $2, 'slow', 4, $3, $4, $5, $3)", [
        ...[h.organizationId, decision, NOW, JSON.stringify(SYSTEM), newId(NOW)],
      ]);
      // It is not there yet for anybody else.
      expect(await sumUpStale(h.place)).toEqual([]);
      expect(await h.stale()).toEqual([]);
    });
    expect(await h.stale()).toEqual(["2026-03-10"]);
    expect((await h.dashboards()).total.surveyed).toBe(1);
  });
});
