import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";
import { expectThumbs } from "../setup/thumbs";

const LIMITS = (["agent", "manager"] as const).map((role) =>
  limit({
    ...{ id: `${role}-day`, scope: ["employee", "customer"], window: "day" },
    ...{ max: role === "agent" ? 3000 : 20_000, when: { roles: [role] } },
    why: "Enough to make a guest whole.",
  }),
);

// Risk: both are on their feet, a question goes to and fro, and the customer before one of them waits for a keyboard.
test("an agent and a manager talk a request over, take one back, and settle several at once, each with one thumb", async ({
  page,
  browser,
  baseURL,
}, { project }) => {
  test.setTimeout(120_000);
  const s = await scenario({ limits: LIMITS });
  const { id: customer } = await createCustomer(s, { name: "Leopold Waiting" });
  const { viewport, hasTouch, isMobile } = project.use;
  const context = await browser.newContext({
    ...(baseURL ? { baseURL } : {}),
    ...{ viewport: viewport ?? null, hasTouch: hasTouch ?? true, isMobile: isMobile ?? true },
    reducedMotion: "reduce",
  });
  const floor = await context.newPage();
  await Promise.all([signInAs(page.context().request, s.agent), signInAs(context.request, s.manager)]);
  const form = page.getByRole("form", { name: "Put it right" });
  const amount = form.getByRole("textbox", { name: "Amount" });
  const receipt = page.getByTestId("receipt");
  const waiting = page.getByTestId("waiting");
  const request = floor.getByRole("article", { name: "The open request" });
  const answer = floor.getByRole("form", { name: "Your answer" });
  const queued = (what: string) => floor.getByRole("main").getByRole("link").filter({ hasText: what });

  /** Asks for more than an agent may give. */
  async function handOver(much: string) {
    await amount.fill(much);
    await expect(form).toContainText("This goes to someone with more discretion.");
    await page.getByRole("button", { name: `Review credit ${much}` }).tap();
    await page.getByRole("button", { name: `Hand over ${much}` }).tap();
    await expect(waiting).toContainText(`Waits for ${s.manager.name}`);
  }

  await test.step("more facts are asked for and given, and the answer comes", async () => {
    await page.goto(`/desk/${customer}`);
    await floor.goto("/floor/handovers");
    await expect(floor.getByRole("main")).toContainText("Nothing waits for you.");
    await handOver("31.00");
    await queued("$31.00").tap();
    await answer.getByRole("radio", { name: "Ask for facts" }).check();
    await answer.getByRole("textbox", { name: "What you need to know" }).fill("Which parcel was it?");
    await expectThumbs(floor, "a question to be asked");
    await answer.getByRole("button", { name: "Ask An agent" }).tap();
    await expect(request).toContainText("The clock stands until the answer is there");

    await expect(waiting).toContainText("An manager asks: Which parcel was it?");
    await waiting.getByRole("textbox", { name: "Your answer" }).fill("The red one.");
    await expectThumbs(page, "facts to be given");
    await waiting.getByRole("button", { name: "Send the answer" }).tap();
    await expect(request).toContainText("The red one.");
    await expectThumbs(floor, "a request with its facts");
    await answer.getByRole("button", { name: "Approve 31.00" }).tap();
    await expect(waiting).toContainText("An manager said yes");
    await expectThumbs(page, "an answer after facts");
  });

  await test.step("what the customer no longer wants is taken back, and is gone from the queue", async () => {
    await floor.getByRole("link", { name: "All requests" }).tap();
    await page.getByRole("button", { name: /^Something else for/ }).tap();
    await handOver("32.00");
    await expect(queued("$32.00")).toBeVisible();
    await waiting.getByRole("button", { name: "Take it back" }).tap();
    await expect(receipt).toContainText("Taken back: Credit 32.00 USD for Leopold Waiting");
    await expectThumbs(page, "a request that was taken back");
    await expect(queued("$32.00")).toHaveCount(0);
  });

  await test.step("several of one case come together, and are answered together", async () => {
    await page.getByRole("button", { name: /^Something else for/ }).tap();
    await form.getByRole("textbox", { name: "What happened" }).fill("The parcel came two days late.");
    await form.getByRole("combobox", { name: "Cause" }).fill("carrier");
    await amount.fill("33");
    await expect(form).toContainText("This goes to someone with more discretion.");
    await form.getByRole("button", { name: "Add another remedy" }).tap();
    await form.getByRole("radio", { name: "Waive a fee" }).check();
    await amount.fill("34");
    await expect(form).toContainText("This goes to someone with more discretion.");
    await expectThumbs(page, "two that go to somebody else");
    await page.getByRole("button", { name: "Review all 2 remedies" }).tap();
    await page.getByRole("button", { name: "Do all 2 now" }).tap();
    await expect(waiting.filter({ hasText: `Waits for ${s.manager.name}` })).toHaveCount(2);
    await expect(receipt).toContainText("Recorded: all 2 for Leopold Waiting");
    await expectThumbs(page, "two that wait");

    await queued("$33.00").tap();
    await expect(request).toContainText("An agent asks for more for this customer");
    await answer.getByRole("checkbox", { name: /^Answer the other request/ }).check();
    await expectThumbs(floor, "two requests of one customer");
    await answer.getByRole("button", { name: "Approve 33.00" }).tap();
    await expect(request).toContainText("One more request was answered the same way.");
    await expectThumbs(floor, "two requests that were answered");
    await expect(waiting.filter({ hasText: "An manager said yes" })).toHaveCount(2);
    await floor.getByRole("link", { name: "All requests" }).tap();
    await expect(floor.getByRole("main")).toContainText("Nothing waits for you.");
  });
  await context.close();
});
