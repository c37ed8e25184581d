import { describe, expect, it } from "vitest";
import { isolated } from "./names";

// Risk: "Done: Credit 25.00 USD for …" is read with its amount on the wrong side of an Arabic or Hebrew name.
describe("a name within a sentence", () => {
  it("is set apart where it is written from right to left", () => {
    expect(isolated("ليلى حداد")).toBe("\u2068ليلى حداد\u2069");
    expect(isolated("נועה Levi")).toBe("\u2068נועה Levi\u2069");
  });

  it("is as it is otherwise, whatever signs it has", () => {
    for (const name of ["José 🦊 Ångström", "<b>Bold</b>", "王小明", ""]) expect(isolated(name)).toBe(name);
  });
});
