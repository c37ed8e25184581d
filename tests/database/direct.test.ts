import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import type { ApiScope } from "@/lib/auth/types";
import { answerDirectly } from "@/lib/http/direct";
import { expectBalanced } from "../setup/books";
import { testDatabase } from "../setup/database";
import { limit, scenario } from "../setup/scenario";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5_000 });

/** What stands in for Next's router: all that isn't answered in front of it. */
const ROUTER = 418;
const server = createServer((request, response) => {
  if (!answerDirectly(request, response)) response.writeHead(ROUTER).end();
});
let address = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Options = { headers?: Record<string, string>; path?: string; method?: string; body?: unknown };

/** The same request to both: in front of the router, and as the router's route answers it. */
async function callers(scopes: ApiScope[] = ["decisions:write"]) {
  const s = await scenario({ limits: [DAY] });
  const customer = await s.customer();
  const { id: keyId, key } = await createApiKey({
    organizationId: s.organizationId,
    name: "a till",
    scopes,
    createdBy: null,
    at: new Date(),
  });
  const requestOf = ({ headers, path = "/api/v1/decisions", method = "POST", body }: Options) =>
    new Request(`${address}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        "Leeway-Employee": s.agent.email,
        "Idempotency-Key": randomUUID(),
        "Content-Type": "application/json",
        ...headers,
      },
      body:
        method === "GET"
          ? undefined
          : typeof body === "string"
            ? body
            : JSON.stringify(body ?? { customer, remedy: "credit", amount: 100, currency: "USD" }),
    });
  return {
    s,
    customer,
    keyId,
    direct: (options: Options = {}) => fetch(requestOf(options)),
    async routed(options: Options = {}) {
      const { POST } = await import("@/app/api/v1/decisions/route");
      return POST(requestOf(options));
    },
  };
}

describe("a decision that is answered in front of the router", () => {
  // Risk: two ways in, and one of them forgets a check or words it otherwise.
  it("is answered word for word as behind it, the refusals too", async () => {
    const { customer, direct, routed } = await callers();
    const asked = { customer, remedy: "credit", amount: 100, currency: "USD" };
    const refusals: Options[] = [
      { headers: { Authorization: "Bearer lwy_00000000_nobody" } },
      { headers: { Authorization: "Basic bm9ib2R5" } },
      { headers: { "Leeway-Employee": "" } },
      { headers: { "Leeway-Employee": "nobody@example.test" } },
      { headers: { "Idempotency-Key": "" } },
      { headers: { "Idempotency-Key": "two words" } },
      { headers: { "Content-Type": "text/plain" } },
      { body: "{" },
      { body: { ...asked, amount: -1 } },
      { body: { ...asked, more: true } },
      { body: { ...asked, customer: randomUUID() } },
      { body: { ...asked, note: "x".repeat(70_000) } },
    ];
    // Each is asked before and after the key has been seen: proving and reading are one thing only from then on.
    for (const seen of [false, true]) {
      if (seen) expect((await direct()).status).toBe(201);
      for (const options of refusals) {
        const [a, b] = [await direct(options), await routed(options)];
        expect([a.status, await a.text(), a.headers.get("content-type")]).toEqual([
          b.status,
          await b.text(),
          b.headers.get("content-type"),
        ]);
        expect(a.status).toBeGreaterThanOrEqual(400);
        expect(a.status).toBeLessThan(500);
        expect(a.headers.get("x-content-type-options")).toBe("nosniff");
      }
    }
  });

  it("is recorded once under one key, whichever way it comes in", async () => {
    const { s, direct, routed } = await callers();
    const headers = { "Idempotency-Key": randomUUID() };
    const first = await direct({ headers });
    expect([first.status, first.headers.get("cache-control")]).toEqual([201, "no-store"]);
    const decision = await first.json();
    expect(first.headers.get("location")).toBe(`/api/v1/decisions/${decision.id}`);
    for (const again of [await routed({ headers }), await direct({ headers })]) {
      expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
      expect(await again.json()).toEqual(decision);
    }
    await expectBalanced(s.organizationId);
  });

  it("leaves everything else to the router", async () => {
    const { direct } = await callers();
    const others: Options[] = [
      { method: "GET" },
      { path: "/api/v1/decisions/preview" },
      { path: "/api/v1/decisions?a=b" },
      { path: "/" },
    ];
    for (const options of others) expect((await direct(options)).status).toBe(ROUTER);
    const bySession = await fetch(`${address}/api/v1/decisions`, { method: "POST", body: "{}" });
    expect(bySession.status).toBe(ROUTER);
  });
});

describe("a key that is proven while what it decides on is read", () => {
  // Risk: what is remembered of a key opens a door that was closed meanwhile.
  it("opens nothing from the moment it is revoked, and decides for nobody who was suspended", async () => {
    const { s, keyId, direct } = await callers();
    expect((await direct()).status).toBe(201);
    const { pool } = testDatabase();
    await pool.query("update employees set status = 'suspended' where id = $1", [s.agent.employeeId]);
    expect((await direct()).status).toBe(403);
    await pool.query("update employees set status = 'active' where id = $1", [s.agent.employeeId]);
    expect((await direct()).status).toBe(201);
    await pool.query("update api_keys set revoked_at = now() where id = $1", [keyId]);
    expect((await direct()).status).toBe(401);
    await pool.query("update api_keys set revoked_at = null, scopes = '{decisions:read}' where id = $1", [
      keyId,
    ]);
    expect((await direct()).status).toBe(403);
  });

  // Risk: the policy is guessed, and a wrong guess decides.
  it("decides under the version in force, also right after another was published", async () => {
    const { s, direct } = await callers();
    expect((await (await direct()).json()).policyVersion).toBe(1);
    expect(await s.publish(1, { limits: [{ ...DAY, max: 50 }] })).toMatchObject({ ok: true });
    expect(await (await direct()).json()).toMatchObject({ policyVersion: 2, verdict: "handover" });
  });
});
