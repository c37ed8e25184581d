import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { decided, scenario } from "../setup/scenario";
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
  await expect(agent.getByTestId("receipt")).toContainText("Done: Credit 12.00 USD");

  // Retired, it is no longer offered, and asks for nothing.
  await page.getByRole("button", { name: "Retire Noise" }).click();
  await expect(page.getByText("“Noise” is no longer offered.")).toBeVisible();
  await expect(page.getByRole("region", { name: "No longer offered" })).toContainText("Noise");
  await agent.goto(`/desk/${customer}`);
  await agent.getByRole("combobox", { name: "Cause" }).fill("noi");
  await expect(agent.getByRole("combobox", { name: "Cause" })).toHaveValue("noi");
  await expect(agent.getByRole("option", { name: "Noise" })).toHaveCount(0);
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
