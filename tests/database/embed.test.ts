import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findPassActor, hasAllowed, issuePass, PASS_SECONDS } from "@/lib/auth/embed-passes";
import { replacePassword } from "@/lib/auth/mutations";
import { hashPassword } from "@/lib/auth/password";
import { findSessionActor, openSession, revokeSession } from "@/lib/auth/sessions";
import type { EmployeeActor } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import { listOrigins } from "@/lib/embed/data";
import { addOrigin, removeOrigin } from "@/lib/embed/mutations";
import { ORIGINS_MAX } from "@/lib/embed/schema";
import { listableHandovers } from "@/lib/handovers/ability";
import { enforceRetention } from "@/lib/retention/mutations";
import { testDatabase } from "../setup/database";
import { scenario } from "../setup/scenario";

const SITE = "https://acme.helpdesk.test";
const ELSEWHERE = "https://evil.test";
const SECOND = 1000;

/** Somebody who is signed in. */
async function signedIn(actor: EmployeeActor): Promise<EmployeeActor> {
  const { organizationId, employeeId } = actor;
  const at = new Date();
  const sessionId = await openSession({ organizationId, employeeId, userAgent: null, at });
  const found = await findSessionActor(organizationId, sessionId, at);
  if (!found) throw new Error("The session does not stand.");
  return found;
}

/** An organization that lets one site show its desk, and an agent of it who is signed in. */
async function house() {
  const s = await scenario();
  const admin = await s.employee("admin");
  const writer = { kind: "employee", id: admin.employeeId } as const;
  const change = (origin: string) => ({ organizationId: s.organizationId, origin, writer, at: new Date() });
  await addOrigin(change(SITE));
  const agent = await signedIn(s.agent);
  return {
    s,
    agent,
    add: (origin: string) => addOrigin(change(origin)),
    remove: (origin: string) => removeOrigin(change(origin)),
    give: (actor = agent, options: { origin?: string; confirmed?: boolean; at?: Date } = {}) =>
      issuePass({ actor, origin: SITE, confirmed: true, at: new Date(), ...options }),
  };
}

async function given(answer: ReturnType<typeof issuePass>): Promise<string> {
  const said = await answer;
  if (!said.ok) throw new Error(said.code);
  return said.token;
}

const events = async (organizationId: string, like: string) => {
  const { rows } = await testDatabase().pool.query<{ action: string; data: unknown }>(
    "select action, data from audit_events where organization_id = $1 and action like $2 order by id",
    [organizationId, like],
  );
  return rows;
};

describe("the pass of a desk in a frame", () => {
  it("is the person who gave it, for what a desk needs, and is kept as a digest", async () => {
    const { s, agent, give } = await house();
    const token = await given(give());
    const actor = await findPassActor(token, new Date());
    expect(actor).toEqual({
      ...agent,
      pass: {
        id: expect.any(String),
        origin: SITE,
        scopes: ["customers:read", "decisions:read", "decisions:write", "handovers:read", "handovers:write"],
      },
    });
    const { rows } = await testDatabase().pool.query(
      "select row_to_json(p)::text as row from embed_passes p where organization_id = $1",
      [s.organizationId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].row).not.toContain(token.slice(-43));
  });

  it("decides as that person, and leaves a manager at a desk", async () => {
    const { s, give } = await house();
    const manager = await signedIn(s.manager);
    const actor = await findPassActor(await given(give(manager)), new Date());
    if (!actor) throw new Error("The pass opens nothing.");
    const customer = await s.customer();
    const input = { customer, remedy: "credit", amount: 100, currency: "USD" } as const;
    expect(await decide({ actor, input, idempotencyKey: randomUUID(), now: new Date() })).toMatchObject({
      ok: true,
      decision: { verdict: "allow", employee: manager.employeeId },
    });
    expect(listableHandovers(manager)).toBeNull();
    expect(listableHandovers(actor)).toBe(manager.employeeId);
  });

  it("is over after a quarter of an hour, and the database makes none that lasts longer", async () => {
    const { s, agent, give } = await house();
    const at = new Date();
    const token = await given(give(agent, { at }));
    const inSeconds = (seconds: number) => findPassActor(token, new Date(at.getTime() + seconds * SECOND));
    expect(PASS_SECONDS).toBe(900);
    expect(await inSeconds(PASS_SECONDS - 1)).not.toBeNull();
    expect(await inSeconds(PASS_SECONDS)).toBeNull();
    const longer = testDatabase().pool.query(
      "update embed_passes set expires_at = created_at + interval '15 minutes 1 second' where organization_id = $1",
      [s.organizationId],
    );
    await expect(longer).rejects.toThrow(/check/);
  });

  // Risk: somebody who was signed out, suspended or robbed of their password goes on deciding in a frame.
  it("dies at once with what it hangs on: the session, the person, their password, the site", async () => {
    const { s, agent, give, add, remove } = await house();
    const open = async (token: string) => (await findPassActor(token, new Date())) !== null;
    const second = await signedIn(s.agent);
    const [one, two] = [await given(give()), await given(give(second))];
    await revokeSession(s.organizationId, agent.sessionId, new Date());
    expect([await open(one), await open(two)]).toEqual([false, true]);

    const set = (change: string) =>
      testDatabase().pool.query(`update employees set ${change} where id = $1`, [s.agent.employeeId]);
    await set("status = 'suspended'");
    expect(await open(two)).toBe(false);
    await set("status = 'active'");
    expect(await open(two)).toBe(true);

    const passwordHash = await hashPassword("correct horse battery");
    await inTenant(s.organizationId, (tx) =>
      tx.employee.updateMany({ where: { id: s.agent.employeeId }, data: { passwordHash } }),
    );
    const replaced = { current: "correct horse battery", password: "another horse battery", at: new Date() };
    expect(await replacePassword({ ...second, ...replaced })).toEqual({ ok: true });
    expect(await open(two)).toBe(false);

    const three = await given(give(second));
    await remove(SITE);
    expect(await open(three)).toBe(false);
    await add(SITE);
    expect(await open(three)).toBe(false);
  });

  it("goes with its session when that is kept no longer", async () => {
    const { s, agent, give } = await house();
    await given(give());
    await testDatabase().pool.query(
      "update sessions set revoked_at = now() - interval '91 days' where organization_id = $1 and id = $2",
      [s.organizationId, agent.sessionId],
    );
    const { organizationId } = s;
    const writer = { kind: "system", id: null } as const;
    expect(await enforceRetention({ organizationId, writer, at: new Date() })).toMatchObject({ sessions: 1 });
    const { rows } = await testDatabase().pool.query(
      "select 1 from embed_passes where organization_id = $1",
      [s.organizationId],
    );
    expect(rows).toEqual([]);
  });

  it("opens nothing in another organization, changed by a letter, or of another form", async () => {
    const { give } = await house();
    const other = await house();
    const token = await given(give());
    const elsewhere = token.replace(/^lwe_[0-9a-f]{32}/, `lwe_${other.s.organizationId.replaceAll("-", "")}`);
    for (const wrong of [elsewhere, `${token}A`, token.slice(0, -1), token.toUpperCase(), "lwe_", ""]) {
      expect([wrong, await findPassActor(wrong, new Date())]).toEqual([wrong, null]);
    }
    const end = token.endsWith("A") ? "B" : "A";
    expect(await findPassActor(token.slice(0, -1) + end, new Date())).toBeNull();
  });

  // Risk: a site that nobody named is given a pass, because another organization named it or it looks like one.
  it("is given only to a site on the organization's own list, and only to who has a desk", async () => {
    const { s, give } = await house();
    const other = await house();
    await other.add(ELSEWHERE);
    for (const origin of [ELSEWHERE, `${SITE}:8443`, "https://acme.helpdesk.test.evil.test", ""]) {
      expect([origin, await give(undefined, { origin })]).toEqual([
        origin,
        { ok: false, code: "not_listed" },
      ]);
    }
    const auditor = await signedIn(await s.employee("auditor"));
    expect(await give(auditor)).toEqual({ ok: false, code: "no_desk" });
  });

  it("is asked of the person once in a session, which is written down, and given without asking after that", async () => {
    const { s, agent, give } = await house();
    const refused = { ok: false, code: "unconfirmed" };
    expect(await give(agent, { confirmed: false })).toEqual(refused);
    expect(await hasAllowed(agent, SITE)).toBe(false);
    const at = new Date();
    await given(give(agent, { at }));
    expect(await hasAllowed(agent, SITE)).toBe(true);
    const later = new Date(at.getTime() + 3600 * SECOND);
    expect(await give(agent, { confirmed: false, at: later })).toMatchObject({ ok: true });
    expect(await events(s.organizationId, "embed.allowed")).toEqual([
      { action: "embed.allowed", data: { origin: SITE } },
    ]);
    // What is over is not kept.
    const { rows } = await testDatabase().pool.query(
      "select 1 from embed_passes where organization_id = $1",
      [s.organizationId],
    );
    expect(rows).toHaveLength(1);
    expect(await give(await signedIn(s.agent), { confirmed: false })).toEqual(refused);
  });
});

describe("the sites that may show the desk", () => {
  it("are added and taken off once, and each is written down", async () => {
    const { s, add, remove } = await house();
    expect(await add(SITE)).toEqual({ ok: true });
    expect(await add("https://second.test")).toEqual({ ok: true });
    expect((await listOrigins(s.organizationId)).map(({ origin }) => origin)).toEqual([
      SITE,
      "https://second.test",
    ]);
    await remove("https://second.test");
    await remove("https://second.test");
    expect(await events(s.organizationId, "embed_origin.%")).toEqual([
      { action: "embed_origin.added", data: { origin: SITE } },
      { action: "embed_origin.added", data: { origin: "https://second.test" } },
      { action: "embed_origin.removed", data: { origin: "https://second.test" } },
    ]);
  });

  it("are not more than there may be, however many are added at once", async () => {
    const { s, add } = await house();
    const many = Array.from({ length: ORIGINS_MAX + 5 }, (_, index) => add(`https://site-${index}.test`));
    const answers = await Promise.all(many);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(ORIGINS_MAX - 1);
    expect(await listOrigins(s.organizationId)).toHaveLength(ORIGINS_MAX);
  });

  it("are no organization's where there is none, and another organization's are its own", async () => {
    const { s } = await house();
    const other = await scenario();
    expect(await listOrigins(other.organizationId)).toEqual([]);
    for (const none of [randomUUID(), "", "'none'", `${s.organizationId}'`]) {
      expect(await listOrigins(none)).toEqual([]);
    }
  });

  // Risk: what another way in wrote becomes part of a header.
  it("can be nothing but origins, in the database too", async () => {
    const { s } = await house();
    for (const origin of [
      "*",
      "https://*.test",
      "http://acme.test",
      "https://a.test; script-src *",
      "'self'",
    ]) {
      const written = testDatabase().pool.query(
        "insert into embed_origins (organization_id, origin, added_at) values ($1, $2, now())",
        [s.organizationId, origin],
      );
      await expect(written, origin).rejects.toThrow(/check/);
    }
  });
});
