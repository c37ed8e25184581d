import type { Page } from "@playwright/test";
import { createCustomer } from "../factories/customers";
import { createOrder } from "../factories/orders";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { openPalette, untilItListens } from "../setup/palette";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

async function house() {
  const s = await scenario({
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 200_000 })],
  });
  const { id, name } = await createCustomer(s, { name: "Ottilie Brandt", email: "ottilie@guests.test" });
  const place = { organizationId: s.organizationId, currency: "USD" };
  const order = await createOrder(place, { customer: id, ref: "R-4711", amountPaid: 9000 });
  const told = { channel: "phone", happened: "The lamp came broken.", cause: "damaged" };
  const decision = decided(await s.ask({ customer: id, amount: 1000, case: told })).id ?? "";
  return { ...s, id, name, order, decision };
}

const palette = (page: Page) => page.getByRole("dialog", { name: "Find anything" });
const focused = (page: Page) => page.locator(":focus");

/** Opens the palette by its keys and types into it. */
async function find(page: Page, text: string, option: string | RegExp): Promise<void> {
  await openPalette(page);
  await page.keyboard.type(text, { delay: 10 });
  await expect(palette(page).getByRole("option", { name: option })).toBeVisible();
}

test.describe("⌘K", () => {
  // Risk: somebody without a mouse, or in a hurry, is sent looking for the customer in front of them.
  test("leads from any page by keyboard alone to a customer, an order, a case and a place", async ({
    page,
    context,
  }) => {
    test.slow();
    const h = await house();
    await signInAs(context.request, h.agent);
    await page.goto("/desk/day");
    await find(page, "ottilie", h.name);
    await expectAccessible(page, "palette");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: h.name })).toBeVisible();
    await expect(palette(page)).toHaveCount(0);
    await expect(focused(page)).toHaveAccessibleName("What happened");

    // Also while something is being typed.
    await page.keyboard.type("It came");
    await find(page, "R-4711", "Order R-4711");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/desk/${h.id}\\?order=${h.order.id}`));
    await expect(page.getByRole("radio", { name: "Refund" })).toBeChecked();

    await find(page, "lamp", /Credit 10\.00 USD for Ottilie Brandt/);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`/desk/decisions/${h.decision}`);

    await find(page, "my day", "My day");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "My day" })).toBeVisible();

    await openPalette(page);
    await expect(palette(page).getByRole("option", { name: "Start a case" })).toBeVisible();
    await expect(palette(page).getByRole("option", { name: "Floor" })).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(palette(page)).toHaveCount(0);
  });

  test("opens the one that is meant when Enter comes before the answer", async ({ page, context }) => {
    const h = await house();
    await signInAs(context.request, h.agent);
    await page.goto("/desk/day");
    await page.route("**/palette?**", async (route) => {
      await new Promise((go) => setTimeout(go, 400));
      await route.continue();
    });
    await openPalette(page);
    await page.keyboard.type("ottilie");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: h.name })).toBeVisible();
  });

  // Risk: who only looks is led to where they may not go; what can't be had is told as nothing found.
  test("finds by the person's rights, and says when it can't be reached", async ({
    page,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const h = await house();
    await signInAs(context.request, await h.employee("auditor"));
    await page.goto("/floor");
    await find(page, "ottilie", h.name);
    await expect(palette(page).getByRole("option", { name: "Start a case" })).toHaveCount(0);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/floor\\?customer=${h.id}`));
    await expect(page.getByRole("heading", { level: 1, name: "The floor" })).toBeVisible();

    await page.route("**/palette?**", (route) => route.abort("internetdisconnected"));
    await openPalette(page);
    await page.keyboard.type("nobody of that name");
    await expect(palette(page).getByRole("status").first()).toContainText("did not reach Leeway");
  });

  test("has a button where there is no keyboard", async ({ page, context }) => {
    const h = await house();
    await signInAs(context.request, h.agent);
    await page.setViewportSize(PHONE);
    await page.goto("/desk/day");
    await page.getByRole("button", { name: "Find anything" }).click();
    await page.getByRole("combobox", { name: "Find anything" }).fill("ottilie");
    await palette(page).getByRole("option", { name: h.name }).click();
    await expect(page.getByRole("heading", { level: 1, name: h.name })).toBeVisible();
  });
});

test.describe("single keys", () => {
  // Risk: a letter that was meant for a field, or for a screen reader, does something.
  test("start a case and list themselves, never while typing, and can be switched off", async ({
    page,
    context,
  }) => {
    const h = await house();
    await signInAs(context.request, h.agent);
    await page.goto("/desk/day");
    await untilItListens(page);
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("c");
    await expect(focused(page)).toHaveAccessibleName("Find a customer or an order");
    // In a field they are letters.
    await page.keyboard.type("c?");
    await expect(page.getByRole("combobox", { name: "Find a customer" })).toHaveValue("c?");

    await page.goto(`/desk/${h.id}`);
    await untilItListens(page);
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("c");
    await expect(focused(page)).toHaveAccessibleName("What happened");
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("Control+c");
    await page.keyboard.press("?");
    const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(list).toContainText("Start a case");
    await expectAccessible(page, "keyboard-shortcuts");

    await list.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck();
    await page.keyboard.press("Escape");
    await expect(list).toHaveCount(0);
    await page.getByRole("heading", { level: 1 }).click();
    for (const key of ["c", "?", "/"]) await page.keyboard.press(key);
    await expect(list).toHaveCount(0);
    await expect(page.getByRole("textbox", { name: "What happened" })).not.toBeFocused();
    // It is remembered, and ⌘K is no single key.
    await page.reload();
    await openPalette(page);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: /^Your account/ }).click();
    await page.getByRole("menuitemcheckbox", { name: "Single-key shortcuts" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("?");
    await expect(list).toBeVisible();
  });
});
