import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { createApiKey } from "@/lib/auth/api-keys";
import { type ApiScope, SCOPES } from "@/lib/auth/types";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";

type Scenario = Awaited<ReturnType<typeof scenario>>;

const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })];

async function keyOf(s: Scenario, scopes: readonly ApiScope[] = SCOPES): Promise<string> {
  const { key } = await createApiKey({
    organizationId: s.organizationId,
    name: "Test",
    scopes,
    createdBy: null,
    at: new Date(),
  });
  return key;
}

/** A caller with a key, for one employee; each call may say otherwise. */
async function caller(request: APIRequestContext, s: Scenario, scopes?: readonly ApiScope[]) {
  const key = await keyOf(s, scopes);
  const headers = { Authorization: `Bearer ${key}`, "Leeway-Employee": s.agent.email };
  return {
    headers,
    decide: (data: unknown, extra: Record<string, string> = {}) =>
      request.post("/api/v1/decisions", {
        headers: { ...headers, "Idempotency-Key": randomUUID(), ...extra },
        data,
      }),
    get: (path: string) => request.get(path, { headers }),
    put: (path: string, data: unknown) => request.put(path, { headers, data }),
  };
}

async function expectProblem(answer: APIResponse, status: number, code: string, path?: string) {
  expect([answer.status(), await answer.text()]).toEqual([status, expect.stringContaining(`"${code}"`)]);
  expect(answer.headers()["content-type"]).toBe("application/problem+json");
  const body = await answer.json();
  expect(body).toMatchObject({ status, code, type: expect.any(String), title: expect.any(String) });
  expect(body.detail.length).toBeGreaterThan(10);
  if (path !== undefined) {
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    for (const error of body.errors) expect(error.message.length).toBeGreaterThan(5);
  }
}

test.describe("a decision by REST", () => {
  test("is recorded once under one key, and answers with its explanation", async ({ request }) => {
    const s = await scenario({ limits: LIMITS });
    const api = await caller(request, s);
    const customer = await s.customer("C-1");
    const body = { customer: "C-1", remedy: "credit", amount: 2500, currency: "USD" };
    const key = { "Idempotency-Key": randomUUID() };

    const first = await api.decide(body, key);
    expect(first.status()).toBe(201);
    const decision = await first.json();
    expect(decision).toMatchObject({
      verdict: "allow",
      status: "posted",
      remedy: "credit",
      amount: 2500,
      currency: "USD",
      employee: s.agent.employeeId,
      customer,
      order: null,
      policyVersion: 1,
      explanation: {
        binding: "guest-day",
        maxAmount: 5000,
        checks: [
          { id: "guest-day", kind: "limit", max: 5000, used: 0, asked: 2500, left: 2500, effect: "pass" },
        ],
      },
    });
    expect(first.headers()["idempotency-replayed"]).toBeUndefined();

    const again = await api.decide({ ...body, currency: "USD", amount: 2500 }, key);
    expect([again.status(), again.headers()["idempotency-replayed"]]).toEqual([201, "true"]);
    expect(await again.json()).toEqual(decision);
    await expectProblem(await api.decide({ ...body, amount: 2501 }, key), 409, "idempotency_mismatch");

    const whole = await (await api.get(`/api/v1/decisions/${decision.id}`)).json();
    expect(whole).toMatchObject({
      ...decision,
      ledgerEntries: [{ kind: "post", limitIds: ["guest-day"], amount: 2500 }],
    });
    const list = await (await api.get("/api/v1/decisions?limit=5")).json();
    expect(list.data.map((item: { id: string }) => item.id)).toEqual([decision.id]);
    const allowance = await (await api.get("/api/v1/customers/C-1/allowance")).json();
    expect(allowance).toMatchObject({
      available: 2500,
      binding: "guest-day",
      limits: [{ used: 2500, left: 2500 }],
    });
  });

  test("is previewed by the same rules, with nothing written", async ({ request }) => {
    const s = await scenario({ limits: LIMITS });
    const api = await caller(request, s);
    await s.customer("C-1");
    const answer = await request.post("/api/v1/decisions/preview", {
      headers: api.headers,
      data: { customer: "C-1", remedy: "credit", amount: 5001, currency: "USD" },
    });
    expect(answer.status()).toBe(200);
    expect(await answer.json()).toMatchObject({
      id: null,
      verdict: "handover",
      explanation: { binding: "guest-day" },
    });
    expect((await (await api.get("/api/v1/decisions")).json()).data).toEqual([]);
  });

  test("answers 201 for a handover and a denial too", async ({ request }) => {
    const s = await scenario({
      limits: LIMITS,
      rules: [{ id: "no-gifts", effect: "deny", when: { remedies: ["gift"] }, why: "No.", say: "Sorry." }],
    });
    const api = await caller(request, s);
    await s.customer("C-1");
    const over = await api.decide({ customer: "C-1", remedy: "credit", amount: 5001, currency: "USD" });
    expect([over.status(), await over.json()]).toEqual([
      201,
      expect.objectContaining({ status: "reserved" }),
    ]);
    const denied = await api.decide({ customer: "C-1", remedy: "gift", amount: 1, currency: "USD" });
    expect([denied.status(), await denied.json()]).toEqual([
      201,
      expect.objectContaining({ status: "refused" }),
    ]);
  });

  // Risk: the limit holds for one caller at a time and leaks under load.
  test("never passes the limit, though 32 ask at once", async ({ request }) => {
    const s = await scenario({ limits: LIMITS });
    const api = await caller(request, s);
    await s.customer("C-1");
    const answers = await Promise.all(
      Array.from({ length: 96 }, () =>
        api.decide({ customer: "C-1", remedy: "credit", amount: 700, currency: "USD" }),
      ),
    );
    const verdicts = await Promise.all(answers.map(async (answer) => (await answer.json()).verdict));
    expect(verdicts.filter((verdict) => verdict === "allow")).toHaveLength(7);
    expect(verdicts.filter((verdict) => verdict === "handover")).toHaveLength(89);
  });
});

test.describe("bad input by REST", () => {
  const good = { customer: "C-1", remedy: "credit", amount: 2500, currency: "USD" };
  const cases: [name: string, body: unknown, path: string][] = [
    ["a text for an amount", { ...good, amount: "25.00" }, "amount"],
    ["a negative amount", { ...good, amount: -1 }, "amount"],
    ["a fractional amount", { ...good, amount: 25.5 }, "amount"],
    ["an amount above 2^53", { ...good, amount: 2 ** 53 }, "amount"],
    ["an amount of zero", { ...good, amount: 0 }, "amount"],
    ["no amount", { ...good, amount: undefined }, "amount"],
    ["a currency that is none", { ...good, currency: "XYZ" }, "currency"],
    ["a currency in small letters", { ...good, currency: "usd" }, "currency"],
    ["no currency", { ...good, currency: undefined }, "currency"],
    ["a remedy that is none", { ...good, remedy: "hug" }, "remedy"],
    ["an unknown field", { ...good, discount: 1 }, "discount"],
    ["a case without a cause", { ...good, case: { channel: "phone", happened: "It broke." } }, "case.cause"],
    ["a NUL in a text", { ...good, note: "a\u0000b" }, "note"],
    ["a body that is no object", [1], ""],
  ];
  for (const [name, body, path] of cases) {
    test(`is refused with its path: ${name}`, async ({ request }) => {
      const s = await scenario({ limits: LIMITS });
      await s.customer("C-1");
      const api = await caller(request, s);
      const answer = await api.decide(body);
      expect(answer.status()).toBe(422);
      const { errors } = await answer.json();
      expect(errors.map((error: { path: string }) => error.path)).toContain(path);
      expect((await (await api.get("/api/v1/decisions")).json()).data).toEqual([]);
    });
  }

  test("is refused: every fault is named at once", async ({ request }) => {
    const s = await scenario();
    const api = await caller(request, s);
    const { errors } = await (
      await api.decide({ customer: "", remedy: "x", amount: -1, currency: "?" })
    ).json();
    expect(errors.map((error: { path: string }) => error.path).sort()).toEqual([
      "amount",
      "currency",
      "customer",
      "remedy",
    ]);
  });

  test("is refused: broken JSON, another type, too large, no key, a bad key, nobody to act for", async ({
    request,
  }) => {
    const s = await scenario();
    await s.customer("C-1");
    const api = await caller(request, s);
    const send = (body: string | Buffer, headers: Record<string, string>) =>
      request.post("/api/v1/decisions", {
        headers: { Authorization: api.headers.Authorization, ...headers },
        // A text would be wrapped into JSON once more.
        data: Buffer.from(body),
      });
    const json = { "Content-Type": "application/json", "Leeway-Employee": s.agent.email };
    const keyed = { ...json, "Idempotency-Key": "k" };
    await expectProblem(await send('{"customer": "C-1", ', keyed), 400, "malformed");
    await expectProblem(await send(Buffer.from([0x7b, 0xff, 0x7d]), keyed), 400, "malformed");
    await expectProblem(await send("x".repeat(65_537), keyed), 413, "too_large");
    await expectProblem(
      await send("a=b", { ...keyed, "Content-Type": "text/plain" }),
      415,
      "unsupported_media_type",
    );
    await expectProblem(await send(JSON.stringify(good), json), 400, "idempotency_key_required");
    await expectProblem(
      await send(JSON.stringify(good), { ...json, "Idempotency-Key": "with space" }),
      400,
      "idempotency_key_required",
    );
    const { "Leeway-Employee": _, ...nobody } = keyed;
    await expectProblem(await send(JSON.stringify(good), nobody), 400, "employee_required");
    await expectProblem(
      await send(JSON.stringify(good), { ...keyed, "Leeway-Employee": "nobody@example.test" }),
      404,
      "employee_not_found",
    );
    await expectProblem(
      await api.decide({ ...good, customer: "C-2" }),
      404,
      "customer_not_found",
      "customer",
    );
    await expectProblem(await api.decide({ ...good, order: "O-2" }), 404, "order_not_found", "order");
  });

  test("is refused in a list's filters", async ({ request }) => {
    const api = await caller(request, await scenario());
    await expectProblem(await api.get("/api/v1/decisions?verdict=maybe"), 422, "invalid", "verdict");
    await expectProblem(await api.get("/api/v1/decisions?from=yesterday"), 422, "invalid", "from");
    await expectProblem(await api.get("/api/v1/decisions?limit=201"), 422, "invalid", "limit");
    await expectProblem(await api.get("/api/v1/decisions?cursor=x"), 422, "invalid", "cursor");
    await expectProblem(await api.get("/api/v1/decisions?colour=red"), 422, "invalid", "colour");
    await expectProblem(await api.get("/api/v1/decisions?cause=%00"), 422, "invalid", "cause");
    await expectProblem(await api.get("/api/v1/decisions?employee=a%00"), 422, "invalid", "employee");
    await expectProblem(
      await api.get("/api/v1/decisions?policyVersion=99999999999"),
      422,
      "invalid",
      "policyVersion",
    );
    await expectProblem(await api.get("/api/v1/customers/a%00/allowance"), 404, "not_found");
  });

  test("of credentials is answered 401, of scopes 403", async ({ request }) => {
    const s = await scenario();
    const bad = await request.get("/api/v1/decisions", { headers: { Authorization: "Bearer lwy_nonsense" } });
    await expectProblem(bad, 401, "unauthorized");
    const api = await caller(request, s, ["customers:read"]);
    await expectProblem(await api.get("/api/v1/decisions"), 403, "not_allowed");
  });

  test("of a session from another site is refused", async ({ signIn, page }) => {
    await signIn("agent");
    const answer = await page.request.post("/api/v1/decisions/preview", {
      headers: { Origin: "https://elsewhere.example" },
      data: good,
    });
    await expectProblem(answer, 403, "cross_origin");
  });
});

test.describe("customers and orders by REST", () => {
  test("are created, replaced, and left as they are", async ({ request }) => {
    const s = await scenario();
    const api = await caller(request, s);
    const put = (name: string) =>
      api.put("/api/v1/customers/C%2F9", { name, email: "c9@example.test", tier: "gold" });
    const created = await put("Ada");
    expect([created.status(), await created.json()]).toEqual([
      201,
      expect.objectContaining({ externalRef: "C/9", name: "Ada", tier: "gold", kind: "external" }),
    ]);
    expect((await put("Ada")).status()).toBe(200);
    expect(await (await put("Ada L.")).json()).toMatchObject({ name: "Ada L." });
    const order = {
      customer: "C/9",
      amountPaid: 1000,
      currency: "USD",
      placedAt: "2026-01-02T03:04:05+01:00",
    };
    const placed = await api.put("/api/v1/orders/O-9", order);
    expect([placed.status(), await placed.json()]).toEqual([
      201,
      expect.objectContaining({ amountPaid: 1000 }),
    ]);
    await expectProblem(
      await api.put("/api/v1/orders/O-10", { ...order, customer: "C-none" }),
      404,
      "customer_not_found",
      "customer",
    );
    await expectProblem(
      await api.put("/api/v1/orders/O-10", { ...order, placedAt: "today" }),
      422,
      "invalid",
      "placedAt",
    );
    const found = await (await api.get("/api/v1/customers?search=o-9")).json();
    expect(found.data).toMatchObject([{ name: "Ada L.", matchedOrder: { externalRef: "O-9" } }]);
  });
});

test("the description of the API names every call that there is", async ({ request }) => {
  const document = await (await request.get("/api/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  const served = readdirSync("app/api/v1", { recursive: true })
    .map(String)
    .filter((file) => file.endsWith("route.ts"))
    .flatMap((file) => {
      const source = readFileSync(path.join("app/api/v1", file), "utf8");
      const methods = source.matchAll(/^export (?:const|async function|function) (GET|POST|PUT|DELETE)\b/gm);
      const address = `/api/v1/${path.dirname(file).replaceAll("[", "{").replaceAll("]", "}")}`;
      return [...methods].map(([, method]) => `${method} ${address}`);
    });
  const described = Object.entries<object>(document.paths).flatMap(([address, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${address}`),
  );
  expect(described.filter((call) => call.includes("/api/v1/")).sort()).toEqual(served.sort());
  expect((await request.get("/api/docs")).status()).toBe(200);
});

test("the policy's versions are listed for a key that may read them", async ({ request }) => {
  const s = await scenario({ limits: LIMITS });
  await s.publish(1, { limits: [] });
  const api = await caller(request, s, ["policies:read"]);
  const page = await (await api.get("/api/v1/policies?limit=1")).json();
  expect(page).toMatchObject({ data: [{ version: 2, status: "published" }], nextCursor: "2" });
  const next = await (await api.get("/api/v1/policies?limit=1&cursor=2")).json();
  expect(next).toMatchObject({ data: [{ version: 1, status: "superseded" }], nextCursor: null });
});
