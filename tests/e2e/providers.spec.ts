import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { tenantDb } from "@/lib/db/prisma";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { decided, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";
import { signedEvent, startStripeServer } from "../setup/stripe-server";

const KEY = "sk_test_of_the_in_test_server";
const SECRET = "whsec_of_the_in_test_server";

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const save = (part: Locator, name: string) => part.getByRole("button", { name });
const tryIt = (part: Locator) => part.getByRole("button", { name: "Test it" });

/** A receiver on this machine, and what it was told. */
async function receiver() {
  const heard: { headers: Record<string, string>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      heard.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(request.url === "/down" ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, heard, close: () => new Promise((resolve) => server.close(resolve)) };
}

test.describe("providers", () => {
  test("Stripe is set up, tested without moving anything, and heard; its secrets are never shown again", async ({
    page,
    request,
    browser,
    baseURL,
  }) => {
    const s = await scenario();
    const stripe = await startStripeServer(KEY, Number(new URL(process.env.LEEWAY_STRIPE_API ?? "").port));
    try {
      await signInAs(page.request, await s.employee("admin"));
      await page.goto("/settings");
      await page.getByRole("link", { name: "Providers", exact: true }).click();
      const part = section(page, "Stripe");
      await expect(part).toContainText("Not set up");
      await expectAccessible(page, "the providers before any is set up");

      await part.getByLabel("Name of the account").fill("Acme Europe");
      await part.getByLabel("Secret key").fill("pk_test_of_anybody_at_all");
      await save(part, "Save Stripe").click();
      await expect(part).toContainText("This is a publishable key");
      await part.getByLabel("Secret key").fill("sk_test_of_somebody_else");
      await save(part, "Save Stripe").click();
      await expect(part).toContainText("Saved.");
      await expect(part).toContainText("This is a test key: no real money moves.");
      await tryIt(part).click();
      await expect(part).toContainText("Stripe doesn't take the key.");

      await part.getByLabel("Secret key").fill(KEY);
      await part.getByLabel("Signing secret of the webhook").fill(SECRET);
      await save(part, "Save Stripe").click();
      await expect(part).toContainText(`ends in ${KEY.slice(-4)}`);
      await expect(part.getByLabel("Secret key")).toHaveValue("");
      await tryIt(part).click();
      await expect(part).toContainText("Stripe takes the key. It is a test key.");
      expect(stripe.requests.filter((each) => each.startsWith("POST"))).toEqual([]);
      await page.reload();
      await expect(part).toContainText("It did well");
      expect(await page.content()).not.toContain(KEY);
      expect(await page.content()).not.toContain(SECRET);
      await expectAccessible(page, "the providers with Stripe set up");
      await page.setViewportSize(PHONE);
      await expectAccessible(page, "the providers with Stripe set up, on a phone");

      const { charge } = stripe.addPayment({ amount: 500 });
      stripe.dispute(charge);
      const { headers, body } = signedEvent(stripe.events[0] ?? {}, SECRET);
      const address = `/api/webhooks/stripe/${s.organizationId}`;
      const sent = { headers: Object.fromEntries(headers), data: body };
      expect((await request.post(address, sent)).status()).toBe(200);
      const forged = { ...sent, data: body.replace("needs_response", "won") };
      expect((await request.post(address, forged)).status()).toBe(400);

      const context = await browser.newContext(baseURL ? { baseURL } : {});
      await signInAs(context.request, await s.employee("auditor"));
      const auditor = await context.newPage();
      await auditor.goto("/settings/providers");
      await expect(section(auditor, "Stripe")).toContainText("Acme Europe");
      await expect(auditor.getByRole("button", { name: "Save Stripe" })).toHaveCount(0);
      await context.close();
    } finally {
      await stripe.close();
    }
  });

  test("a webhook is sent a signed test, its secret is shown once, and it is turned off and removed", async ({
    page,
  }) => {
    const s = await scenario();
    const told = await receiver();
    try {
      await signInAs(page.request, await s.employee("admin"));
      await page.goto("/settings/providers");
      const part = section(page, "Signed webhook");
      await part.getByLabel("Address").fill("http://billing.example.com/");
      await save(part, "Save the webhook").click();
      await expect(part).toContainText("Begin with https://.");
      await part.getByLabel("Address").fill(`${told.url}/down`);
      await save(part, "Save the webhook").click();
      await expect(part).toContainText("Copy it now: it is not shown again.");
      const secret = (await part.locator("code").textContent()) ?? "";
      await tryIt(part).click();
      await expect(part).toContainText("It answered 503");
      await part.getByLabel("Address").fill(`${told.url}/up`);
      await save(part, "Save the webhook").click();
      await expect(part).toContainText(`a secret that ends in ${secret.slice(-4)}`);
      await tryIt(part).click();
      await expect(part).toContainText("The webhook took the message.");
      const { headers, body } = told.heard.at(-1) ?? { headers: {}, body: "" };
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "endpoint.test" });
      await page.reload();
      expect(await page.content()).not.toContain(secret);
      await part.getByRole("button", { name: "Turn off" }).click();
      await expect(part).toContainText("Turned off");
      await part.getByRole("button", { name: "Remove with its secrets" }).click();
      await part.getByRole("button", { name: "Press again to remove it" }).click();
      await expect(part).toContainText("Not set up");
    } finally {
      await told.close();
    }
  });

  test("what a provider said and could not be applied is said there, and an admin has it tried again", async ({
    page,
    browser,
    baseURL,
  }) => {
    const s = await scenario();
    const { organizationId } = s;
    const db = tenantDb(organizationId);
    const at = new Date(Date.now() - 2 * 60 * 60_000);
    await db.executionProvider.create({
      data: {
        ...{ organizationId, kind: "webhook", enabled: true, hints: { secret: "" } },
        ...{ settings: { url: "https://billing.example.com/" }, createdAt: at, updatedAt: at },
      },
    });
    const decisionId = decided(await s.ask({ customer: await s.customer(), amount: 100 })).id ?? "";
    const said = {
      ...{ organizationId, provider: "webhook", eventId: randomUUID(), decisionId },
      ...{ concerns: "execution", outcome: { outcome: "pending", reference: null }, happenedAt: at },
    };
    await db.providerEvent.create({
      data: { ...said, receivedAt: at, tries: 5, setAsideAt: at, fault: "XX000" },
    });

    await signInAs(page.request, await s.employee("admin"));
    await page.goto("/settings/providers");
    const part = section(page, "Signed webhook");
    const note = part.getByRole("alert");
    await expect(note).toContainText(
      "A message could not be applied, and was set aside. It came 2 hours ago.",
    );
    await expectAccessible(page, "a provider with a message that was set aside");
    await page.setViewportSize(PHONE);
    await expectAccessible(page, "a provider with a message that was set aside, on a phone");
    const context = await browser.newContext(baseURL ? { baseURL } : {});
    await signInAs(context.request, await s.employee("auditor"));
    const auditor = await context.newPage();
    await auditor.goto("/settings/providers");
    await expect(section(auditor, "Signed webhook").getByRole("alert")).toContainText("set aside");
    await expect(auditor.getByRole("button", { name: "Try it again" })).toHaveCount(0);
    await context.close();

    await note.getByRole("button", { name: "Try it again" }).click();
    await expect(part.getByRole("status")).toContainText(["It is tried again, within a second or so."]);
    await expect(note).toHaveCount(0);
    await expect
      .poll(() => db.providerEvent.findFirst({ where: { organizationId, eventId: said.eventId } }))
      .toMatchObject({ setAsideAt: null, appliedAt: expect.any(Date) });
  });
});
