import type { APIRequestContext, APIResponse, Page } from "@playwright/test";
import { createApiKey } from "@/lib/auth/api-keys";
import type { ApiScope } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";
import { addDays, localDay } from "@/lib/discretion/windows";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { findRate, listRates } from "@/lib/rates/data";

import { setRatesFor } from "../factories/rates";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { scenario } from "../setup/scenario";

const demo = { organizationId: DEMO_ORGANIZATION_ID };
const TODAY = localDay(Date.now(), "America/New_York");
const ago = (days: number) => addDays(TODAY, -days);

/** As the page writes a day: "Mar 1, 2026". */
const words = (day: string) =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day));

async function tableOf({ organizationId }: { organizationId: string }): Promise<string[]> {
  const { data } = await listRates(organizationId, { limit: 200 });
  return data.map(({ currency, day, rate }) => `${currency} ${day} ${rate}`);
}

async function emptyTable(): Promise<void> {
  await inTenant(demo.organizationId, (tx) => tx.exchangeRate.deleteMany({ where: demo }));
}

test.describe("the page of rates", () => {
  test.beforeEach(emptyTable);
  test.afterAll(emptyTable);

  const main = (page: Page) => page.getByRole("main");
  const field = (page: Page, name: string) => main(page).getByLabel(name, { exact: true });
  const submit = (page: Page) => page.getByRole("button", { name: "Set this rate" });
  const line = (page: Page, currency: string, day: string) =>
    page
      .getByRole("list", { name: new RegExp(`^${currency}`) })
      .getByRole("listitem")
      .filter({ hasText: words(day) });
  const card = (page: Page, currency: string) =>
    page
      .getByRole("listitem")
      .filter({ has: page.getByRole("heading", { name: new RegExp(`^${currency}`) }) });

  async function fill(page: Page, rate: { currency?: string; day?: string; rate: string }) {
    if (rate.currency) await field(page, "Currency").selectOption(rate.currency);
    if (rate.day) await field(page, "From").fill(rate.day);
    await field(page, "Rate").fill(rate.rate);
  }

  async function choose(page: Page, ...lines: string[]) {
    if (!(await page.getByText("Choose a CSV file").isVisible())) {
      await page.getByText("Import a CSV file", { exact: true }).click();
    }
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "rates.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  }

  test("says what it is for while it is empty, and takes the first rate with an example of what it does", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await page.goto("/settings");
    await page.getByRole("link", { name: "Rates", exact: true }).click();
    await expect(main(page)).toContainText("Without a rate an amount in another currency is handed over.");
    await expect(main(page)).toContainText("Those that were taken keep the rate that they were taken with.");
    await expect(field(page, "From")).toHaveValue(TODAY);
    await fill(page, { currency: "EUR", rate: "1.0842" });
    await expect(main(page)).toContainText("100.00 EUR count as 108.42 USD.");
    await submit(page).click();
    await expect(main(page)).toContainText(`1 EUR counts as 1.0842 USD from ${words(TODAY)} on.`);
    await expect(card(page, "EUR")).toContainText("1.0842 USD for 1 EUR");
    await expect(card(page, "EUR")).toContainText(`since ${words(TODAY)}`);
    await expect(line(page, "EUR", TODAY)).toContainText("in force");
    await expect(field(page, "Rate")).toHaveValue("");
    expect(await tableOf(demo)).toEqual([`EUR ${TODAY} 1.0842`]);

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(main(page)).toContainText("There are no rates yet");
    expect(await tableOf(demo)).toEqual([]);
  });

  test("shows what holds today above what came before and what is to come", async ({ page, signIn }) => {
    await setRatesFor(
      demo,
      ["EUR", ago(40), "1.07"],
      ["EUR", ago(3), "1.0842"],
      ["EUR", ago(-5), "1.09"],
      ["JPY", ago(-5), "0.0067"],
    );
    await signIn("admin");
    await page.goto("/settings/rates");
    await expect(card(page, "EUR")).toContainText("1.0842 USD for 1 EUR");
    await expect(line(page, "EUR", ago(-5))).toContainText("to come");
    await expect(line(page, "EUR", ago(3))).toContainText("in force");
    await expect(line(page, "EUR", ago(40))).not.toContainText("in force");
    await expect(card(page, "JPY")).toContainText("No rate holds today");
  });

  // Risk: "1,08" becomes 108, and a limit of 2,000 lets 20 through.
  test("says what is wrong beside each field, and keeps what was typed", async ({ page, signIn }) => {
    await signIn("admin");
    await page.goto("/settings/rates");
    await field(page, "From").fill("");
    await field(page, "Rate").fill("1,08");
    await submit(page).click();
    await expect(field(page, "Currency")).toBeFocused();
    await expect(field(page, "Currency")).toHaveAccessibleDescription(/Choose the currency\./);
    await expect(field(page, "From")).toHaveAccessibleDescription(/Write a day/);
    await expect(field(page, "Rate")).toHaveAccessibleDescription(/plain decimal with a point/);
    await expect(field(page, "Rate")).toHaveValue("1,08");
    await fill(page, { currency: "EUR", day: TODAY, rate: "1,08" });
    for (const [rate, said] of [
      ["0", /above 0/],
      ["-1.08", /above 0/],
      ["1.0000000000001", /at most 12 decimals/],
      ["", /Write the rate/],
    ] as const) {
      await field(page, "Rate").fill(rate);
      await submit(page).click();
      await expect(field(page, "Rate")).toHaveAccessibleDescription(said);
      await expect(field(page, "Rate")).toBeFocused();
      await expect(field(page, "Rate")).toHaveValue(rate);
    }
    await fill(page, { day: addDays(TODAY, 400), rate: "1.08" });
    await submit(page).click();
    await expect(field(page, "From")).toHaveAccessibleDescription(/more than a year ahead/);
    await expect(field(page, "From")).toHaveValue(addDays(TODAY, 400));
    await expect(field(page, "Currency").getByRole("option", { name: /^USD/ })).toHaveCount(0);
    expect(await tableOf(demo)).toEqual([]);
  });

  test("replaces a rate that is there only for somebody who knows, and gives it back", async ({
    page,
    signIn,
  }) => {
    await setRatesFor(demo, ["EUR", TODAY, "1.07"]);
    await signIn("admin");
    await page.goto("/settings/rates");
    await fill(page, { currency: "EUR", rate: "1.08" });
    await submit(page).click();
    await expect(main(page)).toContainText(`EUR has the rate 1.07 from ${words(TODAY)} on already.`);
    expect(await tableOf(demo)).toEqual([`EUR ${TODAY} 1.07`]);
    await page.getByRole("button", { name: "Replace 1.07 with 1.08" }).click();
    await expect(main(page)).toContainText("1 EUR counts as 1.08 USD");
    expect(await tableOf(demo)).toEqual([`EUR ${TODAY} 1.08`]);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(card(page, "EUR")).toContainText("1.07 USD for 1 EUR");
    expect(await tableOf(demo)).toEqual([`EUR ${TODAY} 1.07`]);
  });

  test("corrects a rate in its place, by keyboard alone, and takes the correction back", async ({
    page,
    signIn,
  }) => {
    await setRatesFor(demo, ["EUR", ago(3), "1.0842"]);
    await signIn("admin");
    await page.goto("/settings/rates");
    const correct = page.getByRole("button", { name: `Correct EUR from ${words(ago(3))}` });
    await expect(correct).toBeEnabled();
    await correct.focus();
    await page.keyboard.press("Enter");
    const rate = page.getByRole("textbox", { name: `Rate of EUR from ${words(ago(3))} on` });
    await expect(rate).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(correct).toBeFocused();
    await page.keyboard.press("Enter");
    await rate.fill("1,09");
    await page.keyboard.press("Enter");
    await expect(rate).toHaveAccessibleDescription(/plain decimal with a point/);
    await expect(rate).toHaveValue("1,09");
    await rate.fill("1.09");
    await page.keyboard.press("Enter");
    await expect(line(page, "EUR", ago(3))).toContainText("It was 1.0842.");
    await expect(card(page, "EUR")).toContainText("1.09 USD for 1 EUR");
    await expect(page.getByRole("button", { name: /^Undo/ })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(card(page, "EUR")).toContainText("1.0842 USD for 1 EUR");
    await expect(correct).toBeFocused();
    expect(await tableOf(demo)).toEqual([`EUR ${ago(3)} 1.0842`]);
  });

  test("takes a rate out and puts it back where it was, also the last of a currency", async ({
    page,
    signIn,
  }) => {
    await setRatesFor(demo, ["EUR", ago(3), "1.0842"], ["EUR", ago(30), "1.07"], ["GBP", ago(3), "1.27"]);
    await signIn("admin");
    await page.goto("/settings/rates");
    await page.getByRole("button", { name: `Remove EUR from ${words(ago(3))}` }).click();
    await expect(card(page, "EUR")).toContainText("1.07 USD for 1 EUR");
    await expect(line(page, "EUR", ago(3))).toContainText(`Removed: 1.0842 from ${words(ago(3))} on.`);
    await page.getByRole("button", { name: `Remove GBP from ${words(ago(3))}` }).click();
    await expect(card(page, "GBP")).toContainText("No rate holds today");
    expect(await tableOf(demo)).toEqual([`EUR ${ago(30)} 1.07`]);

    const undo = page.getByRole("button", { name: `Undo the change of GBP from ${words(ago(3))}` });
    await expect(undo).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(card(page, "GBP")).toContainText("1.27 USD for 1 GBP");
    await expect(page.getByRole("button", { name: /^Correct GBP/ })).toBeFocused();
    await page.getByRole("button", { name: /^Undo the change of EUR/ }).click();
    await expect(card(page, "EUR")).toContainText("1.0842 USD for 1 EUR");
    expect(await tableOf(demo)).toEqual([
      `EUR ${ago(3)} 1.0842`,
      `EUR ${ago(30)} 1.07`,
      `GBP ${ago(3)} 1.27`,
    ]);
  });

  // Risk: of two admins the second one overwrites what the first one wrote, and never saw it.
  test("never overwrites or removes what somebody else wrote meanwhile", async ({ page, signIn }) => {
    await setRatesFor(demo, ["EUR", ago(3), "1.08"]);
    await signIn("admin");
    await page.goto("/settings/rates");
    await page.getByRole("button", { name: /^Correct EUR/ }).click();
    await setRatesFor(demo, ["EUR", ago(3), "1.1"]);
    const rate = page.getByRole("textbox", { name: /^Rate of EUR/ });
    await rate.fill("1.09");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(main(page)).toContainText("Somebody changed this rate meanwhile.");
    await expect(rate).toHaveValue("1.09");
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(card(page, "EUR")).toContainText("1.1 USD for 1 EUR");
    await setRatesFor(demo, ["EUR", ago(3), "1.2"]);
    await page.getByRole("button", { name: /^Remove EUR/ }).click();
    await expect(main(page)).toContainText("Somebody changed this rate meanwhile.");
    await expect(card(page, "EUR")).toContainText("1.2 USD for 1 EUR");
    expect(await tableOf(demo)).toEqual([`EUR ${ago(3)} 1.2`]);
  });

  test("shows what a file changes before anything does, and imports exactly that", async ({
    page,
    signIn,
  }) => {
    await setRatesFor(demo, ["EUR", ago(3), "1.08"], ["EUR", ago(2), "1.09"]);
    await signIn("admin");
    await page.goto("/settings/rates");
    const file = ["currency,day,rate", `EUR,${ago(3)},1.085`, `EUR,${ago(2)},1.0900`, `CHF,${ago(3)},1.13`];
    await choose(page, ...file);
    await expect(main(page)).toContainText("1 new, 1 replaced, 1 as they are.");
    await expect(main(page)).toContainText(`EUR from ${words(ago(3))}: 1.08 → 1.085`);
    await expect(main(page)).toContainText(`CHF from ${words(ago(3))}: 1.13`);
    expect(await tableOf(demo)).toHaveLength(2);

    await setRatesFor(demo, ["EUR", ago(3), "1.5"]);
    await page.getByRole("button", { name: "Put 2 rates in the table" }).click();
    await expect(main(page)).toContainText("The table changed meanwhile. Nothing was imported");
    await expect(main(page)).toContainText(`EUR from ${words(ago(3))}: 1.5 → 1.085`);
    expect(await findRate(demo.organizationId, "CHF", ago(3))).toBeNull();

    await page.getByRole("button", { name: "Put 2 rates in the table" }).click();
    await expect(main(page)).toContainText("Imported: 1 new, 1 replaced, 1 as they were.");
    await expect(card(page, "CHF")).toContainText("1.13 USD for 1 CHF");
    expect(await tableOf(demo)).toEqual([`CHF ${ago(3)} 1.13`, `EUR ${ago(2)} 1.09`, `EUR ${ago(3)} 1.085`]);
    await choose(page, ...file);
    await expect(main(page)).toContainText("All 3 rates of this file are in the table already.");
  });

  test("names everything in a file that has to be corrected, and takes the corrected one", async ({
    page,
    signIn,
  }) => {
    await signIn("admin");
    await page.goto("/settings/rates");
    // As spreadsheets of many countries write it.
    await choose(
      page,
      "currency;day;rate",
      `EUR;${TODAY};1,08`,
      "eur;31.3.2026;1",
      `USD;${TODAY};1`,
      `GBP;${TODAY};1.27`,
    );
    const faults = main(page).getByRole("alert");
    await expect(faults).toContainText("Nothing was changed: 4 values have to be corrected.");
    await expect(faults.getByRole("listitem").nth(0)).toContainText(/^Line 2, rate:.*\(1,08\)$/);
    await expect(faults.getByRole("listitem").nth(1)).toContainText(/^Line 3, currency:.*\(eur\)$/);
    await expect(faults.getByRole("listitem").nth(2)).toContainText(/^Line 3, day:.*\(31\.3\.2026\)$/);
    await expect(faults.getByRole("listitem").nth(3)).toContainText(
      "Line 4, currency: USD is the organization's own",
    );
    expect(await tableOf(demo)).toEqual([]);

    await choose(page, "no,columns", "1,2");
    await expect(faults).toContainText("has no column currency, day, rate");
    await choose(page, "currency;day;rate", `GBP;${TODAY};1.27`);
    await page.getByRole("button", { name: "Put 1 rate in the table" }).click();
    await expect(card(page, "GBP")).toContainText("1.27 USD for 1 GBP");
  });

  test("warns of currencies that are used without a rate, and begins one", async ({
    page,
    signIn,
    request,
  }) => {
    const s = { organizationId: demo.organizationId };
    const { key } = await createApiKey({
      ...s,
      name: "Test",
      scopes: ["decisions:write", "customers:read"],
      createdBy: null,
      at: new Date(),
    });
    const headers = { Authorization: `Bearer ${key}`, "Leeway-Employee": "agent@demo.leeway.test" };
    const found = await (await request.get("/api/v1/customers?search=a&limit=1", { headers })).json();
    const body = { customer: found.data[0].id, remedy: "credit", amount: 100, currency: "NZD" };
    const intent = { ...headers, "Idempotency-Key": crypto.randomUUID() };
    const asked = await request.post("/api/v1/decisions", { headers: intent, data: body });
    expect(await asked.json()).toMatchObject({ verdict: "handover" });

    await signIn("admin");
    await page.goto("/settings/rates");
    const note = page.getByRole("region", { name: /without a rate$/ });
    await expect(note.getByRole("listitem").filter({ hasText: "NZD" })).toContainText("New Zealand Dollar");
    await page.getByRole("button", { name: "Set a rate for NZD" }).click();
    await expect(field(page, "Rate")).toBeFocused();
    await page.keyboard.type("0.59");
    await page.keyboard.press("Enter");
    await expect(card(page, "NZD")).toContainText("0.59 USD for 1 NZD");
    await expect(page.getByRole("button", { name: "Set a rate for NZD" })).toHaveCount(0);
  });

  test("keeps years of dates a page away, and none of them lost between two pages", async ({
    page,
    signIn,
  }) => {
    const days = Array.from({ length: 120 }, (_, index) => ago(index));
    await setRatesFor(demo, ...days.map((day, index) => ["EUR", day, `${1000 + index}`] as const));
    await signIn("admin");
    await page.goto("/settings/rates");
    await page.getByRole("link", { name: "Every rate of EUR" }).click();
    await expect(page.getByRole("heading", { name: "Every rate of EUR" })).toBeVisible();
    const seen: string[] = [];
    for (;;) {
      const lines = page.getByRole("list", { name: /^EUR/ }).getByRole("listitem");
      await expect(lines.first()).toContainText(`${1000 + seen.length}`);
      seen.push(...(await lines.allInnerTexts()));
      const older = page.getByRole("link", { name: "Older" });
      if ((await older.count()) === 0) break;
      await older.click();
    }
    expect(seen).toHaveLength(120);
    for (const [index, text] of seen.entries()) expect(text).toContain(words(days[index] ?? ""));
    await page.getByRole("link", { name: "Newest" }).click();
    await expect(line(page, "EUR", TODAY)).toContainText("in force");
    for (const odd of [
      "?currency=XXX",
      "?currency=CHF",
      "?currency=EUR&before=never",
      "?currency=EUR&currency=CHF",
    ]) {
      expect([odd, (await page.goto(`/settings/rates${odd}`))?.status()]).toEqual([odd, 200]);
    }
  });

  test("keeps what was typed when the session ends or no answer comes", async ({
    page,
    signIn,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/503|ERR_/);
    await signIn("admin");
    await page.goto("/settings/rates");
    await fill(page, { currency: "EUR", rate: "1.08" });
    await page.route("**/settings/rates", (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await submit(page).click();
    await expect(main(page)).toContainText("No answer came");
    await expect(field(page, "Rate")).toHaveValue("1.08");
    await page.unroute("**/settings/rates");

    await context.clearCookies();
    await submit(page).click();
    await expect(main(page)).toContainText("You have been signed out");
    await page.getByLabel("Email").fill("admin@demo.leeway.test");
    await page.getByLabel("Password", { exact: true }).fill("leeway-demo");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(main(page)).not.toContainText("You have been signed out");
    await expect(field(page, "Rate")).toHaveValue("1.08");
    await submit(page).click();
    await expect(card(page, "EUR")).toContainText("1.08 USD for 1 EUR");
  });

  test("is for auditors to read and not to change, and closed to everybody else", async ({
    openAs,
    expectConsoleError,
  }) => {
    expectConsoleError(/403|favicon/);
    await setRatesFor(demo, ["EUR", ago(3), "1.0842"]);
    const page = await openAs("auditor");
    await page.goto("/settings/rates");
    await expect(card(page, "EUR")).toContainText("1.0842 USD for 1 EUR");
    await expect(main(page)).toContainText("You can read the rates.");
    await expect(main(page).getByRole("button")).toHaveCount(0);
    await expect(main(page).getByRole("textbox")).toHaveCount(0);
    for (const role of ["agent", "manager"] as const) {
      const other = await openAs(role);
      expect([role, (await other.goto("/settings/rates"))?.status()]).toEqual([role, 403]);
    }
  });

  // Risk: an admin on a phone, in the dark or without eyes sets a rate that they did not mean.
  test("is accessible with faults in every form, and for one currency", async ({ page, signIn }) => {
    await setRatesFor(
      demo,
      ["EUR", ago(3), "1.0842"],
      ["EUR", ago(-5), "1.09"],
      ["KWD", ago(9), "123456789012.123456789012"],
      ["GBP", ago(3), "1.27"],
    );
    await page.setViewportSize(PHONE);
    await signIn("admin");
    await page.goto("/settings/rates");
    // Where there is room for the form it is there unasked.
    await page.getByRole("button", { name: "Set a rate", exact: true }).last().click();
    await field(page, "Rate").fill("1,08");
    await submit(page).click();
    await page.getByRole("button", { name: /^Remove GBP/ }).click();
    await page
      .getByRole("button", { name: /^Correct EUR/ })
      .first()
      .click();
    await choose(page, "currency,day,rate", "EUR,never,1");
    await expect(main(page)).toContainText("1 value has to be corrected");
    await expectAccessible(page, "rates");
    await page.goto("/settings/rates?currency=EUR");
    await expectAccessible(page, "rates-of-one-currency");
  });
});

test.describe("rates by REST", () => {
  async function caller(
    request: APIRequestContext,
    s: { organizationId: string },
    scopes: readonly ApiScope[] = ["policies:read", "policies:write"],
  ) {
    const { organizationId } = s;
    const { key } = await createApiKey({
      organizationId,
      name: "Test",
      scopes,
      createdBy: null,
      at: new Date(),
    });
    const headers = { Authorization: `Bearer ${key}` };
    return {
      get: (path = "") => request.get(`/api/v1/rates${path}`, { headers }),
      put: (data: unknown) => request.put("/api/v1/rates", { headers, data }),
      remove: (place: string) => request.delete(`/api/v1/rates/${place}`, { headers }),
    };
  }

  async function faults(answer: APIResponse): Promise<string[]> {
    expect([answer.status(), answer.headers()["content-type"]]).toEqual([422, "application/problem+json"]);
    const { errors } = await answer.json();
    for (const { message } of errors) expect(message.length).toBeGreaterThan(5);
    return errors.map(({ path }: { path: string }) => path);
  }

  const EUR = { currency: "EUR", day: "2026-03-01", rate: "1.0842" };

  test("are set, replaced and left as they are, all at once", async ({ request }) => {
    const s = await scenario();
    const api = await caller(request, s);
    const first = await api.put({ rates: [EUR, { ...EUR, day: "2026-03-02", rate: 1.09 }] });
    expect([first.status(), await first.json()]).toEqual([200, { created: 2, updated: 0, unchanged: 0 }]);
    const second = await api.put({
      rates: [
        { ...EUR, rate: "1.08420" },
        { ...EUR, day: "2026-03-02", rate: "1.1" },
        { ...EUR, currency: "GBP" },
      ],
    });
    expect(await second.json()).toEqual({ created: 1, updated: 1, unchanged: 1 });
    const { data, nextCursor } = await (await api.get("?currency=EUR")).json();
    expect(data).toEqual([
      { currency: "EUR", day: "2026-03-02", rate: "1.1", updatedAt: expect.any(String), updatedBy: null },
      { ...EUR, updatedAt: expect.any(String), updatedBy: null },
    ]);
    expect(nextCursor).toBeNull();
    expect(await (await api.get("/EUR/2026-03-01")).json()).toMatchObject(EUR);
  });

  // Risk: the good half of a list is in force, and whoever sent it believes none of it is.
  test("are refused as a whole, with the path of every fault", async ({ request }) => {
    const s = await scenario();
    const api = await caller(request, s);
    const answer = await api.put({
      rates: [
        EUR,
        { currency: "eur", day: "2026-02-30", rate: "1,08" },
        { currency: "GBP", day: "2026-03-01", rate: 0 },
        { currency: "GBP", day: "2026-03-01", rate: 1 / 3 },
        { currency: "GBP", day: "2026-03-01", rate: "1.2700000000001", note: "x" },
        { currency: "GBP", day: "2026-03-01" },
      ],
    });
    expect((await faults(answer)).sort()).toEqual([
      "rates.1.currency",
      "rates.1.day",
      "rates.1.rate",
      "rates.2.rate",
      "rates.3.rate",
      "rates.4.note",
      "rates.4.rate",
      "rates.5.rate",
    ]);
    const own = await api.put({
      rates: [
        EUR,
        { ...EUR, currency: "USD" },
        { ...EUR, day: addDays(TODAY, 400) },
        { ...EUR, rate: "1.09" },
      ],
    });
    expect(await faults(own)).toEqual(["rates.1.currency", "rates.2.day", "rates.3.rate"]);
    expect(await faults(await api.put({ rates: [] }))).toEqual(["rates"]);
    expect(await faults(await api.put({ rates: Array(1001).fill(EUR) }))).toEqual(["rates"]);
    expect(await faults(await api.put([EUR]))).toEqual([""]);
    expect(await tableOf(s)).toEqual([]);
  });

  test("come page by page, by currency and of each the latest day first", async ({ request }) => {
    const s = await scenario();
    const api = await caller(request, s);
    const days = Array.from({ length: 250 }, (_, index) => addDays("2026-01-01", -index));
    await setRatesFor(s, ...days.map((day) => ["EUR", day, "1.08"] as const), ["CHF", "2026-01-01", "1.1"]);
    const seen: string[] = [];
    let path = "?limit=100";
    for (;;) {
      const { data, nextCursor } = await (await api.get(path)).json();
      seen.push(...data.map(({ currency, day }: typeof EUR) => `${currency} ${day}`));
      if (nextCursor === null) break;
      path = `?limit=100&cursor=${nextCursor}`;
    }
    expect(seen).toEqual(["CHF 2026-01-01", ...days.map((day) => `EUR ${day}`)]);
    for (const [query, name] of [
      ["?cursor=EUR:2026-02-30", "cursor"],
      ["?cursor=01a20571-36a1-721f-867e-dcd82c4820c6", "cursor"],
      ["?currency=euro", "currency"],
      ["?limit=0", "limit"],
      ["?day=2026-03-01", "day"],
    ] as const) {
      expect([query, await faults(await api.get(query))]).toEqual([query, [name]]);
    }
  });

  test("are removed once, and only where there is one", async ({ request }) => {
    const s = await scenario();
    const api = await caller(request, s);
    await api.put({ rates: [EUR, { ...EUR, day: "2026-02-01", rate: "1.07" }] });
    const gone = await api.remove("EUR/2026-03-01");
    expect([gone.status(), await gone.text()]).toEqual([204, ""]);
    expect(await tableOf(s)).toEqual(["EUR 2026-02-01 1.07"]);
    for (const place of [
      "EUR/2026-03-01",
      "EUR/2026-02-15",
      "EUR/2026-02-30",
      "eur/2026-02-01",
      "EUR/never",
      "E%00/1",
    ]) {
      expect([place, (await api.remove(place)).status()]).toEqual([place, 404]);
      expect([place, (await api.get(`/${place}`)).status()]).toEqual([place, 404]);
    }
  });

  test("need the scope for it, and never cross from one organization to another", async ({ request }) => {
    const s = await scenario();
    const reader = await caller(request, s, ["policies:read"]);
    const writer = await caller(request, s, ["policies:write"]);
    expect((await writer.put({ rates: [EUR] })).status()).toBe(200);
    expect((await writer.get()).status()).toBe(403);
    expect((await reader.get()).status()).toBe(200);
    expect((await reader.put({ rates: [EUR] })).status()).toBe(403);
    expect((await reader.remove("EUR/2026-03-01")).status()).toBe(403);
    const other = await scenario();
    const stranger = await caller(request, other);
    expect((await (await stranger.get()).json()).data).toEqual([]);
    expect((await stranger.get("/EUR/2026-03-01")).status()).toBe(404);
    expect((await stranger.remove("EUR/2026-03-01")).status()).toBe(404);
    expect((await stranger.put({ rates: [{ ...EUR, rate: "9" }] })).status()).toBe(200);
    expect(await tableOf(s)).toEqual(["EUR 2026-03-01 1.0842"]);
  });

  test("are for an admin's own session from this site to set, and for nobody else's", async ({ openAs }) => {
    const origin = { Origin: new URL(test.info().project.use.baseURL ?? "").origin };
    const put = async (role: "admin" | "manager" | "auditor" | "agent", headers: Record<string, string>) => {
      const page = await openAs(role);
      return (await page.request.put("/api/v1/rates", { headers, data: { rates: [EUR] } })).status();
    };
    await emptyTable();
    for (const role of ["manager", "auditor", "agent"] as const) {
      expect([role, await put(role, origin)]).toEqual([role, 403]);
    }
    expect(await put("admin", { Origin: "https://elsewhere.example" })).toBe(403);
    expect(await tableOf(demo)).toEqual([]);
    expect(await put("admin", origin)).toBe(200);
    const [rate] = (await listRates(demo.organizationId, { limit: 1 })).data;
    expect(rate?.updatedBy).not.toBeNull();
    await emptyTable();
  });

  test("count for the decisions that are asked for from then on", async ({ request }) => {
    const s = await scenario();
    await s.customer("C-1");
    const { organizationId } = s;
    const { key } = await createApiKey({
      organizationId,
      name: "Test",
      scopes: ["decisions:write", "policies:write"],
      createdBy: null,
      at: new Date(),
    });
    const headers = { Authorization: `Bearer ${key}`, "Leeway-Employee": s.agent.email };
    const ask = async () => {
      const data = { customer: "C-1", remedy: "credit", amount: 2500, currency: "EUR" };
      const answer = await request.post("/api/v1/decisions/preview", { headers, data });
      return answer.json();
    };
    expect(await ask()).toMatchObject({ verdict: "handover", explanation: { binding: "exchange-rate" } });
    await request.put("/api/v1/rates", { headers, data: { rates: [EUR] } });
    expect(await ask()).toMatchObject({
      verdict: "allow",
      explanation: { exchange: { currency: "USD", rate: "1.0842", day: "2026-03-01", counted: 2710 } },
    });
  });

  test("are described", async ({ request }) => {
    const { paths } = await (await request.get("/api/openapi.json")).json();
    expect(Object.keys(paths["/api/v1/rates"])).toEqual(["get", "put"]);
    expect(Object.keys(paths["/api/v1/rates/{currency}/{day}"])).toEqual(["get", "delete"]);
    expect(paths["/api/v1/rates/{currency}/{day}"].delete.responses["204"].content).toBeUndefined();
  });
});
