import { tenantDb } from "@/lib/db/prisma";
import { answerHandover } from "@/lib/handovers/mutations";
import { createCustomer } from "../factories/customers";
import { createOrder } from "../factories/orders";
import { expect, test } from "../setup/browser";
import { given } from "../setup/receipt";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";
import { expectThumbs } from "../setup/thumbs";

const LIMITS = [
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 20_000,
    when: { roles: ["agent"] },
    why: "Enough to make a guest whole.",
    say: "I can put this right for you now.",
    value: "ownership",
  }),
];
const VALUES = [{ id: "ownership", text: "Who hears it owns it." }];
const told = { channel: "phone", happened: "It came late.", cause: "carrier" };

// Risk: with a customer before them and one hand free, somebody can't reach the button, or hits the one beside it.
test("an agent's day with one thumb: find, tell, give two remedies, undo, reverse, hand over, hear, promise, go off duty", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const s = await scenario({ limits: LIMITS, values: VALUES });
  const { id: customer } = await createCustomer(s, { name: "Ottilie Brandt", tier: "gold" });
  await createOrder({ ...s, currency: "USD" }, { customer, ref: "R-4711", amountPaid: 9000 });
  for (const amount of [1500, 2000, 2500, 3000, 3500]) {
    const { id } = await createCustomer(s, { tier: "gold" });
    decided(await s.ask({ customer: id, amount, case: told }, { actor: s.manager }));
  }
  await signInAs(page.context().request, s.agent);
  const form = page.getByRole("form", { name: "Put it right" });
  const receipt = page.getByTestId("receipt");
  const amount = page.getByRole("textbox", { name: /^(Amount|Cost)$/ });
  /** Whole within the screen, and in its lower half. */
  const expectReach = async (name: string) => {
    const button = page.getByRole("button", { name });
    await expect(button).toBeInViewport({ ratio: 1 });
    const box = await button.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan((page.viewportSize()?.height ?? 0) / 2);
    return button;
  };

  /** Why it may be given: by which limit, for what reason, what that serves, and what to say to the customer. */
  const explained = async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await form.getByRole("button", { name: "Why is that?" }).tap();
    const why = page.getByRole("dialog", { name: "Why it was decided like this" });
    await expect(why).toBeInViewport({ ratio: 1 });
    for (const said of [
      "guest-day",
      "of 200.00 a day",
      "Enough to make a guest whole.",
      "Who hears it owns it.",
    ])
      await expect(why).toContainText(said);
    await expectThumbs(page, "why it may be given");
    await why.getByRole("button", { name: "Copy" }).tap();
    await expect(why.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      "I can put this right for you now.",
    );
    await page.keyboard.press("Escape");
    await expect(why).toHaveCount(0);
  };

  await test.step("the customer is found by the order that they name", async () => {
    await page.goto("/desk");
    await page.getByRole("button", { name: "Find anything" }).tap();
    await page.getByRole("combobox", { name: "Find anything" }).fill("R-4711");
    await expect(page.getByRole("option", { name: "Order R-4711" })).toBeVisible();
    await expectThumbs(page, "what was found");
    await page.getByRole("option", { name: "Order R-4711" }).tap();
    await expect(page.getByRole("heading", { level: 1, name: "Ottilie Brandt" })).toBeVisible();
    await expect(page.getByRole("radio", { name: "Refund" })).toBeChecked();
  });

  await test.step("the five steps are filled in, with what is usual, and two remedies at once", async () => {
    await page.getByRole("textbox", { name: "What happened" }).fill("The parcel came two days late.");
    await page.getByRole("textbox", { name: "What the customer needs" }).fill("It for Friday.");
    await page.getByRole("combobox", { name: "Cause" }).fill("carrier");
    await page.getByRole("option", { name: "carrier" }).tap();
    await expect(amount).toHaveAttribute("inputmode", "decimal");
    await amount.fill("12");
    await expect(form).toContainText("You can do this now.");
    await explained();
    await page.getByRole("textbox", { name: "What happened" }).scrollIntoViewIfNeeded();
    await expectReach("Review refund 12.00");
    await page.getByRole("button", { name: "Add another remedy" }).tap();
    await page.getByRole("radio", { name: "Credit" }).check();
    await expect(form).toContainText("For carrier most give 20.00 to 30.00; you may give 200.00.");
    await expect(page.getByTestId("precedents").getByRole("listitem")).toHaveCount(3);
    await amount.fill("25");
    await page.getByRole("button", { name: "Promise something for later" }).tap();
    await page.getByRole("textbox", { name: "What you promise" }).fill("Call whether it came.");
    await expect(form).toContainText("You can do this now.");
    await expectThumbs(page, "the form, filled in");
    await (await expectReach("Review all 2 remedies")).tap();
    await expectThumbs(page, "the review of two");
    await (await expectReach("Do all 2 now")).tap();
    await expect(receipt).toContainText(given("all 2 for Ottilie Brandt"));
    await expect(page.getByTestId("promise")).toContainText("in your day until you tick it");
    await expectThumbs(page, "the receipt of two");
  });

  await test.step("what was given is undone while it counts down, and reversed afterwards", async () => {
    await page.getByRole("button", { name: /^Something else for/ }).tap();
    await page.clock.install();
    await amount.fill("10");
    await expect(form).toContainText("You can do this now.");
    await page.getByRole("button", { name: "Review credit 10.00" }).tap();
    await page.getByRole("button", { name: "Give 10.00 now" }).tap();
    const undo = receipt.getByRole("button", { name: /^Undo/ });
    await expect(undo).toBeVisible();
    await expect(receipt).toContainText(/\d+ s(econds)?/);
    await expectThumbs(page, "a receipt that can be undone");
    await undo.tap();
    await expect(receipt).toContainText("Undone: Credit 10.00 USD for Ottilie Brandt");

    await page.getByRole("button", { name: /^Something else for/ }).tap();
    await amount.fill("11");
    await expect(form).toContainText("You can do this now.");
    await page.getByRole("button", { name: "Review credit 11.00" }).tap();
    await page.getByRole("button", { name: "Give 11.00 now" }).tap();
    await expect(undo).toBeVisible();
    await page.clock.fastForward(31_000);
    await receipt.getByRole("button", { name: "Reverse …" }).tap();
    await receipt.getByRole("textbox", { name: "Why it is reversed" }).fill("The wrong customer.");
    await expectThumbs(page, "a receipt that is to be reversed");
    await receipt.getByRole("button", { name: "Reverse 11.00" }).tap();
    await expect(receipt).toContainText("Reversed: Credit 11.00 USD for Ottilie Brandt");
    await page.clock.resume();
  });

  await test.step("what is too much is handed over, and the answer comes by itself", async () => {
    await page.getByRole("button", { name: /^Something else for/ }).tap();
    await amount.fill("300");
    await expect(form).toContainText("This goes to someone with more discretion.");
    await page.getByRole("button", { name: "Review credit 300.00" }).tap();
    await expect(page.getByRole("heading", { level: 2, name: /Credit 300\.00/ })).toBeInViewport({
      ratio: 1,
    });
    await (await expectReach("Hand over 300.00")).tap();
    const waiting = page.getByTestId("waiting");
    await expect(waiting).toContainText(`Waits for ${s.manager.name}`);
    await expectThumbs(page, "a receipt that waits");
    const asked = await tenantDb(s.organizationId).handover.findFirstOrThrow({
      where: { status: "waiting" },
    });
    const answer = await answerHandover({
      actor: s.manager,
      handoverId: asked.id,
      input: { answer: "adjust", amount: 22_000, note: "As far as this." },
      now: new Date(),
    });
    expect(answer.ok).toBe(true);
    await expect(waiting).toContainText("An manager granted");
    await expect(waiting).toContainText("As far as this.");
    await expectThumbs(page, "a receipt that was answered");
  });

  await test.step("the day has it all; the promise is ticked, and nobody is left waiting for who goes", async () => {
    await page.goto("/desk/day");
    await expect(page.getByRole("region", { name: "What you promised" })).toContainText(
      "Call whether it came.",
    );
    await expectThumbs(page, "the day");
    await page.getByRole("region", { name: "What you promised" }).getByRole("checkbox").tap();
    await expect(page.getByRole("region", { name: "What you promised" }).getByRole("checkbox")).toBeChecked();
    await page.getByRole("region", { name: "Decided today" }).getByRole("link").first().tap();
    await expect(page).toHaveURL(/\/desk\/decisions\//);
    await expectThumbs(page, "a decision on record");
    await page.getByRole("button", { name: /^Your account/ }).tap();
    await expect(page.getByRole("menuitemradio", { name: "Away" })).toBeVisible();
    await expectThumbs(page, "the account's menu");
    await page.getByRole("menuitem", { name: /Deputy/ }).tap();
    await expect(page).toHaveURL("/desk/duty");
    await page.getByRole("radio", { name: "Away" }).check();
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByRole("button", { name: /^Your account/ })).toContainText("Away");
    await expectThumbs(page, "duty");
  });
});
