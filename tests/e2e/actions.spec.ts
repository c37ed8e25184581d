import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "@playwright/test";
import { parse } from "csv-parse/sync";
import type { EmployeeActor } from "@/lib/auth/types";
import { createCustomer } from "../factories/customers";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const opened: BrowserContext[] = [];
test.afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

/** A house with a few gestures of several kinds; one customer's name would be a formula. */
async function house() {
  const s = await scenario();
  const names = ["=HYPERLINK(1)", "Ada Lovelace", "مريم", "<b>Bold</b>"];
  for (const [index, name] of names.entries()) {
    const customer = (await createCustomer(s, { name })).id;
    for (const remedy of ["credit", "gift"] as const) {
      decided(
        await s.ask({
          ...{ customer, remedy, amount: 1000 * (1 + index), note: "A word about it." },
          case: { channel: "phone", happened: "It broke.", cause: "damaged" },
        }),
      );
    }
  }
  return { ...s, other: await s.employee("manager") };
}

const rows = (page: Page) =>
  page
    .getByRole("table")
    .last()
    .getByRole("row")
    .filter({ hasNot: page.getByRole("columnheader") });
const heads = (page: Page) => page.getByRole("table").last().getByRole("columnheader");
const views = (page: Page) => page.getByRole("button", { name: /Every action|Gifts/ });

// Risk: what somebody looks at each morning has to be put together anew each morning, or stands before the wrong people.
test("a list is narrowed, ordered and cut to the columns that matter, kept under a name, shared, and opened first", async ({
  page,
  browser,
  baseURL,
}) => {
  const s = await house();
  await signInAs(page.context().request, s.manager);
  await page.goto("/floor?remedy=gift");
  await expect(rows(page)).toHaveCount(4);

  await page.getByRole("button", { name: /^Amount order by amount/ }).click();
  // The largest of some days, which can be others.
  await expect(page).toHaveURL(/sort=amount/);
  await expect(page.getByRole("radio", { name: "30 days" })).toBeChecked();
  await expect(rows(page).first()).toContainText("$40.00");
  await expect(page.getByRole("columnheader", { name: /^Amount/ })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await page.getByRole("button", { name: /^Time order by time, the newest first/ }).click();
  await page.getByRole("button", { name: /^Time order by time, the oldest first/ }).click();
  await expect(page).toHaveURL(/sort=oldest/);
  await expect(rows(page).first()).toContainText("=HYPERLINK(1)");
  await expect(rows(page).last()).toContainText("<b>Bold</b>");

  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Note" }).check();
  await page.getByRole("checkbox", { name: "Verdict" }).uncheck();
  await expect(page).toHaveURL(/columns=time,employee,customer,remedy,amount,cause,review,note/);
  await page.keyboard.press("Escape");
  await expect(heads(page)).toHaveText([
    /^Time/,
    "Employee",
    "Customer",
    "Remedy",
    /^Amount/,
    "Cause",
    "Review",
    "Note",
  ]);
  await expect(rows(page).first()).toContainText("A word about it.");

  await views(page).click();
  await page.getByRole("menuitem", { name: "Save as a new view" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save the view" }).click();
  await expect(dialog).toContainText("Give the view a name.");
  await dialog.getByLabel("Name").fill("Gifts");
  await dialog.getByRole("checkbox", { name: "Everybody on the floor sees it" }).check();
  await dialog.getByRole("checkbox", { name: "I begin with it" }).check();
  await expectAccessible(page, "a view to be saved");
  await dialog.getByRole("button", { name: "Save the view" }).click();
  await expect(views(page)).toHaveText("Gifts");

  // It is what the person begins with, and every action is one press away.
  await page.goto("/floor");
  await expect(page).toHaveURL(/remedy=gift.*view=/);
  await expect(rows(page)).toHaveCount(4);
  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(page.getByRole("list", { name: "Shown are" })).toHaveCount(0);
  await expect(rows(page)).toHaveCount(4 + 4);
  await views(page).click();
  await page.getByRole("menuitem", { name: "Every action", exact: true }).click();
  await expect(page).toHaveURL(/view=all$/);
  await expect(views(page)).toHaveText("Every action");

  const context = await browser.newContext(baseURL ? { baseURL } : {});
  opened.push(context);
  await signInAs(context.request, s.other as EmployeeActor);
  const theirs = await context.newPage();
  await theirs.goto("/floor");
  await expect(rows(theirs)).toHaveCount(8);
  await views(theirs).click();
  await theirs.getByRole("menuitem", { name: /^Gifts/ }).click();
  await expect(rows(theirs)).toHaveCount(4);
  await expect(heads(theirs)).toHaveCount(8);
  await views(theirs).click();
  await expect(theirs.getByRole("menuitem", { name: /^Remove/ })).toHaveCount(0);
  await theirs.keyboard.press("Escape");

  // Changed, kept, and taken away.
  await views(page).click();
  await page.getByRole("menuitem", { name: /^Gifts/ }).click();
  await expect(views(page)).toHaveText("Gifts");
  await page.getByRole("button", { name: /^Amount order by amount/ }).click();
  await expect(views(page)).toHaveText("Giftschanged");
  await views(page).click();
  await page.getByRole("menuitem", { name: "Keep the changes in “Gifts”" }).click();
  await expect(views(page)).toHaveText("Gifts");
  await views(page).click();
  await page.getByRole("menuitem", { name: "Remove “Gifts”" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove the view" }).click();
  await expect(page).toHaveURL(/\/floor$/);
  await expect(rows(page)).toHaveCount(8);
  await expectAccessible(page, "the list");
});

// Risk: the file says something else than the list, or runs on the machine of whoever opens it.
test("the export is the list: its rows, in its order, with its columns, and no formula in it", async ({
  page,
}) => {
  const s = await house();
  await signInAs(page.context().request, s.manager);
  await page.goto("/floor?remedy=gift&sort=amount&columns=customer,amount");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^actions-\d{4}-\d{2}-\d{2}\.csv$/);
  const lines = parse(await readFile(await file.path(), "utf8"), { bom: true }) as string[][];
  expect(lines[0]).toEqual(["Time", "Decision", "Customer", "Amount", "Currency", "Asked for"]);
  expect(lines.slice(1).map((line) => line.slice(2))).toEqual([
    ["<b>Bold</b>", "40.00", "USD", "40.00"],
    ["مريم", "30.00", "USD", "30.00"],
    ["Ada Lovelace", "20.00", "USD", "20.00"],
    ["'=HYPERLINK(1)", "10.00", "USD", "10.00"],
  ]);
  await signInAs(page.context().request, s.agent);
  expect((await page.request.get("/floor/export")).status()).toBe(403);
  const elsewhere = { headers: { Origin: "https://elsewhere.example" } };
  expect((await page.request.get("/floor/export", elsewhere)).status()).toBe(403);
});
