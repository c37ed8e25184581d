import { randomUUID } from "node:crypto";
import type { BrowserContext, Page } from "@playwright/test";
import type { EmployeeActor } from "@/lib/auth/types";
import { listHandovers } from "@/lib/handovers/data";
import { answerHandover } from "@/lib/handovers/mutations";
import { mergeCustomers } from "@/lib/merges/mutations";
import { reverseDecision } from "@/lib/reversals/mutations";
import { createCustomer } from "../factories/customers";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const LIMITS = [
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 3000,
    when: { roles: ["agent"] },
    why: "Enough to make a guest whole.",
  }),
  limit({
    id: "manager-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 10_000,
    when: { roles: ["manager"] },
    why: "More than that is talked over.",
  }),
];

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** A handover that waits for the scenario's manager. */
async function waiting(s: Scenario, amount = 4000) {
  const customer = (await createCustomer(s, { name: "Leopold Waiting" })).id;
  const decision = decided(await s.ask({ customer, amount })).id ?? "";
  const page = await listHandovers(s.organizationId, { decision }, { limit: 1 });
  return { customer, decision, handover: page.data[0]?.id ?? "" };
}

async function open(context: BrowserContext, page: Page, actor: EmployeeActor, decision: string) {
  await signInAs(context.request, actor);
  await page.goto(`/floor/decisions/${decision}`);
}

const form = (page: Page) => page.getByRole("form", { name: "Your answer" });
const note = (page: Page) => form(page).getByRole("textbox", { name: "To who asked" });
const part = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

test.describe("a handover that waits, on the floor", () => {
  test("shows the answerer's own verdict first, and is approved with a word to who asked", async ({
    page,
    context,
  }) => {
    const s = await scenario({ limits: LIMITS });
    const { decision } = await waiting(s);
    await open(context, page, s.manager, decision);
    await expect(form(page)).toContainText("Within your own limits: you may grant 40.00.");
    await expect(form(page)).toContainText("manager-day");
    await form(page).getByRole("button", { name: "Approve 40.00" }).click();
    await expect(note(page)).toBeFocused();
    await expect(note(page)).toHaveAccessibleDescription(/Say something to who asked/);
    await note(page).fill("Well asked, go ahead.");
    await form(page).getByRole("button", { name: "Approve 40.00" }).click();
    const main = page.getByRole("main");
    await expect(page.locator(":focus")).toHaveText("Approved. It counts on your limits and on theirs.");
    await expect(part(page, "Handover")).toContainText(`Approved by ${s.manager.name}`);
    await expect(part(page, "Handover")).toContainText("Well asked, go ahead.");
    await expect(part(page, "Timeline")).toContainText(`Decided, by ${s.agent.name}`);
    await expect(part(page, "Timeline")).toContainText(`Handover approved, by ${s.manager.name}`);
    await expect(part(page, "What was counted")).toContainText("waiting → done");
    await expect(part(page, "Execution")).toContainText("can be undone until");
    await expect(main.getByRole("button", { name: "Reverse …" })).toBeVisible();
  });

  test("is granted with another amount, on which the verdict is asked for while it is typed", async ({
    page,
    context,
  }) => {
    const s = await scenario({ limits: LIMITS });
    const { decision } = await waiting(s, 12_000);
    await open(context, page, s.manager, decision);
    await expect(form(page)).toContainText("120.00 is beyond your own limits too.");
    await expect(form(page)).toContainText("The most that you may grant right now is $100.00.");
    await form(page).getByRole("radio", { name: "Another amount" }).check();
    const amount = form(page).getByRole("textbox", { name: "Amount in USD" });
    await amount.fill("ninety");
    await note(page).fill("Half of it now.");
    await note(page).press("Tab");
    await form(page)
      .getByRole("button", { name: /^Grant/ })
      .click();
    await expect(amount).toBeFocused();
    await expect(amount).toHaveAccessibleDescription(/Write one such as 25.00/);
    await amount.fill("60");
    await expect(form(page)).toContainText("Within your own limits: you may grant 60.00.");
    await form(page).getByRole("button", { name: "Grant 60.00" }).click();
    await expect(part(page, "Handover")).toContainText("$60.00 of $120.00 were granted.");
    await expect(part(page, "Timeline")).toContainText(
      `Handover approved with another amount, by ${s.manager.name}`,
    );
  });

  test("is refused beside the form when it is beyond the answerer's own limits", async ({
    page,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 403/);
    const s = await scenario({ limits: LIMITS });
    const { decision } = await waiting(s, 12_000);
    await open(context, page, s.manager, decision);
    await note(page).fill("Go ahead.");
    await form(page).getByRole("button", { name: "Approve 120.00" }).click();
    await expect(form(page).getByRole("alert")).toContainText("beyond your own limits");
    await expect(note(page)).toHaveValue("Go ahead.");
    await form(page).getByRole("radio", { name: "Decline" }).check();
    await form(page).getByRole("button", { name: "Decline" }).click();
    await expect(part(page, "Handover")).toContainText(`Declined by ${s.manager.name}`);
    await expect(page.getByRole("main")).toContainText("Declined");
    await expect(part(page, "Timeline")).toContainText(`Handover declined, by ${s.manager.name}`);
  });

  test("that somebody else answered first shows their answer", async ({
    page,
    context,
    expectConsoleError,
  }) => {
    expectConsoleError(/status of 409/);
    const s = await scenario({ limits: LIMITS });
    const { decision, handover } = await waiting(s);
    await open(context, page, s.manager, decision);
    const other = await s.employee("manager");
    const input = { answer: "decline" as const, note: "Not this time." };
    await answerHandover({ actor: other, handoverId: handover, input, now: new Date() });
    await note(page).fill("Go ahead.");
    await form(page).getByRole("button", { name: "Approve 40.00" }).click();
    await expect(page.locator(":focus")).toHaveText("Somebody else answered first. Their answer stands.");
    await expect(part(page, "Handover")).toContainText("Not this time.");
  });

  test("is answered once though the answer to it is lost", async ({ page, context, expectConsoleError }) => {
    expectConsoleError(/Failed to load resource: net::|status of 409/);
    const s = await scenario({ limits: LIMITS });
    const { decision } = await waiting(s);
    await open(context, page, s.manager, decision);
    await page.route(
      "**/answer",
      async (route) => {
        await route.fetch();
        await route.abort("connectionreset");
      },
      { times: 1 },
    );
    await note(page).fill("Go ahead.");
    await form(page).getByRole("button", { name: "Approve 40.00" }).click();
    await expect(page.locator(":focus")).toHaveText("Approved. It counts on your limits and on theirs.");
  });

  test("has no answer from who asked, nor from an auditor, who reads all of it", async ({
    page,
    context,
  }) => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const own = decided(await s.ask({ customer, amount: 20_000 }, { actor: s.manager })).id ?? "";
    await open(context, page, s.manager, own);
    await expect(part(page, "Handover")).toContainText("Waits for");
    await expect(form(page)).toHaveCount(0);
    const { decision } = await waiting(s);
    await open(context, page, await s.employee("auditor"), decision);
    await expect(part(page, "Handover")).toContainText(`Waits for ${s.manager.name}`);
    await expect(form(page)).toHaveCount(0);
  });
});

test.describe("a decision on the floor", () => {
  test("is reversed by a manager with a reason; an auditor reads by whom and why, and reverses nothing", async ({
    page,
    context,
    openAs,
  }) => {
    const s = await scenario();
    const decision = decided(await s.ask({ customer: await s.customer(), amount: 2500 })).id ?? "";
    await open(context, page, s.manager, decision);
    await expect(part(page, "What was counted")).toContainText("the decision itself");
    await page.getByRole("button", { name: "Reverse …" }).click();
    await page.getByRole("textbox", { name: "Why it is reversed" }).fill("Paid twice.");
    await page.getByRole("button", { name: "Reverse 25.00" }).click();
    await expect(page.locator(":focus")).toContainText("Reversed: 25.00 USD counts on no limit any more.");
    await expect(part(page, "Reversal")).toContainText(`Reversed by ${s.manager.name}`);
    await expect(part(page, "Reversal")).toContainText("Paid twice.");
    await expect(part(page, "Timeline")).toContainText(`Reversed, by ${s.manager.name}`);
    await expect(part(page, "What was counted")).toContainText("done → reversed");
    await expect(part(page, "Execution")).toContainText("It was taken back before anybody carried it out.");

    const again = decided(await s.ask({ customer: await s.customer(), amount: 2500 })).id ?? "";
    await open(context, page, await s.employee("auditor"), again);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("$25.00");
    await expect(page.getByRole("button", { name: /Reverse|Undo/ })).toHaveCount(0);
    // The demo's own, so that what the house of the test did is not all that is walked.
    const manager = await openAs("manager");
    await manager.goto("/floor");
    await expect(manager.getByRole("main")).toContainText("Every action taken");
  });

  test("tells of a merge and of an undo, each with who did it", async ({ page, context }) => {
    const s = await scenario({ limits: LIMITS });
    const dup = await createCustomer(s, { name: "Bea Duplicate" });
    const stays = await createCustomer(s, { name: "Beatrix Stays" });
    const decision = decided(await s.ask({ customer: dup.id, amount: 2500 })).id ?? "";
    await mergeCustomers({
      organizationId: s.organizationId,
      duplicateId: dup.id,
      customerId: stays.id,
      reason: "Same phone.",
      writer: { actor: { kind: "employee", id: s.manager.employeeId }, employeeId: s.manager.employeeId },
      now: new Date(),
    });
    await reverseDecision({
      actor: s.agent,
      decisionId: decision,
      reason: null,
      idempotencyKey: randomUUID(),
      now: new Date(),
    });
    await open(context, page, s.manager, decision);
    const timeline = part(page, "Timeline");
    await expect(timeline).toContainText(
      `Counts for Beatrix Stays since two records were merged, by ${s.manager.name}`,
    );
    await expect(timeline).toContainText(`Undone, by ${s.agent.name}`);
    await expect(part(page, "What was counted")).toContainText("stays done, counted elsewhere");
    await expect(part(page, "Reversal")).toContainText(`Undone by ${s.agent.name}`);
  });
});

// Risk: a manager on a phone, in the dark or without eyes cannot answer.
test("an answer is accessible from what is asked to what came of it", async ({ page, context }) => {
  test.slow();
  const s = await scenario({ limits: LIMITS });
  const { decision } = await waiting(s, 12_000);
  await page.setViewportSize(PHONE);
  await open(context, page, s.manager, decision);
  await expect(form(page)).toContainText("beyond your own limits");
  await expectAccessible(page, "answer-beyond");
  await form(page).getByRole("radio", { name: "Another amount" }).check();
  await form(page).getByRole("textbox", { name: "Amount in USD" }).fill("60");
  await expect(form(page)).toContainText("you may grant 60.00");
  await expectAccessible(page, "answer-adjust");
  await note(page).fill("Half of it now.");
  await form(page).getByRole("button", { name: "Grant 60.00" }).click();
  await expect(part(page, "Handover")).toContainText("were granted");
  await page.getByRole("button", { name: "Reverse …" }).click();
  await expect(page.getByRole("textbox", { name: "Why it is reversed" })).toBeVisible();
  await expectAccessible(page, "answered");
});
