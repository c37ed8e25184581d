import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { everyPage } from "../../scripts/operations/pages";
import { expectAccessible } from "../setup/accessible";
import { expect, test } from "../setup/browser";
import { unfold } from "../setup/unfold";

// Risk: a page that is added, or that no journey comes by, shuts somebody out.
for (const seenBy of ["agent", "manager", "admin", null] as const) {
  test(`every page that ${seenBy ?? "nobody who is signed in"} sees is accessible, with all that is folded up on it`, async ({
    page,
    signIn,
  }) => {
    test.setTimeout(600_000);
    if (seenBy) await signIn(seenBy);
    const pages = await everyPage(process.env.DATABASE_URL ?? "", DEMO_ORGANIZATION_ID);
    for (const { address, filled } of pages.filter((each) => each.seenBy === seenBy)) {
      // Their journeys look at them, in a house that has one.
      if (filled === null) continue;
      const answer = await page.goto(filled);
      expect([address, answer?.status()]).toEqual([address, 200]);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
      await unfold(page);
      await test.step(address, () => expectAccessible(page, address));
    }
  });
}
