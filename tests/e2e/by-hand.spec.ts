import type { Page } from "@playwright/test";
import { setOwner } from "@/lib/execution/settle";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { byTest } from "../setup/executions";
import { decided, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** Something that is on the list of what people carry out. */
async function toDo(
  s: Scenario,
  customer: string,
  remedy: "gift" | "upgrade",
  amount: number,
): Promise<string> {
  const id = decided(await s.ask({ customer, remedy, amount }, { actor: s.manager })).id ?? "";
  await byTest(s, id).begin();
  return id;
}

const line = (page: Page, words: string) => page.getByRole("listitem").filter({ hasText: words });
const yours = (page: Page) => page.getByRole("region", { name: "Yours to do by hand" });

// Risk: what was promised lies on a list of everybody's, and nobody does it.
test("a manager gives something to an agent with a time, who finds it in their day and ticks it off; it can be undone", async ({
  page,
  browser,
  baseURL,
}) => {
  test.slow();
  const s = await scenario();
  const customer = await s.customer();
  await toDo(s, customer, "gift", 4000);
  const upgrade = await toDo(s, customer, "upgrade", 1500);
  const context = await browser.newContext(baseURL ? { baseURL } : {});
  await signInAs(context.request, s.agent);
  const agent = await context.newPage();
  await agent.goto("/desk/day");
  await expect(yours(agent)).toHaveCount(0);

  await signInAs(page.request, s.manager);
  await page.goto("/floor/by-hand");
  const gift = line(page, "Gift 40.00");
  const giveTo = () => gift.getByRole("button", { name: /^Give to …/ }).click();
  await giveTo();
  const form = page.getByRole("form", { name: "Who sees to it?" });
  await form.getByRole("button", { name: "Give it to them" }).click();
  await expect(form).toContainText("Choose who sees to it.");
  await form.getByLabel("Person").fill(s.agent.name);
  await page.getByRole("option", { name: s.agent.name }).click();
  await form.getByLabel("Due").fill("2001-01-01T09:00");
  await form.getByRole("button", { name: "Give it to them" }).click();
  await expect(form).toContainText("This has passed.");
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 16);
  await form.getByLabel("Due").fill(due);
  await expectAccessible(page, "giving something to do to somebody");
  await form.getByRole("button", { name: "Give it to them" }).click();
  const said = page.getByRole("status").filter({ hasText: "sees to it, due" });
  await expect(said).toBeFocused();
  await expect(gift).toContainText(`${s.agent.name} sees to it`);

  // Without a reload it is in the agent's day.
  await expect(yours(agent)).toContainText("Gift 40.00 USD");
  await expectAccessible(agent, "a day with something to do by hand");
  await said.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Undone:" })).toBeVisible();
  await expect(gift).toContainText("Nobody sees to it yet");
  await expect(yours(agent)).toHaveCount(0);

  await giveTo();
  await form.getByLabel("Person").fill(s.agent.name);
  await page.getByRole("option", { name: s.agent.name }).click();
  await form.getByRole("button", { name: "Give it to them" }).click();
  await expect(yours(agent)).toContainText("Gift 40.00 USD");
  // Theirs alone: what is nobody's is not in it.
  await expect(yours(agent)).not.toContainText("Upgrade");
  await yours(agent)
    .getByRole("button", { name: /^Done …/ })
    .click();
  await yours(agent).getByLabel("Where it can be found").fill("Parcel 4711");
  await yours(agent).getByRole("button", { name: "Done", exact: true }).click();
  await expect(yours(agent)).toContainText("Done: Gift 40.00 USD");
  await expect(line(page, "Gift 40.00")).toHaveCount(0);

  // What is mine stands in the address.
  await line(page, "Upgrade 15.00")
    .getByRole("button", { name: /^I see to it/ })
    .click();
  await page.getByRole("navigation", { name: "Whose" }).getByRole("link", { name: "Mine" }).click();
  await expect(page).toHaveURL(/owner=me/);
  await expect(line(page, "Upgrade 15.00")).toBeVisible();
  await page.goto(`/floor/decisions/${upgrade}`);
  await expect(page.getByRole("main")).toContainText(`${s.manager.name} sees to it`);
  await context.close();
});

test("what was given to somebody else meanwhile is not taken from them", async ({ page }) => {
  const s = await scenario();
  const other = await s.employee("manager");
  const decisionId = await toDo(s, await s.customer(), "gift", 4000);
  await signInAs(page.request, s.manager);
  await page.setViewportSize(PHONE);
  await page.goto("/floor/by-hand");
  const gift = line(page, "Gift 40.00");
  await gift.getByRole("button", { name: /^Give to …/ }).click();
  const form = page.getByRole("form", { name: "Who sees to it?" });
  await form.getByLabel("Person").fill(s.agent.name);
  await page.getByRole("option", { name: s.agent.name }).click();
  await expectAccessible(page, "giving something to do to somebody, on a phone");
  const { organizationId } = s;
  const { employeeId } = other;
  const actor = { kind: "employee", id: employeeId } as const;
  await setOwner({ organizationId, decisionId, ownerId: employeeId, from: null, actor, now: new Date() });
  await expect(gift).toContainText(`${other.name} sees to it`);
  await form.getByRole("button", { name: "Give it to them" }).click();
  await expect(form).toContainText("Somebody else was given it meanwhile.");
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(gift).toContainText(`${other.name} sees to it`);
});
