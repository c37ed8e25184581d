import { tenantDb } from "@/lib/db/prisma";
import { DEMO_ORGANIZATION_ID as organizationId } from "@/lib/organizations/demo";
import { expect, test } from "../setup/browser";

// Risk: a screen in the office accuses somebody by name.
test("signals ask about the pair that is planted in the demo, and name nobody before somebody wants it, which is written down", async ({
  page,
  signIn,
}) => {
  await signIn("manager");
  const answer = await page.goto("/floor/signals");
  const main = page.getByRole("main");
  // Other tests give much to few customers of the demo, which may be told here as well.
  const pair = main.getByRole("article").filter({ hasText: /11 of a customer’s 1\d gestures/ });
  await expect(pair).toContainText("One employee and one customer, again and again");
  await expect(pair).toContainText("came from the same employee");
  await expect(pair).toContainText(/By chance alone: (about|less than) once in/);
  const db = tenantDb(organizationId);
  const people = await db.employee.findMany({
    where: { organizationId, role: "agent" },
    select: { id: true, name: true },
  });
  const html = (await answer?.text()) ?? "";
  for (const { id, name } of people)
    expect([name, html.includes(name) || html.includes(id)]).toEqual([name, false]);

  const named = () => db.auditEvent.count({ where: { organizationId, action: "signal.named" } });
  const before = await named();
  await pair.getByRole("button", { name: "Show who it is" }).click();
  await expect(pair).toContainText("It is about");
  expect(await named()).toBe(before + 1);
  const said = (await pair.getByText("It is about").textContent()) ?? "";
  expect(people.filter(({ name }) => said.includes(name))).toHaveLength(1);
  await pair.getByRole("link", { name: "The actions themselves" }).click();
  await expect(page).toHaveURL(/\/floor\?.*employee=.*customer=/);
  await expect(page.getByRole("table").last().getByRole("row")).toHaveCount(12);
  await page.goBack();
  await expect(pair.getByRole("button", { name: "Show who it is" })).toBeVisible();
  await page.getByText("7 days", { exact: true }).click();
  await expect(page).toHaveURL(/days=7/);
});

// Risk: whoever reads a picture with their ears, or prints it, learns nothing.
test("consistency shows the spread of each cause as a picture, in words and as a table, each with its rows", async ({
  page,
  signIn,
}) => {
  await signIn("auditor");
  await page.goto("/floor/consistency");
  const figures = page.getByRole("figure");
  await expect(figures.first()).toBeVisible();
  expect(await figures.count()).toBeGreaterThan(4);
  await expect(figures.first()).toContainText(
    /Half of the [\d,]+ gestures were between \$[\d.,]+ and \$[\d.,]+/,
  );
  await page.getByText("As a table").click();
  await expect(page.getByRole("table").getByRole("row").nth(1)).toContainText("Everybody");
  await page.getByRole("combobox", { name: "Remedy" }).selectOption("Gift");
  await expect(page).toHaveURL(/remedy=gift/);
  await page
    .getByRole("link", { name: /^The actions/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/floor\?.*remedy=gift.*cause=/);
  await expect(page.getByRole("table").last()).toContainText("Gift");
});
