import type { APIRequestContext, Page } from "@playwright/test";
import { createApiKey } from "@/lib/auth/api-keys";
import { inTenant } from "@/lib/db/prisma";
import type { PolicyInput } from "@/lib/discretion/schema";
import { personAuthor } from "@/lib/policies/mutations";
import { endTrial, startTrial, trialEnd } from "@/lib/trials/mutations";
import { createOrder } from "../factories/orders";
import { setRatesFor } from "../factories/rates";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

type Scenario = Awaited<ReturnType<typeof scenario>>;

const VALUES = [{ id: "ownership", text: "Whoever hears of a problem owns it." }];
const guestDay = (max: number) =>
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max,
    why: "Enough for most.",
    value: "ownership",
  });

/** An agent at the desk with a customer before them. */
async function atTheDesk(page: Page, parts: Partial<PolicyInput> = {}, team?: string) {
  const s = await scenario({ values: VALUES, limits: [guestDay(5000)], ...parts });
  const agent = team ? await s.employee("agent", { team }) : s.agent;
  const customer = await s.customer();
  await signInAs(page.context().request, agent);
  const open = () => page.goto(`/desk/${customer}`);
  return { s, agent, customer, open };
}

/** Publishes as a system of the organization's own does. */
async function publishByRest(request: APIRequestContext, s: Scenario, limits: PolicyInput["limits"]) {
  const { key } = await createApiKey({
    organizationId: s.organizationId,
    name: "Test",
    scopes: ["policies:write"],
    createdBy: null,
    at: new Date(),
  });
  const headers = { Authorization: `Bearer ${key}` };
  const document = { currency: "USD", timeZone: "America/New_York", values: VALUES, limits, rules: [] };
  const draft = await (await request.post("/api/v1/policies", { headers, data: document })).json();
  const answer = await request.post(`/api/v1/policies/${draft.version}/publish`, { headers });
  expect(answer.status()).toBe(200);
}

const allowance = (page: Page) => page.getByTestId("allowance");
const form = (page: Page) => page.getByRole("form", { name: "Put it right" });
const amount = (page: Page) => page.getByRole("textbox", { name: "Amount" });
const news = (page: Page) => page.getByRole("status").filter({ hasText: "policy changed" });

test.describe("a policy that changes behind an open desk", () => {
  test("changes allowance and verdict without a reload, and takes nothing that was typed", async ({
    page,
    request,
  }) => {
    const { s, open } = await atTheDesk(page);
    // Without asking in between: the stream alone can have told it.
    await page.route("**/api/events/marks", (route) => route.abort());
    const listening = page.waitForResponse((answer) => answer.url().endsWith("/api/events"));
    await open();
    await listening;
    await page.getByRole("textbox", { name: "What happened" }).fill("The parcel came late.");
    await amount(page).fill("60.00");
    await expect(form(page)).toContainText("This goes to someone with more discretion.");
    await expect(allowance(page)).toContainText("$50.00");

    await publishByRest(request, s, [guestDay(9000)]);
    await expect(allowance(page)).toContainText("$90.00");
    await expect(form(page)).toContainText("You can do this now.");
    await expect(news(page)).toHaveText("The policy changed: version 2 is in force.");
    await expect(page.getByRole("textbox", { name: "What happened" })).toHaveValue("The parcel came late.");
    await expect(amount(page)).toHaveValue("60.00");
  });

  test("is heard of where no stream gets through", async ({ page, request, expectConsoleError }) => {
    expectConsoleError(/api\/events/);
    const { s, open } = await atTheDesk(page);
    await page.route("**/api/events", (route) => route.abort());
    const asked = page.waitForResponse((answer) => answer.url().endsWith("/api/events/marks"));
    await open();
    await asked;
    await publishByRest(request, s, [guestDay(9000)]);
    await expect(allowance(page)).toContainText("$90.00", { timeout: 45_000 });
    await expect(news(page)).toBeVisible();
  });

  // Risk: the button says "Give", and a handover is made.
  test("says in an open review what would be done now", async ({ page, request }) => {
    const { s, open } = await atTheDesk(page);
    await open();
    await amount(page).fill("40.00");
    await expect(form(page)).toContainText("You can do this now.");
    await amount(page).press("Enter");
    await expect(page.getByRole("button", { name: "Give 40.00 now" })).toBeVisible();
    await publishByRest(request, s, [guestDay(3000)]);
    await expect(page.getByRole("button", { name: "Hand over 40.00" })).toBeVisible();

    await publishByRest(request, s, [{ ...guestDay(3000), over: "deny" }]);
    await expect(form(page)).toContainText("This can't be given.");
    await expect(amount(page)).toHaveValue("40.00");
  });

  test("says that a team tries a version, until when, and that it is over", async ({ page }) => {
    const { s, open } = await atTheDesk(page, {}, "north");
    await open();
    await expect(allowance(page)).toContainText("$50.00");
    const version = await s.draft({ limits: [guestDay(9000)] });
    const now = new Date();
    const author = { ...personAuthor(s.manager.employeeId), employeeId: s.manager.employeeId };
    const { organizationId } = s;
    const started = await startTrial({
      organizationId,
      version,
      teamId: await s.team("north"),
      endsAt: trialEnd(1, now, "America/New_York"),
      author,
      now,
    });
    if (!started.ok) throw new Error(started.code);
    await expect(allowance(page)).toContainText("$90.00");
    await expect(news(page)).toHaveText("The policy changed: version 2 is in force for your team.");
    await expect(page.getByText("Your team tries version 2 until today.")).toBeVisible();
    await page.goto("/desk");
    await page.goBack();
    await expect(page.getByText("Your team tries version 2 until today.")).toBeVisible();

    await endTrial({ organizationId, trialId: started.trialId, author, now: new Date() });
    await expect(allowance(page)).toContainText("$50.00");
    await expect(page.getByText("Your team tries")).toHaveCount(0);
  });

  test("leaves a desk alone that it isn't in force for", async ({ page }) => {
    const { s, open } = await atTheDesk(page);
    await s.employee("agent", { team: "south" });
    const listening = page.waitForResponse((answer) => answer.url().endsWith("/api/events"));
    await open();
    await listening;
    const version = await s.draft({ limits: [guestDay(9000)] });
    const now = new Date();
    const asked = page.waitForResponse((answer) => answer.url().endsWith("/allowance"));
    await startTrial({
      organizationId: s.organizationId,
      version,
      teamId: await s.team("south"),
      endsAt: trialEnd(1, now, "America/New_York"),
      author: { ...personAuthor(s.manager.employeeId), employeeId: s.manager.employeeId },
      now,
    });
    expect(await (await asked).json()).toMatchObject({ policyVersion: 1 });
    await expect(allowance(page)).toContainText("$50.00");
    await expect(news(page)).toHaveCount(0);
  });
});

test.describe("the stream of events", () => {
  test("ends for somebody who was signed out elsewhere, and isn't opened for them again", async ({
    context,
    baseURL,
  }) => {
    test.setTimeout(120_000);
    const s = await scenario();
    await signInAs(context.request, s.agent);
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const stream = await fetch(`${baseURL}/api/events`, { headers: { cookie } });
    expect([stream.status, stream.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    await inTenant(s.organizationId, (tx) =>
      tx.session.updateMany({
        where: { employeeId: s.agent.employeeId },
        data: { revokedAt: new Date() },
      }),
    );
    expect(await stream.text()).toMatch(/event: over\ndata: {"reason":"signed_out"}\n\n$/);
    expect((await fetch(`${baseURL}/api/events`, { headers: { cookie } })).status).toBe(401);
  });

  test("is for pages of our own, and for people who signed in", async ({ context, request }) => {
    const s = await scenario();
    for (const path of ["/api/events", "/api/events/marks"]) {
      expect([path, (await request.get(path)).status()]).toEqual([path, 401]);
    }
    await signInAs(context.request, s.agent);
    for (const path of ["/api/events", "/api/events/marks"]) {
      const foreign = await context.request.get(path, { headers: { Origin: "https://elsewhere.example" } });
      expect([path, foreign.status()]).toEqual([path, 403]);
    }
    expect(await (await context.request.get("/api/events/marks")).json()).toEqual({
      policy: "1",
      reconciliation: "",
      handover: "0",
      reviews: "",
      execution: "",
    });
  });
});

test.describe("an explanation at the desk", () => {
  test("names the company value that what decided serves, in the company's words", async ({ page }) => {
    const { open } = await atTheDesk(page, { mission: "Nobody leaves us worse off than they came." });
    await page.goto("/desk");
    await expect(page.getByRole("region", { name: "What we are here for" })).toContainText(
      "Nobody leaves us worse off",
    );
    await open();
    await amount(page).fill("60.00");
    await expect(form(page)).toContainText("This goes to someone with more discretion.");
    const served = form(page).getByText("It serves our value: Whoever hears of a problem owns it.");
    // Beside the verdict, and in the list of what was checked.
    await expect(served).toHaveCount(2);
    await amount(page).press("Enter");
    await page.getByRole("button", { name: "Hand over 60.00" }).click();
    await expect(page.getByTestId("receipt")).toContainText("It serves our value: Whoever hears");
  });

  test("says by which rate an amount in another currency was counted, and what to do without one", async ({
    page,
  }) => {
    const { s, customer, open } = await atTheDesk(page, { limits: [guestDay(20_000)] });
    const paid = (currency: string) =>
      createOrder(
        { ...s, currency: "USD" },
        { customer, amountPaid: 20_000, currency, ref: `IN-${currency}` },
      );
    await paid("EUR");
    await paid("GBP");
    await setRatesFor(s, ["EUR", "2026-03-01", "1.0842"]);
    await open();
    await page.getByRole("button", { name: "Refund from order IN-EUR" }).click();
    await amount(page).fill("100.00");
    const rate = "100.00 EUR count as 108.42 USD at 1.0842 (since Mar 1, 2026).";
    await expect(form(page)).toContainText(rate);
    await expect(form(page)).toContainText("guest-day: 91.58 USD left after it.");

    await page.getByRole("button", { name: "Refund from order IN-GBP" }).click();
    await expect(form(page)).toContainText("This goes to someone with more discretion.");
    await expect(form(page)).toContainText("No exchange rate for GBP is on file. An admin can add one");

    await page.getByRole("button", { name: "Refund from order IN-EUR" }).click();
    await expect(form(page)).toContainText(rate);
    await amount(page).press("Enter");
    await page.getByRole("button", { name: "Give 100.00 now" }).click();
    await expect(page.getByTestId("receipt")).toContainText(rate);
    await page.getByRole("link", { name: /Refund €100.00/ }).click();
    await expect(page.getByRole("article")).toContainText(rate);
  });
});
