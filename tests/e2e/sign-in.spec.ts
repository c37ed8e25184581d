import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { hashPassword } from "@/lib/auth/password";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { expectAccessible, PHONE } from "../setup/accessible";
import { expect, test } from "../setup/browser";

const organizationId = DEMO_ORGANIZATION_ID;
const WRONG = "Email and password don't match.";

/** Somebody of the demo's with a password that was handed out. */
async function somebody(password: string, passwordOneTime: boolean): Promise<string> {
  const email = `${randomUUID()}@demo.leeway.test`;
  const passwordHash = await hashPassword(password);
  await inTenant(organizationId, (tx) =>
    tx.employee.create({
      data: {
        organizationId,
        id: newId(),
        email,
        name: "New Here",
        role: "agent",
        passwordHash,
        passwordOneTime,
      },
    }),
  );
  return email;
}

async function fillIn(page: Page, email: string, password: string) {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

test.beforeEach(({ expectConsoleError }) => {
  // The browser notes every answer of 401 by itself.
  expectConsoleError(/status of 401/);
});

test.describe("signing in", () => {
  test("leads everyone to their place, by keyboard alone", async ({ page }) => {
    await page.goto("/sign-in");
    await expect(page.getByRole("textbox", { name: "Email" })).toBeFocused();
    await page.keyboard.type("agent@demo.leeway.test");
    await page.keyboard.press("Tab");
    await page.keyboard.type("leeway-demo");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/desk$/);
  });

  test("stands in place of the page that was wanted, which shows afterwards", async ({ page }) => {
    const answer = await page.goto("/desk");
    expect(answer?.status()).toBe(401);
    await expect(page).toHaveURL(/\/desk$/);
    await fillIn(page, "agent@demo.leeway.test", "leeway-demo");
    await expect(page.getByRole("heading", { name: "Who is it for?" })).toBeVisible();
    await expect(page).toHaveURL(/\/desk$/);
  });

  test("goes on to the wanted path of Leeway, and never to another site", async ({ page, baseURL }) => {
    await page.goto(`/sign-in?to=${encodeURIComponent("//evil.example/")}`);
    await fillIn(page, "agent@demo.leeway.test", "leeway-demo");
    await expect(page).toHaveURL(`${baseURL}/desk`);
  });

  test("says the same of an unknown address and of a wrong password, and keeps what was typed", async ({
    page,
  }) => {
    await page.goto("/sign-in");
    const said: string[] = [];
    for (const email of ["agent@demo.leeway.test", `${randomUUID()}@demo.leeway.test`]) {
      await fillIn(page, email, "not the password");
      await expect(page.getByRole("main").getByRole("alert")).toContainText(WRONG);
      said.push((await page.getByRole("main").getByRole("alert").textContent()) ?? "");
      await expect(page.getByRole("textbox", { name: "Email" })).toHaveValue(email);
      await page.reload();
    }
    expect(said[0]).toBe(said[1]);
  });

  test("says beside each field what is missing, without asking the server", async ({ page }) => {
    await page.goto("/sign-in");
    await page.keyboard.press("Enter");
    const email = page.getByRole("textbox", { name: "Email" });
    await expect(email).toBeFocused();
    await expect(email).toHaveAccessibleDescription("Enter the email address you work with.");
    await email.fill("agent");
    await page.keyboard.press("Enter");
    await expect(email).toHaveAccessibleDescription(/Enter the whole address/);
    await email.fill("agent@demo.leeway.test");
    await page.keyboard.press("Enter");
    const password = page.getByRole("textbox", { name: "Password", exact: true });
    await expect(password).toBeFocused();
    await expect(password).toHaveAccessibleDescription("Enter your password.");
  });

  test("says how long to wait after too many tries", async ({ page }) => {
    const email = `${randomUUID()}@demo.leeway.test`;
    await page.goto("/sign-in");
    const alert = page.getByRole("main").getByRole("alert");
    for (let tries = 0; tries < 12; tries++) {
      await fillIn(page, email, `guess ${tries}`);
      await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
      await expect(alert).toBeVisible();
      if ((await alert.textContent())?.startsWith("Too many tries")) break;
    }
    await expect(alert).toContainText(/Too many tries\. Wait .* and try again\./);
  });

  test("says that the connection broke, and works once it is back", async ({ page, expectConsoleError }) => {
    expectConsoleError(/Failed to load resource: net::/);
    await page.goto("/sign-in");
    await page.route("**/api/auth/**", (route) => route.abort("internetdisconnected"));
    await fillIn(page, "agent@demo.leeway.test", "leeway-demo");
    await expect(page.getByRole("main").getByRole("alert")).toContainText("The connection to Leeway broke");
    await page.unroute("**/api/auth/**");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(/\/desk$/);
  });
});

test.describe("a one-time password", () => {
  test("opens nothing but the page to choose one's own, and is good for nothing afterwards", async ({
    page,
  }) => {
    const email = await somebody("handed-out-once", true);
    await page.goto("/desk");
    await fillIn(page, email, "handed-out-once");
    await expect(page.getByRole("heading", { name: "Choose your password" })).toBeVisible();
    await page.goto("/desk");
    await expect(page).toHaveURL(/\/password$/);

    const field = (name: string) => page.getByRole("textbox", { name, exact: true });
    await field("Current password").fill("handed-out-once");
    await field("New password").fill("short");
    await field("New password, once more").fill("short");
    await page.keyboard.press("Enter");
    await expect(field("New password")).toHaveAccessibleDescription(/at least 10 characters/);
    await expect(field("New password")).toBeFocused();

    await field("Current password").fill("handed-out-once");
    await field("New password").fill("a sentence of my own");
    await field("New password, once more").fill("a sentence of my own");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Your password is changed.")).toBeVisible();
    await page.getByRole("link", { name: "Go to your place" }).click();
    await expect(page).toHaveURL(/\/desk$/);

    await page.context().clearCookies();
    await page.goto("/sign-in");
    await fillIn(page, email, "handed-out-once");
    await expect(page.getByRole("main").getByRole("alert")).toContainText(WRONG);
    await fillIn(page, email, "a sentence of my own");
    await expect(page).toHaveURL(/\/desk$/);
  });
});

test.describe("signing out", () => {
  test("ends the session also for a copy of its cookie", async ({ page, signIn, browser, baseURL }) => {
    await signIn("agent");
    await page.goto("/desk");
    const cookies = await page.context().cookies();
    await page.getByRole("button", { name: /^Your account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/sign-in$/);

    const copy = await browser.newContext({ baseURL });
    await copy.addCookies(cookies);
    expect((await copy.request.get("/desk")).status()).toBe(401);
    await copy.close();
  });
});

test.describe("what no browser may do with a page", () => {
  test("is said by its headers, and no page breaks its own policy", async ({ page, signIn }) => {
    await signIn("agent");
    const answer = await page.goto("/desk");
    const headers = answer?.headers() ?? {};
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["content-security-policy"]).not.toContain("unsafe-eval");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("strict-transport-security");
  });
});

test("the theme that was chosen stays, and shows before the page does", async ({ page, signIn }) => {
  await signIn("agent");
  await page.goto("/desk");
  await page.getByRole("button", { name: /^Your account/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload({ waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

// Risk: somebody on a phone, in the dark or without eyes does not get in, or not away from where nothing is for them.
test("signing in is accessible, and so is every page that leads somewhere else", async ({
  page,
  signIn,
  expectConsoleError,
}) => {
  test.slow();
  expectConsoleError(/status of 40[34]/);
  const heading = (name: string) => page.getByRole("heading", { level: 1, name });
  await page.setViewportSize(PHONE);
  await page.goto("/sign-in");
  await fillIn(page, "", "");
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/Enter the email/);
  await expectAccessible(page, "sign-in-with-faults");
  await page.goto("/desk");
  await expect(heading("Sign in")).toBeVisible();
  await expectAccessible(page, "sign-in-in-place");
  await signIn("agent");
  await page.goto("/password");
  await expect(heading("Choose your password")).toBeVisible();
  await expectAccessible(page, "password");
  await page.goto("/floor");
  await expect(heading("This place is not yours")).toBeVisible();
  await expectAccessible(page, "another-roles-place");
  await page.goto("/nowhere");
  await expect(heading("There is nothing here")).toBeVisible();
  await expectAccessible(page, "nothing-there");
});
