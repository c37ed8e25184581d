import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { Role } from "@/lib/discretion/schema";
import { findStory } from "@/lib/handovers/data";
import { routeHandover } from "@/lib/handovers/routing";
import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";
import { expectThumbs } from "../setup/thumbs";

const day = (role: Role, max: number) =>
  limit({
    ...{ id: `${role}-day`, scope: ["employee", "customer"], window: "day", max },
    when: { roles: [role] },
    why: "Enough to make a guest whole.",
  });
const told = (happened: string, cause: string) => ({ case: { channel: "phone", happened, cause } });

// Risk: a manager who is on their feet can look, and not answer.
test("a manager on their feet answers, looks back, reads the list and follows a cause, with one thumb", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const s = await scenario({
    limits: [day("agent", 3000), day("manager", 10_000)],
    rules: [
      {
        ...{ id: "gift", effect: "bend", when: { remedies: ["gift"] } },
        ...{ why: "A gift is remembered.", say: "Gladly." },
      },
    ],
  });
  const ask = async (name: string, input: Parameters<typeof s.ask>[0]) =>
    decided(await s.ask({ ...input, customer: (await createCustomer(s, { name })).id })).id ?? "";
  const given = await ask("Ada Given", {
    ...{ customer: "", amount: 2000, remedy: "gift", note: "Their third mishap in a row." },
    ...told("The lamp broke.", "damaged"),
  });
  for (const [name, amount] of [
    ["Bea Approved", 4000],
    ["Cleo Adjusted", 12_000],
    ["Dora Declined", 6000],
  ] as const) {
    const decision = await ask(name, { customer: "", amount, ...told("It came late.", "carrier") });
    const story = await findStory(s.organizationId, decision);
    const { organizationId } = s;
    await routeHandover({ organizationId, handoverId: story?.id ?? "", now: new Date() });
  }
  await signInAs(page.context().request, s.manager);
  const main = page.getByRole("main");
  const form = page.getByRole("form", { name: "Your answer" });
  const queued = (name: string) => main.getByRole("link").filter({ hasText: name });

  await test.step("the queue: one is approved, one adjusted, one declined", async () => {
    await page.goto("/floor/handovers");
    await expect(queued("Dora Declined")).toBeVisible();
    await expectThumbs(page, "the queue");
    await queued("Bea Approved").tap();
    await expect(form).toContainText("Within your own limits: you may grant 40.00.");
    await expectThumbs(page, "a request");
    await form.getByRole("button", { name: "Approve 40.00" }).tap();
    await expect(main).toContainText("Approved. It counts on your limits and on theirs.");
    await expectThumbs(page, "a request that was answered");
    await page.getByRole("link", { name: "All requests" }).tap();
    await expect(queued("Bea Approved")).toHaveCount(0);

    await queued("Cleo Adjusted").tap();
    await expect(form).toContainText("The most that you may grant right now is $100.00.");
    await form.getByRole("radio", { name: "Another amount" }).check();
    const amount = form.getByRole("textbox", { name: "Amount in USD" });
    await expect(amount).toHaveAttribute("inputmode", "decimal");
    await amount.fill("60");
    await form.getByRole("textbox", { name: "To who asked" }).fill("Half of it now.");
    await expect(form).toContainText("you may grant 60.00.");
    await expectThumbs(page, "a request for another amount");
    await form.getByRole("button", { name: "Grant 60.00" }).tap();
    await expect(main).toContainText("were granted");
    await page.getByRole("link", { name: "All requests" }).tap();

    await queued("Dora Declined").tap();
    await form.getByRole("radio", { name: "Decline" }).check();
    await form.getByRole("textbox", { name: "To who asked" }).fill("Not a third time.");
    await form.getByRole("button", { name: "Decline" }).tap();
    await expect(main).toContainText("Declined. What it held is free again.");
    await page.getByRole("link", { name: "All requests" }).tap();
    await expect(main).toContainText("Nothing waits for you.");
  });

  await test.step("the list is narrowed, ordered and cut, and comes along as a file", async () => {
    await page.goto("/floor");
    await expect(main.locator("[data-row]:visible")).toHaveCount(4);
    await page.getByRole("button", { name: "Filters", exact: true }).tap();
    await expectThumbs(page, "the filters");
    await expect(page.getByLabel("At least")).toHaveAttribute("inputmode", "decimal");
    await page.getByRole("combobox", { name: "Remedy" }).selectOption("Gift");
    await expect(main.locator("[data-row]:visible")).toHaveCount(1);
    await page.getByText("7 days", { exact: true }).tap();
    await expect(page).toHaveURL(/days=7/);
    await page.getByRole("button", { name: "Columns", exact: true }).tap();
    await expect(page.getByRole("checkbox", { name: "Cause" })).toBeVisible();
    await expectThumbs(page, "what the table shows");
    await page.getByRole("checkbox", { name: "Note" }).check();
    await expect(page).toHaveURL(/columns=/);
    await page.keyboard.press("Escape");
    await expect(main.locator("[data-row]:visible")).toContainText("Their third mishap in a row.");
  });

  await test.step("what is looked at each morning is kept as a view, opened, exported and taken away", async () => {
    const views = page.getByRole("button", { name: /Every action|Gifts of a week/ });
    const dialog = page.getByRole("dialog");
    await views.tap();
    await expectThumbs(page, "the views");
    await page.getByRole("menuitem", { name: "Save as a new view" }).tap();
    await dialog.getByLabel("Name").fill("Gifts of a week");
    await expectThumbs(page, "a view to be saved");
    await dialog.getByRole("button", { name: "Save the view" }).tap();
    await expect(views).toHaveText("Gifts of a week");
    await page.getByRole("button", { name: "Clear all" }).tap();
    await expect(main.locator("[data-row]:visible")).toHaveCount(4);
    await views.tap();
    await page.getByRole("menuitem", { name: /^Gifts of a week/ }).tap();
    await expect(main.locator("[data-row]:visible")).toHaveCount(1);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export CSV" }).tap();
    const lines = parse(await readFile(await (await download).path(), "utf8"), { bom: true }) as string[][];
    expect(lines).toHaveLength(2);
    expect(lines[1]?.join()).toContain("Ada Given");
    await views.tap();
    await page.getByRole("menuitem", { name: "Remove “Gifts of a week”" }).tap();
    await expectThumbs(page, "a view to be removed");
    await dialog.getByRole("button", { name: "Remove the view" }).tap();
    await expect(page).toHaveURL(/\/floor$/);
    await expect(main.locator("[data-row]:visible")).toHaveCount(4);
    await main.locator("[data-row]:visible").filter({ hasText: "Ada Given" }).tap();
    await expect(page).toHaveURL(`/floor/decisions/${given}`);
  });

  await test.step("a decision is looked back at", async () => {
    await expect(main).toContainText("A gift is remembered.");
    await expectThumbs(page, "a decision to look back at");
    await page.goto("/floor/reviews");
    const about = page.getByRole("group", { name: "How it looks to you" });
    await about.getByRole("radio", { name: /Great call/ }).tap();
    await expect(about.getByRole("radio", { name: /Great call/ })).toBeChecked();
    await expectThumbs(page, "a review");
    await page.getByRole("button", { name: "Say it" }).tap();
    await expect(page.getByRole("status").filter({ hasText: "Said: Great call." })).toBeVisible();
  });

  await test.step("the dashboards lead to rows, and a cause is taken on", async () => {
    await page.goto("/floor/insights");
    await page
      .getByRole("region", { name: "The numbers" })
      .getByRole("link", { name: "3", exact: true })
      .first()
      .tap();
    await expect(page).toHaveURL(/\/floor\?from=.*verdict=handover/);
    await expect(main.locator("[data-row]:visible")).toHaveCount(3);
    await page.goto("/floor/causes");
    await page.getByRole("button", { name: "Take it on: carrier" }).tap();
    const taken = page.getByRole("form", { name: "What is being done about carrier" });
    await taken.getByLabel("What is being done").fill("Another one from Monday on.");
    await expectThumbs(page, "a cause that is taken on");
    await taken.getByRole("button", { name: "Write it down" }).tap();
    await expect(main).toContainText("Another one from Monday on.");
  });
});

// Risk: what only a long history shows is there for large screens alone.
test("hot spots, the cost of asking, signals and consistency are read and followed with one thumb", async ({
  page,
  signIn,
}) => {
  await signIn("manager");
  const main = page.getByRole("main");
  await page.goto("/floor/hot-spots");
  await expect(main.getByRole("article").first()).toContainText(/Approved \d+ of \d+ times/);
  await page
    .getByRole("navigation", { name: "The floor" })
    .getByRole("link", { name: "Cost of asking" })
    .tap();
  await expect(page.getByRole("heading", { level: 1, name: "Cost of asking" })).toBeVisible();
  await expect(main).toContainText(/answers, \d+ min each/);
  await page.getByRole("navigation", { name: "The floor" }).getByRole("link", { name: "Signals" }).tap();
  const pair = main.getByRole("article").filter({ hasText: /11 of a customer’s 1\d gestures/ });
  await pair.getByRole("button", { name: "Show who it is" }).tap();
  await expect(pair).toContainText("It is about");
  await expectThumbs(page, "a signal that is named");
  await page.getByRole("navigation", { name: "The floor" }).getByRole("link", { name: "Consistency" }).tap();
  await expect(page.getByRole("figure").first()).toContainText(/Half of the [\d,]+ gestures/);
  await page.getByRole("combobox", { name: "Remedy" }).selectOption("Gift");
  await expect(page).toHaveURL(/remedy=gift/);
  await page
    .getByRole("link", { name: /^The actions/ })
    .first()
    .tap();
  await expect(page).toHaveURL(/\/floor\?.*remedy=gift.*cause=/);
});
