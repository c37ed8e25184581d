import type { Locator, Page } from "@playwright/test";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { currentPolicy, findPolicy, listPolicies } from "@/lib/policies/data";
import { discardDraft, publishPolicy, saveDraft, schedulePolicy } from "@/lib/policies/mutations";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";

const organizationId = DEMO_ORGANIZATION_ID;
const author = { actor: { kind: "system", id: null }, employeeId: null } as const;

async function policy() {
  const current = await currentPolicy(organizationId);
  if (!current) throw new Error("The demo has no policy.");
  return current;
}

type Document = Awaited<ReturnType<typeof policy>>["document"];

/** Publishes behind the page's back. */
async function publish(change: (document: Document) => void) {
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
  return answer.ok ? answer.version : 0;
}

/** Begins a draft of the policy in force, or saves one behind the page's back. */
async function draft(change: (document: Document) => void = () => undefined, version: number | null = null) {
  const current = await policy();
  const before = version === null ? current : await findPolicy(organizationId, version);
  if (!before) throw new Error("There is no such draft.");
  const document = structuredClone(before.document);
  change(document);
  const answer = await saveDraft({
    organizationId,
    version,
    revision: version === null ? null : before.revision,
    base: version === null ? current.version : before.baseVersion,
    document,
    note: version === null ? null : before.note,
    author,
    now: new Date(),
  });
  if (!answer.ok) throw new Error(`The draft was not saved: ${answer.code}.`);
  return answer.version;
}

const saved = async (version: number) => {
  const found = await findPolicy(organizationId, version);
  if (!found) throw new Error("There is no such draft.");
  return found;
};

/** Opens the editor of a fresh draft. */
async function edit(page: Page, change?: (document: Document) => void): Promise<number> {
  const version = await draft(change);
  await page.goto(`/settings/policies/${version}`);
  await expect(panel(page)).toContainText("Everything is saved.");
  return version;
}

// Whatever became of the policy here, the next test finds the demo's again.
let before: Document;
test.beforeAll(async () => {
  before = (await policy()).document;
});
test.afterEach(async () => {
  const { data } = await listPolicies(organizationId, { limit: 50, status: ["draft"] });
  for (const { version } of data) {
    await discardDraft({ organizationId, version, discard: true, author, now: new Date() });
  }
  const { document } = await policy();
  if (JSON.stringify(document) !== JSON.stringify(before)) await publish((now) => Object.assign(now, before));
});

const part = (page: Page, id: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name: id, exact: true }) });
const most = (limit: Locator) => limit.getByRole("textbox", { name: "The most" });
const save = (page: Page) => panel(page).getByRole("button", { name: "Save draft" });
const panel = (page: Page) => page.getByRole("region", { name: "Save the draft" });
const publishing = (page: Page) => page.getByRole("region", { name: "Publish", exact: true });
const checks = (page: Page) => page.getByRole("region", { name: "Checks" });
const guestDay = ({ limits }: Document) => limits.find(({ id }) => id === "guest-day");

const RUINED = "A ruined night is made good on the spot, without asking anybody.";

test.describe("a draft of the policy", () => {
  test("reads as sentences; a changed word is saved, and holds for nobody until it is published", async ({
    page,
    signIn,
  }) => {
    const { version } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    await page.getByRole("button", { name: "Draft a change" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Draft, version \d+$/);
    const number = Number(/\d+$/.exec(page.url())?.[0]);
    const limit = part(page, "guest-day");
    await expect(limit.getByRole("button", { name: "Who: An agent" })).toBeVisible();
    await expect(most(limit)).toHaveValue("2,000.00");
    await most(limit).fill("1,900.00");
    await expect(panel(page)).toContainText("Not saved yet.");
    await expect(panel(page)).toContainText(
      "An agent may now give one customer 1,900.00 USD a day instead of 2,000.00 USD.",
    );
    await page.getByRole("textbox", { name: "What changes, and why" }).fill("A quiet season.");
    await save(page).click();
    await expect(panel(page)).toContainText("The draft is saved.");
    await expect(panel(page)).toContainText("Everything is saved.");
    expect((await policy()).version).toBe(version);
    expect(await saved(number)).toMatchObject({ status: "draft", revision: 2, note: "A quiet season." });

    await publishing(page).getByRole("button", { name: "Publish now …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
    const main = page.getByRole("main");
    await expect(main).toContainText(`Version ${number} is in force.`);
    await expect(main).toContainText("A quiet season.");
    await expect(main).toContainText(
      "An agent may give one customer 1,900.00 USD a day; above it, hand over.",
    );
    expect(guestDay((await policy()).document)?.max).toBe(190_000);
  });

  test("is saved with Ctrl+S while somebody types, and loses neither the place nor what is typed meanwhile", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    const version = await edit(page);
    const why = part(page, "guest-day").getByRole("textbox", { name: "Why" });
    let letGo = () => {};
    await page.route(`**/settings/policies/${version}`, async (route) => {
      if (route.request().method() !== "POST") return route.fallback();
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      return route.fallback();
    });
    await why.fill("One.");
    await page.keyboard.press("ControlOrMeta+s");
    await expect(panel(page).getByRole("button", { name: "Saving …" })).toBeVisible();
    await why.pressSequentially(" Two.");
    letGo();
    await expect(panel(page)).toContainText("The draft is saved.");
    await expect(why).toBeFocused();
    await expect(why).toHaveValue("One. Two.");
    await expect(panel(page)).toContainText("Not saved yet.");
    expect(guestDay((await saved(version)).document)?.why).toBe("One.");
    await page.unroute(`**/settings/policies/${version}`);
    await page.keyboard.press("ControlOrMeta+s");
    await expect(panel(page)).toContainText("Everything is saved.");
    expect(guestDay((await saved(version)).document)?.why).toBe("One. Two.");
  });

  test("says all that is wrong at once, each beside its field, goes to the first, and keeps what was typed", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    const version = await edit(page);
    const limit = part(page, "guest-day");
    await most(limit).fill("12,5");
    await limit.getByRole("textbox", { name: "Why" }).fill(" ");
    await limit.getByRole("combobox", { name: "Value" }).selectOption("");
    const rule = part(page, "old-order");
    await rule.getByRole("textbox", { name: "Say" }).fill("");
    await rule.getByRole("textbox", { name: "Days since the order, over" }).fill("x");
    const example = part(page, RUINED);
    await example.getByRole("button", { name: /^Edit/ }).click();
    await example.getByRole("textbox", { name: "Amount" }).fill("0");
    await example.getByRole("button", { name: /^Done with/ }).click();
    await save(page).click();
    await expect(panel(page)).toContainText("Nothing was saved: 6 fields need a correction.");
    await expect(most(limit)).toBeFocused();
    await expect(most(limit)).toHaveAccessibleDescription("This is no amount. Write one such as 25.00.");
    await expect(limit.getByRole("textbox", { name: "Why" })).toHaveAccessibleDescription(/^Say why/);
    await expect(limit.getByRole("combobox", { name: "Value" })).toHaveAccessibleDescription(
      /^Choose the value/,
    );
    await expect(rule.getByRole("textbox", { name: "Say" })).toHaveAccessibleDescription(/^Give the words/);
    await expect(
      rule.getByRole("textbox", { name: "Days since the order, over" }),
    ).toHaveAccessibleDescription("Write a whole number.");
    // What was folded away is opened, so that the fault can be seen.
    await expect(example.getByRole("textbox", { name: "Amount" })).toHaveAccessibleDescription(
      /^Write an amount above 0/,
    );
    await expect(most(limit)).toHaveValue("12,5");
    await page.getByRole("button", { name: "Go to the next one" }).last().click();
    await expect(limit.getByRole("textbox", { name: "Why" })).toBeFocused();
    expect((await saved(version)).revision).toBe(1);
  });

  test("takes new limits, rules and values, with an id from their sentence, in the order that is chosen", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    const version = await edit(page);
    await page.getByRole("textbox", { name: /^The mission/ }).fill("Every guest leaves better off.");
    await page.getByRole("button", { name: "Add a value" }).click();
    await page.keyboard.type("Kindness first, always.");
    await page.getByRole("button", { name: "Add a limit" }).click();
    const limit = part(page, "Agent-customer-day");
    await expect(most(limit)).toBeFocused();
    await page.keyboard.type("3");
    const added = page
      .getByRole("listitem")
      .filter({ has: page.getByRole("textbox", { name: "Id" }) })
      .first();
    await added.getByRole("combobox", { name: "Counted in" }).selectOption("times");
    await added.getByRole("combobox", { name: "In how long" }).selectOption("within a number of days");
    await added.getByRole("textbox", { name: "Days" }).fill("14");
    await added.getByRole("button", { name: "Add a condition" }).click();
    await page.getByRole("menuitem", { name: "Customer’s tier" }).click();
    await added.getByRole("combobox", { name: "Customer’s tier" }).fill("gold");
    await page.keyboard.press("Enter");
    await added.getByRole("textbox", { name: "Why" }).fill("Three times is a pattern.");
    await added.getByRole("textbox", { name: "Say" }).fill("Let me find out what is behind this.");
    await added.getByRole("combobox", { name: "Value" }).selectOption("Kindness first always");
    await expect(added.getByRole("textbox", { name: "Id" })).toHaveValue("agent-customer-14");
    const limits = (await policy()).document.limits.length;
    for (let step = 0; step < limits; step++) {
      await added.getByRole("button", { name: /^Move .* up$/ }).click();
    }
    await expect(added.getByRole("button", { name: /^Move .* down$/ })).toBeFocused();
    await save(page).click();
    await expect(panel(page)).toContainText("The draft is saved.");
    const { document } = await saved(version);
    expect(document.mission).toBe("Every guest leaves better off.");
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

  test("begins from nothing as well, and says so", async ({ page, signIn }) => {
    await signIn("admin");
    await edit(page, (document) => {
      document.limits = [];
      document.rules = [];
      document.values = [];
      delete document.examples;
    });
    await expect(page.getByRole("main")).toContainText("No limit: nothing bounds what is given.");
    await expect(page.getByRole("main")).toContainText("No rule.");
    await expect(page.getByRole("main")).toContainText("No example yet. Write one for each case");
    await expect(checks(page)).toContainText("No example yet.");
    await page.getByRole("button", { name: "Add an example" }).click();
    await expect(page.getByRole("combobox", { name: "Employee’s role" })).toBeFocused();
  });
});

test.describe("what was done to a draft", () => {
  test("can be undone and done again, by keys and by buttons", async ({ page, signIn }) => {
    await signIn("admin");
    await edit(page);
    const limit = part(page, "guest-day");
    await most(limit).fill("1,000.00");
    await limit.getByRole("combobox", { name: "In how long" }).selectOption("a week");
    await page.getByRole("button", { name: "Remove old-order" }).click();
    await expect(panel(page)).toContainText("No longer: When it is a refund");

    // In a text field the keys undo what was typed there, as everywhere.
    await page.keyboard.press("ControlOrMeta+z");
    await expect(page.getByRole("main")).toContainText("Undone: old-order.");
    await expect(part(page, "old-order")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+z");
    await expect(limit.getByRole("combobox", { name: "In how long" })).toHaveValue("day");
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect(most(limit)).toHaveValue("2,000.00");
    await expect(panel(page)).toContainText("Everything is saved.");

    await page.getByRole("button", { name: "Redo" }).click();
    await expect(most(limit)).toHaveValue("1,000.00");
    await page.keyboard.press("ControlOrMeta+Shift+z");
    await expect(limit.getByRole("combobox", { name: "In how long" })).toHaveValue("week");
    await page.keyboard.press("ControlOrMeta+y");
    await expect(panel(page)).toContainText("No longer: When it is a refund");
  });

  test("can be undone also where it added a limit, and after it was saved", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await edit(page);
    await page.getByRole("button", { name: "Add a rule" }).click();
    const added = part(page, "Handover-refund");
    await added.getByRole("textbox", { name: "Why" }).fill("Look at it.");
    await added.getByRole("textbox", { name: "Say" }).fill("A moment.");
    await added.getByRole("combobox", { name: "Value" }).selectOption("Candor");
    await page.getByRole("button", { name: "Remove gift-day" }).click();
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    await expect(part(page, "gift-day")).toHaveCount(0);
    const rules = (await saved(version)).document.rules.map(({ id }) => id);
    expect(rules.at(-1)).toBe("handover-refund");

    const undo = page.getByRole("button", { name: "Undo", exact: true });
    await undo.click();
    await expect(part(page, "gift-day")).toBeVisible();
    for (let step = 0; step < 4; step++) await undo.click();
    await expect(added).toHaveCount(0);
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    const { document } = await saved(version);
    expect(document).toEqual((await policy()).document);
  });

  test("is given back: what was taken out, and what is not saved", async ({ page, signIn }) => {
    await signIn("admin");
    await edit(page);
    await page.getByRole("button", { name: "Remove guest-day" }).click();
    await expect(panel(page)).toContainText("No longer: An agent may give one customer 2,000.00 USD");
    await expect(page.locator("#undo-limits-0")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(panel(page)).toContainText("Everything is saved.");
    await most(part(page, "guest-day")).fill("1");
    await page.getByRole("textbox", { name: "What changes, and why" }).fill("No idea.");
    await page.getByRole("button", { name: "Discard what is not saved" }).click();
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("2,000.00");
    await expect(page.getByRole("textbox", { name: "What changes, and why" })).toHaveValue("");
    await expect(panel(page)).toContainText("Everything is saved.");
  });
});

test.describe("with two admins at work", () => {
  test("what the other one saved is merged in the open, and where both changed the same it is asked", async ({
    page,
    signIn,
    openAs,
  }) => {
    await signIn("admin");
    const version = await edit(page);
    const other = await openAs("admin");
    await other.goto(`/settings/policies/${version}`);

    await most(part(page, "guest-day")).fill("1,000.00");
    await part(page, "old-order").getByRole("textbox", { name: "Why" }).fill("Mine.");
    await most(part(other, "guest-day")).fill("1,500.00");
    await part(other, "gift-over-500")
      .getByRole("combobox", { name: "What happens" })
      .selectOption("hand over");
    await save(other).click();
    await expect(panel(other)).toContainText("The draft is saved.");

    await save(page).click();
    const merge = page.getByRole("region", { name: "What changed meanwhile" });
    await expect(merge).toContainText("saved this draft while you were writing");
    await expect(merge.getByRole("heading", { level: 2 })).toBeFocused();
    await expect(merge.getByRole("region", { name: "Taken over" })).toContainText(
      "it is now handed over instead of denied",
    );
    const both = merge.getByRole("group", { name: /guest-day/ });
    await expect(both).toContainText(
      "An agent may give one customer 1,000.00 USD a day; above it, hand over.",
    );
    await expect(both).toContainText(
      "An agent may give one customer 1,500.00 USD a day; above it, hand over.",
    );
    await expect(both).toContainText("Before: An agent may give one customer 2,000.00 USD");
    await expect(both.getByRole("radio").first()).toBeChecked();
    await expect(both.getByRole("radio")).toHaveCount(2);
    expect((await saved(version)).revision).toBe(2);

    await both.getByRole("radio").last().check();
    await merge.getByRole("button", { name: "Go on with this" }).click();
    await expect(panel(page)).toContainText("Both are in the draft now.");
    await expect(most(part(page, "guest-day"))).toHaveValue("1,500.00");
    await expect(part(page, "old-order").getByRole("textbox", { name: "Why" })).toHaveValue("Mine.");
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    const { revision, document } = await saved(version);
    expect(revision).toBe(3);
    expect(guestDay(document)?.max).toBe(150_000);
    expect(document.rules.find(({ id }) => id === "old-order")?.why).toBe("Mine.");
    expect(document.rules.find(({ id }) => id === "gift-over-500")?.effect).toBe("handover");
  });

  test("it is told that somebody saved the draft, and nothing typed is touched", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await edit(page);
    await most(part(page, "guest-day")).fill("1,000.00");
    await draft((document) => {
      document.mission = "Theirs.";
    }, version);
    // Whoever comes back to the page sees what became of it.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await expect(page.getByRole("main")).toContainText("Somebody saved this draft meanwhile.");
    await expect(most(part(page, "guest-day"))).toHaveValue("1,000.00");
    await page.getByRole("button", { name: "Compare and go on" }).click();
    await page.getByRole("button", { name: "Not now" }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("1,000.00");
    await page.getByRole("button", { name: "Compare and go on" }).click();
    await page.getByRole("button", { name: "Go on with this" }).click();
    await expect(page.getByRole("textbox", { name: /^The mission/ })).toHaveValue("Theirs.");
    await expect(most(part(page, "guest-day"))).toHaveValue("1,000.00");
  });

  test("a draft that another version overtook is compared with it before it can be published", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    const version = await edit(page);
    await most(part(page, "guest-day")).fill("1,900.00");
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    const theirs = await publish((now) => {
      for (const rule of now.rules) if (rule.id === "old-order") rule.why = "Reworded in between.";
    });
    const main = page.getByRole("main");
    await expect(main).toContainText(`Version ${theirs} came into force since this draft was made from`);
    await expect(publishing(page).getByRole("button", { name: "Publish now …" })).toBeDisabled();
    await page
      .getByRole("button", { name: `Compare with version ${theirs}` })
      .first()
      .click();
    const merge = page.getByRole("region", { name: "What changed meanwhile" });
    await expect(merge).toContainText("The reason for old-order is reworded.");
    await expect(merge).toContainText("You changed nothing that they changed too.");
    await merge.getByRole("button", { name: "Go on with this" }).click();
    await expect(panel(page)).toContainText(`The draft is now compared with version ${theirs}.`);
    await expect(main).not.toContainText("came into force since");
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    await publishing(page).getByRole("button", { name: "Publish now …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
    await expect(main).toContainText(`Version ${version} is in force.`);
    const { document } = await policy();
    expect(guestDay(document)?.max).toBe(190_000);
    expect(document.rules.find(({ id }) => id === "old-order")?.why).toBe("Reworded in between.");
  });

  test("what was typed into a draft that somebody scheduled goes on in a new one, told of it or not", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    for (const told of [false, true]) {
      const version = await edit(page);
      await most(part(page, "guest-day")).fill("1,100.00");
      await expect(panel(page)).toContainText("Not saved yet.");
      await schedulePolicy({
        organizationId,
        version,
        revision: 1,
        at: new Date(Date.now() + 86_400_000),
        author,
        now: new Date(),
      });
      if (told) await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      else await save(page).click();
      await page.getByRole("button", { name: "Go on in a new draft" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Draft, version ${version + 1}`);
      await expect(most(part(page, "guest-day"))).toHaveValue("1,100.00");
      await expect(panel(page)).toContainText("Everything is saved.");
    }
  });

  test("what was typed into a draft that somebody published stays, and can go on in a new one", async ({
    page,
    signIn,
    openAs,
  }) => {
    await signIn("admin");
    const version = await edit(page, (document) => {
      document.mission = "Ready.";
    });
    await part(page, "guest-day").getByRole("textbox", { name: "Say" }).fill("Half a sent");
    const other = await openAs("admin");
    await other.goto(`/settings/policies/${version}`);
    await publishing(other).getByRole("button", { name: "Publish now …" }).click();
    await other.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
    await expect(page.getByRole("main")).toContainText("You wrote something here that was not saved.");
    await page.getByRole("button", { name: "Go on in a new draft" }).click();
    await expect(page).not.toHaveURL(new RegExp(`/${version}$`));
    await expect(part(page, "guest-day").getByRole("textbox", { name: "Say" })).toHaveValue("Half a sent");
  });
});

test.describe("nothing typed is lost", () => {
  test("when the session ends: signing in again beside it goes on", async ({ page, signIn, context }) => {
    await signIn("admin");
    const version = await edit(page);
    await most(part(page, "guest-day")).fill("1,055.00");
    await context.clearCookies();
    await save(page).click();
    await expect(panel(page)).toContainText("You have been signed out");
    await page.getByLabel("Email").fill("admin@demo.leeway.test");
    await page.getByLabel("Password", { exact: true }).fill("leeway-demo");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(panel(page)).toContainText("The draft is saved.");
    expect(guestDay((await saved(version)).document)?.max).toBe(105_500);
  });

  test("when no answer comes, whether or not it was saved", async ({ page, signIn, expectConsoleError }) => {
    expectConsoleError(/503|ERR_/);
    await signIn("admin");
    const version = await edit(page);
    const address = `**/settings/policies/${version}`;
    await most(part(page, "guest-day")).fill("1,066.00");
    for (const breakIt of ["before", "after", "answer"] as const) {
      await page.route(address, async (route) => {
        if (route.request().method() !== "POST") return route.fallback();
        if (breakIt === "answer") {
          return route.fulfill({ status: 503, contentType: "text/html", body: "<p>Away</p>" });
        }
        if (breakIt === "after") await route.fetch();
        return route.abort();
      });
      await save(page).click();
      await expect(panel(page)).toContainText("Everything you typed is still here: save again.");
      await expect(most(part(page, "guest-day"))).toHaveValue("1,066.00");
      await page.unroute(address);
    }
    await page.getByRole("button", { name: "Save again" }).click();
    // What was saved "meanwhile" was their own: there is nothing to compare.
    await expect(panel(page)).toContainText("The draft is saved.");
    expect(await saved(version)).toMatchObject({ revision: 2 });
  });

  test("when the page is loaded anew: it is offered back", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await edit(page);
    await most(part(page, "guest-day")).fill("12,");
    await part(page, "guest-day").getByRole("textbox", { name: "Say" }).fill("Half a sent");
    await page.reload();
    await expect(page.getByRole("main")).toContainText("You wrote something here that was not saved.");
    await expect(most(part(page, "guest-day"))).toBeDisabled();
    await expect(page.getByRole("button", { name: "Bring it back" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(most(part(page, "guest-day"))).toHaveValue("12,");
    await expect(part(page, "guest-day").getByRole("textbox", { name: "Say" })).toHaveValue("Half a sent");
    await expect(panel(page)).toContainText("What you wrote is back.");

    await page.reload();
    await page.getByRole("button", { name: "Forget it" }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("2,000.00");
    await page.reload();
    await expect(panel(page)).toContainText("Everything is saved.");
    await expect(page.getByRole("button", { name: "Bring it back" })).toHaveCount(0);
    expect((await saved(version)).revision).toBe(1);
  });

  test("when somebody saved the draft before it was loaded anew", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await edit(page);
    await most(part(page, "guest-day")).fill("1,234.00");
    await draft((document) => {
      document.mission = "Theirs.";
    }, version);
    await page.reload();
    await page.getByRole("button", { name: "Bring it back" }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("1,234.00");
    await save(page).click();
    await page.getByRole("button", { name: "Go on with this" }).click();
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    const { document } = await saved(version);
    expect(document.mission).toBe("Theirs.");
    expect(guestDay(document)?.max).toBe(123_400);
  });

  test("when it is left: it asks before, lets go without, and offers what was left behind", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    const version = await draft();
    await page.goto("/settings");
    await page.getByRole("link", { name: `Draft ${version}` }).click();
    await most(part(page, "guest-day")).fill("1");
    await expect(panel(page)).toContainText("Not saved yet.");
    await page.getByRole("link", { name: "Floor" }).click();
    const question = page.getByRole("dialog", { name: "Leave without saving?" });
    await question.getByRole("button", { name: "Keep editing" }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("1");
    await page.evaluate(() => history.back());
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Leave" }).click();
    await expect(page).toHaveURL(/\/settings$/);
    await page.getByRole("link", { name: `Draft ${version}` }).click();
    await page.getByRole("button", { name: "Bring it back" }).click();
    await expect(most(part(page, "guest-day"))).toHaveValue("1");
  });
});

test.describe("the examples", () => {
  test("break while the policy is written, keep it from being published, and are mended", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await edit(page);
    await expect(checks(page)).toContainText("All 7 examples pass.");
    await most(part(page, "guest-day")).fill("300.00");
    await expect(checks(page)).toContainText("6 of 7 examples pass.");
    await expect(publishing(page)).toContainText("An example fails.");
    await expect(publishing(page).getByRole("button", { name: "Publish now …" })).toBeDisabled();

    await page.getByRole("button", { name: "Go to the first that fails" }).click();
    const example = part(page, RUINED);
    await expect(example.getByRole("heading", { level: 3 })).toBeFocused();
    await expect(example).toContainText("Fails");
    await expect(example).toContainText("It came out otherwise: handed over, decided by guest-day.");
    await example.getByText("What was checked").click();
    await expect(example).toContainText("used 0.00 · asked 450.00 · left 300.00 before it");
    await example.getByRole("button", { name: "Expect what comes now" }).click();
    await expect(example).toContainText("then it is handed over, decided by guest-day.");
    await expect(checks(page)).toContainText("All 7 examples pass.");
    // One step: it can be taken back as it was done.
    await page.keyboard.press("ControlOrMeta+z");
    await expect(checks(page)).toContainText("6 of 7 examples pass.");
    await most(part(page, "guest-day")).fill("450.00");
    await expect(checks(page)).toContainText("All 7 examples pass.");
  });

  test("are written as sentences, duplicated, taken out and given back", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await edit(page);
    await page.getByRole("button", { name: "Add an example" }).click();
    const example = page.getByRole("listitem").filter({ has: page.getByRole("textbox", { name: "Id" }) });
    await expect(example).toContainText("Unfinished");
    await example.getByRole("combobox", { name: "Customer’s tier" }).selectOption("gold");
    await example.getByRole("button", { name: "Add something given before" }).click();
    await expect(example.getByRole("textbox", { name: "Amount, number 1" })).toBeFocused();
    await page.keyboard.type("1,950.00");
    await example.getByRole("textbox", { name: "Amount", exact: true }).fill("60.00");
    await example.getByRole("button", { name: "Add a circumstance" }).click();
    await page.getByRole("menuitem", { name: "Cause" }).click();
    await example.getByRole("combobox", { name: "Cause" }).fill("late delivery");
    await example.getByRole("combobox", { name: "What comes of it" }).selectOption("handed over");
    await example.getByRole("combobox", { name: "Decided by" }).selectOption("guest-day");
    await expect(example).toContainText("Passes");
    await example.getByRole("button", { name: /^Done with/ }).click();
    const sentence =
      "Given an agent and one gold customer who was already given a credit of 1,950.00 USD today; " +
      "when a credit of 60.00 USD is asked for because of late delivery; then it is handed over, decided by guest-day.";
    const written = page.getByRole("listitem").filter({ hasText: sentence });
    await expect(written).toHaveCount(1);
    await written.getByRole("button", { name: /^Duplicate/ }).click();
    await expect(checks(page)).toContainText("All 9 examples pass.");
    await page.getByRole("button", { name: /^Remove agent-gold-credit-60-00-handover-2$/ }).click();
    await expect(checks(page)).toContainText("All 8 examples pass.");
    await page.getByRole("listitem").getByRole("button", { name: "Undo" }).click();
    await expect(checks(page)).toContainText("All 9 examples pass.");
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    const { document } = await saved(version);
    expect(document.examples?.slice(-2).map(({ id }) => id)).toEqual([
      "agent-gold-credit-60-00-handover",
      "agent-gold-credit-60-00-handover-2",
    ]);
    expect(document.examples?.at(-1)).toMatchObject({
      given: {
        employee: { role: "agent" },
        customer: { tier: "gold" },
        history: [{ remedy: "credit", amount: 195_000 }],
      },
      when: { remedy: "credit", amount: 6000, cause: "late delivery" },
      then: { verdict: "handover", binding: "guest-day" },
    });
  });

  test("tell of orders, days, disputes and other currencies, and follow a limit to its new id", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    const version = await edit(page, (document) => {
      document.limits.push({
        ...(guestDay(document) as NonNullable<ReturnType<typeof guestDay>>),
        id: "only-here",
        max: 100,
        window: "decision",
        when: { remedies: ["upgrade"] },
      });
    });
    const first = part(page, RUINED);
    await first.getByRole("button", { name: /^Edit/ }).click();
    for (const fact of ["Order", "Open dispute", "Days with the company", "Day", "Channel"]) {
      await first.getByRole("button", { name: "Add a circumstance" }).click();
      await page.getByRole("menuitem", { name: fact, exact: true }).click();
    }
    await first.getByRole("textbox", { name: "Paid on the order" }).fill("900");
    await first.getByRole("textbox", { name: "Days since the order" }).fill("12");
    await first.getByRole("textbox", { name: "Days with the company" }).fill("3");
    await first.getByLabel("Day", { exact: true }).fill("2026-01-31");
    await first.getByRole("combobox", { name: "Channel" }).selectOption("email");
    await first.getByRole("combobox", { name: "Currency" }).selectOption("EUR");
    await first.getByRole("textbox", { name: "Rate" }).fill("1.1");
    await first.getByRole("combobox", { name: "Remedy" }).selectOption("an upgrade");
    await first.getByRole("combobox", { name: "Decided by" }).selectOption("only-here");
    await first.getByRole("combobox", { name: "What comes of it" }).selectOption("handed over");
    await expect(first).toContainText("Passes");
    await part(page, "Only-here").getByRole("textbox", { name: "Id" }).fill("upgrades");
    await expect(first.getByRole("combobox", { name: "Decided by" })).toHaveValue("upgrades");
    await save(page).click();
    await expect(panel(page)).toContainText("Everything is saved.");
    expect((await saved(version)).document.examples?.[0]).toMatchObject({
      given: {
        employee: { role: "agent", tenureDays: 3 },
        order: { paid: 90_000, ageDays: 12 },
        hasOpenDispute: true,
        at: "2026-01-31T12:00:00-05:00",
      },
      when: { remedy: "upgrade", amount: 45_000, currency: "EUR", rate: "1.1", channel: "email" },
      then: { verdict: "handover", binding: "upgrades" },
    });
  });

  test("are found by their address", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await draft();
    await page.goto(`/settings/policies/${version}?example=old-order-with-a-reason`);
    const heading = page.getByRole("heading", {
      level: 3,
      name: "After three months a refund takes a reason.",
    });
    await expect(heading).toBeFocused();
    await expect(heading).toBeInViewport();
  });
});

test("warnings stand beside what they are about, say what to do, and block nothing", async ({
  page,
  signIn,
}) => {
  await signIn("admin");
  const version = await edit(page);
  const counted = /(\d+) warnings?\./;
  await expect(checks(page)).toContainText(counted);
  const before = Number(counted.exec((await checks(page).textContent()) ?? "")?.[1]);
  const rule = part(page, "old-order");
  await rule.getByRole("button", { name: "Add a condition" }).click();
  await page.getByRole("menuitem", { name: "Order", exact: true }).click();
  await rule.getByRole("combobox", { name: "Order", exact: true }).selectOption("there is none");
  await expect(rule).toContainText("Warning: This never holds: it asks for no order");
  await expect(checks(page)).toContainText(`${before + 1} warnings.`);
  for (let step = 0; step <= before; step++) {
    await checks(page).getByRole("button", { name: "Go to the next one" }).click();
  }
  await expect(rule.getByText("This never holds")).toBeInViewport();
  await most(part(page, "guest-day")).fill("1,999.00");
  await save(page).click();
  await expect(panel(page)).toContainText("The draft is saved.");
  expect((await saved(version)).revision).toBe(2);
});

test("a question is answered by the draft as it is typed, and by the policy in force, as the desk answers", async ({
  page,
  signIn,
}) => {
  await signIn("admin");
  await edit(page);
  const preview = page.getByRole("region", { name: "What an agent would see" });
  const ours = preview.getByRole("region", { name: "With this draft" });
  const now = preview.getByRole("region", { name: /^Now, version \d+$/ });
  await expect(ours).toContainText("You can do this now.");
  await expect(ours).toContainText("Within guest-day: 1,975.00 left after it.");
  await most(part(page, "guest-day")).fill("100.00");
  await expect(ours).toContainText("Within guest-day: 75.00 left after it.");
  await expect(now).toContainText("Within guest-day: 1,975.00 left after it.");
  await preview.getByRole("textbox", { name: "Given today already" }).fill("90");
  await expect(preview).toContainText("Now: allowed. With this draft: handed over.");
  await expect(checks(page)).toContainText("Now: allowed. With this draft: handed over.");
  await expect(ours).toContainText("This goes to someone with more discretion.");
  await ours.getByRole("button", { name: "Use 10.00" }).click();
  await expect(preview).toContainText("Both say the same: allowed.");
  await preview.getByRole("combobox", { name: "The remedy" }).selectOption("a refund");
  await expect(ours).toContainText("This can't be given.");
  await preview.getByRole("combobox", { name: "The order" }).selectOption("on an order");
  await preview.getByRole("textbox", { name: "Days since it was placed" }).fill("91");
  await expect(ours).toContainText("You can do this now, with a reason.");
  await preview.getByRole("textbox", { name: "The amount" }).fill("much");
  await expect(preview).toContainText("Write amounts such as 25.00");

  // While a limit can't be read, it is as it was before.
  await preview.getByRole("textbox", { name: "The amount" }).fill("5");
  await most(part(page, "guest-day")).fill("");
  await expect(checks(page)).toContainText("As it was before: guest-day can’t be read yet.");
  await expect(ours).toContainText("You can do this now, with a reason.");
  await most(part(page, "guest-day")).fill("100.00");
  await ours.getByRole("button", { name: "Keep it as an example" }).click();
  await expect(ours).toContainText("It is among the examples now.");
  await expect(page.getByText("when a refund of 5.00 USD is asked for")).toBeVisible();
});

test.describe("a draft to be read", () => {
  test("is what it is for an auditor, with its examples and nothing to press", async ({ page, signIn }) => {
    await signIn("auditor");
    const version = await draft((document) => {
      const limit = guestDay(document);
      if (limit) limit.max = 30_000;
    });
    await page.goto(`/settings/policies/${version}`);
    const main = page.getByRole("main");
    await expect(main).toContainText("An agent may give one customer 300.00 USD a day; above it, hand over.");
    await expect(main).toContainText("instead of 2,000.00 USD");
    await expect(part(page, RUINED)).toContainText("Fails");
    await expect(main.getByRole("textbox")).toHaveCount(0);
    await expect(main.getByRole("button")).toHaveCount(0);
  });

  test("waits for its moment, until that is taken back", async ({ page, signIn }) => {
    await signIn("admin");
    const version = await draft();
    const at = new Date(Date.now() + 7 * 86_400_000);
    await schedulePolicy({ organizationId, version, revision: 1, at, author, now: new Date() });
    await page.goto(`/settings/policies/${version}`);
    await expect(page.getByRole("main")).toContainText("Until then nobody changes it.");
    await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
    await page.getByRole("button", { name: "Take that back" }).click();
    await expect(most(part(page, "guest-day"))).toBeEditable();
  });
});

test("everything in the editor is reached and done with the keyboard alone", async ({ page, signIn }) => {
  test.slow();
  await signIn("admin");
  const version = await edit(page);
  await page.getByRole("link", { name: "Every version" }).focus();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("link", { name: /^Skip to saving/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(panel(page).getByRole("heading", { level: 2 })).toBeInViewport();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeFocused();

  await most(part(page, "guest-day")).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1,500.00");
  const wanted: Locator[] = [
    part(page, "guest-day").getByRole("combobox", { name: "Above it" }),
    part(page, "guest-day").getByRole("button", { name: "Add a condition" }),
    page.getByRole("button", { name: "Add a limit" }),
    part(page, RUINED).getByRole("button", { name: /^Edit/ }),
    page.getByRole("textbox", { name: "Given today already" }),
    page.getByRole("textbox", { name: "What changes, and why" }),
    save(page),
    publishing(page).getByRole("button", { name: "Publish now …" }),
  ];
  for (const target of wanted) await tabTo(page, target);
  await page.keyboard.press("ControlOrMeta+s");
  await expect(panel(page)).toContainText("Everything is saved.");
  expect(guestDay((await saved(version)).document)?.max).toBe(150_000);
});

/** Goes on with Tab until the element has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < 300; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab never came there.");
}

test("the policy is for auditors to read and not to change", async ({ page, signIn }) => {
  await signIn("auditor");
  await page.goto("/settings");
  const main = page.getByRole("main");
  await expect(main).toContainText("An agent may give one customer 2,000.00 USD a day; above it, hand over.");
  await expect(main.getByRole("textbox")).toHaveCount(0);
  await expect(main.getByRole("button")).toHaveCount(0);
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

// Risk: an admin on a phone, in the dark or without eyes cannot change the policy, or does not see what is wrong with it.
test("the editor is accessible as it opens, full of faults, and while two versions are compared", async ({
  page,
  signIn,
}) => {
  test.slow();
  await page.setViewportSize(PHONE);
  await signIn("admin");
  const version = await edit(page);
  await expectAccessible(page, "editor");
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByRole("button", { name: "Remove employee-day" }).click();
  await most(part(page, "guest-day")).fill("300.00");
  const example = part(page, RUINED);
  await example.getByRole("button", { name: /^Edit/ }).click();
  await example.getByRole("button", { name: "Add something given before" }).click();
  for (const fact of ["Order", "Open dispute", "Day", "Cause", "Channel", "Written reason"]) {
    await example.getByRole("button", { name: "Add a circumstance" }).click();
    await page.getByRole("menuitem", { name: fact, exact: true }).click();
  }
  await save(page).click();
  await expect(panel(page)).toContainText("need a correction");
  await expectAccessible(page, "editor-with-faults-warnings-and-a-failing-example");

  await page.reload();
  await page.getByRole("button", { name: "Forget it" }).click();
  await most(part(page, "guest-day")).fill("1,000.00");
  await draft((document) => {
    const limit = guestDay(document);
    if (limit) limit.max = 150_000;
    document.mission = "Theirs.";
  }, version);
  await save(page).click();
  await expect(page.getByRole("region", { name: "Changed by both" })).toBeVisible();
  await expectAccessible(page, "editor-of-two-versions");
});
