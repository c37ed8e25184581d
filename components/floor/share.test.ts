import { describe, expect, it } from "vitest";
import { formatShare } from "./share";

// The risk: the number that matters says that nobody is ever asked while somebody still is.
describe("the share of cases solved without asking", () => {
  it("says 100.0% only when it is all of them", () => {
    expect(formatShare(1)).toBe("100.0%");
    expect(formatShare(0.99999)).toBe("99.9%");
  });

  it("has one decimal, always", () => {
    expect(formatShare(0)).toBe("0.0%");
    expect(formatShare(0.941)).toBe("94.1%");
    expect(formatShare(0.29)).toBe("29.0%");
    expect(formatShare(2 / 3)).toBe("66.6%");
  });
});
