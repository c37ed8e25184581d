import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { tenantDb } from "@/lib/db/prisma";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { createCustomer } from "../factories/customers";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const organizationId = DEMO_ORGANIZATION_ID;

/** A customer of the demo's whom nobody else knows of, so that their allowance is whole. */
async function aCustomer() {
  return createCustomer({ organizationId }, { name: `Ferdinand ${randomUUID().slice(0, 8)}` });
}

/** Credits an amount on the desk, up to the receipt. */
async function give(page: Page, customerId: string, amount: string, verb = "Give") {
  await page.goto(`/desk/${customerId}`);
  const field = page.getByRole("textbox", { name: "Amount" });
  await field.fill(amount);
  await expect(page.getByRole("form", { name: "Put it right" })).toContainText(
    /You can do this now|more discretion/,
  );
  await field.press("Enter");
  await page.getByRole("button", { name: new RegExp(`^${verb} `) }).click();
  await expect(receipt(page)).toBeVisible();
}

/** Gives by REST, as whoever the page is signed in as, and answers with the decision's id. */
async function giveByRest(page: Page, customer: string, amount: number): Promise<string> {
  const answer = await page.request.post("/api/v1/decisions", {
    headers: { "Idempotency-Key": randomUUID() },
    data: { customer, remedy: "credit", amount, currency: "USD" },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()).id;
}

function of(customerId: string) {
  return tenantDb(organizationId).decision.findMany({
    where: { organizationId, customerId },
    select: {
      status: true,
      reversal: { select: { kind: true, reason: true } },
      jobs: { select: { status: true } },
      // Nobody ever began to carry it out.
      execution: { select: { status: true } },
    },
  });
}

const receipt = (page: Page) => page.getByTestId("receipt");
const allowance = (page: Page) => page.getByTestId("allowance");
const history = (page: Page) => page.getByRole("region", { name: "What was done before" });
const undo = (page: Page) => receipt(page).getByRole("button", { name: "Undo" });

test.describe("what was just given", () => {
  // Risk: a slip of the hand is money gone, or a manager's time.
  test("is undone with Z within the window, gives the allowance back, and nobody carries it out", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "25");
    await expect(undo(page)).toContainText(/\d+ s/);
    await expect(undo(page)).toHaveAttribute("aria-keyshortcuts", "Z");
    await expect(undo(page)).toHaveAccessibleDescription(
      /Nobody begins to carry it out for \d+ more seconds/,
    );
    const box = await undo(page).boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    await expect(allowance(page)).toContainText("$1,975.00");

    await page.keyboard.press("z");
    await expect(page.locator(":focus")).toHaveText(`Undone: Credit 25.00 USD for ${customer.name}`);
    await expect(receipt(page)).toContainText("25.00 USD counts on no limit any more");
    await expect(receipt(page)).toContainText("$2,000.00");
    await expect(allowance(page)).toContainText("$2,000.00");
    await expect(history(page)).toContainText("Reversed");
    await expect(undo(page)).toHaveCount(0);
    expect(await of(customer.id)).toEqual([
      {
        status: "reversed",
        reversal: { kind: "undo", reason: null },
        jobs: [{ status: "cancelled" }],
        execution: null,
      },
    ]);
  });

  test("isn't undone by a Z that is typed into a field, or held with a modifier", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "25");
    await page.keyboard.press("ControlOrMeta+z");
    await page.keyboard.press("/");
    await page.keyboard.type("zz");
    await expect(page.getByRole("combobox", { name: "Find a customer" })).toHaveValue("zz");
    await expect(undo(page)).toBeVisible();
    expect(await of(customer.id)).toMatchObject([{ status: "posted" }]);
  });

  test("is reversed once the window is over, with a reason and not without one", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await page.clock.install();
    await give(page, customer.id, "25");
    await undo(page).focus();
    await page.clock.fastForward(31_000);
    const reverse = receipt(page).getByRole("button", { name: "Reverse …" });
    await expect(reverse).toBeFocused();
    await reverse.press("Enter");
    const reason = receipt(page).getByRole("textbox", { name: "Why it is reversed" });
    await expect(reason).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(reverse).toBeVisible();
    await reverse.click();
    await receipt(page).getByRole("button", { name: "Reverse 25.00" }).click();
    await expect(reason).toHaveAccessibleDescription(/Say why it is reversed/);
    await reason.fill("The wrong customer.");
    await reason.press("ControlOrMeta+Enter");
    await expect(receipt(page)).toContainText(`Reversed: Credit 25.00 USD for ${customer.name}`);
    await expect(allowance(page)).toContainText("$2,000.00");
    expect(await of(customer.id)).toMatchObject([
      { status: "reversed", reversal: { kind: "reversal", reason: "The wrong customer." } },
    ]);
  });

  test("is taken back once though the answer is lost: it is asked for again by the same key", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "25");
    // Nor does the receipt hear otherwise what became of it.
    await page.route("**/desk/decisions/*/execution", (route) => route.abort("connectionreset"));
    const keys: (string | undefined)[] = [];
    await page.route("**/undo", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      // It is done, and its answer is lost; again and again.
      await route.fetch();
      await route.abort("connectionreset");
    });
    await undo(page).click();
    await expect(receipt(page).getByRole("alert")).toContainText("not certain whether it was taken back");
    await page.unroute("**/undo");
    page.on("request", (request) => {
      if (request.url().endsWith("/undo")) keys.push(request.headers()["idempotency-key"]);
    });
    await receipt(page).getByRole("button", { name: "Try again" }).click();
    await expect(receipt(page)).toContainText("Undone: Credit 25.00 USD");
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
    expect(await of(customer.id)).toMatchObject([{ status: "reversed" }]);
  });

  test("says that it was taken back though no answer said so, once it hears of it", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "25");
    await page.route("**/undo", async (route) => {
      await route.fetch();
      await route.abort("connectionreset");
    });
    await undo(page).click();
    await expect(receipt(page).getByRole("heading")).toContainText("Taken back: Credit 25.00 USD");
    await expect(receipt(page).getByRole("alert")).toHaveCount(0);
    await expect(allowance(page)).toContainText("$2,000.00");
  });

  test("asks to sign in when the session has ended, and goes on", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 401/);
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "25");
    await expect(allowance(page)).toContainText("$1,975.00");
    await page.context().clearCookies();
    await undo(page).click();
    await receipt(page).getByRole("textbox", { name: "Email" }).fill("agent@demo.leeway.test");
    await receipt(page).getByRole("textbox", { name: "Password" }).fill("leeway-demo");
    await page.keyboard.press("Enter");
    await expect(receipt(page)).toContainText("Undone: Credit 25.00 USD");
  });

  test("that somebody took back meanwhile says so", async ({ page, signIn, openAs, expectConsoleError }) => {
    expectConsoleError(/status of 409/);
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "25");
    const manager = await openAs("manager");
    const [decision] = await tenantDb(organizationId).decision.findMany({
      where: { customerId: customer.id },
    });
    const reversal = await manager.request.post(`/api/v1/decisions/${decision?.id}/reversal`, {
      headers: { "Idempotency-Key": randomUUID() },
      data: { reason: "By mistake." },
    });
    expect(reversal.status()).toBe(201);
    await page.keyboard.press("Z");
    await expect(receipt(page)).toContainText("It had been taken back already.");
    await expect(allowance(page)).toContainText("$2,000.00");
  });

  test("can't be undone any more when it is being carried out by then, but reversed", async ({
    page,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 409/);
    const s = await scenario(
      { limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })] },
      { undoSeconds: 3 },
    );
    const customer = await s.customer();
    await signInAs(context.request, s.agent);
    await page.clock.install();
    await give(page, customer, "25");
    // The page's clock stands still, and so believes that there is time.
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 500));
    await new Promise((go) => setTimeout(go, 3_000));
    await undo(page).click();
    await expect(receipt(page).getByRole("alert")).toContainText("It is too late to undo");
    const reason = receipt(page).getByRole("textbox", { name: "Why it is reversed" });
    await reason.fill("The wrong customer.");
    await receipt(page).getByRole("button", { name: "Reverse 25.00" }).click();
    await expect(receipt(page)).toContainText("Reversed: Credit 25.00 USD");
  });

  test("has no undo where the organization gives no time for it", async ({ page, context }) => {
    const s = await scenario({}, { undoSeconds: 0 });
    const customer = await s.customer();
    await signInAs(context.request, s.agent);
    await give(page, customer, "25");
    await expect(receipt(page).getByRole("button", { name: "Reverse …" })).toBeVisible();
    await expect(undo(page)).toHaveCount(0);
  });
});

test.describe("what was handed over", () => {
  test("is taken back by who asked, and what it held is free again", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, "2500", "Hand over");
    await expect(allowance(page)).toContainText("2,500.00 held");
    await receipt(page).getByRole("button", { name: "Take it back" }).click();
    await expect(receipt(page)).toContainText("Taken back: Credit 2,500.00 USD");
    await expect(receipt(page)).toContainText("what it held is free again");
    await expect(allowance(page)).toContainText("0.00 held");
    await expect(history(page)).toContainText("Given back");
    expect(await of(customer.id)).toMatchObject([{ status: "released" }]);
  });

  test("shows the answer that came first, when it is taken back too late", async ({
    page,
    signIn,
    openAs,
    expectConsoleError,
  }) => {
    expectConsoleError(/api\/events/);
    const customer = await aCustomer();
    await signIn("agent");
    // The desk would show the answer by itself.
    await page.route(/\/api\/events/, (route) => route.abort());
    await give(page, customer.id, "2500", "Hand over");
    const manager = await openAs("manager");
    const list = await (await manager.request.get("/api/v1/handovers?status=waiting&limit=1")).json();
    const answer = await manager.request.post(`/api/v1/handovers/${list.data[0].id}/answer`, {
      data: { answer: "approve", note: "Well asked." },
    });
    expect(answer.status()).toBe(200);
    await receipt(page).getByRole("button", { name: "Take it back" }).click();
    await expect(receipt(page)).toContainText("Too late: it has been approved meanwhile.");
    await history(page).getByRole("link").first().click();
    await expect(page.getByRole("main")).toContainText("Well asked.");
    await expect(page.getByRole("main")).toContainText("Approved by");
  });
});

test.describe("a decision on record", () => {
  test("is undone from the customer's history while there is time", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await giveByRest(page, customer.id, 2500);
    await page.goto(`/desk/${customer.id}`);
    await history(page).getByRole("button", { name: "Undo Credit 25.00" }).click();
    await expect(page.locator(":focus")).toContainText("Undone: 25.00 USD");
    await expect(history(page)).toContainText("Reversed");
    await expect(allowance(page)).toContainText("$2,000.00");
  });

  test("is undone, or reversed with a reason, on its own page, which says by whom and why", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await page.clock.install();
    const first = await giveByRest(page, customer.id, 2500);
    const second = await giveByRest(page, customer.id, 700);
    const main = page.getByRole("main");
    await page.goto(`/desk/decisions/${first}`);
    await main.getByRole("button", { name: "Undo" }).click();
    await expect(main).toContainText(/Undone by .+, before anybody began to carry it out\./);

    await page.goto(`/desk/decisions/${second}`);
    await expect(async () => {
      // The countdown begins once the page has come to life.
      await page.clock.fastForward(31_000);
      await main.getByRole("button", { name: "Reverse …" }).click({ timeout: 500 });
    }).toPass();
    await main.getByRole("textbox", { name: "Why it is reversed" }).fill("It was paid already.");
    await main.getByRole("button", { name: "Reverse 7.00" }).click();
    await expect(main).toContainText(/Reversed by .+\./);
    await expect(main).toContainText("It was paid already.");
    await expect(main.getByRole("button", { name: /Reverse|Undo/ })).toHaveCount(0);
  });

  test("of a colleague's is a manager's to take back, not another agent's", async ({
    page,
    signIn,
    openAs,
  }) => {
    const customer = await aCustomer();
    const manager = await openAs("manager");
    const id = await giveByRest(manager, customer.id, 2500);
    await signIn("agent");
    await page.goto(`/desk/decisions/${id}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Credit 25.00 USD");
    await expect(page.getByRole("button", { name: /Reverse|Undo/ })).toHaveCount(0);
    await page.goto(`/desk/${customer.id}`);
    await expect(history(page).getByRole("listitem")).toHaveCount(1);
    await expect(history(page).getByRole("button")).toHaveCount(0);
    await manager.goto(`/desk/decisions/${id}`);
    await expect(manager.getByRole("button", { name: "Undo" })).toBeVisible();
  });
});

// Risk: somebody on a phone, in the dark or without eyes cannot take a slip of the hand back.
test("taking back is accessible on the receipt and on record", async ({ page, signIn }) => {
  test.slow();
  const customer = await aCustomer();
  await page.setViewportSize(PHONE);
  await signIn("agent");
  // The window stays open for as long as the looks take.
  await page.clock.setFixedTime(Date.now());
  await give(page, customer.id, "25");
  await expect(history(page).getByRole("button", { name: "Undo Credit 25.00" })).toBeVisible();
  await expectAccessible(page, "receipt-undo");
  await expect(undo(page)).toBeVisible();
  await page.clock.setFixedTime(Date.now() + 60_000);
  await receipt(page).getByRole("button", { name: "Reverse …" }).click();
  await receipt(page).getByRole("button", { name: "Reverse 25.00" }).click();
  await expectAccessible(page, "receipt-reason");
  await receipt(page).getByRole("textbox", { name: "Why it is reversed" }).fill("The wrong customer.");
  await receipt(page).getByRole("button", { name: "Reverse 25.00" }).click();
  await expect(receipt(page)).toContainText("Reversed: Credit");
  await expect(allowance(page)).toContainText("$2,000.00");
  await expectAccessible(page, "receipt-reversed");
  await history(page).getByRole("link").first().click();
  await expect(page.getByRole("main")).toContainText("The wrong customer.");
  await expectAccessible(page, "record-reversed");
  const handover = await giveByRest(page, customer.id, 250_000);
  await page.goto(`/desk/decisions/${handover}`);
  await expect(page.getByRole("button", { name: "Take it back" })).toBeVisible();
  await expectAccessible(page, "record-waiting");
});
