import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { awayPage } from "@/components/shell/security";
import { tenantDb } from "@/lib/db/prisma";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { createCustomer } from "../factories/customers";
import { createOrder } from "../factories/orders";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { given } from "../setup/receipt";

const organizationId = DEMO_ORGANIZATION_ID;
/** A customer of the demo's whom nobody else knows of, so that their allowance is whole. */
async function aCustomer(orders: number[] = []) {
  const ref = `T-${randomUUID().slice(0, 13)}`;
  const demo = { organizationId, currency: "USD" };
  const { id, name } = await createCustomer(demo, {
    ref,
    name: `Quillon ${ref}`,
    email: `${ref}@example.test`,
  });
  const refs: string[] = [];
  for (const [index, amountPaid] of orders.entries()) {
    const placedAt = new Date(Date.now() - index * 86_400_000);
    const order = await createOrder(demo, { customer: id, ref: `${ref}-${index}`, amountPaid, placedAt });
    refs.push(order.externalRef);
  }
  return { id, name, ref, orders: refs };
}

function decisionsOf(customerId: string) {
  return tenantDb(organizationId).decision.findMany({ where: { organizationId, customerId } });
}

/** Gives a customer something by REST, as whoever is signed in. */
async function give(page: Page, customer: string, amount: number) {
  const answer = await page.request.post("/api/v1/decisions", {
    headers: { "Idempotency-Key": randomUUID() },
    data: { customer, remedy: "credit", amount, currency: "USD" },
  });
  expect(answer.status()).toBe(201);
}

const allowance = (page: Page) => page.getByTestId("allowance");
const form = (page: Page) => page.getByRole("form", { name: "Put it right" });
const amount = (page: Page) => page.getByRole("textbox", { name: "Amount" });
const focused = (page: Page) => page.locator(":focus");

test.describe("the desk, by keyboard alone", () => {
  test("finds a customer, credits 25.00, and shows the allowance fallen by it", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto("/desk");
    await expect(focused(page)).toHaveAccessibleName("Find a customer or an order");

    await page.keyboard.type(customer.ref, { delay: 20 });
    await expect(page.getByRole("option", { name: customer.name })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: customer.name })).toBeVisible();
    await expect(allowance(page)).toContainText("$2,000.00");

    await expect(focused(page)).toHaveAccessibleName("What happened");
    await page.keyboard.type("The parcel came two days late.");
    // Past the channel and the need.
    for (let tabs = 0; tabs < 3; tabs++) await page.keyboard.press("Tab");
    await expect(focused(page)).toHaveAccessibleName("Cause");
    await page.keyboard.type("carrier");
    await page.keyboard.press("Escape");
    for (let tabs = 0; tabs < 2; tabs++) await page.keyboard.press("Tab");
    await expect(focused(page)).toHaveAccessibleName("Amount");
    await page.keyboard.type("25.00");
    await expect(form(page)).toContainText("You can do this now.");

    await page.keyboard.press("Enter");
    await expect(focused(page)).toHaveText("Give 25.00 now");
    await page.keyboard.press("Enter");
    const receipt = page.getByTestId("receipt");
    await expect(receipt).toContainText(given(`Credit 25.00 USD for ${customer.name}`));
    await expect(receipt).toContainText("$1,975.00");
    await expect(allowance(page)).toContainText("$1,975.00");
    await expect(allowance(page)).toContainText("25.00 given · 0.00 held · 1,975.00 left");
    await expect(page.getByRole("region", { name: "What was done before" })).toContainText("Credit $25.00");
    await expect(page.getByRole("region", { name: "What was done before" })).toContainText("by you");

    await page.keyboard.press("/");
    await expect(focused(page)).toHaveAccessibleName("Find a customer or an order");
    expect(await decisionsOf(customer.id)).toMatchObject([
      { verdict: "allow", amount: 2500n, cause: "carrier" },
    ]);
  });

  test("opens the one customer of an order's number, even when Enter comes before the answer", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer([12_900]);
    await signIn("agent");
    await page.goto("/desk");
    await page.route("**/api/v1/customers?**", async (route) => {
      await new Promise((go) => setTimeout(go, 400));
      await route.continue();
    });
    await page.getByRole("combobox", { name: "Find a customer" }).fill(`#${customer.orders[0]}`);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: customer.name })).toBeVisible();
    // And by pressing it.
    await page.goto("/desk");
    await page.getByRole("combobox", { name: "Find a customer" }).fill(`#${customer.orders[0]}`);
    await page.getByRole("option", { name: customer.name }).click();
    await expect(page.getByRole("heading", { level: 1, name: customer.name })).toBeVisible();
    // The order that was asked for is picked up, ready to be refunded.
    await expect(page.getByRole("radio", { name: "Refund" })).toBeChecked();
    await expect(page.getByRole("combobox", { name: "Order", exact: true })).toContainText(
      customer.orders[0] ?? "",
    );
  });
});

test.describe("a verdict while typing", () => {
  test("hands over what passes the limit, with its arithmetic, and holds the amount", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await give(page, customer.id, 199_500);
    await page.goto(`/desk/${customer.id}`);
    await amount(page).fill("25.00");
    await expect(form(page)).toContainText("This goes to someone with more discretion.");
    await expect(form(page)).toContainText("guest-day");
    await expect(form(page)).toContainText("used 1,995.00 · asked 25.00 · left 5.00 before it");

    await page.getByRole("button", { name: "Use 5.00" }).click();
    await expect(amount(page)).toHaveValue("5.00");
    await expect(form(page)).toContainText("You can do this now.");

    await amount(page).fill("25.00");
    await expect(form(page)).toContainText("This goes to someone with more discretion.");
    await amount(page).press("Enter");
    await page.getByRole("button", { name: "Hand over 25.00" }).click();
    await expect(page.getByTestId("receipt")).toContainText("Handed over: Credit 25.00 USD");
    await expect(allowance(page)).toContainText("25.00 held");
    await expect(page.getByRole("region", { name: "What was done before" })).toContainText("Waiting");
  });

  test("never refunds more than was paid on the order, and offers what would pass", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer([4_000]);
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await page.getByRole("button", { name: `Refund from order ${customer.orders[0]}` }).click();
    await amount(page).fill("40.01");
    await expect(form(page)).toContainText("This can't be given.");
    await expect(form(page)).toContainText("used 0.00 · asked 40.01 · left 40.00 before it");
    await expect(page.getByRole("button", { name: /^Review/ })).toHaveCount(0);
    await amount(page).press("Enter");
    await expect(page.getByRole("button", { name: /^Give/ })).toHaveCount(0);

    await page.getByRole("button", { name: "Use 40.00" }).click();
    await amount(page).press("Enter");
    await page.getByRole("button", { name: "Give 40.00 now" }).click();
    await expect(page.getByTestId("receipt")).toContainText(given("Refund 40.00 USD"));
    await expect(page.getByRole("region", { name: "Orders" })).toContainText("nothing left to refund");
  });

  test("asks for a reason beside the note where a guideline is bent", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await page.getByRole("radio", { name: "Gift" }).check();
    await page.getByRole("textbox", { name: "Cost" }).fill("150");
    await expect(form(page)).toContainText("You can do this now, with a reason.");
    await page.getByRole("textbox", { name: "Cost" }).press("Enter");
    const note = page.getByRole("textbox", { name: "Note" });
    await expect(note).toBeFocused();
    await expect(note).toHaveAccessibleDescription(/at least 10 characters/);
    await note.fill("Her wedding was the day after.");
    await page.getByRole("textbox", { name: "Cost" }).press("Enter");
    await page.getByRole("button", { name: "Give 150.00 now" }).click();
    await expect(page.getByTestId("receipt")).toContainText(given("Gift 150.00 USD"));
    await expect(page.getByTestId("receipt")).toContainText("your reason stays with it");
  });

  test("shows the verdict on the last amount typed, however late an earlier one answers", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    let held = 0;
    await page.route("**/api/v1/decisions/preview", async (route) => {
      if (held++ === 0) await new Promise((go) => setTimeout(go, 1_500));
      await route.continue().catch(() => undefined);
    });
    await amount(page).fill("2500");
    await expect.poll(() => held).toBe(1);
    await amount(page).fill("10");
    await expect(form(page)).toContainText("You can do this now.");
    await page.waitForTimeout(1_800);
    await expect(form(page)).toContainText("You can do this now.");
  });
});

test.describe("what is typed wrongly", () => {
  for (const [typed, says] of [
    ["", "Type the amount."],
    ["abc", "Write the amount in digits, such as 25.00."],
    ["-5", "Write the amount without a minus."],
    ["1.005", "USD has 2 decimals."],
    ["0", "Type an amount above zero."],
    ["90071992547409.92", "This is more than can be counted."],
  ] as const) {
    test(`says beside the amount what to do about “${typed}”, and keeps the rest`, async ({
      page,
      signIn,
    }) => {
      const customer = await aCustomer();
      await signIn("agent");
      await page.goto(`/desk/${customer.id}`);
      await page.getByRole("textbox", { name: "What happened" }).fill("A long story.");
      await page.getByRole("combobox", { name: "Cause" }).fill("carrier");
      await amount(page).fill(typed);
      await amount(page).press("Enter");
      await expect(amount(page)).toBeFocused();
      await expect(amount(page)).toHaveAccessibleDescription(new RegExp(says.replaceAll(".", "\\.")));
      await expect(page.getByRole("textbox", { name: "What happened" })).toHaveValue("A long story.");
      expect(await decisionsOf(customer.id)).toEqual([]);
    });
  }

  test("asks for the other half of a case that is told by half", async ({ page, signIn }) => {
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await page.getByRole("combobox", { name: "Cause" }).fill("carrier");
    await amount(page).fill("10");
    await amount(page).press("Enter");
    await expect(page.getByRole("textbox", { name: "What happened" })).toBeFocused();
    await expect(amount(page)).toHaveValue("10");
  });
});

test.describe("when something breaks in between", () => {
  test("an answer that is lost can be asked for again and is not done twice", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await amount(page).fill("30");
    await amount(page).press("Enter");
    // It is recorded, and the answer is lost on the way, however often the page asks for it by itself.
    await page.route(
      "**/api/v1/decisions",
      async (route) => {
        await route.fetch();
        await route.abort("connectionreset");
      },
      { times: 3 },
    );
    await page.getByRole("button", { name: "Give 30.00 now" }).click();
    await expect(page.getByRole("button", { name: "No answer yet, sending it again …" })).toBeVisible();
    await expect(page.getByRole("main").getByRole("alert")).toContainText("it can't be done twice");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByTestId("receipt")).toContainText("it was not done twice");
    expect(await decisionsOf(customer.id)).toHaveLength(1);
  });

  test("a session that ended asks to sign in and goes on with everything that was typed", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 401/);
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await page.getByRole("textbox", { name: "What happened" }).fill("The room was loud.");
    await page.getByRole("combobox", { name: "Cause" }).fill("noise");
    await amount(page).fill("45");
    await expect(form(page)).toContainText("You can do this now.");
    await amount(page).press("Enter");
    await expect(page.getByRole("button", { name: "Give 45.00 now" })).toBeFocused();
    await page.context().clearCookies();
    await page.keyboard.press("Enter");

    const dialog = page.getByRole("dialog", { name: "Sign in to go on" });
    await dialog.getByRole("textbox", { name: "Email" }).fill("agent@demo.leeway.test");
    await dialog.getByRole("textbox", { name: "Password" }).fill("leeway-demo");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("receipt")).toContainText(given("Credit 45.00 USD"));
    expect(await decisionsOf(customer.id)).toMatchObject([{ amount: 4500n, cause: "noise" }]);
  });

  test("a page that is lost comes back with what was typed on it", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 503/);
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await page.getByRole("textbox", { name: "What happened" }).fill("Half a story");
    await page.getByRole("radio", { name: "Gift" }).check();
    await page.getByRole("textbox", { name: "Cost" }).fill("12");
    await page.route(
      "**/desk/**",
      (route) => route.fulfill({ status: 503, contentType: "text/html", body: awayPage("") }),
      { times: 1 },
    );
    await page.reload();
    await page.reload();
    await expect(page.getByRole("textbox", { name: "What happened" })).toHaveValue("Half a story");
    await expect(page.getByRole("radio", { name: "Gift" })).toBeChecked();
    await expect(page.getByRole("textbox", { name: "Cost" })).toHaveValue("12");
  });

  test("the receipt stays when the server can't be reached right after", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await amount(page).fill("30");
    await amount(page).press("Enter");
    await page.route("**/allowance", (route) => route.abort("connectionreset"));
    await page.getByRole("button", { name: "Give 30.00 now" }).click();
    const receipt = page.getByTestId("receipt");
    await expect(receipt).toContainText("could not be read");
    await expect(receipt).toContainText(given("Credit 30.00 USD"));
  });

  test("a verdict that can't be had says so, keeps what was typed, and comes back", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const customer = await aCustomer();
    await signIn("agent");
    await page.goto(`/desk/${customer.id}`);
    await page.route("**/api/v1/decisions/preview", (route) => route.abort("internetdisconnected"));
    await amount(page).fill("15");
    await expect(page.getByRole("main").getByRole("alert")).toContainText("What you typed stays");
    await page.unroute("**/api/v1/decisions/preview");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(form(page)).toContainText("You can do this now.");
    await expect(amount(page)).toHaveValue("15");
  });
});

test.describe("the customer's page", () => {
  test("lists everything that was done before, a few at first, and leads to each", async ({
    page,
    signIn,
  }) => {
    const customer = await aCustomer([1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000]);
    await signIn("agent");
    for (let made = 0; made < 9; made++) await give(page, customer.id, 100 + made);
    await page.goto(`/desk/${customer.id}`);
    await amount(page).fill("12");
    const history = page.getByRole("region", { name: "What was done before" });
    await expect(history.getByRole("listitem")).toHaveCount(6);
    await history.getByRole("link", { name: "3 more" }).click();
    await expect(history.getByRole("listitem")).toHaveCount(9);
    const orders = page.getByRole("region", { name: "Orders" });
    await orders.getByRole("link", { name: "2 more" }).click();
    await expect(orders.getByRole("listitem")).toHaveCount(8);
    await expect(amount(page)).toHaveValue("12");

    await history.getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Credit 1.08 USD for ${customer.name}`);
    await expect(page.getByText("What was checked")).toBeVisible();
  });

  test("is not there for an id that is nobody's, and the search stays at hand", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 404/);
    await signIn("agent");
    for (const id of [randomUUID(), "nonsense", DEMO_ORGANIZATION_ID]) {
      const answer = await page.goto(`/desk/${id}`);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole("heading", { name: "This customer is not here" })).toBeVisible();
      await expect(page.getByRole("combobox", { name: "Find a customer" })).toBeVisible();
    }
  });
});

// Risk: an agent on a phone, in the dark or without eyes cannot put anything right.
test("the desk is accessible from the search to the receipt", async ({ page, signIn }) => {
  test.slow();
  const customer = await aCustomer([12_900, 5_400]);
  await page.setViewportSize(PHONE);
  await signIn("agent");
  await give(page, customer.id, 1_500);
  await page.goto("/desk");
  await expectAccessible(page, "desk-before-a-customer-is-chosen");
  await page.getByRole("combobox", { name: "Find a customer" }).fill(customer.ref);
  await expect(page.getByRole("option")).toHaveCount(1);
  await expectAccessible(page, "desk-search");
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.goto(`/desk/${customer.id}`);
  await expectAccessible(page, "desk-customer");
  await amount(page).fill("2500");
  await expect(form(page)).toContainText("someone with more discretion");
  await expectAccessible(page, "desk-verdict");
  await amount(page).fill("12");
  await expect(form(page)).toContainText("You can do this now.");
  await amount(page).press("Enter");
  await expect(page.getByRole("button", { name: "Give 12.00 now" })).toBeVisible();
  await expectAccessible(page, "desk-review");
  await page.getByRole("button", { name: "Give 12.00 now" }).click();
  await expect(page.getByTestId("receipt")).toContainText("$1,973.00");
  await expectAccessible(page, "desk-receipt");
});
