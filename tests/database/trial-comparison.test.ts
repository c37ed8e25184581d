import { expect, it } from "vitest";
import { personAuthor } from "@/lib/policies/mutations";
import { readTrialComparison } from "@/lib/trials/data";
import { endTrial, startTrial } from "@/lib/trials/mutations";
import { decided, limit, scenario } from "../setup/scenario";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TIME_ZONE = "America/New_York";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 });

/** A trial for the north since yesterday noon, with decisions before, in and beside it. */
async function tried() {
  const s = await scenario({ limits: [DAY] });
  const [north, south, alone] = [
    await s.employee("agent", { team: "north" }),
    await s.employee("agent", { team: "south" }),
    s.agent,
  ];
  const version = await s.draft({ limits: [{ ...DAY, max: 1000, over: "deny" }] });
  const from = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS + 17 * HOUR_MS);
  const ask = async (actor: typeof north, amount: number, hours: number) =>
    decided(
      await s.ask(
        { customer: await s.customer(), amount },
        { actor, now: new Date(from.getTime() + hours * HOUR_MS) },
      ),
    ).verdict;

  expect(await ask(north, 2000, -30)).toBe("allow");
  expect(await ask(north, 2000, -20)).toBe("allow");
  expect(await ask(north, 5000, -1)).toBe("handover");
  expect(await ask(south, 2000, -1)).toBe("allow");
  const teamId = await s.team("north");
  const author = { ...personAuthor(s.manager.employeeId), employeeId: s.manager.employeeId };
  const started = await startTrial({
    organizationId: s.organizationId,
    version,
    teamId,
    endsAt: new Date(from.getTime() + 10 * DAY_MS),
    author,
    now: from,
  });
  if (!started.ok) throw new Error(`Not started: ${JSON.stringify(started)}`);
  expect(await ask(north, 500, 0)).toBe("allow");
  expect(await ask(north, 2000, 1)).toBe("deny");
  expect(await ask(north, 700, 2)).toBe("allow");
  expect(await ask(south, 2000, 1)).toBe("allow");
  expect(await ask(alone, 4000, 2)).toBe("handover");
  return { s, version, teamId, from: from.getTime(), trialId: started.trialId, author };
}

// The risk: a trial is judged by what others did, by other days, or by what was never done.
it("a trial is compared with the same team before, and with everybody else meanwhile", async () => {
  const { s, version, teamId, from } = await tried();
  const { trial, before, others, days } = await readTrialComparison(s.organizationId, {
    teamId,
    version,
    before: from - DAY_MS,
    from,
    to: from + 3 * HOUR_MS,
    timeZone: TIME_ZONE,
  });
  expect(trial).toEqual({ decisions: 3, solved: 2, handover: 0, deny: 1, given: 1200 });
  // What is handed over is held and not given; what was asked more than a day before is not looked at.
  expect(before).toEqual({ decisions: 2, solved: 1, handover: 1, deny: 0, given: 2000 });
  expect(others).toEqual({ decisions: 2, solved: 1, handover: 1, deny: 0, given: 2000 });

  const day = (ms: number) => new Intl.DateTimeFormat("en-CA", { timeZone: TIME_ZONE }).format(ms);
  expect(days.map(({ day: on, inTrial }) => [on, inTrial])).toEqual([
    [day(from - DAY_MS), false],
    [day(from), false],
    [day(from), true],
  ]);
  expect(days.map(({ team }) => team.decisions)).toEqual([1, 1, 3]);
  expect(days.map((each) => each.others.decisions)).toEqual([0, 0, 2]);
});

it("what the team decides after its trial is not counted as of it", async () => {
  const { s, version, teamId, from, trialId, author } = await tried();
  const end = new Date(from + 3 * HOUR_MS);
  await endTrial({ organizationId: s.organizationId, trialId, author, now: end });
  const north = await s.employee("agent", { team: "north" });
  const after = await s.ask(
    { customer: await s.customer(), amount: 2000 },
    { actor: north, now: new Date(end.getTime() + HOUR_MS) },
  );
  expect(decided(after)).toMatchObject({ verdict: "allow", policyVersion: 1 });
  const span = { teamId, version, before: from - DAY_MS, from, timeZone: TIME_ZONE };
  const until = await readTrialComparison(s.organizationId, { ...span, to: end.getTime() });
  expect(until.trial.decisions).toBe(3);
  const beyond = await readTrialComparison(s.organizationId, { ...span, to: end.getTime() + DAY_MS });
  expect(beyond.trial).toEqual(until.trial);
});

it("another organization's decisions are in nobody's comparison", async () => {
  const { teamId, version, from } = await tried();
  const other = await scenario();
  const { trial, before, others } = await readTrialComparison(other.organizationId, {
    teamId,
    version,
    before: from - DAY_MS,
    from,
    to: from + DAY_MS,
    timeZone: TIME_ZONE,
  });
  expect([trial.decisions, before.decisions, others.decisions]).toEqual([0, 0, 0]);
});
