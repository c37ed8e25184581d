import { randomUUID } from "node:crypto";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { createApiKey } from "@/lib/auth/api-keys";
import { type ApiScope, SCOPES } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";
import type { PolicyInput } from "@/lib/discretion/schema";
import { createEmployee } from "../factories/employees";
import { createOrganization } from "../factories/organizations";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

type Scenario = Awaited<ReturnType<typeof scenario>>;

const GUEST_DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 });
const POLICY: PolicyInput = {
  currency: "USD",
  timeZone: "America/New_York",
  values: [{ id: "ownership", text: "Whoever hears of a problem owns it." }],
  limits: [{ ...GUEST_DAY, max: 9000, value: "ownership" }],
  rules: [],
};
const SMALL_CREDIT = {
  id: "small-credit",
  given: { employee: { role: "agent" as const } },
  when: { remedy: "credit" as const, amount: 2500 },
};

/** A caller with a key and an employee whom it acts for. */
async function caller(
  request: APIRequestContext,
  s: Pick<Scenario, "organizationId" | "manager">,
  scopes: readonly ApiScope[] = SCOPES,
) {
  const { key } = await createApiKey({
    organizationId: s.organizationId,
    name: "Test",
    scopes,
    createdBy: null,
    at: new Date(),
  });
  const headers = { Authorization: `Bearer ${key}`, "Leeway-Employee": s.manager.email };
  const at = (path: string) => `/api/v1/policies${path}`;
  return {
    headers,
    get: (path: string) => request.get(at(path), { headers }),
    post: (path: string, data?: unknown) => request.post(at(path), { headers, data }),
    put: (path: string, data: unknown) => request.put(at(path), { headers, data }),
    remove: (path: string) => request.delete(at(path), { headers }),
    send: (path: string, body: string) =>
      request.post(at(path), {
        headers: { ...headers, "Content-Type": "application/json" },
        data: Buffer.from(body),
      }),
  };
}

async function house(parts: Partial<PolicyInput> = {}) {
  return scenario({ limits: [GUEST_DAY], ...parts });
}

async function expectProblem(answer: APIResponse, status: number, code: string, path?: string) {
  expect([answer.status(), await answer.text()]).toEqual([status, expect.stringContaining(`"${code}"`)]);
  expect(answer.headers()["content-type"]).toBe("application/problem+json");
  const body = await answer.json();
  expect(body.detail.length).toBeGreaterThan(10);
  if (path !== undefined) {
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    for (const error of body.errors) expect(error.message.length).toBeGreaterThan(5);
  }
  return body;
}

test.describe("a draft by REST", () => {
  test("is made of the document alone, as it is kept in a file", async ({ request }) => {
    const s = await house();
    const api = await caller(request, s);
    const answer = await api.post("", {
      ...POLICY,
      examples: [
        { ...SMALL_CREDIT, then: { verdict: "allow" } },
        { ...SMALL_CREDIT, id: "never", then: { verdict: "deny" } },
      ],
    });
    expect(answer.status()).toBe(201);
    expect(answer.headers().location).toBe("/api/v1/policies/2");
    const draft = await answer.json();
    expect(draft).toMatchObject({
      version: 2,
      status: "draft",
      revision: 1,
      baseVersion: 1,
      note: null,
      author: s.manager.employeeId,
      publishedAt: null,
      examples: [
        { id: "small-credit", passes: true, actual: { verdict: "allow", binding: "guest-day" } },
        { id: "never", passes: false, expected: { verdict: "deny" }, actual: { verdict: "allow" } },
      ],
    });
    const { examples, ...version } = draft;
    expect(await (await api.get("/2")).json()).toEqual(version);
  });

  test("is made in a wrapper with a note and a base", async ({ request }) => {
    const api = await caller(request, await house());
    const answer = await api.post("", { document: POLICY, note: " Try more. ", base: 1 });
    expect([answer.status(), await answer.json()]).toEqual([
      201,
      expect.objectContaining({ note: "Try more.", baseVersion: 1 }),
    ]);
    await expectProblem(await api.post("", { document: POLICY, base: 9 }), 422, "invalid", "base");
    await expectProblem(await api.post("", { document: POLICY, base: 2 }), 422, "invalid", "base");
  });

  test("is the first of an organization that has no policy", async ({ request }) => {
    const organization = await createOrganization({ policy: null });
    const manager = (await createEmployee(organization, { role: "manager" })).actor;
    const api = await caller(request, { ...organization, manager });
    expect(await (await api.post("", POLICY)).json()).toMatchObject({ version: 1, baseVersion: null });
    const published = await api.post("/1/publish");
    expect([published.status(), await published.json()]).toEqual([
      200,
      expect.objectContaining({ version: 1, status: "published" }),
    ]);
  });

  test("is replaced at the revision that was read, and at no other", async ({ request }) => {
    const api = await caller(request, await house());
    await api.post("", { document: POLICY, note: "Why" });
    const saved = await api.put("/2", { document: { ...POLICY, limits: [] }, revision: 1 });
    expect([saved.status(), await saved.json()]).toEqual([
      200,
      expect.objectContaining({ revision: 2, note: "Why", baseVersion: 1, document: expect.anything() }),
    ]);
    const late = await expectProblem(
      await api.put("/2", { document: POLICY, revision: 1 }),
      409,
      "draft_changed",
      "revision",
    );
    expect(late.detail).toContain("revision 2");
    expect((await (await api.get("/2")).json()).document.limits).toEqual([]);
    await expectProblem(await api.put("/2", { document: POLICY }), 422, "invalid", "revision");
    await expectProblem(await api.put("/1", { document: POLICY, revision: 1 }), 409, "not_draft");
    await expectProblem(await api.put("/7", { document: POLICY, revision: 1 }), 404, "not_found");
  });

  test("is thrown away, once and again, and listed for who asks for it", async ({ request }) => {
    const api = await caller(request, await house());
    await api.post("", POLICY);
    expect((await api.remove("/2")).status()).toBe(204);
    expect((await api.remove("/2")).status()).toBe(204);
    await expectProblem(await api.remove("/1"), 409, "not_draft");
    await expectProblem(await api.remove("/3"), 404, "not_found");
    const listed = async (query: string) =>
      (await (await api.get(query)).json()).data.map((each: { version: number }) => each.version);
    expect(await listed("")).toEqual([1]);
    expect(await listed("?status=discarded")).toEqual([2]);
    expect(await listed("?status=draft")).toEqual([]);
    await expectProblem(await api.get("?status=gone"), 422, "invalid", "status");
  });
});

test.describe("a document that is refused", () => {
  const first = POLICY.limits[0];
  const { why: _, ...withoutWhy } = GUEST_DAY;
  const cases: [name: string, document: unknown, path: string][] = [
    ["a limit without a why", { ...POLICY, limits: [withoutWhy] }, "limits.0.why"],
    ["a time zone that is none", { ...POLICY, timeZone: "Mars/Olympus" }, "timeZone"],
    ["another time zone than the organization's", { ...POLICY, timeZone: "Europe/London" }, "timeZone"],
    ["another currency than the organization's", { ...POLICY, currency: "EUR" }, "currency"],
    ["a maximum below zero", { ...POLICY, limits: [{ ...GUEST_DAY, max: -1 }] }, "limits.0.max"],
    ["an id that is there twice", { ...POLICY, limits: [first, first] }, "limits.1.id"],
    [
      "a value that is not listed",
      { ...POLICY, limits: [{ ...GUEST_DAY, value: "speed" }] },
      "limits.0.value",
    ],
    ["an example without a verdict", { ...POLICY, examples: [SMALL_CREDIT] }, "examples.0.then"],
    ["an unknown field", { ...POLICY, limits: [{ ...GUEST_DAY, colour: "red" }] }, "limits.0.colour"],
    ["an unknown member", { ...POLICY, discount: 1 }, "discount"],
    ["a list", [POLICY], ""],
    ["nothing but null", null, ""],
  ];
  for (const [name, document, path] of cases) {
    test(`says where, alone and in a wrapper: ${name}`, async ({ request }) => {
      const api = await caller(request, await house());
      await expectProblem(await api.send("", JSON.stringify(document)), 422, "invalid", path);
      const wrapped = await api.post("", { document });
      await expectProblem(wrapped, 422, "invalid", ["document", path].filter(Boolean).join("."));
      expect((await (await api.get("")).json()).data).toHaveLength(1);
    });
  }

  test("names every fault at once", async ({ request }) => {
    const api = await caller(request, await house());
    const { errors } = await expectProblem(
      await api.post("", {
        document: {
          ...POLICY,
          timeZone: "Mars/Olympus",
          limits: [{ ...withoutWhy, max: -1, value: "speed" }],
        },
        comment: "x",
        base: 0,
      }),
      422,
      "invalid",
    );
    expect(errors.map((error: { path: string }) => error.path).sort()).toEqual([
      "base",
      "comment",
      "document.limits.0.max",
      "document.limits.0.value",
      "document.limits.0.why",
      "document.timeZone",
    ]);
  });

  test("is no JSON, of another type, or larger than any policy; a large one is taken", async ({
    request,
  }) => {
    const api = await caller(request, await house());
    await expectProblem(await api.send("", '{"currency": "USD", '), 400, "malformed");
    await expectProblem(await api.send("", ""), 400, "malformed");
    const plain = await request.post("/api/v1/policies", {
      headers: { ...api.headers, "Content-Type": "text/plain" },
      data: Buffer.from("{}"),
    });
    await expectProblem(plain, 415, "unsupported_media_type");
    const padded = (bytes: number) => `${JSON.stringify(POLICY)}${" ".repeat(bytes)}`;
    await expectProblem(await api.send("", padded(1024 * 1024)), 413, "too_large");
    await expectProblem(await api.send("/1/publish", `{"note": ""}${" ".repeat(65_536)}`), 413, "too_large");
    const limits = Array.from({ length: 400 }, (_, index) => ({
      ...GUEST_DAY,
      id: `limit-${index}`,
      why: "Because. ".repeat(30),
    }));
    expect((await api.post("", { ...POLICY, limits })).status()).toBe(201);
  });
});

test.describe("a publication by REST", () => {
  test("puts a draft in force, and an old version again as a new one", async ({ request }) => {
    const s = await house();
    const api = await caller(request, s);
    await api.post("", POLICY);
    const published = await api.post("/2/publish", { note: "More for each guest.", revision: 1, base: 1 });
    expect(published.status()).toBe(200);
    expect(await published.json()).toMatchObject({
      version: 2,
      status: "published",
      note: "More for each guest.",
      publishedAt: expect.any(String),
    });
    await s.customer("C-1");
    const allowance = await request.get("/api/v1/customers/C-1/allowance", {
      headers: { ...api.headers, "Leeway-Employee": s.agent.email },
    });
    expect(await allowance.json()).toMatchObject({ policyVersion: 2, available: 9000 });

    const restored = await api.post("/1/publish");
    expect([restored.status(), await restored.json()]).toEqual([
      200,
      expect.objectContaining({ version: 3, status: "published", restores: 1, baseVersion: 2 }),
    ]);
    expect(await (await api.get("/2")).json()).toMatchObject({ status: "superseded" });
    await expectProblem(await api.post("/3/publish"), 409, "not_draft");
    await expectProblem(await api.post("/9/publish"), 404, "not_found");
  });

  test("is refused where somebody published meanwhile, and goes through with the new base", async ({
    request,
  }) => {
    const s = await house();
    const api = await caller(request, s);
    await api.post("", POLICY);
    await s.publish(1, { rules: [] });
    const stale = await expectProblem(await api.post("/2/publish"), 409, "stale", "base");
    expect(stale.detail).toContain("Version 3 is in force");
    await expectProblem(await api.post("/2/publish", { base: 1 }), 409, "stale", "base");
    expect((await api.post("/2/publish", { base: 3 })).status()).toBe(200);
  });

  test("is refused where an example fails, naming it, what it expects and what it gets", async ({
    request,
  }) => {
    const api = await caller(request, await house());
    const examples = [
      { ...SMALL_CREDIT, then: { verdict: "allow" } },
      { ...SMALL_CREDIT, id: "never", then: { verdict: "deny", binding: null } },
    ];
    await api.post("", { ...POLICY, examples });
    const failed = await expectProblem(await api.post("/2/publish"), 409, "examples_failed", "examples.1");
    expect(failed.errors).toEqual([
      {
        path: "examples.1",
        message: '"never" expects deny by no check, and the policy says allow by guest-day.',
      },
    ]);
    expect(await (await api.get("/2")).json()).toMatchObject({ status: "draft" });
  });

  test("of a draft that was saved meanwhile is refused", async ({ request }) => {
    const api = await caller(request, await house());
    await api.post("", POLICY);
    await api.put("/2", { document: POLICY, revision: 1 });
    await expectProblem(await api.post("/2/publish", { revision: 1 }), 409, "draft_changed", "revision");
    expect((await api.post("/2/publish", { revision: 2 })).status()).toBe(200);
  });

  test("at a moment to come is scheduled, keeps the draft as it is, and is taken back", async ({
    request,
  }) => {
    const api = await caller(request, await house());
    await api.post("", POLICY);
    const at = new Date(Date.now() + 86_400_000).toISOString();
    const scheduled = await api.post("/2/publish", { at, note: "On Monday." });
    expect([scheduled.status(), await scheduled.json()]).toEqual([
      202,
      expect.objectContaining({ version: 2, status: "draft", publishAt: at, note: "On Monday." }),
    ]);
    await expectProblem(await api.put("/2", { document: POLICY, revision: 1 }), 409, "scheduled");
    expect((await api.remove("/2/schedule")).status()).toBe(204);
    expect((await api.remove("/2/schedule")).status()).toBe(204);
    expect(await (await api.get("/2")).json()).toMatchObject({ publishAt: null });
    expect((await api.put("/2", { document: POLICY, revision: 1 })).status()).toBe(200);
    await expectProblem(await api.remove("/1/schedule"), 409, "not_draft");

    await expectProblem(await api.post("/2/publish", { at: "2020-01-01T00:00:00Z" }), 422, "invalid", "at");
    await expectProblem(await api.post("/2/publish", { at: "tomorrow" }), 422, "invalid", "at");
    await expectProblem(await api.post("/2/publish", { at: null }), 422, "invalid", "at");
    await expectProblem(await api.post("/2/publish", { at, base: 1 }), 422, "invalid", "base");
    await expectProblem(await api.post("/1/publish", { at }), 409, "not_draft");
    await expectProblem(await api.post("/2/publish", { when: at }), 422, "invalid", "when");
  });
});

test.describe("a simulation by REST", () => {
  test("is waited for, and shows what the draft changes", async ({ request }) => {
    const s = await house();
    const api = await caller(request, s);
    const customer = await s.customer();
    expect(decided(await s.ask({ customer, amount: 7000 })).verdict).toBe("handover");
    await api.post("", POLICY);
    const answer = await api.post("/2/simulate");
    expect(answer.status()).toBe(200);
    const simulation = await answer.json();
    expect(simulation).toMatchObject({
      version: 2,
      revision: 1,
      comparedWith: 1,
      status: "done",
      fault: null,
      result: { decisions: { count: 1, amount: 7000 }, differing: { recorded: 1, current: 1 } },
    });
    expect(simulation).not.toHaveProperty("askedBy");
    const place = answer.headers().location ?? "";
    expect(place).toBe(`/api/v1/policies/2/simulations/${simulation.id}`);
    const path = place.replace("/api/v1/policies", "");
    expect(await (await api.get(path)).json()).toEqual(simulation);
    await expectProblem(await api.get(path.replace("/2/", "/1/")), 404, "not_found");
    await expectProblem(await api.get(`/2/simulations/${randomUUID()}`), 404, "not_found");
    await expectProblem(await api.get("/2/simulations/latest"), 404, "not_found");
    await expectProblem(await api.remove(path), 409, "simulation_over");
  });

  test("of days in which nobody asked for anything says so", async ({ request }) => {
    const api = await caller(request, await house());
    await api.post("", POLICY);
    const empty = await api.post("/2/simulate", { from: "2020-01-01", to: "2020-01-31" });
    await expectProblem(empty, 422, "nothing_to_simulate");
  });

  test("of days that are none, too many or the wrong way round is refused", async ({ request }) => {
    const api = await caller(request, await house());
    const simulate = (body: unknown) => api.post("/1/simulate", body);
    await expectProblem(await simulate({ from: "2026-02-30" }), 422, "invalid", "from");
    await expectProblem(await simulate({ from: "0000-01-01", to: "0000-01-02" }), 422, "invalid", "from");
    await expectProblem(await simulate({ to: "0001-01-01" }), 422, "invalid", "from");
    await expectProblem(await simulate({ from: "2001-01-01" }), 422, "invalid", "from");
    await expectProblem(await simulate({ from: "2026-02-02", to: "2026-02-01" }), 422, "invalid", "to");
    await expectProblem(await simulate({ since: "2026-02-02" }), 422, "invalid", "since");
    await expectProblem(await api.post("/7/simulate"), 404, "not_found");
  });
});

test.describe("a trial by REST", () => {
  async function withTeams(request: APIRequestContext) {
    const s = await house();
    const { email } = await s.employee("agent", { team: "north" });
    const north = { email, teamId: await s.team("north") };
    const api = await caller(request, s);
    await api.post("", POLICY);
    return { s, api, north };
  }

  test("begins for a team by its key, and ends before its time", async ({ request }) => {
    const { s, api, north } = await withTeams(request);
    const started = await api.post("/2/trial", { team: "north", days: 3, revision: 1 });
    expect(started.status()).toBe(201);
    const trial = await started.json();
    expect(trial).toMatchObject({
      version: 2,
      team: north.teamId,
      teamKey: "north",
      endedAt: null,
      startedBy: s.manager.employeeId,
    });
    expect(Date.parse(trial.endsAt)).toBeGreaterThan(Date.parse(trial.startsAt));
    expect(await (await api.get("/2")).json()).toMatchObject({ status: "trial" });
    expect(await (await api.get("/2/trials")).json()).toEqual({ data: [trial], nextCursor: null });

    await s.customer("C-1");
    const available = async (email: string) =>
      (
        await (
          await request.get("/api/v1/customers/C-1/allowance", {
            headers: { ...api.headers, "Leeway-Employee": email },
          })
        ).json()
      ).available;
    expect([await available(north.email), await available(s.agent.email)]).toEqual([9000, 5000]);

    expect((await api.remove("/2/trial")).status()).toBe(204);
    expect(await available(north.email)).toBe(5000);
    expect((await api.remove("/2/trial")).status()).toBe(204);
    expect((await (await api.get("/2/trials")).json()).data).toMatchObject([{ endedAt: expect.any(String) }]);
  });

  test("ends at an instant that is named", async ({ request }) => {
    const { api, north } = await withTeams(request);
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    const started = await api.post("/2/trial", { team: north.teamId, endsAt });
    expect([started.status(), await started.json()]).toEqual([201, expect.objectContaining({ endsAt })]);
  });

  test("is refused for a team that tries another version, and for what doesn't fit", async ({ request }) => {
    const { api } = await withTeams(request);
    await api.post("", POLICY);
    const trial = (body: unknown, version = 3) => api.post(`/${version}/trial`, body);
    await expectProblem(await trial({ team: "south", days: 1 }), 404, "team_not_found", "team");
    await expectProblem(await trial({ team: "north" }), 422, "invalid", "days");
    const both = { team: "north", days: 1, endsAt: "2030-01-01T00:00:00Z" };
    await expectProblem(await trial(both), 422, "invalid", "days");
    await expectProblem(await trial({ team: "north", days: 0 }), 422, "invalid", "days");
    await expectProblem(await trial({ team: "north", days: 366 }), 422, "invalid", "days");
    await expectProblem(
      await trial({ team: "north", endsAt: "2020-01-01T00:00:00Z" }),
      422,
      "invalid",
      "endsAt",
    );
    await expectProblem(
      await trial({ team: "north", endsAt: "2999-01-01T00:00:00Z" }),
      422,
      "invalid",
      "endsAt",
    );
    await expectProblem(await trial({ days: 1 }), 422, "invalid", "team");
    await expectProblem(
      await trial({ team: "north", days: 1, revision: 4 }),
      409,
      "draft_changed",
      "revision",
    );
    await expectProblem(await trial({ team: "north", days: 1 }, 1), 409, "not_draft");
    await expectProblem(await trial({ team: "north", days: 1 }, 9), 404, "not_found");
    expect((await trial({ team: "north", days: 1 }, 2)).status()).toBe(201);
    const taken = await expectProblem(await trial({ team: "north", days: 1 }), 409, "team_on_trial", "team");
    expect(taken.detail).toContain("version 2");
  });

  test("needs somebody who starts it", async ({ request }) => {
    const { api } = await withTeams(request);
    const { Authorization } = api.headers;
    const nobody = await request.post("/api/v1/policies/2/trial", {
      headers: { Authorization },
      data: { team: "north", days: 1 },
    });
    await expectProblem(nobody, 400, "employee_required");
  });
});

test.describe("who may", () => {
  const WRITES: [method: "post" | "put" | "remove", path: string, body?: unknown][] = [
    ["post", "", POLICY],
    ["put", "/2", { document: POLICY, revision: 1 }],
    ["remove", "/2"],
    ["post", "/2/publish"],
    ["remove", "/2/schedule"],
    ["post", "/2/simulate"],
    ["remove", `/2/simulations/${randomUUID()}`],
    ["post", "/2/trial", { team: "north", days: 1 }],
    ["remove", "/2/trial"],
  ];

  test("a key without the scope reads and writes nothing", async ({ request }) => {
    const s = await house();
    await (await caller(request, s)).post("", POLICY);
    const reader = await caller(request, s, ["policies:read"]);
    expect((await reader.get("/2")).status()).toBe(200);
    for (const [method, path, body] of WRITES) {
      await expectProblem(await reader[method](path, body), 403, "not_allowed");
    }
    const other = await caller(request, s, ["decisions:read"]);
    for (const path of ["", "/2", "/2/trials"]) {
      await expectProblem(await other.get(path), 403, "not_allowed");
    }
  });

  test("another organization's draft is none of anybody's", async ({ request }) => {
    const s = await house();
    await (await caller(request, s)).post("", POLICY);
    const stranger = await caller(request, await scenario());
    for (const [method, path, body] of WRITES.slice(1)) {
      await expectProblem(await stranger[method](path, body), 404, "not_found");
    }
    for (const path of ["/2", "/2/trials", `/2/simulations/${randomUUID()}`]) {
      await expectProblem(await stranger.get(path), 404, "not_found");
    }
    expect(await (await (await caller(request, s)).get("/2")).json()).toMatchObject({
      status: "draft",
      revision: 1,
    });
  });

  // Risk: an agent reads by REST what the settings don't show them: limits that may never come.
  for (const role of ["agent", "manager"] as const) {
    test(`${role === "agent" ? "an" : "a"} ${role} who signed in sees what is or was in force, and no draft`, async ({
      context,
      request,
    }) => {
      const s = await house();
      const api = await caller(request, s);
      await s.publish(1, {});
      await api.post("", POLICY);
      await signInAs(context.request, s[role]);
      const page = await (await context.request.get("/api/v1/policies")).json();
      expect(page.data.map((each: { version: number }) => each.version)).toEqual([2, 1]);
      expect((await (await context.request.get("/api/v1/policies?status=draft")).json()).data).toEqual([]);
      expect((await context.request.get("/api/v1/policies/1")).status()).toBe(200);
      expect((await context.request.get("/api/v1/policies/3")).status()).toBe(404);
      expect((await context.request.post("/api/v1/policies", { data: POLICY })).status()).toBe(403);
      expect((await context.request.post("/api/v1/policies/3/publish")).status()).toBe(404);
    });
  }

  test("nobody writes in the name of somebody who is suspended", async ({ request }) => {
    const s = await house();
    const api = await caller(request, s);
    await inTenant(s.organizationId, (tx) =>
      tx.employee.updateMany({ where: { id: s.manager.employeeId }, data: { status: "suspended" } }),
    );
    await expectProblem(await api.post("", POLICY), 403, "employee_suspended");
  });

  test("every call of policies is described, with its bodies", async ({ request }) => {
    const { paths } = await (await request.get("/api/openapi.json")).json();
    for (const path of [
      "",
      "/{version}",
      "/{version}/publish",
      "/{version}/schedule",
      "/{version}/simulate",
      "/{version}/simulations/{id}",
      "/{version}/trial",
      "/{version}/trials",
    ]) {
      expect(paths).toHaveProperty([`/api/v1/policies${path}`]);
    }
    expect(paths["/api/v1/policies"].post.requestBody.required).toBe(true);
    expect(paths["/api/v1/policies/{version}/publish"].post.requestBody.required).toBe(false);
  });
});
