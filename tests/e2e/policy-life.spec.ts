import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { tenantDb } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import type { Policy } from "@/lib/discretion/schema";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { currentPolicy, findPolicy, listPolicies } from "@/lib/policies/data";
import {
  discardDraft,
  personAuthor,
  publishPolicy,
  saveDraft,
  schedulePolicy,
} from "@/lib/policies/mutations";
import { requestSimulation } from "@/lib/simulations/mutations";
import { runningTrials } from "@/lib/trials/data";
import { endTrial } from "@/lib/trials/mutations";
import { createEmployee } from "../factories/employees";
import { createOrganization } from "../factories/organizations";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";

const organizationId = DEMO_ORGANIZATION_ID;

async function policy() {
  const current = await currentPolicy(organizationId);
  if (!current) throw new Error("The demo has no policy.");
  return current;
}

async function admin(): Promise<string> {
  const { id } = await tenantDb(organizationId).employee.findFirstOrThrow({
    where: { organizationId, email: "admin@demo.leeway.test" },
  });
  return id;
}

function changed(document: Policy, change: (document: Policy) => void): Policy {
  const copy = structuredClone(document);
  change(copy);
  return copy;
}

/** Publishes behind the page's back. */
async function publish(change: (document: Policy) => void): Promise<number> {
  const { version, document } = await policy();
  const answer = await publishPolicy({
    organizationId,
    base: version,
    document: changed(document, change),
    note: null,
    authorId: await admin(),
    now: new Date(),
  });
  if (!answer.ok) throw new Error(`Not published: ${JSON.stringify(answer)}`);
  return answer.version;
}

/** Begins a draft from the version in force, behind the page's back. */
async function draft(change: (document: Policy) => void, note: string | null = null): Promise<number> {
  const { version, document } = await policy();
  const answer = await saveDraft({
    organizationId,
    version: null,
    revision: null,
    base: version,
    document: changed(document, change),
    note,
    author: personAuthor(await admin()),
    now: new Date(),
  });
  if (!answer.ok) throw new Error(`Not saved: ${JSON.stringify(answer)}`);
  return answer.version;
}

/** Agents may give a customer so much a day (minor units); the demo's own examples ask for more, so they go. */
const agentsADay = (max: number) => (document: Policy) => {
  for (const limit of document.limits) if (limit.id === "guest-day") limit.max = max;
  document.examples = [];
};

// Whatever became of the policy here, the next test finds the demo's again: no draft, no trial, the same document.
let before: Policy;
test.beforeAll(async () => {
  before = (await policy()).document;
});
test.afterEach(async () => {
  const now = new Date();
  const author = personAuthor(await admin());
  for (const trial of await runningTrials(organizationId, now)) {
    await endTrial({ organizationId, trialId: trial.id, author, now });
  }
  const { data } = await listPolicies(organizationId, { limit: 100, status: ["draft"] });
  for (const { version } of data) {
    await discardDraft({ organizationId, version, discard: true, author, now });
  }
  if (JSON.stringify((await policy()).document) !== JSON.stringify(before)) {
    await publish((document) => {
      for (const name of Object.keys(document)) delete document[name as keyof Policy];
      Object.assign(document, before);
    });
  }
});

const panel = (page: Page) => page.getByRole("region", { name: "Publish" });
/** What the page says of what was just done. */
const told = (page: Page, text: string) =>
  page.getByRole("main").getByRole("status").filter({ hasText: text });
const entry = (page: Page, version: number) =>
  page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name: `Version ${version}`, exact: true }) });

// The risk: somebody puts something in force that they did not read, or believes that it is when it is not.
test.describe("publishing", () => {
  test("says in words what it changes, asks once, and says so afterwards, in the list too", async ({
    page,
    signIn,
  }) => {
    const { version: inForce } = await policy();
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    const sentence = "An agent may now give one customer 300.00 USD a day instead of 2,000.00 USD.";
    await expect(panel(page)).toContainText(`Against version ${inForce}, which is in force`);
    await expect(panel(page)).toContainText(sentence);
    await expect(panel(page)).toContainText("Not simulated.");
    await panel(page).getByRole("button", { name: "Publish now …" }).click();
    const question = page.getByRole("dialog", { name: `Publish version ${version}?` });
    await expect(question).toContainText(sentence);
    await question.getByRole("textbox", { name: "What changed, and why" }).fill("A quiet season.");
    await question.getByRole("button", { name: "Publish now" }).click();

    const main = page.getByRole("main");
    await expect(told(page, `Version ${version} is in force.`)).toBeVisible();
    expect(await policy()).toMatchObject({ version, note: "A quiet season." });
    await main.getByRole("link", { name: "Every version" }).last().click();
    await expect(entry(page, version)).toContainText("in force");
    await expect(entry(page, version)).toContainText("A quiet season.");
    await expect(entry(page, version)).toContainText(sentence);
    await expect(entry(page, inForce)).toContainText("superseded");
  });

  test("takes a change from the page to everybody: what breaks is mended, what was typed is saved first", async ({
    page,
    signIn,
  }) => {
    const { version: inForce } = await policy();
    await signIn("admin");
    await page.goto("/settings");
    await page.getByRole("button", { name: "Draft a change" }).click();
    await expect(page).toHaveURL(/\/settings\/policies\/\d+$/);
    const version = Number(page.url().split("/").at(-1));
    const limit = page
      .getByRole("listitem")
      .filter({ has: page.getByRole("heading", { level: 3, name: "guest-day", exact: true }) });
    await limit.getByRole("textbox", { name: "The most" }).fill("300.00");
    await expect(panel(page)).toContainText("An example fails.");
    const now = panel(page).getByRole("button", { name: "Publish now …" });
    await expect(now).toBeDisabled();
    await page.getByRole("button", { name: "Expect what comes now" }).click();
    await expect(panel(page)).toContainText("Not saved yet. It is saved first.");
    await now.click();
    const question = page.getByRole("dialog", { name: `Publish version ${version}?` });
    await expect(question).toContainText(
      "An agent may now give one customer 300.00 USD a day instead of 2,000.00 USD.",
    );
    await expect(question).toContainText(
      "The example ruined-night now expects it to be handed over by guest-day instead of allowed by guest-day.",
    );
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(told(page, `Version ${version} is in force.`)).toBeVisible();
    await page.goto("/settings");
    await expect(page.getByRole("main")).toContainText(
      "An agent may give one customer 300.00 USD a day; above it, hand over.",
    );
    expect((await policy()).version).toBe(version);
    expect((await findPolicy(organizationId, inForce))?.status).toBe("superseded");
  });

  test("in one tab what was saved in another meanwhile is refused, until it was seen", async ({
    page,
    signIn,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/api\/events/);
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await context.route("**/api/events**", (route) => route.abort());
    const other = await context.newPage();
    for (const tab of [page, other]) await tab.goto(`/settings/policies/${version}`);
    const most = other
      .getByRole("listitem")
      .filter({ has: other.getByRole("heading", { level: 3, name: "guest-day", exact: true }) })
      .getByRole("textbox", { name: "The most" });
    await most.fill("400.00");
    await other.getByRole("button", { name: "Save draft" }).click();
    await expect(panel(other)).toContainText("Saved as revision 2.");

    await panel(page).getByRole("button", { name: "Publish now …" }).click();
    const question = page.getByRole("dialog");
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(question.getByRole("alert")).toContainText(
      "saved this draft meanwhile. Nothing was changed.",
    );
    expect((await findPolicy(organizationId, version))?.status).toBe("draft");
    await question.getByRole("button", { name: "Show what it says now" }).click();
    await expect(panel(page)).toContainText("400.00 USD a day instead of 2,000.00 USD");
  });

  test("is held back by an example that fails, and says which", async ({ page, signIn }) => {
    const version = await draft((document) => {
      agentsADay(30_000)(document);
      document.examples = [
        {
          id: "ruined-night",
          says: "A ruined night is made good at once.",
          given: { employee: { role: "agent" } },
          when: { remedy: "credit", amount: 60_000 },
          then: { verdict: "allow" },
        },
      ];
    });
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    await expect(panel(page)).toContainText("An example fails.");
    await expect(panel(page).getByRole("button", { name: "Publish now …" })).toBeDisabled();
    await expect(panel(page).getByRole("button", { name: "Publish at a time …" })).toBeDisabled();
    expect((await findPolicy(organizationId, version))?.status).toBe("draft");
  });

  test("over what somebody else published meanwhile says who, and puts nothing in force", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/api\/events/);
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    // The page hears of a version that comes into force; without its ear it has to find out by asking.
    await page.context().route("**/api/events**", (route) => route.abort());
    await page.goto(`/settings/policies/${version}`);
    await panel(page).getByRole("button", { name: "Publish now …" }).click();
    const theirs = await publish(agentsADay(40_000));
    const question = page.getByRole("dialog");
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(question.getByRole("alert")).toContainText(
      `published version ${theirs} meanwhile. Nothing was changed.`,
    );
    expect((await policy()).version).toBe(theirs);
    await expect(question.getByRole("button", { name: `Compare with version ${theirs}` })).toBeVisible();
  });

  test("goes on after the session ended, with what was typed", async ({ page, signIn, context }) => {
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    await panel(page).getByRole("button", { name: "Publish now …" }).click();
    const question = page.getByRole("dialog");
    const note = question.getByRole("textbox", { name: "What changed, and why" });
    await note.fill("Kept.");
    await context.clearCookies();
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(question).toContainText("You have been signed out");
    await question.getByLabel("Email").fill("admin@demo.leeway.test");
    await question.getByLabel("Password", { exact: true }).fill("leeway-demo");
    await question.getByRole("button", { name: "Sign in" }).click();
    await expect(question).not.toContainText("You have been signed out");
    await expect(note).toHaveValue("Kept.");
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(told(page, `Version ${version} is in force.`)).toBeVisible();
    expect(await policy()).toMatchObject({ version, note: "Kept." });
  });

  test("keeps what was typed when no answer comes", async ({ page, signIn, expectConsoleError }) => {
    expectConsoleError(/ERR_|503/);
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    await panel(page).getByRole("button", { name: "Publish now …" }).click();
    const question = page.getByRole("dialog");
    await question.getByRole("textbox", { name: "What changed, and why" }).fill("Kept.");
    await page.route(`**/settings/policies/${version}`, (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(question.getByRole("alert")).toContainText("No answer came");
    await page.unroute(`**/settings/policies/${version}`);
    await expect(question.getByRole("textbox", { name: "What changed, and why" })).toHaveValue("Kept.");
    await question.getByRole("button", { name: "Publish now" }).click();
    await expect(told(page, `Version ${version} is in force.`)).toBeVisible();
  });

  test("at a time says when in words, can be taken back, and happens by itself", async ({ page, signIn }) => {
    test.slow();
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    const atATime = panel(page).getByRole("button", { name: "Publish at a time …" });
    await atATime.click();
    const question = page.getByRole("dialog", { name: `Publish version ${version} at a time` });
    await question.getByLabel("When").fill("2020-01-01T09:00");
    await question.getByRole("button", { name: "Publish then" }).click();
    await expect(question).toContainText("This moment has passed.");
    await question.getByLabel("When").fill("2099-07-01T09:00");
    await expect(question).toContainText("It is published on Wed, Jul 1, 2099, 9:00 AM EDT, in");
    await question.getByRole("button", { name: "Publish then" }).click();
    await expect(panel(page)).toContainText("It is published by itself on Wed, Jul 1, 2099, 9:00 AM EDT.");
    await expect(panel(page)).toContainText("Until then it can’t be edited.");
    await page.goto("/settings");
    await expect(page.getByRole("region", { name: "Drafts" })).toContainText("scheduled");
    await page.goto(`/settings/policies/${version}`);
    await panel(page).getByRole("button", { name: "Take that back" }).click();
    await expect(atATime).toBeVisible();
    expect(await findPolicy(organizationId, version)).toMatchObject({ status: "draft", publishAt: null });

    const now = new Date();
    const scheduled = await schedulePolicy({
      organizationId,
      version,
      revision: 1,
      at: new Date(now.getTime() + 3_000),
      author: personAuthor(await admin()),
      now,
    });
    expect(scheduled.ok).toBe(true);
    await page.goto("/settings/policies");
    await expect(entry(page, version)).toContainText("in force", { timeout: 40_000 });
    expect((await policy()).version).toBe(version);
  });
});

// The risk: a simulation of something else is taken for one of what is published.
test("a simulation stands beside publishing as long as it is of what was saved last", async ({
  page,
  signIn,
}) => {
  test.slow();
  const version = await draft(agentsADay(30_000));
  const { timeZone } = (await policy()).document;
  const asked = await requestSimulation({
    organizationId,
    version,
    span: {},
    timeZone,
    askedBy: await admin(),
    now: new Date(),
  });
  expect(asked.ok).toBe(true);
  await signIn("admin");
  await expect(async () => {
    await page.goto(`/settings/policies/${version}`);
    await expect(panel(page)).toContainText(/Simulated: solved without asking [\d.]+% → [\d.]+%\./, {
      timeout: 2_000,
    });
  }).toPass({ timeout: 60_000 });
  const limit = page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { level: 3, name: "guest-day", exact: true }) });
  await limit.getByRole("textbox", { name: "The most" }).fill("250.00");
  await expect(panel(page)).toContainText("Simulated before it was last saved.");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(panel(page)).toContainText("Saved as revision 2.");
  await expect(panel(page)).toContainText("Simulated before it was last saved.");
  await panel(page).getByRole("link", { name: "Simulate" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/policies/${version}/simulation`));
});

// The risk: a company that has just begun does not find out how.
test("an organization without a policy begins with a careful one", async ({ page, context }) => {
  const organization = await createOrganization({ policy: null });
  const password = "only-for-this-test";
  const { email } = await createEmployee(organization, { role: "admin", password });
  const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
  await context.request.post("/api/auth/callback/credentials", {
    form: { csrfToken, email, password, json: "true" },
  });
  await page.goto("/settings");
  const main = page.getByRole("main");
  await expect(main).toContainText("No policy is in force yet, so nobody can decide anything.");
  await expectAccessible(page, "policy-none");
  await main.getByRole("button", { name: "Begin with a careful policy" }).click();
  await expect(page).toHaveURL(/\/settings\/policies\/1$/);
  await expect(panel(page)).toContainText("It would be the first version in force.");
  await expect(panel(page).getByRole("button", { name: "Try it with one team …" })).toHaveCount(0);
  await panel(page).getByRole("button", { name: "Publish now …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
  await expect(told(page, "Version 1 is in force.")).toBeVisible();
  expect(await currentPolicy(organization.organizationId)).toMatchObject({ version: 1, baseVersion: null });
});

// The risk: a draft, or what somebody wrote into it, is gone for good.
test.describe("drafts", () => {
  test("begin from the version in force and say who wrote what; one that is discarded can be had back", async ({
    page,
    signIn,
  }) => {
    const { version: inForce } = await policy();
    const version = await draft(agentsADay(30_000), "For the winter.");
    await signIn("admin");
    await page.goto("/settings");
    const drafts = page.getByRole("region", { name: "Drafts" });
    await expect(drafts).toContainText(`Draft ${version}`);
    await expect(drafts).toContainText(`from version ${inForce}, no examples, saved just now by`);
    await expect(drafts).toContainText("For the winter.");
    await expect(drafts).toContainText("300.00 USD a day instead of 2,000.00 USD");
    await drafts.getByRole("button", { name: `Discard draft ${version}` }).click();
    await expect(drafts.getByRole("status")).toHaveText(`Draft ${version} is discarded.`);
    expect((await findPolicy(organizationId, version))?.status).toBe("discarded");
    await expect(drafts.getByRole("button", { name: `Take draft ${version} back` })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(drafts.getByRole("link", { name: `Draft ${version}` })).toBeFocused();
    expect((await findPolicy(organizationId, version))?.status).toBe("draft");

    await page.getByRole("button", { name: "Draft a change" }).click();
    await expect(page).toHaveURL(new RegExp(`/settings/policies/${version + 1}$`));
    await panel(page).getByRole("button", { name: "Discard draft" }).click();
    await expect(page.getByRole("main")).toContainText("This draft was discarded.");
    await page.getByRole("button", { name: "Take it back" }).click();
    await expect(panel(page)).toBeVisible();
  });

  test("come in from a file with every fault named at once, and go out as they are", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await page.goto("/settings");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export as JSON" }).click();
    const file = await download;
    const { version, document } = await policy();
    expect(file.suggestedFilename()).toBe(`policy-${version}.json`);
    const exported = await readFile(await file.path(), "utf8");
    expect(JSON.parse(exported)).toEqual(document);

    await page.getByRole("button", { name: "Import a policy" }).click();
    const dialog = page.getByRole("dialog", { name: "Import a policy" });
    const paste = dialog.getByRole("textbox", { name: "Or paste the document" });
    const begin = dialog.getByRole("button", { name: "Begin a draft with it" });
    await begin.click();
    await expect(dialog).toContainText("Choose a file, or paste the document.");
    await paste.fill('{\n  "limits": [\n');
    await begin.click();
    await expect(dialog).toContainText("This is not JSON: look at line 3, character 1.");
    const broken = changed(document, (copy) => {
      Object.assign(copy, { currency: "EUR", colour: "red" });
      for (const limit of copy.limits) limit.why = "";
    });
    await dialog.locator("input[type=file]").setInputFiles({
      name: "policy.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(broken, null, 2)),
    });
    await expect(paste).toHaveValue(/"colour": "red"/);
    await begin.click();
    await expect(dialog.getByRole("alert")).toContainText("have to be corrected");
    await expect(dialog.getByRole("alert").getByRole("listitem")).toHaveCount(document.limits.length + 1);
    await expect(dialog.getByRole("alert")).toContainText("limits.0.why Say why");
    await expect(paste).toHaveValue(/"colour": "red"/);
    // What was pasted is there again after another look at the page.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Import a policy" }).click();
    await expect(paste).toHaveValue(/"colour": "red"/);
    await paste.fill(exported);
    await begin.click();
    await expect(page).toHaveURL(/\/settings\/policies\/\d+$/);
    const imported = Number(page.url().split("/").at(-1));
    expect((await findPolicy(organizationId, imported))?.document).toEqual(document);
    await expect(panel(page)).toContainText(`What is saved says the same as version ${version}.`);
  });

  test("take an example from a decision on the floor, with what was given before it", async ({
    page,
    signIn,
  }) => {
    const decision = await tenantDb(organizationId).decision.findFirstOrThrow({
      where: { organizationId, verdict: "handover" },
      orderBy: { id: "desc" },
    });
    const version = await draft(agentsADay(30_000), "For the winter.");
    await signIn("admin");
    await page.goto(`/floor/decisions/${decision.id}`);
    await page.getByRole("button", { name: "Make an example of this decision" }).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .getByRole("combobox", { name: "Into which draft" })
      .selectOption({ label: (await dialog.getByRole("option").nth(1).textContent()) ?? "" });
    await dialog.getByRole("button", { name: "Make the example" }).click();
    await expect(page).toHaveURL(new RegExp(`/settings/policies/${version}\\?example=`));
    const example = (await findPolicy(organizationId, version))?.document.examples?.[0];
    expect(example).toMatchObject({
      when: { remedy: decision.remedy, amount: Number(decision.amount), currency: decision.currency },
      then: { verdict: "handover" },
    });
    expect(JSON.stringify(example)).not.toContain(decision.employeeId);
    expect(JSON.stringify(example)).not.toContain(decision.customerId);
  });
});

// The risk: what was right before can't be had again, or comes back for other people than somebody meant.
test.describe("an old version", () => {
  test("comes into force again as a new one, after saying what that changes", async ({ page, signIn }) => {
    const old = (await policy()).version;
    const newer = await publish(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${old}`);
    await page.getByRole("button", { name: `Put version ${old} in force again` }).click();
    const question = page.getByRole("dialog", { name: `Put version ${old} in force again?` });
    await expect(question).toContainText(`Against version ${newer}, which is in force`);
    await expect(question).toContainText(
      "An agent may now give one customer 2,000.00 USD a day instead of 300.00 USD.",
    );
    await question.getByRole("textbox", { name: "What changed, and why" }).fill("It was better before.");
    await question.getByRole("button", { name: "Put it in force again" }).click();
    await expect(page).toHaveURL(new RegExp(`/settings/policies/${newer + 1}$`));
    const main = page.getByRole("main");
    await expect(told(page, `Version ${newer + 1} is in force.`)).toBeVisible();
    await expect(main).toContainText(`Puts version ${old} in force again.`);
    expect(await policy()).toMatchObject({
      version: newer + 1,
      restores: old,
      note: "It was better before.",
      document: before,
    });
  });

  test("is not put in force over what somebody published meanwhile, unseen", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/api\/events/);
    const old = (await policy()).version;
    await publish(agentsADay(30_000));
    await signIn("admin");
    await page.context().route("**/api/events**", (route) => route.abort());
    await page.goto(`/settings/policies/${old}`);
    await page.getByRole("button", { name: `Put version ${old} in force again` }).click();
    const theirs = await publish(agentsADay(40_000));
    const question = page.getByRole("dialog");
    await question.getByRole("button", { name: "Put it in force again" }).click();
    await question.getByRole("button", { name: `Compare with version ${theirs}` }).click();
    await expect(question).toBeHidden();
    await page.getByRole("button", { name: `Put version ${old} in force again` }).click();
    await expect(question).toContainText("2,000.00 USD a day instead of 400.00 USD");
    expect((await policy()).version).toBe(theirs);
  });

  test("is what a draft can begin with", async ({ page, signIn }) => {
    const old = (await policy()).version;
    const newer = await publish(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${old}`);
    await page.getByRole("button", { name: "Draft from this version" }).click();
    await expect(page).toHaveURL(new RegExp(`/settings/policies/${newer + 1}$`));
    await expect(panel(page)).toContainText(`Against version ${newer}, which is in force`);
    await expect(panel(page)).toContainText("2,000.00 USD a day instead of 300.00 USD");
  });
});

// The risk: a trial reaches people who are not in it, or nobody can tell what came of it.
test.describe("a trial", () => {
  test("runs for one team, stands beside what was before, and ends when somebody says so", async ({
    page,
    signIn,
  }) => {
    const { version: main } = await policy();
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    await panel(page).getByRole("button", { name: "Try it with one team …" }).click();
    const question = page.getByRole("dialog", { name: `Try version ${version} with one team` });
    await question.getByLabel("Days").fill("0");
    await question.getByRole("button", { name: "Start the trial" }).click();
    await expect(question).toContainText("Choose a team.");
    await expect(question).toContainText("Write a whole number of days, 365 at most.");
    const team = (await question.getByRole("option").nth(1).textContent()) ?? "";
    await question.getByLabel("Team").selectOption({ label: team });
    await question.getByLabel("Days").fill("3");
    await expect(question).toContainText("From now on until");
    await question.getByRole("button", { name: "Start the trial" }).click();
    const status = told(page, `${team} tries version ${version}.`);
    await expect(status).toContainText(`Everybody else decides under version ${main}, as before.`);

    await status.getByRole("link", { name: "Compare it" }).click();
    await expect(page.getByRole("main")).toContainText("Nothing was decided in it yet.");
    await decideInTeam(team, 40_000);
    await page.reload();
    const numbers = page.getByRole("region", { name: `${team}, in the trial` });
    await expect(numbers).toContainText("Solved without asking0.0%");
    await expect(numbers).toContainText("Handed over1 (100.0%)");
    await expect(page.getByRole("region", { name: `${team}, before` })).toBeVisible();
    await expect(page.getByRole("region", { name: "The other teams" })).toBeVisible();
    await expect(page.getByRole("main")).toContainText(`What is different from version ${main}`);
    await page.getByText("As a table").click();
    await expect(page.getByRole("table")).toContainText("in the trial");

    await page.goto("/settings");
    await expect(page.getByRole("region", { name: "Trials" })).toContainText(
      `${team} tries version ${version} until`,
    );
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByRole("button", { name: "End the trial now" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End it now" }).click();
    await expect(told(page, "The trial is over.")).toBeVisible();
    expect(await runningTrials(organizationId, new Date())).toEqual([]);
    expect((await findPolicy(organizationId, version))?.status).toBe("superseded");
    expect((await policy()).version).toBe(main);
  });

  test("ends with everybody coming along", async ({ page, signIn }) => {
    const version = await draft(agentsADay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}`);
    await panel(page).getByRole("button", { name: "Try it with one team …" }).click();
    const question = page.getByRole("dialog");
    await question.getByLabel("Team").selectOption({ index: 1 });
    await question.getByRole("button", { name: "Start the trial" }).click();
    await page.getByRole("button", { name: "Put it in force for everybody" }).click();
    await page
      .getByRole("dialog", { name: `Put version ${version} in force for everybody?` })
      .getByRole("button", { name: "Put it in force" })
      .click();
    await expect(told(page, `Version ${version} is in force.`)).toBeVisible();
    expect((await policy()).version).toBe(version);
    expect(await runningTrials(organizationId, new Date())).toEqual([]);
  });
});

/** A credit by somebody of the team; what it comes to is for the version that the team decides under. */
async function decideInTeam(team: string, amount: number): Promise<void> {
  const db = tenantDb(organizationId);
  const employee = await db.employee.findFirstOrThrow({
    where: { organizationId, role: "agent", status: "active", team: { name: team } },
    include: { team: true },
  });
  const customer = await db.customer.findFirstOrThrow({
    where: { organizationId, decisions: { none: { employeeId: employee.id } } },
  });
  const { currency, timeZone } = (await policy()).document;
  const answer = await decide({
    actor: {
      kind: "employee",
      organizationId,
      organizationName: "The demo",
      currency,
      timeZone,
      employeeId: employee.id,
      name: employee.name,
      email: employee.email,
      role: "agent",
      team: employee.team?.key ?? null,
      sessionId: crypto.randomUUID(),
      passwordOneTime: false,
    },
    input: { customer: customer.id, remedy: "credit", amount, currency },
    idempotencyKey: crypto.randomUUID(),
    now: new Date(),
  });
  expect(answer.ok).toBe(true);
}

test("auditors read the policy, its drafts and its versions, and change nothing", async ({
  page,
  signIn,
}) => {
  const old = (await policy()).version;
  await publish(agentsADay(30_000));
  await draft(agentsADay(40_000));
  await signIn("auditor");
  await page.goto("/settings");
  const main = page.getByRole("main");
  await expect(main).toContainText("An agent may give one customer 300.00 USD a day; above it, hand over.");
  await expect(page.getByRole("region", { name: "Drafts" })).toContainText(
    "400.00 USD a day instead of 300.00",
  );
  await expect(main.getByRole("button")).toHaveCount(0);
  await expect(main.getByRole("textbox")).toHaveCount(0);
  await page.goto(`/settings/policies/${old}`);
  await expect(main.getByRole("button")).toHaveCount(0);
  await expect(main.getByRole("link", { name: "Export as JSON" })).toBeVisible();
});

// Risk: an admin on a phone, in the dark or without eyes cannot see what a policy becomes.
test("a policy's life is accessible from a draft to a trial, with each of its dialogs", async ({
  page,
  signIn,
}) => {
  test.slow();
  const { version: inForce } = await policy();
  await publish(agentsADay(30_000));
  const tried = await draft(agentsADay(50_000));
  const version = await draft(agentsADay(40_000));
  const dialog = page.getByRole("dialog");
  await page.setViewportSize(PHONE);
  await signIn("admin");
  await page.goto(`/settings/policies/${tried}`);
  await panel(page).getByRole("button", { name: "Try it with one team …" }).click();
  await expect(dialog).toBeVisible();
  await expectAccessible(page, "policy-try");
  const team = (await dialog.getByRole("option").nth(1).textContent()) ?? "";
  await dialog.getByLabel("Team").selectOption({ label: team });
  await dialog.getByRole("button", { name: "Start the trial" }).click();
  await expect(told(page, "tries version")).toBeVisible();
  await expectAccessible(page, "policy-tried");
  await decideInTeam(team, 60_000);
  for (const [what, address] of [
    ["policy-trial", `/settings/policies/${tried}/trial`],
    ["policy-in-force", "/settings"],
    ["policy-versions", "/settings/policies"],
    ["policy-superseded", `/settings/policies/${inForce}`],
  ] as const) {
    await page.goto(address);
    await expectAccessible(page, what);
  }
  await page.goto("/settings");
  await page.getByRole("button", { name: "Import a policy" }).click();
  await page.getByRole("textbox", { name: "Or paste the document" }).fill('{ "limits": [{}] }');
  await page.getByRole("button", { name: "Begin a draft with it" }).click();
  await expect(page.getByRole("alert")).toContainText("have to be corrected");
  await expectAccessible(page, "policy-import");
  await page.goto(`/settings/policies/${version}`);
  for (const [what, way] of [
    ["policy-publish", "Publish now …"],
    ["policy-publish-at", "Publish at a time …"],
  ] as const) {
    await panel(page).getByRole("button", { name: way }).click();
    await expect(dialog).toBeVisible();
    await expectAccessible(page, what);
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  }
});
