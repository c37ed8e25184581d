import { currentPolicy } from "@/lib/policies/data";
import { expect, test } from "../setup/browser";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";
import { expectThumbs } from "../setup/thumbs";

const GUEST_DAY = limit({
  ...{ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 2000 },
  when: { roles: ["agent"] },
  why: "Enough to make a guest whole.",
  value: "ownership",
});

// Risk: a limit that is in everybody's way stays there till somebody is back at their desk.
test("an admin raises a limit, sees what it would have decided, and puts it in force, with one thumb", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const s = await scenario({
    limits: [GUEST_DAY],
    values: [{ id: "ownership", text: "Who hears it owns it." }],
  });
  const customer = await s.customer();
  for (const amount of [1000, 1500, 2500]) decided(await s.ask({ customer, amount }));
  await signInAs(page.context().request, await s.employee("admin"));
  const main = page.getByRole("main");
  const publishing = page.getByRole("region", { name: "Publish", exact: true });

  await test.step("a draft is begun and written", async () => {
    await page.goto("/settings");
    await expectThumbs(page, "the policy in force");
    await page.getByRole("button", { name: "Draft a change" }).tap();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Draft, version 2");
    const most = page.getByRole("textbox", { name: "The most" });
    await expect(most).toHaveAttribute("inputmode", "decimal");
    await most.fill("30.00");
    await page.getByRole("textbox", { name: "What changes, and why" }).fill("Too many had to ask.");
    const panel = page.getByRole("region", { name: "Save the draft" });
    await expect(panel).toContainText(
      "An agent may now give one customer 30.00 USD a day instead of 20.00 USD.",
    );
    await expectThumbs(page, "a draft that is written");
    await panel.getByRole("button", { name: "Save draft" }).tap();
    await expect(panel).toContainText("The draft is saved.");
  });

  await test.step("it is replayed on what was decided", async () => {
    await expect(publishing).toContainText("Not simulated.");
    await publishing.getByRole("link", { name: /simulat/i }).tap();
    await page.getByRole("button", { name: "Replay 90 days" }).tap();
    await expect(page.getByTestId("share")).toBeVisible({ timeout: 40_000 });
    await expectThumbs(page, "a simulation");
    await main.getByRole("link", { name: "Version 2" }).first().tap();
    await expect(publishing).toContainText(/Simulated/);
  });

  await test.step("it is put in force, and holds", async () => {
    await publishing.getByRole("button", { name: "Publish now …" }).tap();
    const question = page.getByRole("dialog", { name: "Publish version 2?" });
    await expect(question).toContainText("30.00 USD a day instead of 20.00 USD");
    await expectThumbs(page, "a version to be published");
    await question.getByRole("button", { name: "Publish now" }).tap();
    await expect(main).toContainText("Version 2 is in force.");
    await expectThumbs(page, "a version that was published");
    const inForce = await currentPolicy(s.organizationId);
    expect([inForce?.version, inForce?.document.limits[0]?.max]).toEqual([2, 3000]);
  });
});
