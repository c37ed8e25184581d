import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { EmployeeActor } from "@/lib/auth/types";
import { findStory } from "@/lib/handovers/data";
import { routeHandover } from "@/lib/handovers/routing";
import { createCustomer } from "../factories/customers";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const day = (role: "agent" | "manager" | "admin", max: number) =>
  limit({
    id: `${role}-day`,
    scope: ["employee", "customer"],
    window: "day",
    max,
    when: { roles: [role] },
    why: "Enough to make a guest whole.",
  });
const LIMITS = [day("agent", 3000), day("manager", 10_000)];

type Scenario = Awaited<ReturnType<typeof scenario>>;

const opened: BrowserContext[] = [];

/** One more browser, with somebody of the house signed in. */
async function browserOf(browser: Browser, baseURL: string | undefined, actor: EmployeeActor): Promise<Page> {
  const context = await browser.newContext(baseURL ? { baseURL } : {});
  opened.push(context);
  await signInAs(context.request, actor);
  return context.newPage();
}

test.afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

/** Opens a page and waits until it hears of changes, by a stream or by asking. */
async function listening(page: Page, path: string, by: "stream" | "asking" = "stream") {
  const heard = page.waitForResponse((answer) =>
    answer.url().endsWith(by === "stream" ? "/api/events" : "/api/events/marks"),
  );
  await page.goto(path);
  await heard;
}

/** Asks for more than an agent may give, at the desk. */
async function handOver(page: Page, amount: string) {
  await page.getByRole("textbox", { name: "Amount" }).fill(amount);
  await expect(page.getByRole("form", { name: "Put it right" })).toContainText(
    "someone with more discretion",
  );
  await page.getByRole("textbox", { name: "Amount" }).press("Enter");
  await page.getByRole("button", { name: `Hand over ${amount}` }).click();
  await expect(page.getByTestId("receipt")).toBeVisible();
}

const own = (page: Page) => page.getByRole("region", { name: "Waiting for you" });
const request = (page: Page) => page.getByRole("article", { name: "The open request" });
const form = (page: Page) => page.getByRole("form", { name: "Your answer" });
const panel = (page: Page) => page.getByTestId("waiting");

for (const by of ["stream", "asking"] as const) {
  // Risk: the customer waits while the manager's page shows an empty queue, or the agent's an old one.
  test(`a request is in the manager's queue, and the answer on the agent's desk, by themselves: by ${by}`, async ({
    page,
    browser,
    baseURL,
    expectConsoleError,
  }) => {
    const s = await scenario({ limits: LIMITS });
    const { id: customer } = await createCustomer(s, { name: "Leopold Waiting" });
    const manager = await browserOf(browser, baseURL, s.manager);
    await signInAs(page.context().request, s.agent);
    // One of the two ways alone, so that it is known by which it came.
    if (by === "asking") expectConsoleError(/api\/events/);
    for (const each of [page, manager]) {
      await each.route(by === "stream" ? "**/api/events/marks" : "**/api/events", (route) => route.abort());
    }
    await listening(manager, "/floor/handovers", by);
    await expect(manager.getByRole("main")).toContainText("Nothing waits for you.");
    await listening(page, `/desk/${customer}`, by);

    await handOver(page, "40.00");
    const asked = Date.now();
    await own(manager).getByText("Credit $40.00").waitFor({ timeout: 10_000 });
    const reached = Date.now();
    test.info().annotations.push({ type: "in the queue after", description: `${reached - asked} ms` });
    await expect(manager.getByRole("link", { name: "1 request waits for you" })).toBeVisible();
    await expect(panel(page)).toContainText(`Waits for ${s.manager.name}`);
    await expect(request(manager)).toContainText("An agent asks");
    await expect(request(manager)).toContainText("Leopold Waiting");
    await expect(request(manager)).toContainText("agent-day");
    await expect(form(manager)).toContainText("Within your own limits: you may grant 40.00.");

    await manager.keyboard.press("a");
    await expect(form(manager).getByRole("button", { name: "Approve 40.00" })).toBeFocused();
    await form(manager).getByRole("textbox", { name: "Words for the customer" }).fill("It is on its way.");
    await form(manager).getByRole("button", { name: "Approve 40.00" }).focus();
    await manager.keyboard.press("Enter");
    await expect(manager.locator(":focus")).toHaveText("Approved. It counts on your limits and on theirs.");
    const answered = Date.now();
    await panel(page).getByText("An manager said yes").waitFor({ timeout: 10_000 });
    test.info().annotations.push({
      type: "on the desk after",
      description: `${Date.now() - answered} ms`,
    });
    await expect(panel(page)).toContainText("Yes, go ahead.");
    await expect(panel(page)).toContainText("It is on its way.");
    await expect(page.getByRole("button", { name: "Take it back" })).toHaveCount(0);
    await expect(own(manager)).toContainText("Nothing waits for you");
    await expect(manager.getByRole("link", { name: "Nothing waits for you" })).toBeVisible();
  });
}

// Risk: somebody answers what was answered, or taken back, while they read it.
test("a request that is answered, asked about or taken back while others read it shows that to all of them", async ({
  page,
  browser,
  baseURL,
}) => {
  const s = await scenario({ limits: LIMITS });
  const { id: customer } = await createCustomer(s, { name: "Leopold Waiting" });
  const [first, second] = [
    await browserOf(browser, baseURL, s.manager),
    await browserOf(browser, baseURL, await s.employee("manager")),
  ];
  await signInAs(page.context().request, s.agent);
  await listening(page, `/desk/${customer}`);
  await handOver(page, "40.00");
  await expect(panel(page)).toContainText("Waits for");
  await listening(first, "/floor/handovers");
  await listening(second, "/floor/handovers");
  await expect(second.getByRole("region", { name: "Waiting for others" })).toContainText("$40.00");

  // More facts first: the agent answers where they are, and the request is whole again.
  await form(first).getByRole("radio", { name: "Ask for facts" }).check();
  await form(first).getByRole("textbox", { name: "What you need to know" }).fill("Which parcel was it?");
  await form(first).getByRole("button", { name: "Ask An agent" }).click();
  await expect(request(first)).toContainText("The clock stands until the answer is there");
  await expect(own(first)).toContainText("asked for facts");
  await expect(panel(page)).toContainText("An manager asks: Which parcel was it?");
  await panel(page).getByRole("button", { name: "Send the answer" }).click();
  await expect(panel(page).getByRole("textbox")).toHaveAccessibleDescription(/Say what was asked for/);
  await panel(page).getByRole("textbox", { name: "Your answer" }).fill("The red one.");
  await panel(page).getByRole("button", { name: "Send the answer" }).click();
  await expect(request(first)).toContainText("The red one.");

  // Both write an answer; the one who sends it first has answered.
  await form(second).getByRole("textbox", { name: "To who asked" }).fill("I would have said yes.");
  await first.keyboard.press("Escape");
  await first.getByRole("heading", { name: "Requests" }).click();
  await first.keyboard.press("d");
  await expect(form(first).getByRole("textbox", { name: "To who asked" })).toBeFocused();
  await first.keyboard.type("Not for the red one.");
  await first.keyboard.press("Control+Enter");
  await expect(first.locator(":focus")).toHaveText("Declined. What it held is free again.");
  await expect(request(second)).toContainText("An manager answered while you read it. Their answer stands.");
  await expect(request(second)).toContainText("Not for the red one.");
  await expect(form(second)).toHaveCount(0);
  await expect(panel(page)).toContainText("An manager said no");

  // Two at once for one customer stand together; what is taken back goes by itself.
  const amounts = [4100, 4200, 4300];
  const ids = [];
  for (const amount of amounts) ids.push(decided(await s.ask({ customer, amount })).id);
  await page.goto(`/desk/decisions/${ids[2]}`);
  await second.goto("/floor/handovers");
  await expect(second.getByRole("main")).toContainText("$43.00");
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByRole("article")).toContainText("Taken back by who asked");
  await expect(second.getByRole("main")).not.toContainText("$43.00");
  await first.goto("/floor/handovers");
  await expect(request(first)).toContainText("$41.00");
  await first.keyboard.press("j");
  await expect(request(first).getByRole("heading", { level: 2 })).toContainText("$42.00");
  await first.keyboard.press("k");
  await expect(request(first).getByRole("heading", { level: 2 })).toContainText("$41.00");
  await expect(request(first)).toContainText("An agent asks for more for this customer");
  await form(first)
    .getByRole("checkbox", { name: /Answer the other request/ })
    .check();
  await form(first).getByRole("button", { name: "Approve 41.00" }).click();
  await expect(request(first)).toContainText("One more request was answered the same way.");
  await expect(own(first)).toContainText("Nothing waits for you");
  await expect(page.getByRole("list", { name: "Answers to what you handed over" })).toContainText(
    "An manager said yes: Credit 42.00 USD for Leopold Waiting.",
  );
});

test("duty, deputies, holes and proposals are at hand on a phone too, and nothing of it is in anybody's way", async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(180_000);
  const s = await scenario({ limits: LIMITS });
  const customer = await s.customer();
  const admin = await s.employee("admin");
  await signInAs(page.context().request, s.manager);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/desk/duty");
  await page.getByRole("radio", { name: "Away" }).check();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.getByRole("combobox", { name: "Your deputy" }).selectOption({ label: admin.name });
  await expect(page.getByRole("button", { name: /Your account/ })).toContainText("Away");

  // The admin is the deputy, and has no limit of their own.
  const answered = decided(await s.ask({ customer, amount: 4400 })).id ?? "";
  const boss = await browserOf(browser, baseURL, admin);
  await listening(boss, "/floor/handovers");
  await route(s, answered);
  await expect(own(boss)).toContainText("$44.00");
  await expectAccessible(boss, "queue");
  await form(boss).getByRole("checkbox", { name: "Next time they need not ask" }).check();
  await form(boss).getByRole("button", { name: "Approve 44.00" }).click();
  await expect(request(boss)).toContainText("Draft 2 raises agent-day from $30.00 to $44.00.");
  await expectAccessible(boss, "answered");

  // With the admin away as well nobody may answer; what only a larger limit would let pass is a hole.
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("menuitemradio", { name: "On duty" }).click();
  const large = decided(await s.ask({ customer, amount: 90_000, remedy: "credit" }, { actor: admin }));
  expect(large.verdict).toBe("allow");
  await s.publish(1, { limits: [...LIMITS, day("admin", 20_000)] });
  const hole = decided(await s.ask({ customer: await s.customer(), amount: 30_000 })).id ?? "";
  await route(s, hole);
  await expect(boss.getByRole("region", { name: "Nobody may answer" })).toContainText(
    "Most that anybody may grant: $200.00.",
  );
  await expect(boss.getByRole("region", { name: "Nobody may answer" })).toContainText("admin-day");
  await boss.getByRole("link", { name: "See its simulation" }).click();
  await expect(boss.getByRole("main")).toContainText("What version 2 would have decided");
});

/** As the process that records a request does, which this is not: the worker would come to it a little later. */
async function route(s: Scenario, decisionId: string) {
  const story = await findStory(s.organizationId, decisionId);
  await routeHandover({
    organizationId: s.organizationId,
    handoverId: story?.id ?? "",
    now: new Date(),
  });
}
