import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { inTenant } from "@/lib/db/prisma";
import { settleByHand } from "@/lib/execution/settle";
import { createCustomer } from "../factories/customers";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { byTest, serve } from "../setup/executions";
import { openReceiver } from "../setup/receiver";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const LIMITS = [
  limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 200_000, over: "deny" }),
];
const NAME = "Ottilie Brandt";

type House = Awaited<ReturnType<typeof house>>;

/** Nobody but the test carries anything out. */
async function house() {
  const s = await scenario({ limits: LIMITS }, { undoSeconds: 300 });
  const { id: customer } = await createCustomer(s, { name: NAME });
  return { s, customer };
}

const receipt = (page: Page) => page.getByTestId("receipt");
const heading = (part: Locator) => part.getByRole("heading", { level: 2 });
const badge = (part: Locator) => part.getByTestId("execution");

/** Gives something on the desk, up to the receipt, and answers who carries it out. */
async function give(page: Page, { s, customer }: House, remedy: string, amount: string) {
  await page.goto(`/desk/${customer}`);
  await page.getByRole("radio", { name: remedy }).check();
  const field = page.getByRole("textbox", { name: /^(Amount|Cost)$/ });
  await field.fill(amount);
  await expect(page.getByRole("form", { name: "Put it right" })).toContainText("You can do this now");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Give / }).click();
  await expect(heading(receipt(page))).toHaveText(`Reserved: ${remedy} ${amount} USD for ${NAME}`);
  await expect(badge(receipt(page))).toContainText("Reserved");
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  return byTest(s, await latest(s));
}

async function latest({ organizationId }: House["s"]): Promise<string> {
  const decision = await inTenant(organizationId, (tx) =>
    tx.decision.findFirstOrThrow({
      where: { organizationId },
      orderBy: { id: "desc" },
      select: { id: true },
    }),
  );
  return decision.id;
}

const neverReloaded = (page: Page) => page.evaluate(() => "neverReloaded" in window);

// Risk: "done" is read to a customer whose money has not moved, or never will.
test.describe("the receipt's heading says what is true", () => {
  test("of store credit: reserved, on its way, done, without a reload", async ({ page }) => {
    const at = await house();
    await signInAs(page.request, at.s.agent);
    const worker = await give(page, at, "Credit", "25.00");
    await worker.begin();
    await expect(heading(receipt(page))).toHaveText(`On its way: Credit 25.00 USD for ${NAME}`);
    await expect(badge(receipt(page))).toContainText("Processing");
    await worker.note({ outcome: "succeeded", reference: null });
    await expect(heading(receipt(page))).toHaveText(`Done: Credit 25.00 USD for ${NAME}`);
    await expect(badge(receipt(page))).toContainText("Done");
    expect(await neverReloaded(page)).toBe(true);
  });

  test("of a refund at Stripe that fails after it was taken on: why, what to say, and the allowance is back", async ({
    page,
  }) => {
    const at = await house();
    const order = await at.s.order(at.customer, 8_000);
    await serve(at.s, "refund", "stripe");
    await signInAs(page.request, at.s.agent);
    await page.goto(`/desk/${at.customer}`);
    await page.getByRole("button", { name: /^Refund from order/ }).click();
    const amount = page.getByRole("textbox", { name: "Amount" });
    await amount.fill("80.00");
    await expect(page.getByRole("form", { name: "Put it right" })).toContainText("You can do this now");
    await amount.press("Enter");
    await page.getByRole("button", { name: "Give 80.00 now" }).click();
    const part = receipt(page);
    await expect(heading(part)).toHaveText(`Reserved: Refund 80.00 USD for ${NAME}`);
    const orders = page.getByRole("region", { name: "Orders" });
    await expect(orders).toContainText("nothing left to refund");
    await expect(part).toContainText("$1,920.00");
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

    const worker = byTest(at.s, await latest(at.s));
    await worker.begin();
    await worker.note({ outcome: "pending", reference: "re_7" });
    await expect(badge(part)).toContainText("Pending");
    await expect(heading(part)).toHaveText(`On its way: Refund 80.00 USD for ${NAME}`);
    await worker.note(
      {
        outcome: "failed",
        code: "method_unavailable",
        detail: "expired_or_canceled_card",
        reference: "re_7",
      },
      "message",
    );
    await expect(heading(part)).toHaveText(`Failed: Refund 80.00 USD for ${NAME}`);
    await expect(part).toContainText(
      "It did not work, and nothing was paid. What it counted is yours to give again.",
    );
    await expect(part).toContainText("The way it was paid can’t be paid back to.");
    await expect(part).toContainText("The way you paid doesn’t take money back any more.");
    // What was true while it was on its way is not to be said any more, and there is nothing to take back.
    await expect(part).not.toContainText("Gladly.");
    await expect(part.getByRole("button", { name: /^(Undo|Reverse)/ })).toHaveCount(0);
    await expect(part).toContainText("$2,000.00");
    await expect(page.getByTestId("allowance")).toContainText("$2,000.00");
    await expect(orders).toContainText("refundable $80.00");
    expect(await neverReloaded(page)).toBe(true);
    await expectAccessible(page, "the receipt of a refund that failed");
    const left = await page.request.get(`/api/v1/customers/${at.customer}/allowance`);
    expect((await left.json()).available).toBe(200_000);
    expect(order).not.toBe("");
  });

  test("of what one's own system carries out: not known while it gives no answer, done once it says so", async ({
    page,
  }) => {
    const at = await house();
    await serve(at.s, "fee_waiver", "webhook");
    await signInAs(page.request, at.s.agent);
    const worker = await give(page, at, "Waive a fee", "15.00");
    await worker.begin();
    await worker.note({ outcome: "unknown", detail: "The webhook answered 503." });
    await expect(heading(receipt(page))).toHaveText(
      `Not known yet whether it worked: Waive a fee 15.00 USD for ${NAME}`,
    );
    await expect(badge(receipt(page))).toContainText("Not known");
    await expect(receipt(page)).toContainText("nobody should pay it another way meanwhile");
    await worker.note({ outcome: "succeeded", reference: "ADJ-4" }, "message");
    await expect(heading(receipt(page))).toHaveText(`Done: Waive a fee 15.00 USD for ${NAME}`);
    await expect(badge(receipt(page))).toContainText("Reference ADJ-4");
  });

  test("of every remedy that people carry out: to be done by hand, and done once somebody has", async ({
    page,
  }) => {
    test.slow();
    const at = await house();
    const { organizationId, manager } = at.s;
    await signInAs(page.request, at.s.agent);
    for (const remedy of ["Refund", "Upgrade", "Extend a limit", "Replacement", "Gift"]) {
      const worker = await give(page, at, remedy, "12.00");
      await worker.begin();
      await expect(heading(receipt(page))).toHaveText(`To be done by hand: ${remedy} 12.00 USD for ${NAME}`);
      await expect(badge(receipt(page))).toContainText("By hand");
      const decisionId = await latest(at.s);
      const who = {
        ...{ organizationId, employeeId: manager.employeeId, mustOwn: false, now: new Date() },
        actor: { kind: "employee", id: manager.employeeId } as const,
      };
      await settleByHand({ decisionId, of: "execution", outcome: "done", reference: "Parcel 7" }, who);
      await expect(heading(receipt(page))).toHaveText(`Done: ${remedy} 12.00 USD for ${NAME}`);
      await expect(badge(receipt(page))).toContainText("Reference Parcel 7");
    }
  });

  test("of several at once: of all while they stand alike, and that one failed as soon as one did", async ({
    page,
  }) => {
    const at = await house();
    await signInAs(page.request, at.s.agent);
    await page.goto(`/desk/${at.customer}`);
    await page.getByRole("textbox", { name: "What happened" }).fill("It came late.");
    const cause = page.getByRole("combobox", { name: "Cause" });
    await cause.fill("carrier");
    await cause.press("Escape");
    await page.getByRole("textbox", { name: "Amount" }).fill("20.00");
    await expect(page.getByRole("form", { name: "Put it right" })).toContainText("You can do this now");
    await page.getByRole("button", { name: "Add another remedy" }).click();
    await page.getByRole("radio", { name: "Gift" }).check();
    await page.getByRole("textbox", { name: "Cost" }).fill("5.00");
    await page.getByRole("button", { name: "Review all 2 remedies" }).click();
    await page.getByRole("button", { name: "Do all 2 now" }).click();
    const part = receipt(page);
    const first = heading(part).first();
    await expect(first).toHaveText(`Reserved: all 2 for ${NAME}`);
    const { organizationId } = at.s;
    const given = await inTenant(organizationId, (tx) =>
      tx.decision.findMany({ where: { organizationId }, orderBy: { id: "asc" }, select: { id: true } }),
    );
    const [credit, gift] = given.map(({ id }) => byTest(at.s, id));
    await credit?.begin();
    await credit?.note({ outcome: "succeeded", reference: null });
    await expect(part).toContainText(`Done: Credit 20.00 USD for ${NAME}`);
    await expect(first).toHaveText(`Recorded: all 2 for ${NAME}`);
    await gift?.begin();
    await expect(part).toContainText(`To be done by hand: Gift 5.00 USD for ${NAME}`);
    const manager = at.s.manager.employeeId;
    await settleByHand(
      { decisionId: given[1]?.id ?? "", of: "execution", outcome: "cannot", reason: "Sold out." },
      {
        ...{ organizationId, employeeId: manager, mustOwn: false, now: new Date() },
        actor: { kind: "employee", id: manager },
      },
    );
    await expect(first).toHaveText(`Failed: 1 of 2 for ${NAME}`);
    await expect(part).toContainText(`Failed: Gift 5.00 USD for ${NAME}`);
    await expectAccessible(page, "the receipt of two remedies, one of which failed");
  });

  test("of what was handed over: how far it is once it was approved", async ({ page, browser, baseURL }) => {
    const s = await scenario(
      {
        limits: [
          limit({
            ...{ id: "agents", scope: ["employee", "customer"], window: "day", max: 2_000 },
            when: { roles: ["agent"] },
          }),
        ],
      },
      { undoSeconds: 300 },
    );
    const { id: customer } = await createCustomer(s, { name: NAME });
    await signInAs(page.request, s.agent);
    await page.goto(`/desk/${customer}`);
    const amount = page.getByRole("textbox", { name: "Amount" });
    await amount.fill("40.00");
    await expect(page.getByRole("form", { name: "Put it right" })).toContainText("more discretion");
    await amount.press("Enter");
    await page.getByRole("button", { name: "Hand over 40.00" }).click();
    await expect(heading(receipt(page))).toHaveText(`Handed over: Credit 40.00 USD for ${NAME}`);
    const context = await browser.newContext(baseURL ? { baseURL } : {});
    await signInAs(context.request, s.manager);
    const { data } = await (await context.request.get("/api/v1/handovers")).json();
    const answer = { answer: "adjust", amount: 3000, note: "This much is right." };
    const answered = await context.request.post(`/api/v1/handovers/${data[0].id}/answer`, { data: answer });
    expect(answered.status()).toBe(200);
    await expect(heading(receipt(page))).toHaveText(`Reserved: Credit 30.00 USD for ${NAME}`);
    const worker = byTest(s, await latest(s));
    await worker.begin();
    await worker.note({ outcome: "succeeded", reference: null });
    await expect(heading(receipt(page))).toHaveText(`Done: Credit 30.00 USD for ${NAME}`);
    await context.close();
  });
});

// Risk: an undo is confirmed on the desk, and the provider is told all the same.
test("what is undone within the undo window is never told to the provider, though it tells of what came after", async ({
  page,
}) => {
  const s = await scenario({ limits: LIMITS }, { undoSeconds: 5 });
  const { id: customer } = await createCustomer(s, { name: NAME });
  const receiver = await openReceiver();
  try {
    await signInAs(page.request, await s.employee("admin"));
    // As an admin sets it up, and has it serve gifts.
    await page.goto("/settings/providers");
    const part = page.getByRole("region", { name: "Signed webhook", exact: true });
    await part.getByLabel("Address").fill(receiver.url);
    await part.getByRole("button", { name: "Save the webhook" }).click();
    await expect(part).toContainText("Copy it now");
    receiver.state.secret = (await part.locator("code").textContent()) ?? "";
    await serve(s, "gift", "webhook");
    // Its stream would be told that nobody is signed in any more.
    await page.goto("about:blank");
    await page.context().clearCookies();

    await signInAs(page.request, s.agent);
    await page.goto(`/desk/${customer}`);
    await page.getByRole("radio", { name: "Gift" }).check();
    await page.getByRole("textbox", { name: "Cost" }).fill("40");
    await expect(page.getByRole("form", { name: "Put it right" })).toContainText("You can do this now");
    await page.getByRole("textbox", { name: "Cost" }).press("Enter");
    await page.getByRole("button", { name: "Give 40.00 now" }).click();
    await expect(heading(receipt(page))).toHaveText(`Reserved: Gift 40.00 USD for ${NAME}`);
    await page.keyboard.press("z");
    await expect(heading(receipt(page))).toHaveText(`Undone: Gift 40.00 USD for ${NAME}`);
    const undone = await latest(s);
    const after = await page.request.post("/api/v1/decisions", {
      headers: { "Idempotency-Key": randomUUID() },
      data: { customer, remedy: "gift", amount: 500, currency: "USD" },
    });
    const { id } = await after.json();
    const told = () => receiver.received.map(({ data }) => data.decision);
    await expect.poll(told, { timeout: 30_000 }).toContain(id);
    // Whatever is due is told in the order in which it came due: the one that was undone would have been before it.
    expect(told()).not.toContain(undone);
    expect(receiver.faults).toEqual([]);
  } finally {
    await receiver.close();
  }
});

// Risk: two tills, or one that sends again, refund an order twice.
test("an order is never refunded above what was paid, from the desk, by REST and by many at once", async ({
  page,
}) => {
  const { s, customer } = await house();
  const order = await s.order(customer, 10_000);
  await signInAs(page.request, s.agent);
  const refund = (amount: number) =>
    page.request.post("/api/v1/decisions", {
      headers: { "Idempotency-Key": randomUUID() },
      data: { customer, order, remedy: "refund", amount, currency: "USD" },
    });
  const over = await (await refund(10_001)).json();
  expect(over).toMatchObject({ verdict: "deny", status: "refused" });
  expect(over.explanation).toMatchObject({ binding: "order-refundable", maxAmount: 10_000 });

  await page.goto(`/desk/${customer}`);
  await page.getByRole("button", { name: /^Refund from order/ }).click();
  const form = page.getByRole("form", { name: "Put it right" });
  const amount = page.getByRole("textbox", { name: "Amount" });
  await amount.fill("60");
  await expect(form).toContainText("You can do this now");
  await amount.press("Enter");
  const confirm = page.getByRole("button", { name: "Give 60.00 now" });
  await expect(confirm).toBeVisible();

  // Ten come at once while somebody at the desk is about to confirm what would have passed.
  const answers = await Promise.all(Array.from({ length: 10 }, () => refund(3_000)));
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  expect(bodies.filter(({ status }) => status === "posted")).toHaveLength(3);
  for (const { status, explanation } of bodies.filter((each) => each.status !== "posted")) {
    expect([status, explanation.binding]).toEqual(["refused", "order-refundable"]);
  }
  await confirm.click();
  await expect(heading(receipt(page))).toHaveText(`Not given: Refund 60.00 USD for ${NAME}`);
  expect(await (await refund(1_001)).json()).toMatchObject({ status: "refused" });
  expect(await (await refund(1_000)).json()).toMatchObject({ status: "posted" });
  const { organizationId } = s;
  const { _sum } = await inTenant(organizationId, (tx) =>
    tx.decision.aggregate({
      where: { organizationId, orderId: order, status: "posted" },
      _sum: { amount: true },
    }),
  );
  expect(_sum.amount).toBe(10_000n);
});
