import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { inTenant, tenantDb } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { createCustomer } from "../factories/customers";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";

const demo = { organizationId: DEMO_ORGANIZATION_ID };

const RETENTION = {
  sessions: 90,
  idempotencyKeys: 30,
  unsentRequests: 365,
  simulations: 365,
  caseTexts: null,
  notes: null,
  webhookMessages: 30,
  mails: 30,
  providerEvents: 90,
  disputes: 90,
};
const SETTINGS = { undoSeconds: 30, handoverMinutes: 480, retention: RETENTION };

/** As another admin would, elsewhere. */
async function store(settings: Partial<typeof SETTINGS>): Promise<void> {
  await inTenant(demo.organizationId, (tx) =>
    tx.organization.update({
      where: { id: demo.organizationId },
      data: { ...settings, revision: { increment: 1 } },
    }),
  );
}

async function stored() {
  return tenantDb(demo.organizationId).organization.findUniqueOrThrow({
    where: { id: demo.organizationId },
    select: { undoSeconds: true, handoverMinutes: true, retention: true },
  });
}

const main = (page: Page) => page.getByRole("main");
const undo = (page: Page) => page.getByRole("textbox", { name: /^Seconds in which/ });
const handover = (page: Page) => page.getByRole("textbox", { name: /^Minutes for which/ });
const days = (page: Page, kind: RegExp) => page.getByRole("textbox", { name: kind });
const save = (page: Page) => page.getByRole("button", { name: "Save the settings" });

test.describe("the organization's settings", () => {
  test.beforeEach(() => store(SETTINGS));
  test.afterAll(() => store(SETTINGS));

  test("are sentences whose numbers can be changed, and say what each means", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/settings");
    await page.getByRole("link", { name: "Organization", exact: true }).click();
    await expect(undo(page)).toHaveValue("30");
    await expect(undo(page)).toHaveAccessibleDescription(/reversed, with a reason/);
    await expect(main(page)).toContainText("minutes, which is 8 hours");
    await expect(days(page, /notes and reasons/)).toHaveValue("");
    await expect(days(page, /notes and reasons/)).toHaveAccessibleDescription(/^Kept for good\./);
    await undo(page).fill("45");
    await handover(page).fill("2970");
    await expect(main(page)).toContainText("which is 2 days 1 hour 30 minutes");
    await days(page, /notes and reasons/).fill("730");
    await days(page, /simulations/).fill("");
    await days(page, /simulations/).press("Enter");
    await expect(page.getByText("Saved. It holds from now on.")).toBeVisible();
    expect(await stored()).toEqual({
      undoSeconds: 45,
      handoverMinutes: 2970,
      retention: { ...RETENTION, notes: 730, simulations: null },
    });
    await page.reload();
    await expect(undo(page)).toHaveValue("45");
    const event = await tenantDb(demo.organizationId).auditEvent.findFirst({
      where: { ...demo, action: "organization.updated" },
      orderBy: { id: "desc" },
    });
    expect(event?.data).toEqual({
      fields: ["undoSeconds", "handoverMinutes", "retention.simulations", "retention.notes"],
    });
  });

  // Risk: a slip of the pen throws tonight away what was meant to stay for ninety days.
  test("say what is wrong beside each field, and keep what was typed", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/settings/organization");
    await undo(page).fill("3601");
    await handover(page).fill("");
    await days(page, /sessions that ended/).fill("0");
    await days(page, /sent again/).fill("1,5");
    await save(page).click();
    await expect(undo(page)).toBeFocused();
    await expect(undo(page)).toHaveAccessibleDescription(/An hour is the longest/);
    await expect(handover(page)).toHaveAccessibleDescription(/whole number of minutes/);
    await expect(days(page, /sessions that ended/)).toHaveAccessibleDescription(/for a day at least/);
    await expect(days(page, /sent again/)).toHaveAccessibleDescription(/whole number of days/);
    await expect(days(page, /sent again/)).toHaveValue("1,5");
    expect(await stored()).toEqual(SETTINGS);
    await undo(page).fill("3600");
    await expect(undo(page)).not.toHaveAttribute("aria-invalid");
  });

  // Risk: of two admins the second one overwrites what the first one wrote, and never saw it.
  test("are not overwritten by somebody who didn't see what was written meanwhile", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await page.goto("/settings/organization");
    await undo(page).fill("60");
    await store({ undoSeconds: 10, retention: { ...RETENTION, sessions: 7 } });
    await save(page).click();
    const note = main(page).getByRole("alert");
    await expect(note).toContainText("Somebody changed the settings meanwhile");
    await expect(note.getByRole("listitem")).toHaveText([
      "Seconds in which a decision can be undone: 10",
      "Days for which sessions that ended are kept: 7",
    ]);
    await expect(undo(page)).toHaveValue("60");
    expect((await stored()).undoSeconds).toBe(10);
    await page.getByRole("button", { name: "Take theirs" }).click();
    await expect(undo(page)).toHaveValue("10");
    await expect(note).toHaveCount(0);
    await undo(page).fill("61");
    await store({ undoSeconds: 11 });
    await save(page).click();
    await page.getByRole("button", { name: "Save mine over theirs" }).click();
    await expect(page.getByText("Saved. It holds from now on.")).toBeVisible();
    expect(await stored()).toMatchObject({ undoSeconds: 61, retention: { sessions: 7 } });
  });

  test("are for auditors to read and not to change, and closed to everybody else", async ({
    openAs,
    expectConsoleError,
  }) => {
    expectConsoleError(/403|404|favicon/);
    const page = await openAs("auditor");
    await page.goto("/settings/organization");
    await expect(main(page)).toContainText("A decision can be undone for 30 seconds.");
    await expect(main(page)).toContainText("Sessions that ended are kept for 90 days.");
    await expect(main(page)).toContainText("Notes and reasons are kept for good.");
    await expect(main(page).getByRole("button")).toHaveCount(0);
    await expect(main(page).getByRole("textbox")).toHaveCount(0);
    const { id } = await createCustomer(demo);
    for (const role of ["auditor", "manager", "agent"] as const) {
      const other = await openAs(role);
      const file = await other.request.get(`/settings/organization/customers/${id}/export`);
      expect([role, file.status()]).toEqual([role, 404]);
      if (role === "auditor") continue;
      expect([role, (await other.goto("/settings/organization"))?.status()]).toEqual([role, 403]);
    }
  });

  test("keep what was typed when the session ends or no answer comes", async ({
    page,
    signIn,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/503|ERR_/);
    await signIn("admin");
    await page.goto("/settings/organization");
    await undo(page).fill("75");
    await page.route("**/settings/organization", (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await save(page).click();
    await expect(main(page)).toContainText("No answer came");
    await page.unroute("**/settings/organization");
    await context.clearCookies();
    await save(page).click();
    await expect(main(page)).toContainText("You have been signed out");
    await page.getByLabel("Email").fill("admin@demo.leeway.test");
    await page.getByLabel("Password", { exact: true }).fill("leeway-demo");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(main(page)).not.toContainText("You have been signed out");
    await expect(undo(page)).toHaveValue("75");
    await save(page).click();
    await expect(page.getByText("Saved. It holds from now on.")).toBeVisible();
  });
});

test.describe("people's data", () => {
  async function guest() {
    const mark = randomUUID().slice(0, 8);
    const name = `Guest ${mark}`;
    const { id } = await createCustomer(demo, { name, ref: `ref-${mark}`, email: `${mark}@guests.test` });
    const agent = await tenantDb(demo.organizationId).employee.findFirstOrThrow({
      where: { ...demo, email: "agent@demo.leeway.test" },
    });
    const answer = await decide({
      actor: {
        kind: "employee",
        ...demo,
        organizationName: "",
        currency: "USD",
        timeZone: "America/New_York",
        employeeId: agent.id,
        name: agent.name,
        email: agent.email,
        role: "agent",
        team: null,
        sessionId: randomUUID(),
        passwordOneTime: false,
      },
      input: {
        customer: id,
        remedy: "credit",
        amount: 500,
        currency: "USD",
        note: `Said by ${mark}.`,
        case: { channel: "phone", happened: `Happened to ${mark}.`, cause: "late" },
      },
      idempotencyKey: randomUUID(),
      now: new Date(),
    });
    if (!answer.ok) throw new Error(answer.code);
    return { id, name, mark, decisionId: answer.decision.id };
  }

  async function choose(page: Page, name: string) {
    const field = page.getByRole("combobox", { name: "Customer" });
    await field.click();
    await field.pressSequentially(name);
    await page.getByRole("option", { name: new RegExp(name) }).click();
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }

  test("is handed out whole as a file, and that it was is written down", async ({ page, signIn }) => {
    const { id, name, mark, decisionId } = await guest();
    await signIn("admin");
    await page.goto("/settings/organization");
    await choose(page, name);
    await expect(main(page)).toContainText("One decision was taken for them.");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download all that is held" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`customer-${id}.json`);
    const text = await readFile(await download.path(), "utf8");
    const { customer, tables } = JSON.parse(text);
    expect(customer).toBe(id);
    expect(tables.customers[0]).toMatchObject({ id, name, email: `${mark}@guests.test` });
    expect(tables.decisions[0]).toMatchObject({ id: decisionId, note: `Said by ${mark}.` });
    expect(tables.cases[0].happened).toBe(`Happened to ${mark}.`);
    const event = await tenantDb(demo.organizationId).auditEvent.findFirst({
      where: { ...demo, subjectId: id, action: "customer.exported" },
    });
    expect(event?.actorKind).toBe("employee");
  });

  // Risk: somebody is erased for good by a press too many, or another one than was meant.
  test("is erased for somebody who says why and types the name, and is found no more", async ({
    page,
    signIn,
    expectConsoleError,
  }) => {
    expectConsoleError(/404/);
    const { id, name, mark, decisionId } = await guest();
    await signIn("admin");
    await page.goto("/settings/organization");
    await choose(page, name);
    await page.getByRole("button", { name: "Erase this customer" }).click();
    const dialog = page.getByRole("dialog", { name: `Erase ${name}` });
    await expect(dialog).toContainText("This can't be undone.");
    await dialog.getByRole("button", { name: "Erase for good" }).click();
    await expect(dialog.getByLabel("Why")).toBeFocused();
    await expect(dialog.getByLabel("Why")).toHaveAccessibleDescription(/Choose why\./);
    const field = dialog.getByLabel(`Type ${name} to confirm`);
    await field.fill("Guest");
    await dialog.getByLabel("Why").selectOption("They asked for it");
    await dialog.getByRole("button", { name: "Erase for good" }).click();
    await expect(field).toHaveAccessibleDescription(/not the name/);
    await dialog.getByRole("button", { name: "Keep" }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("button", { name: "Erase this customer" }).click();
    await dialog.getByLabel("Why").selectOption("They asked for it");
    await field.fill(name);
    await field.press("Enter");
    await expect(main(page)).toContainText(`${name} is erased.`);
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Erase this customer" })).toHaveCount(0);

    const record = await tenantDb(demo.organizationId).customer.findFirstOrThrow({ where: { ...demo, id } });
    expect(record).toMatchObject({ name: "Erased customer", email: null, externalRef: null });
    // What was decided is still there to be read, by whom and how much, and nothing of for whom.
    await page.goto(`/floor/decisions/${decisionId}`);
    await expect(main(page)).toContainText("Erased customer");
    await expect(main(page)).toContainText("$5.00");
    await expect(main(page)).not.toContainText(mark);
    expect((await page.goto(`/desk/${id}`))?.status()).toBe(404);
    expect((await page.request.get(`/settings/organization/customers/${id}/export`)).status()).toBe(404);
  });

  // Risk: an admin on a phone, in the dark or without eyes cannot say what is kept, or who is erased.
  test("is accessible with faults, and where somebody is to be erased", async ({ page, signIn }) => {
    const { name } = await guest();
    await page.setViewportSize(PHONE);
    await signIn("admin");
    await page.goto("/settings/organization");
    await undo(page).fill("9999");
    await save(page).click();
    await expect(undo(page)).toHaveAttribute("aria-invalid", "true");
    await choose(page, name);
    await expectAccessible(page, "organization");
    await page.getByRole("button", { name: "Erase this customer" }).click();
    const dialog = page.getByRole("dialog", { name: `Erase ${name}` });
    await dialog.getByRole("button", { name: "Erase for good" }).click();
    await expect(dialog.getByLabel("Why")).toHaveAccessibleDescription(/Choose why\./);
    await expectAccessible(page, "erase");
    await expect(dialog).toBeVisible();
  });
});
