import type { BrowserContext, Page } from "@playwright/test";
import { createCustomer } from "../factories/customers";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const opened: BrowserContext[] = [];
test.afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

async function house() {
  const s = await scenario({
    rules: [
      {
        id: "gift",
        effect: "bend",
        when: { remedies: ["gift"] },
        why: "A gift is remembered.",
        say: "Gladly.",
      },
    ],
  });
  const customer = (await createCustomer(s, { name: "Ada Lovelace" })).id;
  const ids: string[] = [];
  for (const amount of [1000, 2000, 3000]) {
    const answer = await s.ask({
      ...{ customer, amount, remedy: "gift", note: "Their third mishap in a row." },
      case: { channel: "phone", happened: `Ada's lamp ${amount} broke.`, cause: "damaged" },
    });
    ids.push(decided(answer).id ?? "");
  }
  return { ...s, customer, ids };
}

const current = (page: Page) => page.getByRole("article");
const chosen = (page: Page) =>
  page.getByRole("group", { name: "How it looks to you" }).getByRole("radio", { checked: true });

// Risk: looking back takes so long that nobody does, or the employee hears of it from others.
test("a manager looks back with the keyboard alone; the employee's page hears of it, and they answer; it becomes a precedent", async ({
  page,
  browser,
  baseURL,
}) => {
  const s = await house();
  const context = await browser.newContext(baseURL ? { baseURL } : {});
  opened.push(context);
  await signInAs(context.request, s.agent);
  const desk = await context.newPage();
  await desk.goto("/desk/reviews");
  await expect(desk.getByText("Nobody has looked back at a decision of yours yet")).toBeVisible();

  await signInAs(page.context().request, s.manager);
  await page.goto("/floor/reviews");
  await expect(page.getByText("1 of 3")).toBeVisible();
  await expect(current(page)).toContainText("$30.00");
  await expect(current(page)).toContainText("it bent a guideline");
  await expect(current(page)).toContainText("A gift is remembered.");
  await page.keyboard.press("j");
  await expect(current(page)).toContainText("$20.00");
  await page.keyboard.press("k");
  await expect(current(page)).toContainText("$30.00");
  await page.keyboard.press("1");
  await expect(chosen(page)).toHaveAccessibleName(/Great call/);
  await page.keyboard.press("w");
  await page.keyboard.type("1, 2, j: they will come back.");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("status").filter({ hasText: "Said: Great call." })).toBeVisible();
  await expect(page.getByText("1 of 2")).toBeVisible();
  await expect(current(page)).toContainText("$20.00");

  // To talk takes words.
  await page.keyboard.press("5");
  await page.keyboard.press("Enter");
  await expect(page.getByText("they read it before you meet.")).toBeVisible();
  await page.keyboard.type("What would have helped?");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("1 of 1")).toBeVisible();
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing waits to be looked at")).toBeVisible();

  await expect(desk.getByText("1, 2, j: they will come back.")).toBeVisible();
  await expect(desk.getByText("Great call")).toBeVisible();
  const talk = desk.getByRole("listitem").filter({ hasText: "What would have helped?" }).last();
  await talk.getByLabel("Your answer").fill("A number to call back.");
  await expectAccessible(desk, "reviews of my decisions");
  await talk.getByRole("button", { name: "Answer" }).click();
  await expect(desk.getByText("A number to call back.")).toBeVisible();
  await expect(talk.getByLabel("Your answer")).toHaveCount(0);
  await desk.goto("/desk/day");
  const day = desk.getByRole("region", { name: "Reviews of my decisions" });
  await expect(day.getByRole("listitem")).toHaveCount(3);
  await expect(day).toContainText("not answered yet");
  await day.getByRole("link", { name: "Read and answer them" }).click();
  await expect(desk).toHaveURL(/\/desk\/reviews$/);

  await page.goto(`/floor/decisions/${s.ids[1]}`);
  const main = page.getByRole("main");
  await expect(main).toContainText("A number to call back.");
  await expect(main).toContainText("Answered to a review");
  await page.goto("/floor?columns=time,review");
  await expect(page.getByRole("table").last()).toContainText("Let’s talk");

  await page.goto(`/floor/decisions/${s.ids[2]}`);
  await page.getByRole("button", { name: "Make it a precedent" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("These words of it are names: Ada");
  await dialog.getByLabel("What happened").fill("A lamp broke for the third time.");
  await expect(dialog).not.toContainText("are names");
  await dialog
    .getByLabel("What was done, and why it was good")
    .fill("A gift, because the mishaps were ours.");
  await expectAccessible(page, "a precedent to be made");
  await dialog.getByRole("button", { name: "Make it a precedent" }).click();
  await expect(main).toContainText("It is a precedent now.");
  const similar = await desk.request.get(
    `/desk/similar?customer=${s.customer}&cause=damaged&remedy=gift&currency=USD`,
  );
  expect((await similar.json()).taught).toMatchObject([{ happened: "A lamp broke for the third time." }]);
  await page.goto("/floor/reviews/precedents");
  await expect(page.getByRole("article")).toContainText("A lamp broke for the third time.");
  await expect(main).not.toContainText("Ada");
  await expectAccessible(page, "precedents");
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("There is no precedent yet")).toBeVisible();
});

test("somebody who leads tells of a mistake of their own, marked as that; an admin keeps the rule; an auditor only reads", async ({
  page,
}) => {
  const s = await house();
  const id = decided(await s.ask({ customer: s.customer, amount: 5000 }, { actor: s.manager })).id;
  await signInAs(page.context().request, s.manager);
  await page.goto(`/floor/decisions/${id}`);
  await page.getByRole("button", { name: "Tell others about a mistake of yours" }).click();
  await page.getByRole("radio", { name: "The limit was wrong" }).check();
  await page.getByLabel("What others can learn from it").fill("I gave it before I had listened.");
  await page.getByRole("button", { name: "Post it" }).click();
  await expect(page.getByRole("main")).toContainText("their own decision");
  await expect(page.getByRole("button", { name: "Tell others about a mistake of yours" })).toHaveCount(0);
  await expectAccessible(page, "a decision with a review");
  await page.goto("/floor/hot-spots");
  await expect(page.getByRole("region", { name: "What reviews say about the rules" })).toContainText(
    "wrong once",
  );

  await signInAs(page.context().request, await s.employee("admin"));
  await page.goto("/floor/reviews");
  await page.getByRole("button", { name: "The rule" }).click();
  const dialog = page.getByRole("dialog");
  const share = dialog.getByLabel("So many of a hundred, whosever they are");
  await share.fill("101");
  await dialog.getByLabel("Everything from this amount on").fill("lots");
  await dialog.getByRole("button", { name: "Keep the rule" }).click();
  await expect(dialog).toContainText("Give a whole number from 0 to 100.");
  await expect(dialog).toContainText("Write an amount such as 25.00");
  await expectAccessible(page, "the rule of reviews");
  await share.fill("0");
  await dialog.getByRole("checkbox", { name: "Everything that bent a guideline" }).uncheck();
  await dialog.getByLabel("Everything from this amount on").fill("25.00");
  await dialog.getByLabel("Everything of who began no more than so many days ago").fill("");
  await dialog.getByRole("button", { name: "Keep the rule" }).click();
  await expect(page.getByRole("main")).toContainText("all from $25.00 on");
  await expect(page.getByText("1 of 1")).toBeVisible();

  await signInAs(page.context().request, await s.employee("auditor"));
  await page.goto("/floor/reviews");
  await expect(page.getByText("Your role reads what waits here, and writes nothing.")).toBeVisible();
  await expect(page.getByRole("button", { name: "The rule" })).toHaveCount(0);
});
