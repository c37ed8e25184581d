import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { tenantDb } from "@/lib/db/prisma";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { createCustomer } from "../factories/customers";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";

const organizationId = DEMO_ORGANIZATION_ID;

/** A customer whom nobody else knows of, so that a list filtered by them holds this test's decisions only. */
async function aCustomer() {
  return createCustomer({ organizationId }, { name: `Wilhelmina ${randomUUID().slice(0, 8)}` });
}

/** Decides by REST, as whoever the page is signed in as, and gives the decision's id. */
async function decide(page: Page, customer: string, amount: number, more: Record<string, unknown> = {}) {
  const answer = await page.request.post("/api/v1/decisions", {
    headers: { "Idempotency-Key": randomUUID() },
    data: {
      customer,
      remedy: "credit",
      amount,
      currency: "USD",
      case: { channel: "phone", happened: "The parcel came late.", cause: "carrier" },
      ...more,
    },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()).id as string;
}

const actions = (page: Page) => page.getByRole("table").last();
const rows = (page: Page) =>
  actions(page)
    .getByRole("row")
    .filter({ hasNot: page.getByRole("columnheader") });
const openFilters = (page: Page) => page.getByRole("button", { name: "Filters", exact: true }).click();

test.describe("the floor", () => {
  test("shows every action, the newest first, with who, for whom, what, how much, the verdict and the cause", async ({
    page,
    signIn,
    openAs,
  }) => {
    const customer = await aCustomer();
    const agent = await openAs("agent");
    await decide(agent, customer.id, 2500);
    await decide(agent, customer.id, 1_000_000);
    await signIn("manager");
    await page.goto("/floor");
    await expect(rows(page).first()).toContainText(customer.name);
    await expect(rows(page).first()).toContainText("$10,000.00");
    await expect(rows(page).first()).toContainText("Handed over");
    await expect(rows(page).first()).toContainText("Waiting");
    await expect(rows(page).nth(1)).toContainText("Credit");
    await expect(rows(page).nth(1)).toContainText("$25.00");
    await expect(rows(page).nth(1)).toContainText("Allowed");
    await expect(rows(page).nth(1)).toContainText("carrier");
    await expect(rows(page)).toHaveCount(50);
  });

  test("counts what was given today at once", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("manager");
    await page.goto("/floor");
    const today = async () => {
      const said = (await page.getByText("Decisions today").locator("xpath=../dd").textContent()) ?? "";
      return Number(said.replaceAll(",", ""));
    };
    const before = await today();
    await decide(page, customer.id, 100);
    await page.reload();
    expect(await today()).toBe(before + 1);
    await expect(page.getByText("solved without asking, last 30 days")).toBeVisible();
    await page.getByText("As a table").click();
    await expect(page.getByRole("table").first().getByRole("row")).toHaveCount(31);
  });

  test("goes from row to row with J, K and the arrows, and opens one with Enter", async ({
    page,
    signIn,
  }) => {
    await signIn("auditor");
    await page.goto("/floor");
    const links = actions(page).getByRole("link");
    await page.keyboard.press("j");
    await expect(links.nth(0)).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await expect(links.nth(2)).toBeFocused();
    await page.keyboard.press("k");
    await expect(links.nth(1)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/floor\/decisions\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { name: "What was checked" })).toBeVisible();
    await page.goBack();
    await expect(rows(page)).toHaveCount(50);
  });

  test("takes no letter from a field", async ({ page, signIn }) => {
    await signIn("manager");
    await page.goto("/floor");
    await openFilters(page);
    const field = page.getByRole("combobox", { name: "Cause" });
    await field.pressSequentially("jk");
    await expect(field).toHaveValue("jk");
    await expect(field).toBeFocused();
  });
});

test.describe("filters", () => {
  test("stand in the address, are said in words, can be shared, and are taken away one by one", async ({
    page,
    signIn,
    openAs,
  }) => {
    const customer = await aCustomer();
    await signIn("manager");
    await decide(page, customer.id, 2500);
    await decide(page, customer.id, 700, { remedy: "gift" });
    await page.goto("/floor");
    await openFilters(page);

    await page.getByRole("combobox", { name: "Customer" }).pressSequentially(customer.name, { delay: 10 });
    await page.getByRole("option", { name: customer.name }).click();
    await expect(page).toHaveURL(new RegExp(`customer=${customer.id}`));
    await expect(rows(page)).toHaveCount(2);

    await page.getByRole("combobox", { name: "Remedy" }).selectOption("Gift");
    await expect(rows(page)).toHaveCount(1);
    await page.getByLabel("At least", { exact: true }).fill("7.00");
    await page.getByLabel("At least", { exact: true }).press("Enter");
    await expect(page).toHaveURL(/minAmount=700/);
    await page.getByText("7 days", { exact: true }).click();
    await expect(page).toHaveURL(/days=7/);
    await expect(rows(page)).toHaveCount(1);
    const held = page.getByRole("list", { name: "Shown are" });
    await expect(held).toContainText(`for ${customer.name}`);
    await expect(held).toContainText("Gift");
    await expect(held).toContainText("at least $7.00");

    const shared = await openAs("auditor");
    await shared.goto(new URL(page.url()).pathname + new URL(page.url()).search);
    await expect(rows(shared)).toHaveCount(1);
    await expect(rows(shared)).toContainText(customer.name);

    await page.getByRole("button", { name: "Remove the filter: Gift" }).click();
    await expect(rows(page)).toHaveCount(2);
    await page.goBack();
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole("button", { name: "Clear all" }).click();
    await expect(page).toHaveURL(/\/floor$/);
    await expect(rows(page)).toHaveCount(50);
  });

  test("find an employee while typing, by keyboard alone", async ({ page, signIn }) => {
    const agent = await tenantDb(organizationId).employee.findFirst({
      where: { organizationId, email: "agent@demo.leeway.test" },
    });
    if (!agent) throw new Error("The demo has no agent.");
    await signIn("manager");
    await page.goto("/floor");
    await openFilters(page);
    const field = page.getByRole("combobox", { name: "Employee" });
    await field.focus();
    await page.keyboard.type(agent.name, { delay: 20 });
    await expect(page.getByRole("option", { name: agent.name })).toBeVisible();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`employee=${agent.id}`));
    await expect(rows(page).first()).toContainText(agent.name);
    await expect(page.getByRole("button", { name: `Remove the filter: by ${agent.name}` })).toBeVisible();
  });

  test("that can't be read are left out, said, and break nothing", async ({ page, signIn }) => {
    await signIn("manager");
    const answer = await page.goto(
      "/floor?verdict=maybe&remedy=refund&minAmount=-5&from=yesterday&to=2026-13-45&policyVersion=99999999999&cursor=%00&employee=nobody&cause=a%00b",
    );
    expect(answer?.status()).toBe(200);
    const main = page.getByRole("main");
    await expect(main).toContainText("The verdict was left out. Choose one of the list.");
    await expect(main).toContainText("The least amount was left out. Write an amount such as 25.00.");
    await expect(main).toContainText("The first day was left out.");
    await expect(main).toContainText("The last day was left out.");
    await expect(main).toContainText("There is no such employee here.");
    await expect(main).toContainText("No action matches these filters");
    await page.getByRole("button", { name: "Clear all" }).click();
    await expect(page).toHaveURL(/\/floor$/);
    await expect(main).not.toContainText("was left out");
  });

  test("say beside the field what is wrong with an amount, and keep it", async ({ page, signIn }) => {
    await signIn("manager");
    await page.goto("/floor");
    await openFilters(page);
    const field = page.getByLabel("At least", { exact: true });
    for (const typed of ["12,5", "-3", "1.234", "lots"]) {
      await field.fill(typed);
      await field.press("Enter");
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveValue(typed);
    }
    await expect(page).toHaveURL(/\/floor$/);
    await field.fill("1,234.50");
    await field.press("Enter");
    await expect(page).toHaveURL(/minAmount=123450/);
    await expect(field).not.toHaveAttribute("aria-invalid", "true");
  });
});

test("the list goes on while one scrolls, without a gap or a repeat, and only what is in sight is there", async ({
  page,
  signIn,
}) => {
  await signIn("manager");
  await page.goto("/floor?remedy=refund");
  const seen = new Set<string>();
  const ids = () =>
    actions(page)
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  for (const id of await ids()) seen.add(id);
  expect(seen.size).toBe(50);
  await expect(async () => {
    await page.mouse.wheel(0, 900);
    const now = await ids();
    // What is in sight overlaps with what was before it, so nothing lies between.
    expect(now.some((id) => seen.has(id))).toBe(true);
    for (const id of now) seen.add(id);
    expect(now.length).toBeLessThanOrEqual(120);
    expect(seen.size).toBeGreaterThan(420);
  }).toPass({ timeout: 60_000, intervals: [50] });
  const said = (await page.getByText(/\d+ shown$/).textContent()) ?? "";
  expect(Number(said.replace(/\D/g, ""))).toBeGreaterThanOrEqual(seen.size);

  const far = actions(page).getByRole("link").nth(20);
  const opened = await far.getAttribute("href");
  await far.click();
  await expect(page.getByRole("heading", { name: "What was checked" })).toBeVisible();
  await page.goBack();
  await expect(actions(page).locator(`a[href="${opened}"]`)).toBeVisible();
});

test.describe("a decision's page", () => {
  test("tells what, who for whom, why, what was checked, what it took, and what became of it", async ({
    page,
    signIn,
    openAs,
  }) => {
    const customer = await aCustomer();
    const agent = await openAs("agent");
    await decide(agent, customer.id, 2500);
    const id = await decide(agent, customer.id, 200_000);
    await signIn("admin");
    await page.goto(`/floor/decisions/${id}`);
    const main = page.getByRole("main");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Credit$2,000.00");
    await expect(main).toContainText(customer.name);
    await expect(main).toContainText("The parcel came late.");
    await expect(main).toContainText("used 25.00 · asked 2,000.00 · left 1,975.00 before it");
    await expect(main).toContainText("Up to $1,975.00 of this remedy would have gone through then");
    await expect(main).toContainText("given 25.00 · held 0.00 → 2,000.00");
    await expect(main).toContainText("$2,000.00 is held meanwhile.");
    await expect(main).toContainText("Nothing is carried out before somebody answers the handover.");
    const version = main.getByRole("link", { name: /^policy version \d+$/ });
    await version.click();
    await expect(page).toHaveURL(/\/settings\/policies\/\d+$/);
  });

  test("shows the policy's version as words to whom the settings are closed", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("manager");
    const id = await decide(page, customer.id, 2500);
    await page.goto(`/floor/decisions/${id}`);
    await expect(page.getByRole("main")).toContainText(/Decided under policy version \d+/);
    await expect(page.getByRole("link", { name: /^policy version/ })).toHaveCount(0);
  });

  test("is 404 for an id that is none, and for one that nobody has", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/404/);
    await signIn("manager");
    for (const id of [randomUUID(), "1", "..%2f..", "%00", "x".repeat(2000)]) {
      const answer = await page.goto(`/floor/decisions/${id}`);
      expect([id, answer?.status()]).toEqual([id, 404]);
    }
    await expect(page.getByRole("heading", { name: "This decision is not here" })).toBeVisible();
  });
});

test("the floor is closed to agents, and open to managers, admins and auditors", async ({
  openAs,
  expectConsoleError,
}) => {
  expectConsoleError(/403|favicon/);
  for (const [role, status] of [
    ["agent", 403],
    ["manager", 200],
    ["admin", 200],
    ["auditor", 200],
  ] as const) {
    const page = await openAs(role);
    expect([role, (await page.goto("/floor"))?.status()]).toEqual([role, status]);
    const employees = await page.request.get("/floor/employees?search=a");
    expect([role, employees.status()]).toEqual([role, status]);
  }
});

// Risk: a manager on a phone, in the dark or without eyes cannot see what was done.
test("the filters of the floor are accessible", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn("manager");
  await page.goto("/floor?verdict=nothing&remedy=gift");
  await openFilters(page);
  await expectAccessible(page, "filters");
});
