import type { Frame, Page } from "@playwright/test";
import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { givePass, type Helpdesk, letShow, openHelpdesk } from "../setup/helpdesk";
import { given } from "../setup/receipt";
import { limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";
import { expectThumbs } from "../setup/thumbs";

let helpdesk: Helpdesk;
test.beforeAll(async () => {
  helpdesk = await openHelpdesk("localhost");
});
test.afterAll(() => helpdesk.close());

function inside(page: Page): Frame {
  const frame = page.frames().find((each) => each.url().includes("/embed/desk"));
  if (!frame) throw new Error("The ticket has no frame.");
  return frame;
}

// Risk: a helpdesk's own app on a phone shows the desk, and a thumb hits nothing in it.
test("the customer of a ticket is found, given to, and it is undone, with one thumb in a frame", async ({
  page,
}) => {
  const s = await scenario({
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
  });
  await createCustomer(s, { name: "Ida Embedded", email: "ida@guests.test" });
  const { address } = await letShow(s, helpdesk);
  await signInAs(page.context().request, s.agent);
  await page.goto(helpdesk.ticket(address({ email: "ida@guests.test" })));
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expectThumbs(page, "a ticket before anybody signed in", inside(page));
  await givePass(page, frame, "Sign in");
  await expect(frame.getByRole("heading", { level: 1 })).toHaveText("Ida Embedded");

  const form = frame.getByRole("form", { name: "Put it right" });
  const amount = form.getByLabel("Amount");
  await expect(amount).toHaveAttribute("inputmode", "decimal");
  await amount.fill("5");
  await expect(form).toContainText("You can do this now.");
  await form.getByLabel("What happened").fill("The parcel came two days late.");
  await form.getByRole("combobox", { name: "Cause" }).fill("carrier");
  await form.getByRole("button", { name: "Add another remedy" }).tap();
  await amount.fill("20");
  await form.getByRole("button", { name: "Promise something for later" }).tap();
  await expect(form.getByRole("button", { name: "Do all 2 now" })).toBeVisible();
  await expectThumbs(page, "two remedies beside a ticket", inside(page));
  await form.getByRole("button", { name: /^Take away Credit 5/ }).tap();
  await form.getByRole("button", { name: "Give 20.00 now" }).tap();
  const receipt = frame.getByTestId("receipt");
  await expect(receipt).toContainText(given("Credit 20.00 USD for Ida Embedded"));
  await expectThumbs(page, "a receipt beside a ticket", inside(page));
  await receipt.getByRole("button", { name: /^Undo/ }).tap();
  await expect(receipt).toContainText("Undone: Credit 20.00 USD for Ida Embedded");
  await receipt.getByRole("button", { name: "Next customer" }).tap();
  await expect(frame.getByRole("heading", { level: 1 })).toHaveText("Who is it for?");
  await expectThumbs(page, "the search beside a ticket", inside(page));
});
