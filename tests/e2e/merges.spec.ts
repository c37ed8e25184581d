import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { createCustomer } from "../factories/customers";
import { createOrder } from "../factories/orders";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const LIMITS = [limit({ id: "guest-day", scope: ["customer"], window: "day", max: 5000 })];

/** One customer under two records, with an order and a decision for the one that is going to be merged. */
async function twoRecords() {
  const s = await scenario({ limits: LIMITS });
  const mark = randomUUID().slice(0, 8);
  const dup = await createCustomer(s, {
    ref: `OLD-${mark}`,
    name: `Bea Duplicate ${mark}`,
    email: `old-${mark}@example.test`,
    phone: "+1 212 555 0142",
  });
  const stays = await createCustomer(s, { ref: `NEW-${mark}`, name: `Beatrix Stays ${mark}` });
  const order = await createOrder(
    { organizationId: s.organizationId, currency: "USD" },
    { customer: dup.id, ref: `O-${mark}`, amountPaid: 9900 },
  );
  const answer = await s.ask({ customer: dup.id, amount: 1500 });
  if (!answer.ok) throw new Error(answer.code);
  return { s, dup, stays, order, mark };
}

const dialog = (page: Page) => page.getByRole("dialog");
const history = (page: Page) => page.getByRole("region", { name: "What was done before" });
const records = (page: Page) => page.getByRole("region", { name: "Also on file as" });

async function pickOther(page: Page, typed: string, name: string) {
  const field = dialog(page).getByRole("combobox", { name: "The other record" });
  await field.fill(typed);
  await page.getByRole("option", { name }).click();
}

test.describe("two records of one customer, on the desk", () => {
  test("are found, seen side by side, merged with a reason, and parted again", async ({ page, context }) => {
    const { s, dup, stays, order, mark } = await twoRecords();
    await signInAs(context.request, s.manager);
    await page.goto(`/desk/${stays.id}`);
    await expect(page.getByTestId("allowance")).toContainText("$50.00");
    await page.getByRole("button", { name: "Same person as …" }).click();
    await dialog(page).getByRole("button", { name: "Merge the two records" }).click();
    await expect(dialog(page)).toContainText("Find the other record first.");
    await pickOther(page, `old-${mark}`, dup.name);
    const stay = dialog(page).getByRole("group", { name: "Which record stays" });
    await expect(stay.getByRole("radio", { name: stays.name })).toBeChecked();
    await expect(stay).toContainText("You may still give $50.00");
    await expect(stay).toContainText("You may still give $35.00");
    await expect(stay).toContainText("+1 212 555 0142");
    await dialog(page).getByRole("button", { name: "Merge the two records" }).click();
    const reason = dialog(page).getByRole("textbox", { name: "How you know" });
    await expect(reason).toBeFocused();
    await reason.fill("Same phone and address.");
    await dialog(page).getByRole("button", { name: "Merge the two records" }).click();
    await expect(dialog(page)).toHaveCount(0);

    await expect(records(page)).toContainText(dup.name);
    await expect(page.getByTestId("allowance")).toContainText("$35.00");
    await expect(history(page)).toContainText(`${dup.name} was merged into ${stays.name}`);
    await expect(history(page)).toContainText("Same phone and address.");
    await expect(history(page)).toContainText("Credit $15.00");
    await expect(page.getByRole("region", { name: "Orders" })).toContainText(order.externalRef);

    // The record that was merged is found by its own words, and its address leads to the one that stays.
    await page.keyboard.press("/");
    await page.keyboard.type(`OLD-${mark}`, { delay: 10 });
    const option = page.getByRole("listbox", { name: "Find a customer or an order" }).getByRole("option");
    await expect(option).toHaveCount(1);
    await expect(option).toContainText(stays.name);
    await expect(option).toContainText(`also on file as ${dup.name}`);
    await page.goto(`/desk/${dup.id}`);
    await expect(page).toHaveURL(new RegExp(`/desk/${stays.id}`));
    await expect(page.getByRole("main")).toContainText(`${dup.name} was merged into this record.`);

    await records(page).getByRole("button", { name: "Undo the merge …" }).click();
    await dialog(page).getByRole("button", { name: "Undo the merge" }).click();
    await expect(records(page)).toHaveCount(0);
    await expect(page.getByTestId("allowance")).toContainText("$50.00");
    await expect(history(page)).toContainText(`The merge of ${dup.name} into ${stays.name} was undone`);
    await page.goto(`/desk/${dup.id}`);
    await expect(page.getByRole("heading", { level: 1, name: dup.name })).toBeVisible();
    await expect(history(page)).toContainText("was undone");
  });

  test("are merged the other way round: the page goes to the record that stays, though an answer is lost", async ({
    page,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/Failed to load resource: net::/);
    const { s, dup, stays, mark } = await twoRecords();
    await signInAs(context.request, s.manager);
    await page.goto(`/desk/${dup.id}`);
    await page.getByRole("button", { name: "Same person as …" }).click();
    await pickOther(page, `NEW-${mark}`, stays.name);
    await dialog(page).getByRole("radio", { name: stays.name }).check();
    await dialog(page).getByRole("textbox", { name: "How you know" }).fill("Same face.");
    await page.route(
      "**/merge",
      async (route) => {
        await route.fetch();
        await route.abort("connectionreset");
      },
      { times: 1 },
    );
    await dialog(page).getByRole("button", { name: "Merge the two records" }).click();
    await expect(page).toHaveURL(new RegExp(`/desk/${stays.id}`));
    await expect(page.getByRole("heading", { level: 1, name: stays.name })).toBeVisible();
    await expect(records(page)).toContainText(dup.name);
  });

  test("that somebody merged meanwhile aren't merged again", async ({
    page,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 409/);
    const { s, dup, stays, mark } = await twoRecords();
    const third = await createCustomer(s, { ref: `THIRD-${mark}`, name: "Somebody Third" });
    await signInAs(context.request, s.manager);
    await page.goto(`/desk/${stays.id}`);
    await page.getByRole("button", { name: "Same person as …" }).click();
    await pickOther(page, `OLD-${mark}`, dup.name);
    await dialog(page).getByRole("textbox", { name: "How you know" }).fill("Same phone.");
    const merged = await context.request.post(`/api/v1/customers/${dup.id}/merge`, {
      data: { into: third.id, reason: "Same email." },
    });
    expect(merged.status()).toBe(201);
    await dialog(page).getByRole("button", { name: "Merge the two records" }).click();
    await expect(dialog(page).getByRole("alert")).toContainText("stands for another one already");
  });

  test("are a manager's to merge, not an agent's, who reads that they were", async ({ page, context }) => {
    const { s, dup, stays } = await twoRecords();
    await signInAs(context.request, s.manager);
    await context.request.post(`/api/v1/customers/${dup.id}/merge`, {
      data: { into: stays.id, reason: "Same phone." },
    });
    await signInAs(context.request, s.agent);
    await page.goto(`/desk/${stays.id}`);
    await expect(records(page)).toContainText(dup.name);
    await expect(history(page)).toContainText("Same phone.");
    await expect(page.getByRole("button", { name: /Same person|Undo the merge/ })).toHaveCount(0);
  });
});

// Risk: a manager on a phone, in the dark or without eyes merges the wrong two.
test("a merge is accessible from the search to its undoing", async ({ page, context }) => {
  test.slow();
  const { s, dup, stays, mark } = await twoRecords();
  await page.setViewportSize(PHONE);
  await signInAs(context.request, s.manager);
  await page.goto(`/desk/${stays.id}`);
  await page.getByRole("button", { name: "Same person as …" }).click();
  await dialog(page).getByRole("combobox", { name: "The other record" }).fill(`old-${mark}`);
  await expect(page.getByRole("option", { name: dup.name })).toBeVisible();
  await expectAccessible(page, "merge-search");
  await page.getByRole("option", { name: dup.name }).click();
  await expect(dialog(page)).toContainText("$35.00");
  await expectAccessible(page, "merge-side-by-side");
  await dialog(page).getByRole("textbox", { name: "How you know" }).fill("Same phone.");
  await dialog(page).getByRole("button", { name: "Merge the two records" }).click();
  await expect(records(page)).toContainText(dup.name);
  await expect(dialog(page)).toHaveCount(0);
  await page.goto(`/desk/${dup.id}`);
  await expect(page.getByRole("main")).toContainText("was merged into this record");
  await expectAccessible(page, "merged");
  await records(page).getByRole("button", { name: "Undo the merge …" }).click();
  await expect(dialog(page)).toBeVisible();
  await expectAccessible(page, "parting");
  await expect(dialog(page)).toBeVisible();
});
