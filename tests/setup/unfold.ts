import type { Page } from "@playwright/test";

/** Opens what is folded up on a page, so that all of it is looked at. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
}
