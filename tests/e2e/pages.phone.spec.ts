import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { everyPage } from "../../scripts/operations/pages";
import { expect, test } from "../setup/browser";
import { expectThumbs } from "../setup/thumbs";
import { unfold } from "../setup/unfold";

// Risk: on a phone somebody hits the button beside the one they meant, or has to push the page to and fro to read it.
test("every page fits a phone, and everything on it a thumb", async ({ browser, openAs, baseURL }) => {
  test.setTimeout(180_000);
  const pages = await everyPage(process.env.DATABASE_URL ?? "", DEMO_ORGANIZATION_ID);
  for (const seenBy of ["agent", "manager", "admin", null] as const) {
    const page = seenBy ? await openAs(seenBy) : await browser.newPage(baseURL ? { baseURL } : {});
    for (const { address, filled } of pages.filter((each) => each.seenBy === seenBy)) {
      // Their journeys look at them, in a house that has one.
      if (filled === null) continue;
      const answer = await page.goto(filled);
      expect([address, answer?.status()]).toEqual([address, 200]);
      await expect(page.locator("html")).toHaveAttribute("data-theme", /light|dark/);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
      await unfold(page);
      await test.step(address, () => expectThumbs(page, address));
    }
    if (!seenBy) await page.close();
  }
});
