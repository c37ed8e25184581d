import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { currentPolicy } from "@/lib/policies/data";
import { publishPolicy } from "@/lib/policies/mutations";
import { expect, test } from "../setup/browser";

const organizationId = DEMO_ORGANIZATION_ID;

async function policy() {
  const current = await currentPolicy(organizationId);
  if (!current) throw new Error("The demo has no policy.");
  return current;
}

/** Publishes behind the page's back. */
async function publish(change: (document: Awaited<ReturnType<typeof policy>>["document"]) => void) {
  const { version, document } = await policy();
  const changed = structuredClone(document);
  change(changed);
  const answer = await publishPolicy({
    organizationId,
    base: version,
    document: changed,
    note: null,
    authorId: null,
    now: new Date(),
  });
  expect(answer.ok).toBe(true);
  return version + 1;
}

// Whatever became of the policy here, the next test finds the demo's again.
let before: Awaited<ReturnType<typeof policy>>["document"];
test.beforeAll(async () => {
  before = (await policy()).document;
});
test.afterEach(async () => {
  const { document } = await policy();
  if (JSON.stringify(document) !== JSON.stringify(before)) await publish((now) => Object.assign(now, before));
});

const part = (page: Page, id: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name: id, exact: true }) });
const most = (limit: Locator) => limit.getByRole("textbox", { name: "The most" });
const save = (page: Page) => page.getByRole("button", { name: /^Put version \d+ in force$/ });
const panel = (page: Page) => page.getByRole("region", { name: "What saving changes" });

test.describe("the policy", () => {
  test("reads as sentences, and a changed word makes the next version, in force at once", async ({
    page,
    signIn,
  }) => {
    const { version } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    const limit = part(page, "guest-day");
    await expect(limit.getByRole("button", { name: "Who: An agent" })).toBeVisible();
    await expect(most(limit)).toHaveValue("2,000.00");
    await expect(save(page)).toBeDisabled();
    await most(limit).fill("30.00");
    await expect(panel(page)).toContainText("guest-day: 2,000.00 USD → 30.00 USD");
    await page.getByRole("textbox", { name: "What changed, and why" }).fill("A quiet season.");
    await save(page).click();
    await expect(panel(page)).toContainText(`Version ${version + 1} is in force.`);
    await expect(panel(page)).toContainText("Nothing yet.");
    expect(await policy()).toMatchObject({ version: version + 1, note: "A quiet season." });
    expect((await policy()).document.limits.find((each) => each.id === "guest-day")?.max).toBe(3000);

    await panel(page)
      .getByRole("link", { name: `See version ${version + 1}` })
      .click();
    const main = page.getByRole("main");
    await expect(main).toContainText("A quiet season.");
    await expect(main).toContainText("An agent may give one customer 30.00 USD a day; above it, hand over.");
    await expect(main).toContainText("guest-day: 2,000.00 USD → 30.00 USD");
    await page.getByRole("link", { name: "Every version" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: `Version ${version + 1}` })).toContainText(
      "in force",
    );
    await expect(
      page.getByRole("listitem").filter({ hasText: new RegExp(`Version ${version}\\D`) }),
    ).toContainText("superseded");
  });

  test("can be saved twice in a row from the same page", async ({ page, signIn }) => {
    const { version } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    for (const [step, amount] of ["40.00", "50.00"].entries()) {
      await most(part(page, "guest-day")).fill(amount);
      await save(page).click();
      await expect(panel(page)).toContainText(`Version ${version + step + 1} is in force.`);
    }
    await expect(most(part(page, "guest-day"))).toHaveValue("50.00");
  });

  test("says all that is wrong at once, each beside its field, goes to the first, and keeps what was typed", async ({
    page,
    signIn,
  }) => {
    const { version } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    const limit = part(page, "guest-day");
    await most(limit).fill("12,5");
    await limit.getByRole("textbox", { name: "Why" }).fill(" ");
    const rule = part(page, "old-order");
    await rule.getByRole("textbox", { name: "Say" }).fill("");
    await rule.getByRole("textbox", { name: "Days since the order, over" }).fill("x");
    await save(page).click();
    await expect(panel(page)).toContainText("Nothing was saved: 4 fields need a correction.");
    await expect(most(limit)).toBeFocused();
    await expect(most(limit)).toHaveAccessibleDescription("This is no amount. Write one such as 25.00.");
    await expect(limit.getByRole("textbox", { name: "Why" })).toHaveAccessibleDescription(/^Say why/);
    await expect(rule.getByRole("textbox", { name: "Say" })).toHaveAccessibleDescription(/^Give the words/);
    await expect(
      rule.getByRole("textbox", { name: "Days since the order, over" }),
    ).toHaveAccessibleDescription("Write a whole number.");
    await expect(most(limit)).toHaveValue("12,5");
    await page.getByRole("button", { name: "Go to the next one" }).click();
    await expect(limit.getByRole("textbox", { name: "Why" })).toBeFocused();
    expect((await policy()).version).toBe(version);
  });

  test("takes new limits, rules and values, with an id from their sentence, in the order that is chosen", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await page.goto("/settings");
    await page.getByRole("button", { name: "Add a value" }).click();
    await page.keyboard.type("Kindness first, always.");
    await page.getByRole("button", { name: "Add a limit" }).click();
    const limit = part(page, "The new limit");
    await expect(most(limit)).toBeFocused();
    await page.keyboard.type("3");
    await limit.getByRole("combobox", { name: "Counted in" }).selectOption("times");
    await limit.getByRole("combobox", { name: "In how long" }).selectOption("within a number of days");
    await limit.getByRole("textbox", { name: "Days" }).fill("14");
    await limit.getByRole("button", { name: "Add a condition" }).click();
    await page.getByRole("menuitem", { name: "Customer’s tier" }).click();
    await limit.getByRole("combobox", { name: "Customer’s tier" }).fill("gold");
    await page.keyboard.press("Enter");
    await limit.getByRole("textbox", { name: "Why" }).fill("Three times is a pattern.");
    await limit.getByRole("textbox", { name: "Say" }).fill("Let me find out what is behind this.");
    await limit.getByRole("combobox", { name: "Value" }).selectOption("Kindness first always");
    await expect(limit.getByRole("textbox", { name: "Id" })).toHaveValue("agent-customer-14");
    const limits = (await policy()).document.limits.length;
    for (let step = 0; step < limits; step++) {
      await limit.getByRole("button", { name: /^Move .* up$/ }).click();
    }
    await expect(limit.getByRole("button", { name: /^Move .* down$/ })).toBeFocused();
    await save(page).click();
    await expect(panel(page)).toContainText(/Version \d+ is in force/);
    const { document } = await policy();
    expect(document.limits[0]).toEqual({
      id: "agent-customer-14",
      scope: ["employee", "customer"],
      window: { rollingDays: 14 },
      measure: "count",
      max: 3,
      over: "handover",
      when: { roles: ["agent"], tiers: ["gold"] },
      why: "Three times is a pattern.",
      say: "Let me find out what is behind this.",
      value: "kindness-first-always",
    });
    expect(document.values.at(-1)).toEqual({ id: "kindness-first-always", text: "Kindness first, always." });
  });

  test("gives back what was taken out, and what was changed", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/settings");
    await page.getByRole("button", { name: "Remove guest-day" }).click();
    await expect(panel(page)).toContainText("guest-day: taken out");
    await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(panel(page)).toContainText("Nothing yet.");
    await most(part(page, "guest-day")).fill("1");
    await page.getByRole("button", { name: "Discard changes" }).click();
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("2,000.00");
    await expect(panel(page)).toContainText("Nothing yet.");
  });

  test("that somebody else published meanwhile is not overwritten unseen, and nothing typed is lost", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await page.goto("/settings");
    await most(part(page, "guest-day")).fill("77.00");
    const theirs = await publish((now) => {
      for (const rule of now.rules) if (rule.id === "old-order") rule.effect = "handover";
    });
    await save(page).click();
    await expect(panel(page)).toContainText(`Version ${theirs} was published meanwhile.`);
    await expect(panel(page).getByRole("link", { name: `Read version ${theirs}` })).toHaveAttribute(
      "href",
      `/settings/policies/${theirs}`,
    );
    await expect(most(part(page, "guest-day"))).toHaveValue("77.00");
    expect((await policy()).version).toBe(theirs);
    await page.getByRole("button", { name: `Compare with version ${theirs}` }).click();
    await expect(panel(page)).toContainText("guest-day: 2,000.00 USD → 77.00 USD");
    await expect(panel(page)).toContainText("old-order: what happens hand over → ask for a written reason");
    await save(page).click();
    await expect(panel(page)).toContainText(`Version ${theirs + 1} is in force.`);
  });

  test("is not lost when the session ends: signing in again beside it goes on", async ({
    page,
    signIn,
    context,
  }) => {
    const { version } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    await most(part(page, "guest-day")).fill("55.00");
    await context.clearCookies();
    await save(page).click();
    await expect(panel(page)).toContainText("You have been signed out");
    await page.getByLabel("Email").fill("admin@demo.leeway.test");
    await page.getByLabel("Password", { exact: true }).fill("leeway-demo");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(panel(page)).not.toContainText("You have been signed out");
    await save(page).click();
    await expect(panel(page)).toContainText(`Version ${version + 1} is in force.`);
  });

  test("keeps what was typed when no answer comes, and saves it later", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/503|ERR_/);
    const { version } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    await most(part(page, "guest-day")).fill("66.00");
    for (const breakIt of ["abort", "answer"] as const) {
      await page.route("**/settings", (route) =>
        route.request().method() !== "POST"
          ? route.fallback()
          : breakIt === "abort"
            ? route.abort()
            : route.fulfill({ status: 503, contentType: "text/html", body: "<p>Away</p>" }),
      );
      await save(page).click();
      await expect(panel(page)).toContainText("everything you typed is still here");
      await expect(most(part(page, "guest-day"))).toHaveValue("66.00");
      await page.unroute("**/settings");
    }
    expect((await policy()).version).toBe(version);
    await save(page).click();
    await expect(panel(page)).toContainText(`Version ${version + 1} is in force.`);
  });

  test("asks before it is left with changes, and lets go without", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/settings/policies");
    await page.getByRole("link", { name: "Policy", exact: true }).click();
    await most(part(page, "guest-day")).fill("1");
    await expect(panel(page)).toContainText("guest-day");
    await page.getByRole("link", { name: "Floor" }).click();
    const question = page.getByRole("dialog", { name: "Leave without saving?" });
    await question.getByRole("button", { name: "Keep editing" }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("1");
    await page.evaluate(() => history.back());
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Leave" }).click();
    await expect(page).toHaveURL(/\/settings\/policies$/);
  });

  test("is for auditors to read and not to change", async ({ page, signIn }) => {
    await signIn("auditor");
    await page.goto("/settings");
    const main = page.getByRole("main");
    await expect(main).toContainText(
      "An agent may give one customer 2,000.00 USD a day; above it, hand over.",
    );
    await expect(main.getByRole("textbox")).toHaveCount(0);
    await expect(main.getByRole("button")).toHaveCount(0);
  });
});

test("versions that there are not are 404", async ({ page, signIn, expectConsoleError }) => {
  expectConsoleError(/404/);
  await signIn("admin");
  for (const version of ["999999", "0", "01", "-1", "1.5", "99999999999999", "latest", "%00"]) {
    const answer = await page.goto(`/settings/policies/${version}`);
    expect([version, answer?.status()]).toEqual([version, 404]);
  }
  await expect(page.getByRole("heading", { name: "This page is not here" })).toBeVisible();
  for (const from of ["x", "0", "99999999999999", "-3"]) {
    expect((await page.goto(`/settings/policies?before=${from}`))?.status()).toBe(200);
  }
});

test("the settings are closed to agents and managers", async ({ openAs, expectConsoleError }) => {
  expectConsoleError(/403|favicon/);
  for (const role of ["agent", "manager"] as const) {
    const page = await openAs(role);
    for (const address of ["/settings", "/settings/policies"]) {
      expect([role, address, (await page.goto(address))?.status()]).toEqual([role, address, 403]);
    }
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [390, 1440]) {
    test(`axe finds nothing in the settings, ${colorScheme}, ${width} pixels wide`, async ({
      page,
      signIn,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await signIn("admin");
      const { version } = await policy();
      await page.goto("/settings");
      await page.getByRole("button", { name: "Add a rule" }).click();
      await page.getByRole("button", { name: "Remove guest-day" }).click();
      await save(page).click();
      await expect(panel(page)).toContainText("need a correction");
      for (const address of [null, "/settings/policies", `/settings/policies/${version}`]) {
        if (address) await page.goto(address);
        expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(over).toBeLessThanOrEqual(0);
      }
    });
  }
}
