import { describe, expect, it } from "vitest";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { TASKS } from "@/lib/jobs/tasks";
import { findPolicy, listPolicies } from "@/lib/policies/data";
import {
  discardDraft,
  personAuthor,
  publishScheduled,
  publishVersion,
  saveDraft,
  schedulePolicy,
} from "@/lib/policies/mutations";
import { listTrials, runningTrials } from "@/lib/trials/data";
import { endTrial, startTrial, trialEnd } from "@/lib/trials/mutations";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 });
const CUSTOMER_DAY = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 5000 });
const HOUR_MS = 3_600_000;

type Scenario = Awaited<ReturnType<typeof scenario>>;

function author(s: Scenario) {
  return { ...personAuthor(s.manager.employeeId), employeeId: s.manager.employeeId };
}

/** The event that history keeps of a version, the newest last. */
async function eventsOf(s: Scenario, version: number): Promise<string[]> {
  const rows = await tenantDb(s.organizationId).auditEvent.findMany({
    where: { organizationId: s.organizationId, subjectKind: "policy", subjectId: String(version) },
    orderBy: { id: "asc" },
    select: { action: true },
  });
  return rows.map((row) => row.action);
}

describe("a draft", () => {
  it("is in force for nobody until it is published, and then as its readers saw it", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const version = await s.draft({ limits: [{ ...DAY, max: 100 }] });
    expect(version).toBe(2);
    expect(decided(await s.ask({ customer, amount: 200 }))).toMatchObject({
      verdict: "allow",
      policyVersion: 1,
    });
    const answer = await publishVersion({
      organizationId: s.organizationId,
      version,
      revision: 1,
      note: "Less.",
      author: author(s),
      now: new Date(),
    });
    expect(answer).toEqual({ ok: true, version });
    expect(decided(await s.ask({ customer, amount: 1 }))).toMatchObject({
      verdict: "handover",
      policyVersion: 2,
    });
    expect(await findPolicy(s.organizationId, version)).toMatchObject({ status: "published", note: "Less." });
    expect(await findPolicy(s.organizationId, 1)).toMatchObject({ status: "superseded" });
    expect(await eventsOf(s, version)).toEqual(["policy.drafted", "policy.published"]);
  });

  // Risk: of two admins at the same draft the second to save wipes out what the first wrote.
  it("is saved by the first of two who saw the same revision; the second is told, and nothing is overwritten", async () => {
    const s = await scenario({ limits: [DAY] });
    const version = await s.draft({});
    const save = (max: number, revision: number) =>
      saveDraft({
        organizationId: s.organizationId,
        version,
        revision,
        base: 1,
        document: { currency: "USD", timeZone: "America/New_York", limits: [{ ...DAY, max }], rules: [] },
        note: null,
        author: author(s),
        now: new Date(),
      });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((max) => save(max, 1)));
    const saved = answers.flatMap((answer, index) => (answer.ok ? [index + 1] : []));
    expect(saved).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok)).toEqual(
      Array.from({ length: 7 }, () => ({ ok: false, code: "draft_changed", revision: 2 })),
    );
    expect((await findPolicy(s.organizationId, version))?.document.limits[0]?.max).toBe(saved[0]);
    expect(await save(9, 2)).toMatchObject({ ok: true, revision: 3 });
  });

  it("is not published when it was saved since its reader saw it", async () => {
    const s = await scenario({ limits: [DAY] });
    const version = await s.draft({});
    const options = { organizationId: s.organizationId, version, author: author(s), now: new Date() };
    await saveDraft({
      ...options,
      revision: 1,
      base: 1,
      document: (await findPolicy(s.organizationId, 1))?.document,
      note: null,
    });
    expect(await publishVersion({ ...options, revision: 1 })).toEqual({
      ok: false,
      code: "draft_changed",
      revision: 2,
    });
  });

  it("doesn't replace a version that its author never saw", async () => {
    const s = await scenario({ limits: [DAY] });
    const version = await s.draft({ limits: [] });
    await s.publish(1, { limits: [{ ...DAY, max: 7 }] });
    const options = { organizationId: s.organizationId, version, author: author(s), now: new Date() };
    expect(await publishVersion(options)).toEqual({ ok: false, code: "stale", current: 3 });
    expect(await publishVersion({ ...options, base: 3 })).toEqual({ ok: true, version });
    expect(await findPolicy(s.organizationId, version)).toMatchObject({
      baseVersion: 3,
      status: "published",
    });
  });

  it("is refused with every fault at once, each by its path", async () => {
    const s = await scenario();
    const answer = await saveDraft({
      organizationId: s.organizationId,
      version: null,
      revision: null,
      base: 1,
      document: {
        currency: "EUR",
        timeZone: "Mars/Olympus",
        limits: [{ ...DAY, max: -1, why: "" }, { ...DAY }],
        rules: [],
      },
      note: null,
      author: author(s),
      now: new Date(),
    });
    expect(answer).toMatchObject({ ok: false, code: "invalid" });
    const paths = answer.ok || answer.code !== "invalid" ? [] : answer.errors.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["timeZone", "limits.0.max", "limits.0.why", "limits.1.id"]),
    );
    expect(await listPolicies(s.organizationId, { limit: 9 })).toMatchObject({ data: [{ version: 1 }] });
  });

  it("that is thrown away is listed no more, and can be taken back", async () => {
    const s = await scenario();
    const version = await s.draft({});
    const options = { organizationId: s.organizationId, version, author: author(s), now: new Date() };
    expect(await discardDraft({ ...options, discard: true })).toEqual({ ok: true });
    expect((await listPolicies(s.organizationId, { limit: 9 })).data.map((row) => row.version)).toEqual([1]);
    expect(await publishVersion(options)).toMatchObject({ code: "not_draft", status: "discarded" });
    expect(await discardDraft({ ...options, discard: false })).toEqual({ ok: true });
    expect((await listPolicies(s.organizationId, { limit: 9 })).data.map((row) => row.version)).toEqual([
      2, 1,
    ]);
    expect(await discardDraft({ ...options, version: 1, discard: true })).toMatchObject({
      code: "not_draft",
    });
    expect(await discardDraft({ ...options, version: 99, discard: true })).toMatchObject({
      code: "not_found",
    });
  });
});

describe("an example", () => {
  const EXAMPLE = {
    id: "two-thousand",
    given: { employee: { role: "agent" as const } },
    when: { remedy: "credit" as const, amount: 2000 },
    then: { verdict: "allow" as const },
  };

  it("keeps a version from being published, scheduled or tried while it fails, and not from being saved", async () => {
    const s = await scenario({ limits: [DAY], examples: [EXAMPLE] });
    await s.employee("agent", { team: "north" });
    const version = await s.draft({ limits: [{ ...DAY, max: 300 }] });
    const now = new Date();
    const options = { organizationId: s.organizationId, version, author: author(s), now };
    const failed = { ok: false, code: "examples_failed", failed: [{ id: "two-thousand", passes: false }] };
    expect(await publishVersion(options)).toMatchObject(failed);
    const at = new Date(now.getTime() + HOUR_MS);
    expect(await schedulePolicy({ ...options, revision: null, at })).toMatchObject(failed);
    expect(await startTrial({ ...options, teamId: await s.team("north"), endsAt: at })).toMatchObject(failed);
    expect(await s.publish(1, { limits: [{ ...DAY, max: 300 }] })).toMatchObject(failed);
    expect(await findPolicy(s.organizationId, version)).toMatchObject({ status: "draft" });
  });
});

describe("a publication at a time", () => {
  it("happens at that time and not before, in the name of who set it", async () => {
    const s = await scenario({ limits: [DAY] });
    const version = await s.draft({ limits: [] });
    const now = new Date();
    const at = new Date(now.getTime() + HOUR_MS);
    const options = { organizationId: s.organizationId, version, author: author(s), now };
    expect(await schedulePolicy({ ...options, revision: 1, at, note: "At one." })).toEqual({ ok: true });
    const document = (await findPolicy(s.organizationId, 1))?.document;
    expect(await saveDraft({ ...options, revision: 1, base: 1, document, note: null })).toEqual({
      ok: false,
      code: "scheduled",
    });
    const queued = await testDatabase().pool.query(
      "select task_identifier, run_at from graphile_worker.jobs where key = $1",
      [`publish_policy/${s.organizationId}/${version}`],
    );
    expect(queued.rows).toEqual([{ task_identifier: "publish_policy", run_at: at }]);
    await publishScheduled({ organizationId: s.organizationId, version, now });
    expect(await findPolicy(s.organizationId, version)).toMatchObject({ status: "draft" });
    await publishScheduled({ organizationId: s.organizationId, version, now: at });
    expect(await findPolicy(s.organizationId, version)).toMatchObject({
      status: "published",
      note: "At one.",
      publishAt: null,
    });
    expect(await eventsOf(s, version)).toEqual(["policy.drafted", "policy.scheduled", "policy.published"]);
  });

  it("is taken back, and then doesn't happen", async () => {
    const s = await scenario({ limits: [DAY] });
    const version = await s.draft({ limits: [] });
    const now = new Date();
    const at = new Date(now.getTime() + HOUR_MS);
    const options = { organizationId: s.organizationId, version, revision: null, author: author(s), now };
    await schedulePolicy({ ...options, at });
    expect(await schedulePolicy({ ...options, at: null })).toEqual({ ok: true });
    await TASKS.publish_policy({ organizationId: s.organizationId, version });
    expect(await findPolicy(s.organizationId, version)).toMatchObject({ status: "draft", publishAt: null });
  });

  // Risk: a change that was set for Monday silently undoes what was published on Friday.
  it("doesn't undo what was published meanwhile: it says so, and the draft can be edited again", async () => {
    const s = await scenario({ limits: [DAY] });
    const version = await s.draft({ limits: [] });
    const now = new Date();
    const at = new Date(now.getTime() + HOUR_MS);
    const options = { organizationId: s.organizationId, version, revision: null, author: author(s), now };
    await schedulePolicy({ ...options, at });
    await s.publish(1, { limits: [{ ...DAY, max: 1 }] });
    await publishScheduled({ organizationId: s.organizationId, version, now: at });
    const draft = await findPolicy(s.organizationId, version);
    expect(draft).toMatchObject({ status: "draft", publishAt: null });
    expect(draft?.publishFault).toContain("Version 3 came into force meanwhile");
    expect(await findPolicy(s.organizationId, 3)).toMatchObject({ status: "published" });
  });
});

describe("a rollback", () => {
  it("puts the document of an old version in force again, as a new version that says which", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    await s.ask({ customer, amount: 1000 });
    await s.publish(1, { limits: [] });
    await s.ask({ customer, amount: 1500 });
    const answer = await publishVersion({
      organizationId: s.organizationId,
      version: 1,
      author: author(s),
      now: new Date(),
    });
    expect(answer).toEqual({ ok: true, version: 3 });
    const [old, again] = await Promise.all([
      findPolicy(s.organizationId, 1),
      findPolicy(s.organizationId, 3),
    ]);
    expect(again).toMatchObject({ restores: 1, baseVersion: 2, status: "published" });
    expect(again?.document).toEqual(old?.document);
    expect(old?.status).toBe("superseded");
    // What happened while the limit was away is counted too.
    const next = decided(await s.ask({ customer, amount: 600 }));
    expect(next).toMatchObject({ verdict: "handover", explanation: { checks: [{ used: 2500, max: 3000 }] } });
  });
});

describe("a trial", () => {
  const HARD = { ...DAY, max: 500 };

  async function trial(s: Scenario, change: Parameters<Scenario["draft"]>[0], forMs = HOUR_MS) {
    const version = await s.draft(change);
    const now = new Date();
    const endsAt = new Date(now.getTime() + forMs);
    const answer = await startTrial({
      organizationId: s.organizationId,
      version,
      teamId: await s.team("north"),
      endsAt,
      author: author(s),
      now,
    });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return { version, endsAt, trialId: answer.trialId };
  }

  async function twoTeams(parts: Parameters<typeof scenario>[0] = { limits: [DAY] }) {
    const s = await scenario(parts);
    const [north, south] = await Promise.all([
      s.employee("agent", { team: "north" }),
      s.employee("agent", { team: "south" }),
    ]);
    return { s, north, south, customer: await s.customer() };
  }

  it("gives its team the draft's limits, and nobody else", async () => {
    const { s, north, south, customer } = await twoTeams();
    const { version } = await trial(s, { limits: [HARD] });
    const answers = await Promise.all(
      [north, south, s.agent].map(async (actor) =>
        decided(await s.ask({ customer, amount: 600 }, { actor })),
      ),
    );
    expect(answers.map(({ verdict, policyVersion }) => [verdict, policyVersion])).toEqual([
      ["handover", version],
      ["allow", 1],
      ["allow", 1],
    ]);
    expect(await findPolicy(s.organizationId, version)).toMatchObject({ status: "trial" });
    expect(await runningTrials(s.organizationId, new Date())).toMatchObject([
      { version, team: { key: "north" } },
    ]);
  });

  it("ends by itself at its time, though no worker comes to write it down", async () => {
    const { s, north, customer } = await twoTeams();
    const { version, endsAt } = await trial(s, { limits: [HARD] });
    const before = new Date(endsAt.getTime() - 1);
    expect(decided(await s.ask({ customer, amount: 400 }, { actor: north, now: before })).policyVersion).toBe(
      version,
    );
    expect(decided(await s.ask({ customer, amount: 600 }, { actor: north, now: endsAt }))).toMatchObject({
      verdict: "allow",
      policyVersion: 1,
    });
    expect(await listTrials(s.organizationId, { version, limit: 1, now: endsAt })).toMatchObject([
      { endedAt: endsAt.toISOString(), endedBy: null },
    ]);
  });

  it("is written down as over once, though ten workers come at the same time, and not before its end", async () => {
    const { s } = await twoTeams();
    const { version, endsAt, trialId } = await trial(s, { limits: [HARD] });
    const end = (now: Date) => endTrial({ organizationId: s.organizationId, trialId, author: null, now });
    expect(await end(new Date(endsAt.getTime() - 1))).toBe(false);
    const ended = await Promise.all(Array.from({ length: 10 }, () => end(endsAt)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await findPolicy(s.organizationId, version)).toMatchObject({
      status: "superseded",
      publishedAt: null,
    });
    expect(await eventsOf(s, version)).toEqual(["policy.drafted", "trial.started", "trial.ended"]);
  });

  it("is ended early by an admin: the team is back under the main version at once", async () => {
    const { s, north, customer } = await twoTeams();
    const { trialId } = await trial(s, { limits: [HARD] });
    const end = { organizationId: s.organizationId, trialId, author: author(s), now: new Date() };
    expect(await endTrial(end)).toBe(true);
    expect(await endTrial(end)).toBe(false);
    expect(decided(await s.ask({ customer, amount: 600 }, { actor: north })).policyVersion).toBe(1);
  });

  // Risk: a team walks around a customer's cap by spending under one version what the other doesn't see.
  it("loses no budget on either side: both versions count every decision, whoever took it", async () => {
    const { s, north, south, customer } = await twoTeams({ limits: [DAY, CUSTOMER_DAY] });
    await s.ask({ customer, amount: 300 }, { actor: south });
    // Another condition makes another counter of the customer's cap.
    const tried = { ...CUSTOMER_DAY, id: "customer-credit", when: { remedies: ["credit" as const] } };
    const { endsAt, version } = await trial(s, { limits: [DAY, tried] });
    const checkOf = (answer: Awaited<ReturnType<Scenario["ask"]>>, id: string) =>
      decided(answer).explanation.checks.find((check) => check.id === id);
    await s.ask({ customer, amount: 1000 }, { actor: south });
    const first = await s.ask({ customer, amount: 2000 }, { actor: north });
    expect(checkOf(first, "customer-credit")).toMatchObject({ used: 1300, left: 1700 });
    expect(decided(first).policyVersion).toBe(version);
    const second = await s.ask({ customer, amount: 100 }, { actor: south });
    expect(checkOf(second, "customer-day")).toMatchObject({ used: 3300, left: 1600 });
    const after = await s.ask({ customer, amount: 100 }, { actor: north, now: endsAt });
    expect(checkOf(after, "guest-day")).toMatchObject({ used: 2000 });
    expect(checkOf(after, "customer-day")).toMatchObject({ used: 3400 });
  });

  it("of another version must wait until the first is over for the team", async () => {
    const { s } = await twoTeams();
    const { endsAt } = await trial(s, { limits: [HARD] });
    const second = await s.draft({ limits: [] });
    const start = async (now: Date) =>
      startTrial({
        organizationId: s.organizationId,
        version: second,
        teamId: await s.team("north"),
        endsAt: new Date(now.getTime() + HOUR_MS),
        author: author(s),
        now,
      });
    expect(await start(new Date())).toEqual({ ok: false, code: "team_on_trial", version: 2 });
    // Its time is over: nobody has to come by first.
    expect(await start(endsAt)).toMatchObject({ ok: true });
    expect(await findPolicy(s.organizationId, 2)).toMatchObject({ status: "superseded" });
  });

  it("of a version that is published is over for the team, which goes on under it as everybody does", async () => {
    const { s, north, south, customer } = await twoTeams();
    const { version, trialId } = await trial(s, { limits: [HARD] });
    await s.ask({ customer, amount: 100 }, { actor: north });
    const answer = await publishVersion({
      organizationId: s.organizationId,
      version,
      author: author(s),
      now: new Date(),
    });
    expect(answer).toEqual({ ok: true, version });
    expect(await runningTrials(s.organizationId, new Date())).toEqual([]);
    expect(decided(await s.ask({ customer, amount: 450 }, { actor: north }))).toMatchObject({
      verdict: "handover",
      policyVersion: version,
    });
    expect(decided(await s.ask({ customer, amount: 450 }, { actor: south })).policyVersion).toBe(version);
    const trials = await listTrials(s.organizationId, { limit: 9, now: new Date() });
    expect(trials).toMatchObject([{ id: trialId, endedBy: { id: s.manager.employeeId } }]);
  });

  it("goes on beside a version that is published meanwhile, and its own is never edited", async () => {
    const { s, north, south, customer } = await twoTeams();
    const { version } = await trial(s, { limits: [HARD] });
    expect(await s.publish(1, { limits: [{ ...DAY, max: 50 }] })).toMatchObject({ ok: true, version: 3 });
    expect(decided(await s.ask({ customer, amount: 100 }, { actor: north }))).toMatchObject({
      verdict: "allow",
      policyVersion: version,
    });
    expect(decided(await s.ask({ customer, amount: 100 }, { actor: south }))).toMatchObject({
      verdict: "handover",
      policyVersion: 3,
    });
    await expect(
      withTenant(s.organizationId, () =>
        testDatabase().pool.query(
          "update policies set document = '{}' where organization_id = $1 and version = $2",
          [s.organizationId, version],
        ),
      ),
    ).rejects.toThrow(/never edited/);
  });

  it("lasts until the last of its days is over where the organization is, today being the first", () => {
    const now = new Date("2026-03-06T23:30:00-05:00");
    expect(trialEnd(1, now, "America/New_York").toISOString()).toBe("2026-03-07T05:00:00.000Z");
    // Summer time begins on 8 March.
    expect(trialEnd(3, now, "America/New_York").toISOString()).toBe("2026-03-09T04:00:00.000Z");
  });
});
