import { readdirSync, readFileSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./scripts/operations/chromium";

/** What is done with a thumb, on a phone; everything else is done at a desk. */
const PHONE_SPECS = "**/*.phone.spec.ts";

const SPECS = "tests/e2e";

/** What looks at the demo whatever its policy and its settings are just then, and leaves them alone. */
const ONLY_LOOK = ["pages.spec.ts", "sign-in.spec.ts"];

/** What else speaks of the demo changes it, or would be told of changes that others make. */
const DEMO_SPECS = readdirSync(SPECS)
  .filter((name) => name.endsWith(".spec.ts") && !ONLY_LOOK.includes(name))
  .filter((name) =>
    /DEMO_ORGANIZATION_ID|demo\.leeway\.test|signIn\(/.test(readFileSync(`${SPECS}/${name}`, "utf8")),
  )
  .map((name) => `**/${name}`);

const DESKTOP = { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } };

const report = process.env.LEEWAY_TEST_REPORT;

/** `npm test` starts the app on a filled database of its own and says where it is. */
export default defineConfig({
  testDir: SPECS,
  outputDir: "test-results",
  forbidOnly: process.env.CI !== undefined,
  // All specs share one app and one database. Much of their time is waiting for what comes by itself.
  workers: 2,
  // Two cores serve the app, its database, its worker and two browsers. What passes only now is named at the end.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ...(report ? [["json", { outputFile: report }] as const] : [])],
  use: {
    baseURL: process.env.LEEWAY_BASE_URL,
    locale: "en-US",
    // Nothing that slides or fades is clicked or looked at on its way.
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: findChromium(),
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    // In the demo's house, one after the other: each leaves it as it was. First, so that the others go on beside them.
    {
      name: "demo",
      testMatch: DEMO_SPECS,
      testIgnore: PHONE_SPECS,
      use: DESKTOP,
      workers: 1,
    },
    // In houses of their own, whatever goes on beside them.
    { name: "houses", testIgnore: [PHONE_SPECS, ...DEMO_SPECS], use: DESKTOP },
    {
      name: "phone",
      testMatch: PHONE_SPECS,
      use: {
        ...devices["Desktop Chrome"],
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
      },
    },
  ],
});
