import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { makeDirectory, root } from "./operations/data-dir";
import { startFilledApp } from "./operations/filled-app";
import { ensureChromium } from "./operations/install-chromium";
import { ensureBuild } from "./operations/next-build";
import { everyPage, type PageOfDemo } from "./operations/pages";
import { hold, runProgram, say } from "./operations/program";
import { AGAIN, step } from "./operations/step";

const PASSWORD = "leeway-demo";
const PICTURES = join(root, "docs", "screenshots");

/** A desk by day and a phone by night: each page is seen in both widths and both themes. */
const LOOKS = [
  { name: "desk", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
] as const;

/** `npm run screenshots`: a picture of every page, as the demo shows it, in `docs/screenshots`. */
async function screenshots(): Promise<number> {
  const executablePath = await step("Looking for Chromium", AGAIN, ensureChromium);
  await step("Building the app", AGAIN, ensureBuild);
  const directory = join(root, ".leeway", "screenshots");
  makeDirectory(directory);
  const app = await step("Starting an app with the demo", AGAIN, (log) => startFilledApp(directory, log));
  const browser = await hold(
    () => chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] }),
    (opened) => opened.close(),
  );
  rmSync(PICTURES, { recursive: true, force: true });
  makeDirectory(PICTURES);
  for (const page of await everyPage(app.env.DATABASE_URL, DEMO_ORGANIZATION_ID)) {
    if (page.filled === null) say(`${page.address}: the demo has none.`);
    else for (const look of LOOKS) await takePicture(browser, app.url, page, look);
  }
  await app.stop();
  return 0;
}

async function takePicture(
  browser: Browser,
  url: string,
  { address, filled, seenBy: role }: PageOfDemo,
  { name, viewport, colorScheme }: (typeof LOOKS)[number],
): Promise<void> {
  const context = await browser.newContext({
    ...{ baseURL: url, viewport, colorScheme, reducedMotion: "reduce", locale: "en-US" },
  });
  if (role) {
    const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
    await context.request.post("/api/auth/callback/credentials", {
      form: { csrfToken, email: `${role}@demo.leeway.test`, password: PASSWORD, json: "true" },
    });
  }
  const page = await context.newPage();
  const answer = await page.goto(filled ?? address);
  if (answer?.status() !== 200) say(`${filled} answered ${answer?.status()}.`);
  await settle(page, colorScheme);
  const file = `${address
    .slice(1)
    .replace(/[^a-z0-9]+/gi, "-")
    .replace(/-$/, "")
    .toLowerCase()}-${name}.png`;
  await page.screenshot({ path: join(PICTURES, file) });
  await context.close();
}

/** Once the page has come to life, its fonts are there, and what it asks for by itself has come. */
async function settle(page: Page, colorScheme: string): Promise<void> {
  await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
  await page.evaluate(() => document.fonts.ready);
  // A live page keeps a connection open, so there is no silence to wait for.
  await page.waitForTimeout(1_000);
}

await runProgram(screenshots);
