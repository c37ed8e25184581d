import type { Page } from "@playwright/test";
import { newId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { Policy } from "@/lib/discretion/schema";
import { DEMO_ORGANIZATION_ID as organizationId } from "@/lib/organizations/demo";
import { currentPolicy } from "@/lib/policies/data";
import { discardDraft, personAuthor, saveDraft } from "@/lib/policies/mutations";
import { findSimulation, listSimulationLines } from "@/lib/simulations/data";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";

const main = (page: Page) => page.getByRole("main");
const share = (page: Page) => page.getByTestId("share");
const stream = (page: Page, name: RegExp) =>
  page.getByRole("group", { name: "Where decisions go" }).getByRole("link", { name });
const list = (page: Page) => page.locator("#differences");

async function adminId(): Promise<string> {
  const admin = await tenantDb(organizationId).employee.findFirstOrThrow({
    where: { organizationId, email: "admin@demo.leeway.test" },
  });
  return admin.id;
}

/** The drafts of a test, which the next one doesn't find. */
const made = new Set<number>();

test.afterEach(async () => {
  const author = personAuthor(await adminId());
  for (const version of made) {
    await discardDraft({ organizationId, version, discard: true, author, now: new Date() });
  }
  made.clear();
});

/** A draft of the demo's admin, made from the policy in force; answers its number. */
async function draftOf(change: (document: Policy) => void = () => undefined, version: number | null = null) {
  const current = await currentPolicy(organizationId);
  if (!current) throw new Error("The demo has no policy.");
  const document = structuredClone(current.document);
  // What the examples expect is another test's matter.
  delete document.examples;
  change(document);
  const saved = await saveDraft({
    organizationId,
    version,
    revision: version === null ? null : 1,
    base: current.version,
    document,
    note: null,
    author: personAuthor(await adminId()),
    now: new Date(),
  });
  if (!saved.ok) throw new Error(JSON.stringify(saved));
  made.add(saved.version);
  return saved.version;
}

const guestDay = (max: number) => (document: Policy) => {
  for (const each of document.limits) if (each.id === "guest-day") each.max = max;
};

async function replay(page: Page, version: number): Promise<void> {
  await page.goto(`/settings/policies/${version}/simulation`);
  await page.getByRole("button", { name: "Replay 90 days" }).click();
  await expect(share(page)).toBeVisible({ timeout: 40_000 });
}

/** "93.9" of "93.9%". */
async function numbersOf(page: Page): Promise<number[]> {
  const text = await share(page).innerText();
  return [...text.matchAll(/([\d.]+)%/g)].map(([, number]) => Number(number));
}

test.describe("a simulation", () => {
  test("of a draft with lower limits shows how much less is solved without asking, and where it goes", async ({
    page,
    signIn,
  }) => {
    const version = await draftOf(guestDay(30_000));
    await signIn("admin");
    await replay(page, version);
    await expect(page).toHaveURL(/\?run=[0-9a-f-]{36}$/);
    const [after, before] = await numbersOf(page);
    expect(after).toBeLessThan(before ?? 0);
    await expect(share(page)).toContainText("points less");
    await expect(share(page)).toContainText(/Given without asking/);
    const [run] = await listSimulationLines(organizationId, version, 1);
    const result = run && (await findSimulation(organizationId, run.id))?.result;
    const moved = result?.flow.current.allow.handover.count ?? 0;
    expect(moved).toBeGreaterThan(20);
    await expect(stream(page, /^Allowed → Handed over/)).toHaveAttribute(
      "aria-label",
      new RegExp(`^Allowed → Handed over: ${moved} decisions, \\$[\\d,.]+$`),
    );
    await expect(main(page)).toContainText(`${result?.differing.current} of`);
    await page.getByRole("button", { name: "As a table" }).click();
    const row = page.getByRole("row").filter({ hasText: "Allowed" }).filter({ hasText: "Handed over" });
    await expect(row.first()).toContainText(String(moved));
    await expect(main(page)).toContainText("Phone support");
    await expect(main(page)).toContainText("What was never asked for");
  });

  test("lists the decisions of a stream that is pressed, each with a link to it, by mouse and by keyboard", async ({
    page,
    signIn,
  }) => {
    const version = await draftOf(guestDay(30_000));
    await signIn("admin");
    await replay(page, version);
    const all = list(page).getByRole("row");
    await expect(all.nth(1)).toContainText("Handed over");
    await stream(page, /^Allowed → Handed over/).focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/against=current&from=allow&to=handover#differences$/);
    const heading = page.getByRole("heading", { name: "Decisions that would differ" });
    await expect(heading).toBeFocused();
    await expect(list(page)).toContainText(/Allowed → Handed over: \d+ decisions/);
    const rows = list(page).getByRole("row").filter({ hasText: "guest-day" });
    for (const row of await rows.all()) {
      await expect(row).toContainText("Allowed");
      await expect(row).toContainText("Handed over");
    }
    const first = await rows.first().innerText();
    await list(page).getByRole("link", { name: "Older" }).click();
    await expect(page).toHaveURL(/older=/);
    await expect(rows.first()).not.toHaveText(first);
    await list(page).getByRole("link", { name: "Newer" }).click();
    await expect(rows.first()).toContainText(first.split("\t")[1] ?? "");
    await list(page).getByRole("link", { name: "Show all of them" }).click();
    await expect(list(page)).not.toContainText("→ Handed over:");
    await rows.first().getByRole("link").click();
    await expect(page).toHaveURL(/\/floor\/decisions\/[0-9a-f-]{36}$/);
  });

  test("is held against the policy in force or against what was decided then, as the address says", async ({
    page,
    signIn,
    openAs,
  }) => {
    const version = await draftOf();
    await signIn("admin");
    await replay(page, version);
    await expect(share(page)).toContainText("the same as before");
    await expect(main(page)).toContainText("Every decision goes the same way as before.");
    await expect(main(page)).toContainText("No decision would differ");
    await page.getByRole("radio", { name: "What was decided then" }).check();
    await expect(page).toHaveURL(/against=recorded/);
    await expect(share(page)).toContainText("compared with what was decided then");
    await expect(main(page)).toContainText(/\d+ of [\d,]+ decisions \([\d.]+%\) go another way/);
    // Who is sent the address sees the same, an auditor too, who may have nothing replayed.
    const other = await openAs("auditor");
    await other.goto(page.url());
    await expect(share(other)).toContainText("compared with what was decided then");
    await expect(other.getByRole("radio", { name: "What was decided then" })).toBeChecked();
    await expect(other.getByRole("button", { name: /Replay|Run it again|Cancel/ })).toHaveCount(0);
  });

  test("goes on without its page, can be cancelled, and is run again where the draft was saved since", async ({
    page,
    signIn,
  }) => {
    const version = await draftOf(guestDay(30_000));
    await signIn("admin");
    await page.goto(`/settings/policies/${version}/simulation`);
    await expect(main(page)).toContainText("Nothing was replayed yet");
    await page.getByRole("button", { name: "Replay 90 days" }).click();
    await expect(page).toHaveURL(/run=/);
    await page.goto("/settings");
    await page.goto(`/settings/policies/${version}/simulation`);
    await expect(share(page)).toBeVisible({ timeout: 40_000 });
    await draftOf(guestDay(20_000), version);
    await page.reload();
    await expect(main(page)).toContainText("The draft was saved since. This is what it was at revision 1.");
    await page.getByRole("button", { name: "Run it again" }).click();
    await expect(main(page)).not.toContainText("The draft was saved since", { timeout: 40_000 });
    await expect(share(page)).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole("heading", { name: "Replays of this version" })).toBeVisible();
    await expect(page.locator('section[aria-labelledby="runs"]').getByRole("link")).toHaveCount(2);

    // One that no worker will ever take up.
    const waiting = await waitingRun(version);
    await page.goto(`/settings/policies/${version}/simulation?run=${waiting}`);
    await expect(page.getByTestId("progress")).toContainText("Waiting for the worker");
    await expect(page.getByTestId("progress")).toContainText("npm run -s leeway -- worker");
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(main(page)).toContainText("This replay was cancelled.");
    expect((await findSimulation(organizationId, waiting))?.status).toBe("cancelled");
  });

  test("tells how far it is while it runs, and comes to its result by itself", async ({ page, signIn }) => {
    const version = await draftOf(guestDay(30_000));
    await signIn("admin");
    await replay(page, version);
    const [done] = await listSimulationLines(organizationId, version, 1);
    const running = await waitingRun(version);
    await progressTo(running, { status: "running", processed: 1500, total: 6000 });
    await page.goto(`/settings/policies/${version}/simulation?run=${running}`);
    await expect(page.getByTestId("progress")).toContainText("Reading history: 1,500 of 6,000");
    await expect(page.getByRole("progressbar")).toHaveAttribute("value", "1500");
    await progressTo(running, { status: "running", processed: 4500, total: 6000 });
    await expect(page.getByTestId("progress")).toContainText("4,500 of 6,000");
    await withTenant(organizationId, (client) =>
      client.query(
        `update policy_simulations s set status = 'done', finished_at = now(), processed = 6000, result = d.result
         from policy_simulations d where s.id = $1 and d.id = $2`,
        [running, done?.id],
      ),
    );
    await expect(share(page)).toBeVisible();
  });

  test("of days that nothing was decided in says so, and of few warns", async ({ page, signIn }) => {
    const version = await draftOf();
    await signIn("admin");
    await page.goto(`/settings/policies/${version}/simulation`);
    await page.getByText("Other days").click();
    await page.getByLabel("First day").fill("2001-01-01");
    await page.getByLabel("Last day").fill("2000-12-31");
    await page.getByRole("button", { name: "Replay these days" }).click();
    await expect(page.getByLabel("Last day")).toBeFocused();
    await expect(page.getByLabel("Last day")).toHaveAccessibleDescription(
      "The last day is before the first one.",
    );
    await page.getByLabel("Last day").fill("2001-01-31");
    await page.getByRole("button", { name: "Replay 31 days" }).click();
    await expect(main(page)).toContainText("Nothing was decided in these days", { timeout: 40_000 });
    await expect(main(page)).toContainText("from Jan 1, 2001 to Jan 31, 2001");

    const days = await tenantDb(organizationId).decision.findFirstOrThrow({ orderBy: { id: "asc" } });
    const first = new Date(days.createdAt.getTime() - 4 * 3_600_000).toISOString().slice(0, 10);
    await page.getByLabel("First day").fill(first);
    await page.getByLabel("Last day").fill(first);
    await page.getByRole("button", { name: "Replay one day" }).click();
    await expect(main(page)).toContainText(/Only \d+ decisions in these days/, { timeout: 40_000 });
  });
});

/** A replay that waits: nobody told the queue of it. */
async function waitingRun(version: number): Promise<string> {
  const id = newId();
  const asked = new Date(Date.now() - 20_000);
  await withTenantOwner(
    `insert into policy_simulations (organization_id, id, version, revision, document, compared_with, from_day, to_day, created_at)
     select organization_id, $2, version, revision, document, 2, '2026-01-01', '2026-03-31', $4
     from policies where organization_id = $1 and version = $3`,
    [organizationId, id, version, asked],
  );
  return id;
}

/** The app may not write such a row; the demo's database belongs to whoever runs the tests. */
async function withTenantOwner(text: string, values: unknown[]): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
    await client.query(text, values);
    await client.query("commit");
  } finally {
    await client.end();
  }
}

async function progressTo(
  id: string,
  to: { status: string; processed: number; total: number },
): Promise<void> {
  await withTenant(organizationId, (client) =>
    client.query(
      "update policy_simulations set status = $2, processed = $3, total = $4, started_at = now() where id = $1",
      [id, to.status, to.processed, to.total],
    ),
  );
}

test("replays that there are not, or that are another version's, are 404", async ({ page, signIn }) => {
  const version = await draftOf();
  const other = await draftOf();
  const run = await waitingRun(other);
  await signIn("admin");
  for (const address of [
    `/settings/policies/99999/simulation`,
    `/settings/policies/${version}/simulation?run=${run}`,
    `/settings/policies/${version}/simulation?run=${newId()}`,
    `/settings/policies/${version}/simulation?run=x`,
    `/settings/policies/${version}/simulation/progress?run=${run}`,
    `/settings/policies/${version}/simulation/progress`,
  ]) {
    expect([address, (await page.context().request.get(address)).status()]).toEqual([address, 404]);
  }
  const stray = `/settings/policies/${version}/simulation?against=x&from=y&to=&older=z&newer=1`;
  expect((await page.goto(stray))?.status()).toBe(200);
});

test("simulations are closed to agents and managers", async ({ openAs }) => {
  const version = await draftOf();
  const run = await waitingRun(version);
  for (const role of ["agent", "manager"] as const) {
    const page = await openAs(role);
    for (const address of [
      `/settings/policies/${version}/simulation`,
      `/settings/policies/${version}/simulation/progress?run=${run}`,
    ]) {
      const answer = await page.context().request.get(address);
      expect([role, address, answer.status()]).toEqual([role, address, 404]);
    }
  }
});

test.describe("an amount that is looked at on the desk and not sent", () => {
  async function house() {
    const s = await scenario({
      limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })],
    });
    const customer = await s.customer();
    const kept = () =>
      withTenant(s.organizationId, async (client) => {
        const { rows } = await client.query(
          "select amount::int as amount, remedy, verdict, sent_decision_id from unsent_requests order by id",
        );
        return rows;
      });
    return { s, customer, kept };
  }

  async function open(page: Page, house: { s: Awaited<ReturnType<typeof scenario>>; customer: string }) {
    const { hashPassword } = await import("@/lib/auth/password");
    const passwordHash = await hashPassword("only-for-this-test");
    await tenantDb(house.s.organizationId).employee.update({
      where: {
        organizationId_id: { organizationId: house.s.organizationId, id: house.s.agent.employeeId },
      },
      data: { passwordHash },
    });
    const { csrfToken } = await (await page.context().request.get("/api/auth/csrf")).json();
    await page.context().request.post("/api/auth/callback/credentials", {
      form: { csrfToken, email: house.s.agent.email, password: "only-for-this-test", json: "true" },
    });
    await page.goto(`/desk/${house.customer}`);
    await expect(page.getByRole("textbox", { name: "Amount" })).toBeVisible();
  }

  // Risk: where limits are low people ask for less, and a simulation takes that for all that was needed.
  test("is noted once when a lower one is sent, or when the desk is left, and says so", async ({ page }) => {
    const h = await house();
    await open(page, h);
    const amount = page.getByRole("textbox", { name: "Amount" });
    const panel = page.getByRole("form", { name: "Put it right" });
    await amount.fill("45.00");
    await expect(panel).toContainText("the amount is noted");
    await page.waitForTimeout(1_000);
    await amount.fill("20.00");
    await expect(panel).not.toContainText("the amount is noted");
    await page.getByRole("button", { name: /^Review/ }).click();
    await page.getByRole("button", { name: /^Give 20.00/ }).click();
    await expect(page.getByTestId("receipt")).toBeVisible();
    await expect
      .poll(h.kept)
      .toEqual([
        { amount: 4500, remedy: "credit", verdict: "handover", sent_decision_id: expect.any(String) },
      ]);
    await page.getByRole("button", { name: /^Something else for/ }).click();
    await page.getByRole("textbox", { name: "Amount" }).fill("80.00");
    await expect(panel).toContainText("the amount is noted");
    await page.waitForTimeout(1_000);
    await page.goto("/desk");
    await expect.poll(h.kept).toHaveLength(2);
    expect((await h.kept())[1]).toEqual({
      amount: 8000,
      remedy: "credit",
      verdict: "handover",
      sent_decision_id: null,
    });
    // Who comes back finds the draft, and leaves it once more: it is the same intent.
    await page.goto(`/desk/${h.customer}`);
    await expect(page.getByRole("textbox", { name: "Amount" })).toHaveValue("80.00");
    await page.waitForTimeout(1_500);
    await page.goto("/desk");
    await page.waitForTimeout(500);
    expect(await h.kept()).toHaveLength(2);
  });

  test("is not noted when it was typed through, or was simply allowed and left", async ({ page }) => {
    const h = await house();
    await open(page, h);
    await page.getByRole("textbox", { name: "Amount" }).pressSequentially("4000", { delay: 250 });
    await page.getByRole("textbox", { name: "Amount" }).fill("25.00");
    await page.waitForTimeout(2_000);
    await page.goto("/desk");
    await page.waitForTimeout(500);
    expect(await h.kept()).toEqual([]);
  });

  test("is taken from a person of the house alone, in its own form", async ({ page, request }) => {
    const h = await house();
    const body = {
      intent: "0123456789abcdef0123456789abcdef",
      began: new Date(Date.now() - 1000).toISOString(),
      customer: h.customer,
      remedy: "credit",
      amount: 9000,
      currency: "USD",
    };
    expect((await request.post("/desk/unsent", { data: body })).status()).toBe(401);
    await open(page, h);
    const origin = { Origin: new URL(test.info().project.use.baseURL ?? "").origin };
    const post = (data: unknown, headers: Record<string, string> = origin) =>
      page.context().request.post("/desk/unsent", { headers, data });
    expect((await post(body, { Origin: "https://elsewhere.example" })).status()).toBe(403);
    expect((await post({ ...body, note: "What I wrote." })).status()).toBe(422);
    expect((await post({ ...body, customer: newId() })).status()).toBe(204);
    expect(await h.kept()).toEqual([]);
    expect((await post(body)).status()).toBe(204);
    expect((await post(body)).status()).toBe(204);
    expect(await h.kept()).toHaveLength(1);
  });
});

// Risk: an admin on a phone, in the dark or without eyes cannot see what a draft would have done.
test("a simulation is accessible before it is asked for, while it waits, and when it is there", async ({
  page,
  signIn,
}) => {
  const version = await draftOf(guestDay(30_000));
  await page.setViewportSize(PHONE);
  await signIn("admin");
  await page.goto(`/settings/policies/${version}/simulation`);
  await expectAccessible(page, "simulation-none");
  await replay(page, version);
  await page.getByRole("button", { name: "As a table" }).click();
  await expectAccessible(page, "simulation");
  const waiting = await waitingRun(version);
  await page.goto(`/settings/policies/${version}/simulation?run=${waiting}`);
  await expect(page.getByTestId("progress")).toBeVisible();
  await expectAccessible(page, "simulation-waiting");
  await expect(page.getByTestId("progress")).toBeVisible();
});
