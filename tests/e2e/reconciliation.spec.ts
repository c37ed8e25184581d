import type { Page } from "@playwright/test";
import pg from "pg";
import type { EmployeeActor } from "@/lib/auth/types";
import { requestReconciliation, runReconciliation } from "@/lib/reconciliation/mutations";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const main = (page: Page) => page.getByRole("main");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const alertOf = (page: Page) => page.getByRole("region", { name: "Reconciliation", exact: true });
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 2, name, exact: true });

/** What no one can do by way of the app: as the database's owner, with every guard taken down. */
async function tamper(sql: string, values: unknown[]): Promise<void> {
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  try {
    await client.query("set session_replication_role = replica");
    await client.query(sql, values);
  } finally {
    await client.end();
  }
}

/** An organization with a decision or two, and whoever looks after its books. */
async function house() {
  const s = await scenario({
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
  });
  const customer = await s.customer();
  const first = decided(await s.ask({ customer, amount: 1000 })).id ?? "";
  const second = decided(await s.ask({ customer, amount: 250 })).id ?? "";
  return {
    ...s,
    customerId: customer,
    first,
    second,
    admin: await s.employee("admin"),
    auditor: await s.employee("auditor"),
    moveCounter: () =>
      tamper("update counters set posted_amount = posted_amount - 400 where organization_id = $1", [
        s.organizationId,
      ]),
    async compare() {
      const { organizationId } = s;
      const now = new Date();
      const options = { organizationId, origin: "command", repairs: false, askedBy: null, now } as const;
      const asked = await requestReconciliation(options);
      if (!asked.ok) throw new Error(asked.code);
      await runReconciliation({ organizationId, id: asked.id, now });
      return asked.id;
    },
  };
}

async function open(page: Page, actor: EmployeeActor, address = "/settings/reconciliation") {
  await signInAs(page.request, actor);
  await page.goto(address);
}

test.describe("reconciliation", () => {
  test("is asked for by an admin, done by the worker, and says large that everything is equal", async ({
    page,
  }) => {
    const s = await house();
    await open(page, s.admin);
    await expect(main(page)).toContainText("Nothing has been compared yet");
    await button(page, "Check now").click();
    await expect(heading(page, "Everything is equal")).toBeVisible({ timeout: 30_000 });
    await expect(main(page)).toContainText("2 decisions and 1 counter compared");
    await expect(main(page)).toContainText("There was nothing to ask a payment provider about.");
    await expect(page.getByRole("region", { name: "Seals" })).toContainText(/sealed|held against/);
    await expect(page.getByRole("link", { name: /equal/ })).toContainText("By ");
    await expect(button(page, "Check now")).toBeEnabled();
    await expect(button(page, "Rebuild counters")).toHaveCount(0);
    // From the page before: nobody needs the address.
    await page.goto("/settings");
    await page
      .getByRole("navigation", { name: "Settings" })
      .getByRole("link", { name: "Reconciliation" })
      .click();
    await expect(heading(page, "Everything is equal")).toBeVisible();
  });

  test("names what differs in plain words, and rebuilds counters once somebody said so", async ({ page }) => {
    const s = await house();
    await s.moveCounter();
    await tamper("delete from jobs where decision_id = $1", [s.second]);
    await open(page, s.admin);
    await button(page, "Check now").click();
    await expect(heading(page, "2 things differ")).toBeVisible({ timeout: 30_000 });
    const list = page.getByRole("region", { name: "What differs" });
    const counter = list.getByRole("listitem").filter({ hasText: "A counter is not the sum" });
    await expect(counter).toContainText(/guest-day, for .+ and .+, from /);
    await expect(counter).toContainText("$12.50 given (2 decisions), $0.00 held (0 decisions)");
    await expect(counter).toContainText("$8.50 given (2 decisions)");
    const job = list.getByRole("listitem").filter({ hasText: "Whether a decision is carried out" });
    await expect(job).toContainText("The decision is “Done”.");
    await expect(job).toContainText(
      "to be done, under way, pending at the provider, not known, for a person to carry out, or carried out",
    );
    await expect(job.getByRole("link")).toHaveAttribute("href", `/floor/decisions/${s.second}`);

    await button(page, "Rebuild counters").click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("One counter is set to what the ledger entries come to.");
    await expect(dialog).toContainText("One other thing that differs stays as it is.");
    await expect(dialog).toContainText("Decisions and ledger are not touched.");
    await expectAccessible(page, "rebuild");
    await button(page, "Leave them as they are").click();
    await expect(dialog).toHaveCount(0);
    await button(page, "Rebuild counters").click();
    await button(page, "Rebuild them").click();
    await expect(heading(page, "One thing differs")).toBeVisible({ timeout: 30_000 });
    const repaired = page.getByRole("region", { name: "Rebuilt" });
    await expect(repaired).toContainText("One counter and no sum of a day.");
    await expect(repaired).toContainText(/was \$8\.50 given .* is \$12\.50 given/);
    await expect(button(page, "Rebuild counters")).toHaveCount(0);
    await expect(page.getByRole("link", { name: /1 rebuilt, one thing differs/ })).toBeVisible();
    await page.getByRole("link", { name: /2 things differ/ }).click();
    await expect(main(page)).toContainText("This is an earlier run.");
    await expect(counter).toBeVisible();
    await page.getByRole("link", { name: "Show the latest" }).click();
    await expect(heading(page, "One thing differs")).toBeVisible();
  });

  test("that finds something stands above every page of who looks after it, at once, until it is looked at", async ({
    page,
    browser,
    baseURL,
  }) => {
    const s = await house();
    await open(page, s.auditor, "/floor");
    const context = await browser.newContext({ baseURL });
    const others = await context.newPage();
    await open(others, s.manager, "/floor");
    await expect(main(page)).toContainText("solved");
    await expect(alertOf(page)).toHaveCount(0);
    await s.moveCounter();
    await s.compare();
    await expect(alertOf(page)).toContainText("The books differ in one place.", { timeout: 20_000 });
    await others.reload();
    await expect(alertOf(others)).toHaveCount(0);
    await context.close();

    await alertOf(page).getByRole("link", { name: "Look at it" }).click();
    await expect(page).toHaveURL(/\/settings\/reconciliation$/);
    await expect(heading(page, "One thing differs")).toBeVisible();
    await expect(button(page, "Check now")).toHaveCount(0);
    await expect(button(page, "Rebuild counters")).toHaveCount(0);
    await button(page, "I have looked at this").click();
    await expect(alertOf(page)).toHaveCount(0);
    await expect(main(page)).toContainText(/looked at it/);
    await s.compare();
    await expect(alertOf(page)).toBeVisible({ timeout: 20_000 });
  });

  test("says that it broke off, and that a worker is missing where none begins", async ({ page }) => {
    const s = await house();
    const { organizationId } = s;
    const now = new Date(Date.now() - 90 * 60_000);
    const options = { organizationId, origin: "command", repairs: false, askedBy: null } as const;
    await requestReconciliation({ ...options, now });
    // From the command line: no worker takes it up.
    const waits = await requestReconciliation({ ...options, now: new Date() });
    await open(page, s.admin);
    await expect(main(page)).toContainText("It was broken off");
    await expect(page.getByTestId("progress")).toContainText("Waiting for the worker …");
    await expect(page.getByTestId("progress")).toContainText("npm run -s leeway -- worker", {
      timeout: 15_000,
    });
    await expect(button(page, "Comparing …")).toHaveAttribute("aria-disabled", "true");
    if (!waits.ok) throw new Error(waits.code);
    await runReconciliation({ organizationId, id: waits.id, now: new Date() });
    await expect(heading(page, "Everything is equal")).toBeVisible({ timeout: 15_000 });
  });

  test("is nobody's but the organization's own admins' and auditors'", async ({ page, request }) => {
    const [s, theirs] = [await house(), await house()];
    const run = await theirs.compare();
    await signInAs(page.request, s.admin);
    for (const address of [
      `/settings/reconciliation?run=${run}`,
      `/settings/reconciliation/progress?run=${run}`,
    ]) {
      expect([address, (await page.request.get(address)).status()]).toEqual([address, 404]);
    }
    expect((await request.get(`/settings/reconciliation/progress?run=${run}`)).status()).toBe(401);
    await signInAs(request, s.manager);
    expect((await request.get("/settings/reconciliation")).status()).toBe(403);
    expect((await request.get(`/settings/reconciliation/progress?run=${run}`)).status()).toBe(404);
  });

  // Risk: an admin on a phone, in the dark or without eyes does not see that the books differ.
  test("is accessible before anything was compared, and where things differ", async ({ page }) => {
    const s = await house();
    await page.setViewportSize(PHONE);
    await open(page, s.admin);
    await expect(main(page)).toContainText("Nothing has been compared yet");
    await expectAccessible(page, "reconciliation-none");
    await s.moveCounter();
    await tamper("delete from jobs where organization_id = $1", [s.organizationId]);
    await tamper("update decision_rollups set amount = 1 where organization_id = $1", [s.organizationId]);
    await s.compare();
    await page.reload();
    await expect(alertOf(page)).toBeVisible();
    await expect(heading(page, "4 things differ")).toBeVisible();
    await expectAccessible(page, "reconciliation");
  });
});
