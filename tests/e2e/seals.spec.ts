import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import pg from "pg";
import { checkProof } from "@/lib/seals/proof";
import { publishSeals } from "@/lib/seals/publish";
import { sealHistory } from "@/lib/seals/sealer";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

/** Somebody who may do everything in the database. */
async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const tamper = (text: string, values: unknown[]) =>
  asOwner(async (client) => {
    await client.query("set session_replication_role = replica");
    await client.query(text, values);
  });

/** As long as `work` takes, no worker seals this organization. */
const unsealed = <T>(organizationId: string, work: () => Promise<T>) =>
  asOwner(async (client) => {
    await client.query("select pg_advisory_lock(hashtextextended('leeway.seal/' || $1, 0))", [
      organizationId,
    ]);
    return work();
  });

/** An organization of its own with so many seals of an event each. */
async function house(decisions = 2) {
  const s = await scenario();
  const customer = await s.customer();
  const ids: string[] = [];
  for (let turn = 0; turn < decisions; turn++) {
    ids.push(decided(await s.ask({ customer, amount: 100 + turn })).id ?? "");
  }
  await sealHistory({ organizationId: s.organizationId, eventsPerSeal: 1 });
  return { s, organizationId: s.organizationId, decisions: ids, auditor: await s.employee("auditor") };
}

const main = (page: Page) => page.getByRole("main");
const verdict = (page: Page) => page.getByTestId("verdict");
const verify = (page: Page) => page.getByRole("button", { name: "Verify now" });

test("an auditor has history verified, and sees how much of it is whole", async ({ page }) => {
  const { auditor, organizationId } = await house();
  await signInAs(page.request, auditor);
  await page.goto("/settings");
  await page.getByRole("link", { name: "Seals", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Is the history whole?" })).toBeVisible();
  await expect(verdict(page)).toContainText("Not verified yet");
  await verify(page).click();
  await expect(verdict(page)).toContainText("Whole", { timeout: 20_000 });
  await expect(verdict(page)).toContainText(`asked by ${auditor.name}`);
  await expect(verdict(page)).toContainText("2 decisions");
  await sealHistory({ organizationId });
  const { rows } = await asOwner((client) =>
    client.query("select sum(leaf_count)::int as events from seals where organization_id = $1", [
      organizationId,
    ]),
  );
  await page.reload();
  await expect(verdict(page)).toContainText(String(rows[0].events));
  // The button is there again, for the next time.
  await expect(verify(page)).toBeVisible();
});

// Risk: history is broken, and the page says so in a way that nobody can act on.
test("a row that was changed past the app is named", async ({ page }) => {
  const { auditor, decisions } = await house();
  await tamper("update decisions set amount = amount + 1 where id = $1", [decisions[0]]);
  await signInAs(page.request, auditor);
  await page.goto("/settings/seals");
  await verify(page).click();
  await expect(verdict(page)).toContainText("Broken", { timeout: 20_000 });
  await expect(verdict(page).getByRole("alert")).toContainText(`at decisions ${decisions[0]}`);
  // It is told wherever somebody looks who may know, until it is mended.
  await page.goto("/floor");
  await page.getByRole("region", { name: "History" }).getByRole("link", { name: "See where" }).click();
  await expect(verdict(page).getByRole("alert")).toContainText(
    /The row doesn't say what was sealed in seal \d+/,
  );
});

test("a decision says which seal it is in, and gives a proof that holds without the database", async ({
  page,
}) => {
  const { s, auditor, decisions } = await house();
  await signInAs(page.request, auditor);
  await page.goto(`/floor/decisions/${decisions[0]}`);
  await expect(main(page)).toContainText(/Sealed in \d+/);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "proof", exact: true }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe(`proof-${decisions[0]}.json`);
  const answer = checkProof(JSON.parse(readFileSync(await file.path(), "utf8")), null);
  expect(answer).toMatchObject({ ok: true, proven: { decisionId: decisions[0], status: "posted" } });

  await unsealed(s.organizationId, async () => {
    const fresh = decided(await s.ask({ customer: await s.customer(), amount: 1 }));
    await page.goto(`/floor/decisions/${fresh.id}`);
    await expect(main(page)).toContainText("Not sealed yet");
    const refused = await page.request.get(`/settings/seals/proofs/${fresh.id}`);
    expect([refused.status(), await refused.text()]).toEqual([
      409,
      "The decision is not sealed yet. The worker seals every minute.\n",
    ]);
  });
  expect((await page.request.get("/settings/seals/proofs/nonsense")).status()).toBe(404);
  expect((await page.request.get("/settings/seals/progress?run=nonsense")).status()).toBe(404);

  const manager = await s.employee("manager");
  // The page that is open listens for what changes, and would be told that nobody is signed in.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await signInAs(page.request, manager);
  await page.goto(`/floor/decisions/${decisions[0]}`);
  await expect(main(page)).toContainText(/Sealed in \d+/);
  await expect(page.getByRole("link", { name: "proof", exact: true })).toHaveCount(0);
});

test("says what waits, that no worker seems to seal, and that nothing is sealed yet", async ({ page }) => {
  const s = await scenario();
  await unsealed(s.organizationId, async () => {
    const auditor = await s.employee("auditor");
    await s.customer();
    await signInAs(page.request, auditor);
    await page.goto("/settings/seals");
    await expect(main(page)).toContainText(/events? waits? to be sealed/);
    await expect(main(page)).not.toContainText("the worker seems not to run");
    await tamper("update unsealed set queued_at = now() - interval '6 minutes' where organization_id = $1", [
      s.organizationId,
    ]);
    await page.reload();
    await expect(main(page)).toContainText("the worker seems not to run");
    await expect(main(page)).toContainText("npm run -s leeway -- audit seal");
  });
});

test("keeps many seals a page away, with their hashes to be copied and where each was published", async ({
  page,
  context,
}) => {
  const { auditor, organizationId } = await house(30);
  await publishSeals(organizationId, { file: async () => undefined });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signInAs(page.request, auditor);
  await page.goto("/settings/seals");
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(26);
  // The worker seals every minute, so that the first row may be another one by now.
  const published = rows.filter({ hasText: "File" }).first();
  await published.getByRole("button", { name: "Copy" }).click();
  await expect(published).toContainText("Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^[0-9a-f]{64}$/);
  const row = rows.filter({ hasText: copied.slice(0, 12) });
  await expect(row).toHaveCount(1);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(row).toHaveCount(1);
  await expect(main(page)).toContainText("up to seal");
  await expect(main(page)).toContainText("not set up: LEEWAY_SEAL_WEBHOOK");
  for (const odd of ["?below=x", "?below=0", "?below=1&below=2", "?below=99999999999999"]) {
    expect([odd, (await page.goto(`/settings/seals${odd}`))?.status()]).toEqual([odd, 200]);
  }
});

test("says so where no answer comes, and takes somebody back who was signed out", async ({
  page,
  context,
  expectConsoleError,
}) => {
  expectConsoleError(/ERR_/);
  const { auditor } = await house();
  await signInAs(page.request, auditor);
  await page.goto("/settings/seals");
  await page.route("**/settings/seals", (route) =>
    route.request().method() === "POST" ? route.abort() : route.fallback(),
  );
  await verify(page).click();
  await expect(main(page).getByRole("alert")).toContainText("No answer came");
  await page.unroute("**/settings/seals");
  await context.clearCookies();
  await verify(page).click();
  await expect(main(page)).toContainText("You have been signed out");
  await page.getByLabel("Email").fill(auditor.email);
  await page.getByLabel("Password", { exact: true }).fill("only-for-this-test");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(main(page)).not.toContainText("You have been signed out");
  await verify(page).click();
  await expect(verdict(page)).toContainText("Whole", { timeout: 20_000 });
});

test("is for admins and auditors alone", async ({ openAs, expectConsoleError }) => {
  expectConsoleError(/403/);
  for (const [role, status] of [
    ["admin", 200],
    ["auditor", 200],
    ["manager", 403],
    ["agent", 403],
  ] as const) {
    const page = await openAs(role);
    expect([role, (await page.goto("/settings/seals"))?.status()]).toEqual([role, status]);
  }
});

// Risk: an auditor on a phone, in the dark or without eyes does not see that history is broken.
test("the page of seals is accessible where history is broken and nothing could be published", async ({
  page,
}) => {
  const { auditor, organizationId, decisions } = await house();
  await publishSeals(organizationId, { webhook: () => Promise.reject(new Error("It is away.")) });
  await tamper("update decisions set amount = amount + 1 where id = $1", [decisions[0]]);
  await page.setViewportSize(PHONE);
  await signInAs(page.request, auditor);
  await page.goto("/settings/seals");
  await verify(page).click();
  await expect(verdict(page)).toContainText("Broken", { timeout: 20_000 });
  await expect(main(page)).toContainText("It is away.");
  await expectAccessible(page, "seals");
});
