import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

// The risk: a link to our own sign-in page that sends the person who used it to somebody else's.
describe("where somebody goes after signing in", () => {
  it("is the path that they wanted, with its filters", () => {
    expect(returnPath("/floor?verdict=deny")).toBe("/floor?verdict=deny");
    expect(returnPath("/desk/0190")).toBe("/desk/0190");
  });

  it("is never another site", () => {
    const elsewhere = [
      "https://evil.test/",
      "//evil.test",
      "/\\evil.test",
      "/\t/evil.test",
      "\\\\evil.test",
      "javascript:alert(1)",
    ];
    for (const wanted of elsewhere) expect(returnPath(wanted), wanted).toBe("/");
  });

  it("is the beginning when nothing was wanted, or sign-in itself", () => {
    for (const wanted of [undefined, "", "desk", ["/desk", "/floor"], "/sign-in?to=/desk"]) {
      expect(returnPath(wanted)).toBe("/");
    }
  });
});
