import { describe, expect, it } from "vitest";
import { causeMeant, keyOfName } from "./naming";

const CAUSES = [
  { key: "late delivery", name: "Late delivery" },
  { key: "carrier", name: "Delivery partner" },
];

describe("the cause that somebody means", () => {
  // Risk: one cause is on record under ten spellings, and what it costs is told nowhere.
  it("is found however its name is written", () => {
    for (const typed of ["Late delivery", "late delivery", "  LATE   delivery "]) {
      expect(causeMeant(typed, CAUSES)?.key, typed).toBe("late delivery");
    }
  });

  // Risk: after a rename, whoever types what they always typed makes a new cause.
  it("is found by what it is on record as, too", () => {
    expect(causeMeant("Carrier", CAUSES)?.key).toBe("carrier");
    expect(causeMeant("delivery partner", CAUSES)?.key).toBe("carrier");
  });

  it("is none where the words are nobody's", () => {
    for (const typed of ["", "   ", "late", "late deliveries"]) expect(causeMeant(typed, CAUSES)).toBeNull();
  });
});

describe("what a cause is on record as", () => {
  it("is its first name in lower case, with single blanks", () => {
    expect(keyOfName("  Wrong   Item ")).toBe("wrong item");
  });
});
