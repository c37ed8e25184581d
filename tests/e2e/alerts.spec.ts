import type { Browser, BrowserContext, Page } from "@playwright/test";
import { findStory } from "@/lib/handovers/data";
import { routeHandover } from "@/lib/handovers/routing";
import { createCustomer } from "../factories/customers";
import { expect, test } from "../setup/browser";
import { untilItListens } from "../setup/palette";
import { decided, limit, scenario } from "../setup/scenario";
import { signInAs } from "../setup/sign-in";

const max = (role: "agent" | "manager", amount: number) =>
  limit({
    ...{ id: `${role}-day`, scope: ["employee", "customer"], window: "day", max: amount },
    when: { roles: [role] },
  });

type Told = { title: string; body: string | undefined; tag: string | undefined };
/** What the browser was asked for; it stands on `window` where `listenTo` has been. */
type Heard = {
  tones: number;
  told: Told[];
  /** How often this page has read what waits. */
  reads: number;
  press: (index: number) => void;
  hide: (on: boolean) => void;
};
declare global {
  interface Window {
    heard: Heard;
  }
}

/** A browser that notes each tone and each notification; `shows` is what it does when it is asked for one. */
async function listenTo(context: BrowserContext, shows: "granted" | "denied" | "throws"): Promise<void> {
  await context.addInitScript((how) => {
    const shown: EventTarget[] = [];
    let isHidden = false;
    window.heard = {
      tones: 0,
      told: [],
      reads: 0,
      press: (index) => shown[index]?.dispatchEvent(new Event("click")),
      hide: (on) => {
        isHidden = on;
        document.dispatchEvent(new Event("visibilitychange"));
      },
    };
    Object.defineProperty(document, "visibilityState", { get: () => (isHidden ? "hidden" : "visible") });
    class Shown extends EventTarget {
      static permission = how === "denied" ? "denied" : "granted";
      static requestPermission = async () => Shown.permission;
      constructor(title: string, { body, tag }: NotificationOptions = {}) {
        super();
        // As a phone's browser does.
        if (how === "throws") throw new TypeError("Illegal constructor.");
        window.heard.told.push({ title, body, tag });
        shown.push(this);
      }
    }
    Object.assign(window, { Notification: Shown });
    const ask = window.fetch;
    window.fetch = async (...asked) => {
      const answer = await ask(...asked);
      if (String(asked[0]).endsWith("/floor/handovers/waiting")) window.heard.reads += 1;
      return answer;
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
      window.heard.tones += 1;
      start.call(this, at);
    };
  }, shows);
}

const heard = (page: Page) => page.evaluate(() => ({ tones: window.heard.tones, told: window.heard.told }));
const sound = (page: Page) => page.getByRole("checkbox", { name: "Sound" });
const notification = (page: Page) => page.getByRole("checkbox", { name: "Notification" });

/** Waits till the page knows what waits: what comes after that is new. */
async function untilItKnows(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.heard.reads)).toBeGreaterThan(0);
}

async function house(browser: Browser, baseURL: string | undefined) {
  const s = await scenario({ limits: [max("agent", 3000), max("manager", 90_000)] });
  const { id: customer } = await createCustomer(s, { name: "Leopold Waiting" });
  const contexts: BrowserContext[] = [];
  return {
    close: () => Promise.all(contexts.map((context) => context.close())),
    async queue(shows: Parameters<typeof listenTo>[1]): Promise<Page> {
      const context = await browser.newContext(baseURL ? { baseURL } : {});
      contexts.push(context);
      await listenTo(context, shows);
      await signInAs(context.request, s.manager);
      const page = await context.newPage();
      await page.goto("/floor/handovers");
      await expect(page.getByRole("region", { name: "Waiting for you" })).toBeVisible();
      await untilItListens(page);
      return page;
    },
    /** Asks for more than an agent may give; it is the manager's at once. */
    async ask(amount: number): Promise<void> {
      const decision = decided(await s.ask({ customer, amount })).id ?? "";
      const { organizationId } = s;
      const story = await findStory(organizationId, decision);
      await routeHandover({ organizationId, handoverId: story?.id ?? "", now: new Date() });
    },
  };
}

// Risk: a manager thinks they are told and aren't, is told of what they see, or a customer's name stands on a shared screen.
test("a new request is told as somebody wants it: by sound, or by a notification that names nobody while they look elsewhere", async ({
  browser,
  baseURL,
}) => {
  const h = await house(browser, baseURL);

  // A browser that was told not to, and one that can't: both say so, and the switch doesn't pretend.
  for (const [shows, said] of [
    ["denied", "This browser does not allow notifications of this site."],
    ["throws", "This browser shows no notifications of a page."],
  ] as const) {
    const page = await h.queue(shows);
    await notification(page).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText(said);
    await expect(notification(page)).not.toBeChecked();
    await page.close();
  }

  const page = await h.queue("granted");
  await expect(sound(page)).not.toBeChecked();
  await sound(page).check();
  await expect.poll(() => heard(page)).toMatchObject({ tones: 2, told: [] });
  await notification(page).check();
  await expect
    .poll(async () => (await heard(page)).told)
    .toEqual([{ title: "Requests are told like this while you look elsewhere.", tag: "leeway" }]);

  // Both are kept in this browser. Somebody who looks hears it, and needs nothing over the page.
  await page.reload();
  await untilItKnows(page);
  await expect(sound(page)).toBeChecked();
  await expect(notification(page)).toBeChecked();
  await expect.poll(() => heard(page)).toEqual({ tones: 0, told: [] });
  await h.ask(4000);
  await expect.poll(() => heard(page)).toEqual({ tones: 2, told: [] });
  await expect(page.getByRole("link", { name: "1 request waits for you" })).toBeVisible();

  // Nobody looks, and whoever stands beside the screen learns no name. Pressing it opens that request.
  await page.goto("/floor");
  await untilItKnows(page);
  await expect(page.getByRole("link", { name: "1 request waits for you" })).toBeVisible();
  await page.evaluate(() => window.heard.hide(true));
  await h.ask(4100);
  await expect.poll(async () => (await heard(page)).told).toHaveLength(1);
  const { told, tones } = await heard(page);
  expect(tones).toBe(2);
  expect(told).toMatchObject([{ title: "A request waits for you", body: "Credit 41.00 USD" }]);
  expect(JSON.stringify(told)).not.toMatch(/Leopold|Waiting|agent/);
  await page.evaluate(() => window.heard.press(0));
  await expect(page).toHaveURL(new RegExp(`/floor/handovers\\?open=${told[0]?.tag}`));
  await expect(page.getByRole("article", { name: "The open request" })).toContainText("$41.00");

  // Switched off again, the number alone tells.
  await untilItListens(page);
  await sound(page).uncheck();
  await notification(page).uncheck();
  await page.reload();
  await expect(sound(page)).not.toBeChecked();
  await expect(notification(page)).not.toBeChecked();
  await h.ask(4200);
  await untilItKnows(page);
  await expect(page.getByRole("link", { name: "3 requests wait for you" })).toBeVisible();
  expect(await heard(page)).toEqual({ tones: 0, told: [] });
  await h.close();
});
