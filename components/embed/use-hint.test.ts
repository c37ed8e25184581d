import { describe, expect, it } from "vitest";
import { hintBehind } from "./use-hint";

describe("whom a ticket is about", () => {
  it("is said behind the # of the address, or not at all", () => {
    const none = { email: null, order: null, customer: null };
    expect(hintBehind("#email=ida%2Bshop%40guests.test")).toEqual({ ...none, email: "ida+shop@guests.test" });
    expect(hintBehind("#order=4711&customer=%20")).toEqual({ ...none, order: "4711" });
    for (const nothing of ["", "#", "#content", "#email=", "#phone=1"])
      expect(hintBehind(nothing)).toBeNull();
  });
});
