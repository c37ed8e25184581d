import type { Page } from "@playwright/test";
import { inTenant } from "@/lib/db/prisma";
import { wishToken } from "@/lib/mail/unsubscribe";
import { readChoices } from "@/lib/notifications/data";
import { addEndpoint } from "@/lib/webhooks/mutations";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { openReceiver } from "../setup/receiver";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })];

const main = (page: Page) => page.getByRole("main");
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const decisionsOf = ({ received }: Awaited<ReturnType<typeof openReceiver>>) =>
  received.map(({ data }) => (data.decision as { id?: string } | undefined)?.id);
const entries = (page: Page) => page.getByRole("region", { name: "What it was told" }).getByRole("listitem");

test("an admin has another system told, with a secret that is shown once, and sees what came back", async ({
  page,
}) => {
  const s = await scenario({ limits: LIMITS });
  const receiver = await openReceiver();
  await signInAs(page.request, await s.employee("admin"));
  const give = async () => decided(await s.ask({ customer: await s.customer(), amount: 100 })).id ?? "";
  const toldOf = () => decisionsOf(receiver);

  await page.goto("/settings");
  await page.getByRole("link", { name: "Webhooks", exact: true }).click();
  await expect(main(page)).toContainText("None yet, so nobody is told.");
  const address = page.getByLabel("Address");
  await address.fill("https://169.254.169.254/latest");
  await button(page, "Add the endpoint").click();
  await expect(main(page)).toContainText("This address can't be reached from here");
  await address.fill("ftp://example.com");
  await button(page, "Add the endpoint").click();
  await expect(address).toHaveAccessibleDescription(/Begin with https/);
  await address.fill(receiver.url);
  await page.getByLabel("Everything about reviews").uncheck();
  await page.getByText("Choose single ones").click();
  await page.getByLabel("review.recorded").check();
  await expect(page.getByText("Choose single ones, 1 chosen")).toBeVisible();
  await button(page, "Add the endpoint").click();
  const shown = page.getByRole("region", { name: /^The secret of 127\.0\.0\.1/ });
  await expect(shown).toBeFocused();
  await expect(page.getByRole("listitem").filter({ hasText: receiver.url })).toContainText(
    "nothing delivered yet",
  );
  await expectAccessible(page, "webhooks with a new secret");
  receiver.state.secret = (await shown.locator("code").textContent()) ?? "";
  await button(page, "I have it").click();
  await expect(page.getByText(receiver.state.secret)).toHaveCount(0);

  await page.getByRole("link", { name: `Log of ${receiver.url}` }).click();
  await button(page, "Send a test").click();
  await expect(main(page)).toContainText(/It answered 204 after \d+ ms\./);
  await expect(entries(page)).toHaveCount(1);

  // The worker tells of a decision by itself.
  const first = await give();
  await expect.poll(toldOf).toContain(first);
  receiver.state.answer = receiver.refuse(500, "The database is full.");
  await give();
  await expect.poll(() => receiver.state.tried).toBeGreaterThan(2);
  await expect(async () => {
    await page.reload();
    await expect(entries(page).first()).toContainText("500", { timeout: 1_000 });
  }).toPass();
  await expect(entries(page)).toHaveCount(3);
  await expect(entries(page).nth(1)).toContainText("Delivered");
  await expect(main(page)).toContainText("Nothing has got through since");
  await entries(page).first().getByText("What came back").click();
  await expect(entries(page).first()).toContainText("The database is full.");
  await expectAccessible(page, "the log of a webhook that does not answer");
  await receiver.close();
});

test("an admin switches an endpoint on again, sends what was put aside, and takes it away", async ({
  page,
}) => {
  const s = await scenario({ limits: LIMITS });
  const { organizationId } = s;
  const receiver = await openReceiver();
  const writer = { kind: "system", id: null } as const;
  const added = await addEndpoint({
    organizationId,
    url: receiver.url,
    kinds: ["decision.*"],
    writer,
    at: new Date(),
  });
  if (!added.ok) throw new Error(added.code);
  receiver.state.secret = added.secret;
  receiver.state.answer = receiver.refuse(500);
  const decision = decided(await s.ask({ customer: await s.customer(), amount: 100 })).id;
  await expect.poll(() => receiver.state.tried).toBeGreaterThan(0);
  // As three days of answers like that leave it.
  const at = new Date();
  await inTenant(organizationId, async (tx) => {
    await tx.webhookDelivery.updateMany({
      where: { organizationId, status: "waiting" },
      data: { status: "dead", finishedAt: at, leasedUntil: null },
    });
    await tx.webhookEndpoint.updateMany({
      where: { organizationId },
      data: { status: "disabled", disabledAt: at },
    });
  });
  receiver.state.answer = receiver.fine;
  await signInAs(page.request, await s.employee("admin"));
  await page.goto(`/settings/webhooks/${added.id}`);
  await expect(main(page)).toContainText("Nothing got through for three days, so it was switched off");
  await expectAccessible(page, "a webhook that is switched off");
  await button(page, "Switch on").click();
  await expect(button(page, "Pause")).toBeVisible();
  await button(page, "Send all again that were put aside").click();
  await expect(main(page)).toContainText("1 message goes out again.");
  await expect.poll(() => decisionsOf(receiver)).toContain(decision);
  // One that was put aside is sent again by itself, too, and is told under the same id.
  await inTenant(organizationId, (tx) =>
    tx.webhookDelivery.updateMany({
      where: { organizationId },
      data: { status: "dead", finishedAt: new Date(), leasedUntil: null },
    }),
  );
  await page.getByRole("link", { name: "Put aside", exact: true }).click();
  await expect(page).toHaveURL(/status=dead/);
  await expect(entries(page)).toHaveCount(1);
  await entries(page).getByRole("button", { name: "Send decision.recorded again" }).click();
  await expect(main(page)).toContainText("1 message goes out again.");
  await expect.poll(() => receiver.received).toHaveLength(2);
  expect(receiver.received[1]?.id).toBe(receiver.received[0]?.id);
  await page.getByRole("link", { name: "Delivered", exact: true }).click();
  await expect(page).toHaveURL(/status=delivered/);
  await entries(page).getByRole("button", { name: "Send decision.recorded again" }).click();
  await expect.poll(() => receiver.received).toHaveLength(3);
  expect(receiver.faults).toEqual([]);

  await button(page, "Pause").click();
  await expect(main(page)).toContainText("Paused");
  await button(page, "Delete").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await expect(main(page)).toContainText("None yet, so nobody is told.");
  await receiver.close();
});

test("people choose what they are written about, here and from a mail, and an admin what customers are told", async ({
  page,
}) => {
  const s = await scenario({ limits: LIMITS });
  const { organizationId } = s;
  const { employeeId } = s.agent;
  const wanted = async () =>
    (await readChoices(organizationId, employeeId, "agent"))
      .filter((each) => each.wanted)
      .map(({ kind }) => kind);
  await signInAs(page.request, s.agent);
  await page.goto("/desk");
  await button(page, /^Your account/).click();
  await page.getByRole("menuitem", { name: "Mail to you" }).click();
  await expect(main(page)).toContainText("This Leeway has no mail server.");
  await page.getByLabel(/A version of the policy comes into force/).check();
  await expect(main(page)).toContainText("Saved.");
  await expectAccessible(page, "mail to you");
  expect(await wanted()).toEqual([
    "handover_waiting",
    "execution_failed",
    "execution_assigned",
    "policy_published",
  ]);
  await page.reload();
  await expect(page.getByLabel(/A version of the policy comes into force/)).toBeChecked();

  // The link of a mail needs nobody to be signed in, and does nothing before its button is pressed.
  // Its stream would be told that nobody is signed in any more.
  await page.goto("about:blank");
  await page.context().clearCookies();
  const token = wishToken({ o: organizationId, e: employeeId, k: "execution_failed" });
  await page.goto(`/unsubscribe?token=${token.slice(0, -3)}`);
  await expect(main(page)).toContainText("This link is not whole.");
  await page.goto(`/unsubscribe?token=${token}`);
  await expect(main(page)).toContainText("What I or my people decided was not carried out");
  expect(await wanted()).toContain("execution_failed");
  await expectAccessible(page, "less mail");
  await button(page, "Send me no more").click();
  await expect(main(page)).toContainText("Done. You get no more of these.");
  expect(await wanted()).toEqual(["handover_waiting", "execution_assigned", "policy_published"]);

  await signInAs(page.request, await s.employee("admin"));
  await page.goto("/settings/notices");
  const credit = page.getByRole("listitem").filter({ hasText: "Credit" });
  await expect(credit).toContainText("Not sent");
  await credit.getByText("Credit", { exact: true }).click();
  const subject = credit.getByLabel("Subject");
  await expect(credit.getByRole("region", { name: "How it looks" })).toContainText("Dear Ada Miller,");
  await subject.fill("{amount} for {costumer}");
  await expect(credit).toContainText("{costumer} stands for nothing here");
  await subject.fill("{amount} for {customer}");
  await expect(credit.getByRole("region", { name: "How it looks" })).toContainText("$25.00 for Ada Miller");
  await credit.getByLabel("Send this to customers").check();
  await expectAccessible(page, "notices");
  await credit.getByRole("button", { name: "Save" }).click();
  await expect(credit).toContainText("Saved.");
  await page.reload();
  await expect(credit.getByText("Sent", { exact: true })).toBeVisible();
});

test("the metrics are there for this machine, and for nobody who comes through a proxy", async ({
  request,
}) => {
  expect((await request.get("/api/health")).status()).toBe(200);
  const answer = await request.get("/api/metrics", { headers: { "x-leeway-remote": "203.0.113.7" } });
  expect(answer.status()).toBe(200);
  const text = await answer.text();
  expect(text).toMatch(
    /leeway_http_request_seconds_count\{route="\/api\/health",method="GET",status="2xx"\} [1-9]/,
  );
  expect(text).toContain("leeway_worker_jobs_due");
  const forwarded = await request.get("/api/metrics", { headers: { "X-Forwarded-For": "127.0.0.1" } });
  expect(forwarded.status()).toBe(401);
});
