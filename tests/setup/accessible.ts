import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** A phone's screen: where a journey that is only looked at is made, as the others are made on a desk's. */
export const PHONE = { width: 390, height: 900 };
const DESK = { width: 1440, height: 900 };

/** What axe finds in colours. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * Looks at the page as it is, on a phone and on a desk, light and dark: axe finds nothing, and nothing runs off the side.
 * Whatever is open stays open, and afterwards the page is as wide and as light as it was, so that a journey goes on from there.
 * Where `LEEWAY_SCREENSHOTS` names a folder, a picture of each look is left in it.
 *
 * @param what the state that is looked at, as a failure and the picture are to call it.
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const before = { viewport: page.viewportSize(), media: await mediaOf(page) };
  const found: unknown[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    for (const screen of [PHONE, DESK]) {
      const look = [what, colorScheme, screen.width];
      await page.setViewportSize(screen);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // A page follows the system once it has come to life, and colours of both themes make no contrast.
      await expect(page.locator("html"), `${what}: the theme`).toHaveAttribute("data-theme", colorScheme);
      await settle(page);
      // Its other way opens a page of its own at every look, to put together what it found in frames. There are none.
      // What is well is not told apart: to name each of its elements takes longest on a page that is full.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
      // A theme is colours and nothing else: the rest was looked at in light.
      if (colorScheme === "dark") axe.withRules(COLOURS);
      const { violations } = await axe.analyze();
      found.push(...violations.map(({ id, nodes }) => [...look, id, nodes.map(({ target }) => target)]));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) found.push([...look, "pixels off the side", over]);
      await picture(page, look.join("-"));
    }
  }
  if (before.viewport) await page.setViewportSize(before.viewport);
  await page.emulateMedia(before.media);
  await settle(page);
  expect(found).toEqual([]);
}

async function mediaOf(page: Page): Promise<Parameters<Page["emulateMedia"]>[0]> {
  const [dark, reduced] = await page.evaluate(() => [
    window.matchMedia("(prefers-color-scheme: dark)").matches,
    window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  ]);
  return {
    colorScheme: dark ? "dark" : "light",
    reducedMotion: reduced ? "reduce" : "no-preference",
  };
}

/**
 * Waits till the fonts are there, and brings what is fading or sliding to its end. It isn't waited for: where it is not
 * drawn, as in details that are closed, it never comes there by itself. What turns for ever has no end.
 */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await document.fonts.ready;
    for (;;) {
      // What changed has its transitions begun by the second one.
      await frame();
      await frame();
      const moving = document.getAnimations().filter(({ playState, effect }) => {
        return playState === "running" && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
      });
      if (moving.length === 0) return;
      for (const animation of moving) animation.finish();
    }
  });
}

/** Leaves a picture of a page in the folder that `LEEWAY_SCREENSHOTS` names, where it names one. */
export async function picture(page: Page, look: string): Promise<void> {
  const folder = process.env.LEEWAY_SCREENSHOTS;
  if (!folder) return;
  const name = look.replace(/[^a-z0-9]+/gi, "-");
  // Who takes a picture of all of a page has it as high as that meanwhile, and loses the place.
  const at = await page.evaluate(() => window.scrollY);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await page.evaluate((y) => window.scrollTo(0, y), at);
}
