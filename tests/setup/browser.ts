import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";

export { expect };

/** The demo's people, one of each role. */
const PEOPLE = {
  agent: "agent@demo.leeway.test",
  manager: "manager@demo.leeway.test",
  admin: "admin@demo.leeway.test",
  auditor: "auditor@demo.leeway.test",
} as const;
const PASSWORD = "leeway-demo";

export type Role = keyof typeof PEOPLE;

type Fixtures = {
  /** Signs the test's page in as one of the demo's people, without going through the form. */
  signIn: (role: Role) => Promise<void>;
  /** Opens one more browser, signed in as somebody else, and gives its page. */
  openAs: (role: Role) => Promise<Page>;
  /** Lets messages on the browser's console pass that the test provokes, such as that of an answer 401. */
  expectConsoleError: (pattern: RegExp) => void;
  consoleErrors: { seen: string[]; expected: RegExp[] };
};

/** Playwright's `test` with the demo's people. An error on a page that nobody expected fails the test. */
export const test = base.extend<Fixtures>({
  consoleErrors: [
    async ({ context }, use) => {
      const errors: Fixtures["consoleErrors"] = { seen: [], expected: [] };
      listen(context, errors.seen);
      await use(errors);
      const unexpected = errors.seen.filter((text) => !errors.expected.some((pattern) => pattern.test(text)));
      expect(unexpected, "errors on the browser's console").toEqual([]);
    },
    { auto: true },
  ],
  expectConsoleError: async ({ consoleErrors }, use) => {
    await use((pattern) => consoleErrors.expected.push(pattern));
  },
  signIn: async ({ context }, use) => {
    await use((role) => signInAs(context, role));
  },
  openAs: async ({ browser, baseURL, consoleErrors }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (role) => {
      const context = await browser.newContext({ baseURL });
      opened.push(context);
      listen(context, consoleErrors.seen);
      await signInAs(context, role);
      return await context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

function listen(context: BrowserContext, seen: string[]): void {
  context.on("console", (message) => {
    const { url } = message.location();
    // The browser asks for it by itself where a page names no icon, such as an answer in JSON.
    if (url.endsWith("/favicon.ico")) return;
    if (message.type() === "error") seen.push(`${message.text()} (${url})`);
  });
  context.on("weberror", (error) => seen.push(String(error.error().stack ?? error.error())));
}

/** The cookies that the answers set are the context's, so every page of it is signed in. */
async function signInAs(context: BrowserContext, role: Role): Promise<void> {
  const token = await context.request.get("/api/auth/csrf");
  const { csrfToken } = await token.json();
  const answer = await context.request.post("/api/auth/callback/credentials", {
    form: { csrfToken, email: PEOPLE[role], password: PASSWORD, json: "true" },
  });
  expect(answer.ok(), `sign-in as ${role}: ${answer.status()}`).toBe(true);
  const session = await context.request.get("/api/auth/session");
  expect(await session.json(), `${role} is signed in`).toHaveProperty("organizationId");
}
