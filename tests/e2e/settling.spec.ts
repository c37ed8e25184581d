import type { Page } from "@playwright/test";
import { inTenant } from "@/lib/db/prisma";
import { saveStripe } from "@/lib/providers/mutations";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { byTest, serve } from "../setup/executions";
import { openReceiver } from "../setup/receiver";
import { decided, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

type Scenario = Awaited<ReturnType<typeof scenario>>;

const main = (page: Page) => page.getByRole("main");
const line = (page: Page, words: string) => page.getByRole("listitem").filter({ hasText: words });

/** Something of which nobody knows whether it was carried out. */
async function unknown(s: Scenario, remedy: "credit" | "gift", amount: number): Promise<string> {
  const id =
    decided(await s.ask({ customer: await s.customer(), remedy, amount }, { actor: s.manager })).id ?? "";
  const worker = byTest(s, id);
  await worker.begin();
  await worker.note({ outcome: "unknown", detail: "It took too long to answer." });
  return id;
}

// Risk: somebody says that money moved or didn't, and a year later nobody can read why they thought so.
test("a person settles what nobody knew, with where it can be found and how they know, which stays to be read", async ({
  page,
}) => {
  test.slow();
  const s = await scenario();
  await serve(s, "credit", "stripe");
  const paid = await unknown(s, "credit", 2500);
  const not = await unknown(s, "credit", 1700);
  await signInAs(page.request, s.manager);
  await page.goto("/floor/executions?show=unknown");
  const settle = async (words: string, how: string, reference: string, moved: string) => {
    await line(page, words).getByRole("button", { name: "Settle …" }).click();
    const part = page.getByRole("region", { name: "What do you know of it?" });
    await part.getByRole("button", { name: moved }).click();
    await expect(part).toContainText("Say how you know.");
    await part.getByLabel("How you know").fill(how);
    await part.getByLabel("Where it can be found").fill(reference);
    if (reference) await expectAccessible(page, "settling what nobody knew");
    await part.getByRole("button", { name: moved }).click();
    await expect(line(page, words)).toHaveCount(0);
  };
  await settle("25.00 USD", "It stands in Stripe’s dashboard.", "re_44", "It was paid");
  await settle("17.00 USD", "Stripe’s support says that nothing came.", "", "It was not paid");

  await page.getByRole("link", { name: /^Settled by people/ }).click();
  await expect(page).toHaveURL(/show=settled/);
  await expect(line(page, "25.00 USD")).toContainText(`${s.manager.name} said that it was paid`);
  await expect(line(page, "25.00 USD")).toContainText("“It stands in Stripe’s dashboard.”");
  await expect(line(page, "25.00 USD")).toContainText("Reference re_44");
  await expect(line(page, "17.00 USD")).toContainText("“Stripe’s support says that nothing came.”");
  await expectAccessible(page, "what people have settled");

  await page.goto(`/floor/decisions/${paid}`);
  await expect(main(page)).toContainText("Said to have been paid by Stripe, reference re_44");
  await expect(main(page)).toContainText("“It stands in Stripe’s dashboard.”");
  await page.goto(`/floor/decisions/${not}`);
  await expect(main(page)).toContainText(
    "Said not to have been paid by Stripe: what it counted was given back",
  );
  await expect(main(page)).toContainText("“Stripe’s support says that nothing came.”");
  await expectAccessible(page, "a decision whose execution a person has settled");
});

// Risk: what the company's own system missed for days lies there for good, because nobody can have it told again.
test("what nobody took for days is sent again by a manager, and its history says so", async ({ page }) => {
  const s = await scenario();
  const receiver = await openReceiver();
  try {
    await signInAs(page.request, await s.employee("admin"));
    await page.goto("/settings/providers");
    const part = page.getByRole("region", { name: "Signed webhook", exact: true });
    await part.getByLabel("Address").fill(receiver.url);
    await part.getByRole("button", { name: "Save the webhook" }).click();
    await expect(part).toContainText("Copy it now");
    receiver.state.secret = (await part.locator("code").textContent()) ?? "";
    await serve(s, "gift", "webhook");
    const id = await unknown(s, "gift", 900);
    // Its stream would be told that nobody is signed in any more.
    await page.goto("about:blank");
    await page.context().clearCookies();

    await signInAs(page.request, s.manager);
    await page.goto("/floor/executions?show=unknown");
    const gift = line(page, "Gift 9.00 USD");
    await expect(gift).toContainText("Nobody took it for three days");
    await gift.getByRole("button", { name: "Send again" }).click();
    await expect.poll(() => receiver.received.map(({ data }) => data.decision)).toEqual([id]);
    await page.goto(`/floor/decisions/${id}`);
    await expect(main(page)).toContainText(`Sent again, by ${s.manager.name}`);
    await expect(main(page)).toContainText("Taken on by Your own system");
    expect(receiver.faults).toEqual([]);
  } finally {
    await receiver.close();
  }
});

// Risk: a key is lost with a machine, and everybody believes that refunds go out.
test("a provider whose key is missing says so in the settings and on the decision, which goes on holding what it holds", async ({
  page,
}) => {
  const s = await scenario({}, { undoSeconds: 1 });
  const { organizationId } = s;
  const admin = await s.employee("admin");
  const saved = await saveStripe({
    ...{ organizationId, at: new Date(), writer: { kind: "employee", id: admin.employeeId } },
    form: { label: "Acme", secretKey: "sk_test_of_nobody", webhookSecret: null },
  });
  expect(saved).toEqual({ ok: true });
  // As it is read with another key than the one that it was written with.
  await inTenant(
    organizationId,
    (tx) =>
      tx.$executeRaw`update execution_providers set secrets = replace(secrets, 'v1:', 'v1:0') where organization_id = ${organizationId}::uuid`,
  );
  await serve(s, "credit", "stripe");
  await signInAs(page.request, admin);
  await page.goto("/settings/execution");
  const health = page
    .getByRole("region", { name: "How providers are" })
    .getByRole("listitem")
    .filter({ hasText: "Stripe" });
  await expect(health).toContainText("Failing");
  await expect(health).toContainText("LEEWAY_ENCRYPTION_KEY doesn’t hold the key that encrypted them");
  await expectAccessible(page, "the settings of execution without the key of a provider");

  const customer = await s.customer();
  const id = decided(await s.ask({ customer, amount: 2500 }, { actor: s.manager })).id ?? "";
  await page.goto(`/floor/decisions/${id}`);
  await expect(main(page)).toContainText("It isn’t known yet whether it worked.");
  await expect(main(page)).toContainText("What was said: Its secrets can't be read: LEEWAY_ENCRYPTION_KEY");
  await expect(main(page)).not.toContainText("given back");
  await page.goto("/floor/executions?show=unknown");
  await expect(line(page, "Credit 25.00 USD")).toContainText("LEEWAY_ENCRYPTION_KEY");
});
