import type { Locator, Page } from "@playwright/test";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { currentPolicy } from "@/lib/policies/data";
import { publishPolicy } from "@/lib/policies/mutations";
import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";

const organizationId = DEMO_ORGANIZATION_ID;

/** Goes on with Tab until the element has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < 300; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab never came there.");
}

async function openCustomer(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("combobox", { name: "Find a customer" })).toBeFocused();
  await page.keyboard.type(name, { delay: 10 });
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Types a credit of 25.00 and reviews it. */
async function ask(page: Page): Promise<void> {
  await tabTo(page, page.getByRole("textbox", { name: "What happened" }));
  await page.keyboard.type("The room was not ready.");
  await tabTo(page, page.getByRole("combobox", { name: "Cause" }));
  await page.keyboard.type("service failure");
  await page.keyboard.press("Escape");
  await tabTo(page, page.getByRole("textbox", { name: "Amount" }));
  await page.keyboard.type("25.00");
}

// Whatever became of the policy here, the next file finds the demo's again.
test.describe("the main job, by keyboard alone", () => {
  let before: NonNullable<Awaited<ReturnType<typeof currentPolicy>>>;
  test.beforeEach(async () => {
    const policy = await currentPolicy(organizationId);
    if (!policy) throw new Error("The demo has no policy.");
    before = policy;
  });
  test.afterEach(async () => {
    const now = await currentPolicy(organizationId);
    if (now?.version === before.version) return;
    await publishPolicy({
      organizationId,
      base: now?.version ?? null,
      document: before.document,
      note: null,
      authorId: null,
      now: new Date(),
    });
  });

  test("an agent gives, a manager sees it, an admin lowers the limit, and the next one is handed over", async ({
    openAs,
  }) => {
    test.slow();
    const { name } = await createCustomer({ organizationId }, { name: `Ottoline ${Date.now()}` });

    const agent = await openAs("agent");
    await agent.goto("/desk");
    await openCustomer(agent, name);
    await expect(agent.getByTestId("allowance")).toContainText("$2,000.00");
    await ask(agent);
    await expect(agent.getByRole("form")).toContainText("You can do this now.");
    await agent.keyboard.press("Enter");
    await expect(agent.getByRole("button", { name: /^Give 25\.00 now/ })).toBeFocused();
    await agent.keyboard.press("Enter");
    await expect(agent.getByTestId("receipt")).toContainText("25.00");
    await expect(agent.getByTestId("allowance")).toContainText("$1,975.00");

    const manager = await openAs("manager");
    await manager.goto("/floor");
    await expect(manager.getByRole("row").filter({ hasText: name })).toContainText("$25.00");
    await manager.keyboard.press("j");
    await manager.keyboard.press("Enter");
    await expect(manager).toHaveURL(/\/floor\/decisions\//);
    await expect(manager.getByRole("main")).toContainText(name);
    await expect(manager.getByRole("main")).toContainText("guest-day");

    const admin = await openAs("admin");
    await admin.goto("/settings");
    await tabTo(admin, admin.getByRole("button", { name: "Draft a change" }));
    await admin.keyboard.press("Enter");
    await expect(admin.getByRole("heading", { level: 1 })).toContainText("Draft, version");
    const most = admin.getByRole("textbox", { name: "The most" }).first();
    await tabTo(admin, most);
    await admin.keyboard.press("ControlOrMeta+a");
    await admin.keyboard.type("30.00");
    // The examples say what else that changes; each is looked at, and expected from now on.
    const checks = admin.getByRole("region", { name: "Checks" });
    await expect(checks).toContainText("4 of 7 examples pass.");
    for (const passing of [5, 6, 7]) {
      await tabTo(admin, admin.getByRole("button", { name: "Expect what comes now" }).first());
      await admin.keyboard.press("Enter");
      await expect(checks).toContainText(passing === 7 ? "All 7 examples pass." : `${passing} of 7 examples`);
    }
    await tabTo(admin, admin.getByRole("textbox", { name: "What changes, and why" }));
    await admin.keyboard.type("A quiet season.");
    await admin.keyboard.press("ControlOrMeta+s");
    await expect(admin.getByText("The draft is saved.")).toBeVisible();
    await tabTo(admin, admin.getByRole("button", { name: "Publish now …" }));
    await admin.keyboard.press("Enter");
    await tabTo(admin, admin.getByRole("dialog").getByRole("button", { name: "Publish now" }));
    await admin.keyboard.press("Enter");
    await expect(admin.getByText(/^Version \d+ is in force\.$/)).toBeVisible();

    await agent.goto("/desk");
    await openCustomer(agent, name);
    await expect(agent.getByTestId("allowance")).toContainText("$5.00");
    await ask(agent);
    const form = agent.getByRole("form");
    await expect(form).toContainText("guest-day");
    await expect(form).toContainText("used 25.00 · asked 25.00 · left 5.00 before it");
    await agent.keyboard.press("Enter");
    await expect(agent.getByRole("button", { name: /^Hand over 25\.00/ })).toBeFocused();
    await agent.keyboard.press("Enter");
    await expect(agent.getByTestId("receipt")).toContainText("Handed over");
    await expect(agent.getByTestId("allowance")).toContainText("25.00 held");
  });
});
