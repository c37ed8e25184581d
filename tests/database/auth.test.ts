import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createApiKey, findApiKeyActor, parseScopes } from "@/lib/auth/api-keys";
import { replacePassword } from "@/lib/auth/mutations";
import { hashPassword } from "@/lib/auth/password";
import { findSessionActor, revokeSession } from "@/lib/auth/sessions";
import { signIn } from "@/lib/auth/sign-in";
import { inTenant } from "@/lib/db/prisma";
import { testDatabase } from "../setup/database";
import { scenario } from "../setup/scenario";

const HOUR = 3_600_000;

async function person(password = "correct horse battery") {
  const s = await scenario();
  const passwordHash = await hashPassword(password);
  await inTenant(s.organizationId, (tx) =>
    tx.employee.updateMany({ where: { id: s.agent.employeeId }, data: { passwordHash } }),
  );
  const attempt = (with_: string, at = new Date(), email = s.agent.email) =>
    signIn({ email, password: with_, userAgent: "test", address: null, at });
  return { s, attempt, email: s.agent.email };
}

describe("signing in", () => {
  it("opens a session for the right password, whatever the case of the address", async () => {
    const { s, attempt, email } = await person();
    const answer = await attempt("correct horse battery", new Date(), ` ${email.toUpperCase()} `);
    expect(answer).toMatchObject({
      ok: true,
      employeeId: s.agent.employeeId,
      organizationId: s.organizationId,
    });
  });

  // Risk: the answer tells which addresses have an account.
  it("answers the same for an unknown address, a wrong password, no password yet and a suspended person", async () => {
    const { s, attempt } = await person();
    const refused = { ok: false, reason: "refused" };
    expect(await attempt("wrong")).toEqual(refused);
    expect(await attempt("wrong", new Date(), `${randomUUID()}@example.test`)).toEqual(refused);
    expect(await attempt("wrong", new Date(), s.manager.email)).toEqual(refused);
    await testDatabase().pool.query("update employees set status = 'suspended' where id = $1", [
      s.agent.employeeId,
    ]);
    expect(await attempt("correct horse battery")).toEqual(refused);
  });

  // Risk: somebody tries ten thousand passwords over lunch, all at the same time.
  it("lets nobody try on and on, not in parallel either, and not with the right password at the end", async () => {
    const { attempt } = await person();
    const answers = await Promise.all(Array.from({ length: 14 }, () => attempt("wrong")));
    expect(answers.filter((answer) => !answer.ok && answer.reason === "refused")).toHaveLength(10);
    expect(await attempt("correct horse battery")).toMatchObject({
      ok: false,
      reason: "too_many",
      retryAfterSeconds: expect.any(Number),
    });
  });

  it("forgets wrong attempts once the right password came", async () => {
    const { attempt } = await person();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 6; i++) await attempt("wrong");
      expect(await attempt("correct horse battery")).toMatchObject({ ok: true });
    }
  });

  it("takes the password as what tells two organizations of one address apart", async () => {
    const one = await person("the first password");
    const two = await person("the second password");
    await testDatabase().pool.query("update employees set email = $1 where id = $2", [
      one.email,
      two.s.agent.employeeId,
    ]);
    expect(await one.attempt("the first password")).toMatchObject({ organizationId: one.s.organizationId });
    expect(await one.attempt("the second password")).toMatchObject({ organizationId: two.s.organizationId });
  });
});

describe("a session", () => {
  async function open() {
    const { s, attempt } = await person();
    const answer = await attempt("correct horse battery");
    if (!answer.ok) throw new Error(answer.reason);
    const actor = (at = new Date()) => findSessionActor(s.organizationId, answer.sessionId, at);
    return { s, actor, sessionId: answer.sessionId };
  }

  it("ends at once with the sign-out, for a copied cookie too", async () => {
    const { s, actor, sessionId } = await open();
    expect(await actor()).toMatchObject({ employeeId: s.agent.employeeId, role: "agent" });
    await revokeSession(s.organizationId, sessionId, new Date());
    expect(await actor()).toBeNull();
  });

  it("has the role of now, and ends with a suspension", async () => {
    const { s, actor } = await open();
    const set = (change: string) =>
      testDatabase().pool.query(`update employees set ${change} where id = $1`, [s.agent.employeeId]);
    await set("role = 'manager'");
    expect(await actor()).toMatchObject({ role: "manager" });
    await set("status = 'suspended'");
    expect(await actor()).toBeNull();
  });

  it("ends when it is left alone, and after seven days in any case", async () => {
    const { actor } = await open();
    const at = (hours: number) => actor(new Date(Date.now() + hours * HOUR));
    expect(await at(15)).toBeNull();
    for (let hours = 12; hours < 7 * 24; hours += 12) expect(await at(hours)).not.toBeNull();
    expect(await at(7 * 24 + 1)).toBeNull();
  });

  it("of another organization's id is none", async () => {
    const { sessionId } = await open();
    const other = await scenario();
    expect(await findSessionActor(other.organizationId, sessionId, new Date())).toBeNull();
  });

  it("survives a new password where it was typed, and nowhere else", async () => {
    const { s, attempt } = await person();
    const [here, there] = [await attempt("correct horse battery"), await attempt("correct horse battery")];
    if (!here.ok || !there.ok) throw new Error("refused");
    const replace = (current: string) =>
      replacePassword({ ...here, current, password: "another horse battery", at: new Date() });
    expect(await replace("wrong")).toEqual({ ok: false, reason: "wrong_password" });
    expect(await replace("correct horse battery")).toEqual({ ok: true });
    expect(await findSessionActor(s.organizationId, here.sessionId, new Date())).not.toBeNull();
    expect(await findSessionActor(s.organizationId, there.sessionId, new Date())).toBeNull();
    expect(await attempt("correct horse battery")).toMatchObject({ reason: "refused" });
    expect(await attempt("another horse battery")).toMatchObject({ ok: true });
  });
});

describe("an API key", () => {
  const nobody = { id: null, email: null };

  it("is kept as a digest, and opens its own organization with its own scopes", async () => {
    const s = await scenario();
    const { id, key } = await createApiKey({
      organizationId: s.organizationId,
      name: "Helpdesk",
      scopes: ["decisions:read"],
      createdBy: null,
      at: new Date(),
    });
    expect(key).toMatch(/^lwy_/);
    const { rows } = await testDatabase().pool.query("select * from api_keys where id = $1", [id]);
    expect(JSON.stringify(rows)).not.toContain(key);
    expect(await findApiKeyActor(key, { id: null, email: s.agent.email }, new Date())).toEqual({
      kind: "api_key",
      organizationId: s.organizationId,
      apiKeyId: id,
      scopes: ["decisions:read"],
      employee: { id: s.agent.employeeId, role: "agent", status: "active" },
    });
    const other = await scenario();
    const foreign = await findApiKeyActor(key, { id: other.agent.employeeId, email: null }, new Date());
    expect(foreign?.employee).toBeNull();
  });

  it("opens nothing once it is revoked or expired, or with a letter changed", async () => {
    const s = await scenario();
    const make = () =>
      createApiKey({
        organizationId: s.organizationId,
        name: "K",
        scopes: ["decisions:read"],
        createdBy: null,
        at: new Date(),
      });
    const [revoked, expired, whole] = [await make(), await make(), await make()];
    await testDatabase().pool.query("update api_keys set revoked_at = now() where id = $1", [revoked.id]);
    await testDatabase().pool.query("update api_keys set expires_at = now() where id = $1", [expired.id]);
    const open = (key: string) => findApiKeyActor(key, nobody, new Date(Date.now() + 1000));
    expect(await open(revoked.key)).toBeNull();
    expect(await open(expired.key)).toBeNull();
    expect(await open(`${whole.key.slice(0, -1)}${whole.key.endsWith("A") ? "B" : "A"}`)).toBeNull();
    expect(await open("")).toBeNull();
    expect(await open(whole.key)).not.toBeNull();
  });

  // Risk: a digest is unique in each organization alone, so whoever can write in one of them could copy another's there
  // and be taken for it.
  it("opens nothing once a second organization holds the same digest", async () => {
    const [own, other] = [await scenario(), await scenario()];
    const { id, key } = await createApiKey({
      organizationId: own.organizationId,
      name: "K",
      scopes: ["decisions:read"],
      createdBy: null,
      at: new Date(),
    });
    const copy = (organizationId: string) =>
      testDatabase().pool.query(
        `insert into api_keys (organization_id, id, name, prefix, key_hash, scopes)
         select $1, gen_random_uuid(), name, prefix, key_hash, scopes from api_keys where id = $2`,
        [organizationId, id],
      );
    await expect(copy(own.organizationId)).rejects.toThrow(/unique/);
    expect(await findApiKeyActor(key, nobody, new Date())).toMatchObject({ apiKeyId: id });
    await copy(other.organizationId);
    expect(await findApiKeyActor(key, nobody, new Date())).toBeNull();
  });

  it("has scopes that exist", () => {
    expect(parseScopes(["decisions:read", "everything"])).toEqual({ ok: false, unknown: ["everything"] });
    expect(parseScopes([])).toEqual({ ok: false, unknown: [] });
  });
});
