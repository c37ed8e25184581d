import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext } from "@playwright/test";
import { hashPassword } from "@/lib/auth/password";
import type { EmployeeActor } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";
import { listHandovers } from "@/lib/handovers/data";
import { findRate } from "@/lib/rates/data";
import { requestSimulation } from "@/lib/simulations/mutations";
import { addEndpoint } from "@/lib/webhooks/mutations";
import { createCustomer } from "../factories/customers";
import { setRatesFor } from "../factories/rates";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";

const PASSWORD = "only-for-this-test";

/** A name that no word of a page's own is like. */
const CUSTOMER = "Ulrica Vantongeren";

/** Every page and route with an id in its address, read from the files that make them, so that a new one is walked too. */
function addressesWithIds(): string[] {
  return (
    readdirSync("app", { recursive: true })
      .map(String)
      .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file) && file.includes("["))
      // Some addresses only take something; what they do with a stranger's ids, the tests of each say.
      .filter((file) => file.endsWith("page.tsx") || answersGet(path.join("app", file)))
      .map((file) => `/${path.dirname(file).replace(/\([^)]*\)\//g, "")}`)
      .filter((address) => !address.includes("[...nextauth]") && !address.startsWith("/api/docs/"))
  );
}

function answersGet(file: string): boolean {
  return /export (const|function|async function) GET\b/.test(readFileSync(file, "utf8"));
}

/** For each address, the ids of somebody else's that are put into it. An address that is missing fails the test. */
function strangersIds(
  address: string,
  ids: Record<
    "customer" | "order" | "decision" | "handover" | "version" | "rate" | "simulation" | "webhook",
    string
  >,
): string {
  const kinds: [prefix: string, id: string][] = [
    ["/api/v1/decisions/", ids.decision],
    ["/api/v1/handovers/", ids.handover],
    ["/api/v1/customers/", ids.customer],
    ["/api/v1/orders/", ids.order],
    ["/api/v1/rates/", ids.rate],
    ["/api/v1/policies/", ids.version],
    ["/desk/decisions/", ids.decision],
    ["/desk/", ids.customer],
    ["/embed/desk/customers/", ids.customer],
    ["/floor/decisions/", ids.decision],
    ["/settings/policies/", ids.version],
    ["/settings/organization/customers/", ids.customer],
    ["/settings/seals/proofs/", ids.decision],
    ["/settings/webhooks/", ids.webhook],
  ];
  const id = kinds.find(([prefix]) => address.startsWith(prefix))?.[1];
  if (!id) throw new Error(`Say in this test whose id belongs into ${address}.`);
  // An address may name one thing by several parts.
  const named = address.replace(/\[[^\]]+\](\/\[[^\]]+\])*/, id);
  return named.replace("/simulations/[id]", `/simulations/${ids.simulation}`);
}

async function signInAs(context: BrowserContext, actor: EmployeeActor): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  await inTenant(actor.organizationId, (tx) =>
    tx.employee.updateMany({ where: { id: actor.employeeId }, data: { passwordHash } }),
  );
  const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
  const answer = await context.request.post("/api/auth/callback/credentials", {
    form: { csrfToken, email: actor.email, password: PASSWORD, json: "true" },
  });
  expect(answer.ok()).toBe(true);
}

async function house() {
  const s = await scenario({
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
  });
  const { id: customer } = await createCustomer(s, { name: CUSTOMER });
  const order = await s.order(customer, 1000);
  const decision = decided(await s.ask({ customer, order, remedy: "refund", amount: 100 })).id ?? "";
  decided(await s.ask({ customer, amount: 6000 }));
  const [waiting] = (await listHandovers(s.organizationId, {}, { limit: 1 })).data;
  const handover = waiting?.id ?? "";
  // Versions are numbers that every organization has; one that only this house reached tells the two apart.
  for (let base = 1; base < 5; base++) await s.publish(base, {});
  await setRatesFor(s, ["EUR", "2026-03-01", "1.0842"]);
  const simulation = await requestSimulation({
    organizationId: s.organizationId,
    version: 5,
    span: {},
    timeZone: "America/New_York",
    askedBy: null,
    now: new Date(),
  });
  if (!simulation.ok) throw new Error(simulation.code);
  const webhook = await addEndpoint({
    organizationId: s.organizationId,
    url: "https://hooks.example.com/leeway",
    kinds: ["review.*"],
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  if (!webhook.ok) throw new Error(webhook.code);
  const ids = {
    customer,
    order,
    decision,
    handover,
    version: "5",
    rate: "EUR/2026-03-01",
    simulation: simulation.id,
    webhook: webhook.id,
  };
  return { s, ids };
}

// Risk: an id that leaked, or was guessed, opens another company's customer.
for (const role of ["agent", "manager", "admin"] as const) {
  test(`another organization's ${role} gets 404 from every page and route with an id in it`, async ({
    context,
  }) => {
    const { ids } = await house();
    const stranger = await (await scenario()).employee(role);
    await signInAs(context, stranger);
    const addresses = addressesWithIds();
    expect(addresses.length).toBeGreaterThanOrEqual(6);
    for (const address of addresses) {
      const answer = await context.request.get(strangersIds(address, ids), { maxRedirects: 0 });
      expect([address, answer.status()]).toEqual([address, 404]);
      expect(await answer.text()).not.toContain(CUSTOMER);
    }
  });
}

test("a signed-out person gets 401 from every page and route with an id in it", async ({ request }) => {
  const { ids } = await house();
  for (const address of addressesWithIds()) {
    const answer = await request.get(strangersIds(address, ids), { maxRedirects: 0 });
    expect([address, answer.status()]).toEqual([address, 401]);
    expect(await answer.text()).not.toContain(CUSTOMER);
  }
});

/** What may come, and is tried on history, is for the settings by REST too. */
function isForAgents(address: string): boolean {
  if (address.includes("/simulations/")) return false;
  return ["/desk/", "/embed/desk/", "/api/"].some((place) => address.startsWith(place));
}

test("an agent of the same house isn't told what the floor and the settings hold", async ({ context }) => {
  const { s, ids } = await house();
  await signInAs(context, s.agent);
  for (const address of addressesWithIds().filter((a) => !isForAgents(a))) {
    expect([address, (await context.request.get(strangersIds(address, ids))).status()]).toEqual([
      address,
      404,
    ]);
  }
  for (const address of addressesWithIds().filter(isForAgents)) {
    expect([address, (await context.request.get(strangersIds(address, ids))).status()]).toEqual([
      address,
      200,
    ]);
  }
});

test("what a stranger writes never touches another's rows, whatever id is in the address", async ({
  context,
}) => {
  const { s, ids } = await house();
  const second = await s.customer();
  const other = await scenario();
  const admin = await other.employee("admin");
  await signInAs(context, admin);
  const origin = { Origin: new URL(test.info().project.use.baseURL ?? "").origin };
  const body = { customer: ids.customer, remedy: "credit", amount: 1, currency: "USD" };
  const decide = await context.request.post("/api/v1/decisions", {
    headers: { ...origin, "Idempotency-Key": randomUUID() },
    data: body,
  });
  expect(decide.status()).toBe(404);
  const preview = await context.request.post("/api/v1/decisions/preview", { headers: origin, data: body });
  expect(preview.status()).toBe(404);
  const order = await context.request.put(`/api/v1/orders/${ids.order}`, {
    headers: origin,
    data: { customer: ids.customer, amountPaid: 1, currency: "USD", placedAt: "2026-01-01T00:00:00Z" },
  });
  expect(order.status()).toBe(404);
  // An external reference may look like anything: the stranger gets a customer of their own by that name.
  await context.request.put(`/api/v1/customers/${ids.customer}`, {
    headers: origin,
    data: { name: "Mallory" },
  });
  const theirs = await inTenant(s.organizationId, (tx) =>
    tx.customer.findMany({ where: { id: ids.customer } }),
  );
  expect(theirs).toMatchObject([{ name: CUSTOMER }]);
  const keyed = { ...origin, "Idempotency-Key": randomUUID() };
  const post = (path: string, data?: unknown) =>
    context.request.post(path, { headers: keyed, ...(data === undefined ? {} : { data }) });
  const answers = [
    await post(`/api/v1/decisions/${ids.decision}/reversal`, { reason: "Mine now." }),
    await post(`/api/v1/decisions/${ids.decision}/undo`),
    await post(`/api/v1/handovers/${ids.handover}/answer`, { answer: "decline", note: "Mine now." }),
    await post(`/api/v1/handovers/${ids.handover}/preview`),
    await post(`/api/v1/handovers/${ids.handover}/withdrawal`),
    await post(`/api/v1/handovers/${ids.handover}/question`, { question: "Whose is it?" }),
    await post(`/api/v1/handovers/${ids.handover}/facts`, { facts: "Mine now." }),
    await post(`/api/v1/handovers/${ids.handover}/proposal`),
    await context.request.delete(`/api/v1/customers/${second}/merge`, { headers: origin }),
    await post(`/api/v1/customers/${second}/merge`, { into: ids.customer, reason: "Mine now." }),
  ];
  expect(answers.map((answer) => answer.status())).toEqual(answers.map(() => 404));
  // What became of an execution only a system tells, with a key; a person is refused whosever decision it is.
  const told = await post(`/api/v1/decisions/${ids.decision}/execution`, { status: "failed" });
  expect(told.status()).toBe(403);
  const left = await inTenant(s.organizationId, (tx) =>
    tx.decision.findMany({ orderBy: { id: "asc" }, select: { status: true } }),
  );
  expect(left).toEqual([{ status: "posted" }, { status: "reserved" }]);
  const removal = await context.request.delete(`/api/v1/rates/${ids.rate}`, { headers: origin });
  expect(removal.status()).toBe(404);
  expect(await findRate(s.organizationId, "EUR", "2026-03-01")).toMatchObject({ rate: "1.0842" });
});
