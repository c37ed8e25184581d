import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import type { EmployeeActor } from "@/lib/auth/types";
import type { Role } from "@/lib/discretion/schema";
import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { openPalette, untilItListens } from "../setup/palette";
import { given } from "../setup/receipt";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const day = (role: Role, max: number) =>
  limit({
    ...{ id: `${role}-day`, scope: ["employee", "customer"], window: "day", max },
    when: { roles: [role] },
    why: "Enough to make a guest whole.",
    value: "ownership",
  });

/** Goes on with Tab until the element has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < 300; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab never came there.");
}

/** Finds something by ⌘K, and goes there. */
async function goTo(page: Page, typed: string, name: string): Promise<void> {
  await openPalette(page);
  await page.keyboard.type(typed, { delay: 10 });
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("Enter");
  // What is pressed before it is gone is typed into it.
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

/** Tells what happened, and what is to be given for it. */
async function tell(page: Page, amount: string): Promise<void> {
  await tabTo(page, page.getByRole("textbox", { name: "What happened" }));
  await page.keyboard.type("The room was not ready.");
  await tabTo(page, page.getByRole("combobox", { name: "Cause" }));
  await page.keyboard.type("service failure");
  await page.keyboard.press("Escape");
  await tabTo(page, page.getByRole("textbox", { name: "Amount" }));
  await page.keyboard.type(amount);
}

/** Starts a case for whoever goes by the name: with `C`, or with `/` where another customer is before the person. */
async function startCase(page: Page, key: "c" | "/", name: string): Promise<void> {
  await untilItListens(page);
  await page.keyboard.press(key);
  await expect(page.getByRole("combobox", { name: "Find a customer" })).toBeFocused();
  await page.keyboard.type(name, { delay: 10 });
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

const pressed: string[] = [];
const opened: BrowserContext[] = [];
test.afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

/** Somebody's browser, which writes down where a mouse or a finger was used after all. */
async function withoutMouse(browser: Browser, baseURL: string | undefined, actor: EmployeeActor) {
  const context = await browser.newContext(baseURL ? { baseURL } : {});
  opened.push(context);
  await context.addInitScript(() => {
    addEventListener("pointerdown", () => window.pressed?.(), true);
  });
  await context.exposeFunction("pressed", () => pressed.push(actor.role));
  await signInAs(context.request, actor);
  return context.newPage();
}
declare global {
  interface Window {
    pressed?: () => void;
  }
}

// Risk: what everybody does all day takes a mouse somewhere, or a detour.
test("an agent gives and hands over, a manager answers and looks back, an admin lowers the limit: by keyboard alone", async ({
  browser,
  baseURL,
}) => {
  test.setTimeout(180_000);
  const s = await scenario({
    limits: [day("agent", 3000), day("manager", 10_000)],
    rules: [
      {
        ...{ id: "gift", effect: "bend", when: { remedies: ["gift"] } },
        ...{ why: "A gift is remembered.", say: "Gladly.", value: "ownership" },
      },
    ],
    values: [{ id: "ownership", text: "Whoever hears of a problem owns it." }],
  });
  const people = { first: "Ottoline Zimmer", second: "Leonora Quast", third: "Barnaby Flint" };
  for (const name of Object.values(people)) await createCustomer(s, { name });
  const note = "Their third mishap in a row.";
  decided(await s.ask({ customer: await s.customer(), amount: 1000, remedy: "gift", note }));
  const agent = await withoutMouse(browser, baseURL, s.agent);
  const receipt = agent.getByTestId("receipt");
  const form = agent.getByRole("form", { name: "Put it right" });

  await test.step("from ⌘K on any page to done, with a promise that stands in the day", async () => {
    await agent.goto("/desk/duty");
    await goTo(agent, "ottoline", people.first);
    await expect(agent.getByRole("heading", { level: 1, name: people.first })).toBeVisible();
    await expect(agent.getByTestId("allowance")).toContainText("$30.00");
    await tell(agent, "25.00");
    await tabTo(agent, agent.getByRole("button", { name: "Promise something for later" }));
    await agent.keyboard.press("Enter");
    await tabTo(agent, agent.getByRole("textbox", { name: "What you promise" }));
    await agent.keyboard.type("Call on Monday.");
    await expect(form).toContainText("You can do this now.");
    await agent.keyboard.press("ControlOrMeta+Enter");
    await expect(agent.getByRole("button", { name: /^Give 25\.00 now/ })).toBeFocused();
    await agent.keyboard.press("Enter");
    await expect(receipt).toContainText(given(`Credit 25.00 USD for ${people.first}`));
    await expect(agent.getByTestId("promise")).toContainText("in your day until you tick it");
    await expect(agent.getByTestId("allowance")).toContainText("$5.00");
    await goTo(agent, "my day", "My day");
    await expect(agent.getByRole("region", { name: "What you promised" })).toContainText(people.first);
  });

  await test.step("what is too much goes to somebody else", async () => {
    for (const [key, name, amount] of [
      ["c", people.second, "40.00"],
      ["/", people.third, "50.00"],
    ] as const) {
      await startCase(agent, key, name);
      await tell(agent, amount);
      await expect(form).toContainText("agent-day");
      await agent.keyboard.press("Enter");
      await expect(agent.getByRole("button", { name: `Hand over ${amount}` })).toBeFocused();
      await agent.keyboard.press("Enter");
      await expect(receipt).toContainText("Handed over");
      await expect(agent.getByTestId("waiting")).toContainText(`Waits for ${s.manager.name}`);
    }
  });

  const manager = await withoutMouse(browser, baseURL, s.manager);
  const request = manager.getByRole("article", { name: "The open request" });
  const asked = request.getByRole("heading", { level: 2 });

  await test.step("one is granted with A, the other declined with D, and the agent hears of it", async () => {
    await manager.goto("/floor");
    await goTo(manager, "requests", "Requests that wait");
    await expect(asked).toContainText("$40.00");
    await manager.keyboard.press("j");
    await expect(asked).toContainText("$50.00");
    await manager.keyboard.press("d");
    await expect(request.getByRole("textbox", { name: "To who asked" })).toBeFocused();
    await manager.keyboard.type("Not a third time: j, k, a, d.");
    await manager.keyboard.press("ControlOrMeta+Enter");
    await expect(manager.locator(":focus")).toHaveText("Declined. What it held is free again.");
    await expect(agent.getByTestId("waiting")).toContainText("An manager said no");
    await manager.keyboard.press("k");
    await expect(asked).toContainText("$40.00");
    await manager.keyboard.press("a");
    await expect(request.getByRole("button", { name: "Approve 40.00" })).toBeFocused();
    await manager.keyboard.press("Enter");
    await expect(manager.locator(":focus")).toHaveText("Approved. It counts on your limits and on theirs.");
    await expect(agent.getByRole("list", { name: "Answers to what you handed over" })).toContainText(
      `An manager said yes: Credit 40.00 USD for ${people.second}.`,
    );
  });

  await test.step("what was given is looked back at, and stands in the list of every action", async () => {
    await goTo(manager, "reviews to", "Reviews to write");
    await expect(manager.getByRole("article")).toContainText("it bent a guideline");
    await manager.keyboard.press("1");
    await manager.keyboard.press("w");
    await manager.keyboard.type("They will come back.");
    await manager.keyboard.press("ControlOrMeta+Enter");
    await expect(manager.getByRole("status").filter({ hasText: "Said: Great call." })).toBeVisible();
    await goTo(manager, "every action", "Floor: every action");
    await expect(manager.getByRole("row").filter({ hasText: people.first })).toContainText("$25.00");
    await untilItListens(manager);
    await manager.keyboard.press("j");
    await manager.keyboard.press("Enter");
    await expect(manager).toHaveURL(/\/floor\/decisions\//);
    await expect(manager.getByRole("main")).toContainText(people.third);
  });

  await test.step("the admin lowers the limit, and the desk goes by it", async () => {
    const admin = await withoutMouse(browser, baseURL, await s.employee("admin"));
    await admin.goto("/floor");
    await goTo(admin, "policy set", "Policy settings");
    await tabTo(admin, admin.getByRole("button", { name: "Draft a change" }));
    await admin.keyboard.press("Enter");
    await expect(admin.getByRole("heading", { level: 1 })).toContainText("Draft, version");
    await tabTo(admin, admin.getByRole("textbox", { name: "The most" }).first());
    await admin.keyboard.press("ControlOrMeta+a");
    await admin.keyboard.type("26.00");
    await tabTo(admin, admin.getByRole("textbox", { name: "What changes, and why" }));
    await admin.keyboard.type("A quiet season.");
    await admin.keyboard.press("ControlOrMeta+s");
    await expect(admin.getByText("The draft is saved.")).toBeVisible();
    await tabTo(admin, admin.getByRole("button", { name: "Publish now …" }));
    await admin.keyboard.press("Enter");
    await tabTo(admin, admin.getByRole("dialog").getByRole("button", { name: "Publish now" }));
    await admin.keyboard.press("Enter");
    await expect(admin.getByText(/^Version \d+ is in force\.$/)).toBeVisible();
    await startCase(agent, "/", people.first);
    await expect(agent.getByTestId("allowance")).toContainText("$1.00");
  });
  expect(pressed, "who used a mouse").toEqual([]);
});
