import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { createApiKey } from "@/lib/auth/api-keys";
import { SCOPES } from "@/lib/auth/types";
import { tenantDb } from "@/lib/db/prisma";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const LIMITS = [
  limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 200_000, over: "deny" }),
];

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** A house in which nobody has long to undo anything. */
const quick = () => scenario({ limits: LIMITS }, { undoSeconds: 1 });

const receipt = (page: Page) => page.getByTestId("receipt");
const credit = (page: Page) => page.getByTestId("credit");

async function give(page: Page, s: Scenario, customer: string, amount: number, remedy: string) {
  const answer = await page.request.post("/api/v1/decisions", {
    headers: { "Idempotency-Key": randomUUID() },
    data: { customer, remedy, amount, currency: "USD" },
  });
  expect(answer.status()).toBe(201);
  const { id } = (await answer.json()) as { id: string };
  return {
    id,
    status: async () =>
      (
        await tenantDb(s.organizationId).execution.findUnique({
          where: { organizationId_decisionId: { organizationId: s.organizationId, decisionId: id } },
        })
      )?.status ?? "queued",
  };
}

// Risk: a decision says that it is done, and nothing has moved; or it has, and the desk shows something else.
test("a credit goes from reserved to done on the desk without a reload, and is redeemed there, and put back", async ({
  page,
}) => {
  const s = await quick();
  const customer = await s.customer();
  await signInAs(page.request, s.agent);
  await page.goto(`/desk/${customer}`);
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  const field = page.getByRole("textbox", { name: "Amount" });
  await field.fill("25");
  await expect(page.getByRole("form", { name: "Put it right" })).toContainText("You can do this now");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Give / }).click();
  const execution = receipt(page).getByTestId("execution");
  await expect(execution).toContainText(/Reserved|Processing|Done/);
  await expect(execution).toContainText("Done");
  await expect(execution).toContainText("25.00 USD more of store credit");
  await expectAccessible(page, "the receipt of a credit that is done");

  // What the customer has now is there beside it, and can be spent.
  await expect(credit(page)).toContainText("$25.00");
  await credit(page).getByRole("button", { name: "Redeem …" }).click();
  const amount = credit(page).getByRole("textbox", { name: "Amount to redeem" });
  await amount.fill("30");
  await amount.press("Enter");
  await expect(credit(page)).toContainText("Write an amount above 0, up to 25.00.");
  await amount.fill("10");
  await credit(page).getByRole("textbox", { name: "For what" }).fill("Order 1001");
  await expectAccessible(page, "redeeming store credit");
  await credit(page).getByRole("button", { name: "Redeem 10.00 USD" }).click();
  await expect(credit(page).getByRole("status")).toHaveText("Redeemed 10.00 USD. 15.00 USD are left.");
  await expect(credit(page)).toContainText("$15.00");
  await credit(page).getByRole("button", { name: "Undo" }).click();
  await expect(credit(page).getByRole("status")).toHaveText("Undone: 10.00 USD are there again.");
  await expect(credit(page)).toContainText("$25.00");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});

// Risk: what failed stays silent, or says so in a provider's words, and the customer waits.
test("what can't be done says so in plain words where it was decided, gives back, and stands on everybody's list", async ({
  page,
  browser,
  baseURL,
}) => {
  const s = await quick();
  const customer = await s.customer();
  await signInAs(page.request, s.agent);
  const gift = await give(page, s, customer, 4000, "gift");
  const other = await give(page, s, customer, 1500, "upgrade");
  for (const each of [gift, other]) await expect.poll(each.status).toBe("by_hand");
  await page.goto(`/desk/decisions/${gift.id}`);
  await expect(page.getByText("It is on the list of what people carry out")).toBeVisible();

  const context = await browser.newContext(baseURL ? { baseURL } : {});
  const floor = await context.newPage();
  await signInAs(context.request, s.manager);
  await floor.goto("/floor/by-hand");
  const line = (words: string) => floor.getByRole("listitem").filter({ hasText: words });
  await line("Gift")
    .getByRole("button", { name: /^I see to it/ })
    .click();
  await expect(line("Gift")).toContainText(`${s.manager.name} sees to it`);
  await expectAccessible(floor, "the list of what is done by hand");
  await line("Gift")
    .getByRole("button", { name: /^Can’t be done/ })
    .click();
  await line("Gift").getByRole("button", { name: "It can’t be done" }).click();
  await expect(line("Gift")).toContainText("Say why it can’t be done.");
  await line("Gift").getByRole("textbox").fill("The basket is sold out.");
  await line("Gift").getByRole("button", { name: "It can’t be done" }).click();
  await expect(line("Gift")).toHaveCount(0);

  // Whoever gave it reads it without a reload: why, what to say, and that it is theirs to give again.
  const main = page.getByRole("main");
  await expect(main).toContainText("It did not work, and nothing was paid.");
  await expect(main).toContainText("The basket is sold out.");
  await expect(main).toContainText("What I promised can’t be done after all.");
  await expect(main).toContainText("Given back by Leeway");
  await expectAccessible(page, "a decision that could not be carried out");
  await page.goto("/desk/day");
  await expect(page.getByRole("region", { name: "What did not work" })).toContainText("Gift of 40.00 USD");
  await expectAccessible(page, "a day on which something did not work");
  const allowance = await page.request.get(`/api/v1/customers/${customer}/allowance`);
  expect((await allowance.json()).available).toBe(198_500);

  // The other one is done through the file, in which a line that is wrong is told by its number.
  const [download] = await Promise.all([
    floor.waitForEvent("download"),
    floor.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  const filled = lines[1]?.replace(/"","",""$/, '"done","Booking 4821",""');
  const upload = [lines[0], filled, lines[1]?.replace(/"","",""$/, '"perhaps","",""')].join("\r\n");
  await floor
    .locator("input[type=file]")
    .setInputFiles({ name: "by-hand.csv", mimeType: "text/csv", buffer: Buffer.from(upload) });
  await expect(floor.getByText("One line was taken.")).toBeVisible();
  await expect(floor.getByText("Line 3: “perhaps” is no outcome")).toBeVisible();
  await expect(floor.getByText("Nothing to do.")).toBeVisible();
  expect(await other.status()).toBe("succeeded");

  await floor.goto("/floor/executions?show=failed");
  await expect(floor.getByRole("main")).toContainText("The basket is sold out.");
  await expectAccessible(floor, "what failed");
  await floor.goto(`/floor/decisions/${other.id}`);
  await expect(floor.getByRole("main")).toContainText("Carried out by hand, reference Booking 4821");
  await expectAccessible(floor, "a decision with the steps of its execution");
  await context.close();
});

test("an admin chooses which provider serves what, and tests it without moving anything", async ({
  page,
}) => {
  const s = await quick();
  await signInAs(page.request, await s.employee("admin"));
  await page.goto("/settings/execution");
  const row = (remedy: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("combobox", { name: remedy }) });
  await expect(row("Credit").getByRole("combobox")).toHaveValue("store_credit");
  await expect(row("Gift").getByRole("option")).toHaveText(["By hand"]);
  await row("Credit").getByRole("button", { name: "Test Credit" }).click();
  await expect(row("Credit")).toContainText("Store credit would do it.");
  await row("Credit").getByRole("combobox").selectOption("by_hand");
  await expect(row("Credit")).toContainText("Credit: By hand from now on.");
  await page.getByRole("textbox", { name: "Days that store credit is good for" }).fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("At least a day.")).toBeVisible();
  await page.getByRole("textbox", { name: "Days that store credit is good for" }).fill("365");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expectAccessible(page, "the settings of execution");
  const { creditDays } = await tenantDb(s.organizationId).organization.findUniqueOrThrow({
    where: { id: s.organizationId },
  });
  expect(creditDays).toBe(365);
  expect(await tenantDb(s.organizationId).creditTransaction.count()).toBe(0);
});

test("store credit by REST: read, redeemed once for each key, and never more than there is", async ({
  request,
}) => {
  const s = await quick();
  const ref = `C-${randomUUID()}`;
  const customer = await s.customer(ref);
  const { key } = await createApiKey({
    organizationId: s.organizationId,
    name: "Till",
    scopes: SCOPES,
    createdBy: null,
    at: new Date(),
  });
  const headers = { Authorization: `Bearer ${key}`, "Leeway-Employee": s.agent.email };
  const decision = await request.post("/api/v1/decisions", {
    headers: { ...headers, "Idempotency-Key": randomUUID() },
    data: { customer: ref, remedy: "credit", amount: 2500, currency: "USD" },
  });
  const { id } = await decision.json();
  const whole = async () => (await request.get(`/api/v1/decisions/${id}`, { headers })).json();
  await expect.poll(async () => (await whole()).execution.status).toBe("succeeded");
  const { execution } = await whole();
  expect(execution).toMatchObject({ provider: "store_credit", attempt: 1, failure: null, reversal: null });

  const path = `/api/v1/customers/${encodeURIComponent(ref)}/credit`;
  const read = async () => (await request.get(path, { headers })).json();
  expect(await read()).toMatchObject({
    customer,
    balances: [{ currency: "USD", balance: 2500, expiring: [] }],
    movements: [{ id: execution.reference, kind: "grant", amount: 2500, decision: id }],
  });
  const redeem = (data: unknown, more: Record<string, string> = { "Idempotency-Key": randomUUID() }) =>
    request.post(`${path}/redemptions`, { headers: { ...headers, ...more }, data });
  const once = { "Idempotency-Key": randomUUID() };
  const wish = { amount: 1000, currency: "USD", reference: "Order 7" };
  const first = await redeem(wish, once);
  expect(first.status()).toBe(201);
  expect(first.headers()["idempotency-replayed"]).toBeUndefined();
  expect(await first.json()).toMatchObject({
    customer,
    amount: 1000,
    left: 1500,
    reference: "Order 7",
    note: null,
  });
  const again = await redeem(wish, once);
  expect([again.status(), again.headers()["idempotency-replayed"]]).toEqual([201, "true"]);
  expect(await again.json()).toEqual(await first.json());
  const other = await redeem({ ...wish, amount: 1001 }, once);
  expect([other.status(), (await other.json()).code]).toEqual([409, "idempotency_mismatch"]);
  const many = await Promise.all(Array.from({ length: 32 }, () => redeem({ amount: 100, currency: "USD" })));
  expect(many.filter((answer) => answer.status() === 201)).toHaveLength(15);
  const refused = many.find((answer) => answer.status() === 422);
  expect(refused?.headers()["content-type"]).toContain("application/problem+json");
  expect(await refused?.json()).toMatchObject({ code: "insufficient_credit", left: 0 });
  expect((await read()).balances).toEqual([]);

  expect((await redeem({ amount: 0, currency: "USD" })).status()).toBe(422);
  expect((await redeem({ amount: 5, currency: "USD", more: 1 })).status()).toBe(422);
  expect((await redeem(wish, {})).status()).toBe(400);
  expect((await request.get("/api/v1/customers/nobody/credit", { headers })).status()).toBe(404);
  const reader = await createApiKey({
    organizationId: s.organizationId,
    name: "Reader",
    scopes: ["customers:read"],
    createdBy: null,
    at: new Date(),
  });
  const asReader = { Authorization: `Bearer ${reader.key}` };
  expect((await request.get(path, { headers: asReader })).status()).toBe(200);
  const denied = await request.post(`${path}/redemptions`, { headers: { ...asReader, ...once }, data: wish });
  expect(denied.status()).toBe(403);
  const { paths } = await (await request.get("/api/openapi.json")).json();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(["/api/v1/customers/{id}/credit", "/api/v1/customers/{id}/credit/redemptions"]),
  );
});
