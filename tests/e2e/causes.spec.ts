import { randomUUID } from "node:crypto";
import { addCause } from "@/lib/causes/mutations";
import { makePrecedent } from "@/lib/teachable/mutations";
import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { given } from "../setup/receipt";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const told = (cause: string) => ({ channel: "phone", happened: "It broke.", cause });

// Risk: the catalogue says one thing and the desk another, or a rename tears apart what is on record.
test("an admin keeps the causes, and the desk offers them, asks for what they ask for, and names them", async ({
  page,
  context,
  openAs,
}) => {
  test.slow();
  const s = await scenario();
  const { id: customer } = await createCustomer(s, { name: "Ottilie Brandt" });
  decided(await s.ask({ customer, amount: 700, case: told("carrier") }));
  await signInAs(context.request, await s.employee("admin"));
  await page.goto("/settings/causes");
  await expect(page.getByText("No cause is offered.")).toBeVisible();

  // Adds one that asks for a note, and takes over what was written before.
  await page.getByRole("button", { name: "Add the cause" }).click();
  const name = page.getByRole("textbox", { name: "Name" });
  await expect(name).toHaveAccessibleDescription(/Say what the cause is called/);
  await name.fill("Noise");
  await page.getByRole("checkbox", { name: /Asks for a note/ }).check();
  await page.keyboard.press("Enter");
  await expect(page.getByText("“Noise” is offered on the desk.")).toBeVisible();
  await page.getByRole("button", { name: "Take over carrier" }).click();
  const offered = page.getByRole("region", { name: "Offered on the desk" });
  await expect(offered.getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("region", { name: "Written lately" })).toHaveCount(0);

  // A name is taken once; a rename leaves the record.
  await name.fill("NOISE");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "is offered already" })).toBeVisible();
  await page.getByRole("button", { name: "Change Carrier" }).click();
  await offered.getByRole("textbox", { name: "Name" }).fill("Delivery partner");
  await page.keyboard.press("Enter");
  await expect(offered).toContainText("on record as carrier");

  // On the desk both are offered, the past has the new name, and the note is asked for.
  const agent = await openAs("agent");
  await signInAs(agent.context().request, s.agent);
  await agent.goto(`/desk/${customer}`);
  await expect(agent.getByRole("region", { name: "What was done before" })).toContainText("Delivery partner");
  await agent.getByRole("textbox", { name: "What happened" }).fill("The neighbours sang.");
  const cause = agent.getByRole("combobox", { name: "Cause" });
  await cause.fill("no");
  await agent.getByRole("option", { name: "Noise" }).click();
  await agent.getByRole("textbox", { name: "Amount" }).fill("12");
  await agent.getByRole("textbox", { name: "Amount" }).press("Enter");
  const note = agent.getByRole("textbox", { name: "Note" });
  await expect(note).toBeFocused();
  await expect(note).toHaveAccessibleDescription(/this cause asks for one/);
  await note.fill("They sang till four.");
  await agent.getByRole("textbox", { name: "Amount" }).press("Enter");
  await agent.getByRole("button", { name: "Give 12.00 now" }).click();
  await expect(agent.getByTestId("receipt")).toContainText(given("Credit 12.00 USD"));

  // Retired, it is no longer offered, and asks for nothing.
  await page.getByRole("button", { name: "Retire Noise" }).click();
  await expect(page.getByText("“Noise” is no longer offered.")).toBeVisible();
  await expect(page.getByRole("region", { name: "No longer offered" })).toContainText("Noise");
  await agent.goto(`/desk/${customer}`);
  await agent.getByRole("combobox", { name: "Cause" }).fill("noi");
  await expect(agent.getByRole("combobox", { name: "Cause" })).toHaveValue("noi");
  await expect(agent.getByRole("option", { name: "Noise" })).toHaveCount(0);
});

// Risk: whoever answers or looks back reads what a cause is on record as, and takes it for another one.
test("a renamed cause has its name in the queue of requests, in the reviews, among the precedents, and in the agent's day", async ({
  page,
  context,
}) => {
  const s = await scenario({
    limits: [
      limit({
        ...{ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 },
        when: { roles: ["agent"], remedies: ["credit"] },
      }),
    ],
    rules: [
      {
        ...{ id: "gift", effect: "bend", when: { remedies: ["gift"] } },
        ...{ why: "A gift is remembered.", say: "Gladly." },
      },
    ],
  });
  const { id: customer } = await createCustomer(s, { name: "Ottilie Brandt" });
  const writer = { kind: "system", id: null } as const;
  const place = { organizationId: s.organizationId, writer, at: new Date() };
  await addCause({ ...place, key: "carrier", name: "Delivery partner", needsNote: false });
  decided(await s.ask({ customer, amount: 9000, case: told("carrier") }));
  const gift = decided(
    await s.ask({
      ...{ customer, amount: 700, remedy: "gift", note: "Their third mishap." },
      case: told("carrier"),
    }),
  );
  await signInAs(context.request, s.manager);
  const main = page.getByRole("main");
  for (const path of ["/floor/handovers", "/floor/reviews"]) {
    await page.goto(path);
    const line = main.getByRole("listitem").filter({ hasText: "Delivery partner" });
    await expect(line).toHaveCount(1);
    await expect(main).not.toContainText("carrier");
  }
  const group = page.getByRole("group", { name: "How it looks to you" });
  await group.getByRole("radio", { name: /Great call/ }).check();
  await page.getByRole("button", { name: "Say it" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Said: Great call." })).toBeVisible();
  const precedent = await makePrecedent({
    ...{ organizationId: s.organizationId, employeeId: s.manager.employeeId, writer, at: new Date() },
    ...{ id: randomUUID(), decisionId: gift.id ?? "" },
    ...{ happened: "It came broken.", done: "A gift went with the new one." },
  });
  expect(precedent.ok).toBe(true);
  await page.goto("/floor/reviews/precedents");
  await expect(main.getByRole("combobox", { name: "Cause" })).toContainText("Delivery partner");
  await expect(main.getByRole("article")).toContainText("Delivery partner");

  await signInAs(context.request, s.agent);
  await page.goto("/desk/day");
  await expect(main.getByRole("listitem").filter({ hasText: "Delivery partner" })).toHaveCount(2);
  await page.goto("/desk/reviews");
  await expect(main).toContainText("Delivery partner");
});

test("an auditor reads the catalogue, and changes nothing", async ({ page, context }) => {
  const s = await scenario();
  const { id: customer } = await createCustomer(s, { name: "Ottilie Brandt" });
  decided(await s.ask({ customer, amount: 700, case: told("carrier") }));
  await signInAs(context.request, await s.employee("auditor"));
  await page.goto("/settings/causes");
  await expect(page.getByText("An admin can change it.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Written lately" })).toContainText("carrier");
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
});
