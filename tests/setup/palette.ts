import { expect, type Page } from "@playwright/test";

/** Waits till the page listens for keys: it is to be seen before that. */
export async function untilItListens(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: "Find anything", includeHidden: true })).toHaveAttribute(
    "aria-keyshortcuts",
    /K/,
  );
}

/** Opens the palette by its keys. */
export async function openPalette(page: Page): Promise<void> {
  await untilItListens(page);
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.locator(":focus")).toHaveAccessibleName("Find anything");
}
