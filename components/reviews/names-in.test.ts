import { describe, expect, it } from "vitest";
import { namesIn } from "./names-in";

// Risk: a precedent that everybody reads still says who it was.
describe("the names in a text", () => {
  it("are found whatever their case, their accents and what stands around them", () => {
    const names = ["José Álvarez-Li", "Robin Okonkwo"];
    expect(namesIn("JOSE's parcel; álvarez called. Robin(!) helped, jose again.", names)).toEqual([
      "JOSE",
      "álvarez",
      "Robin",
    ]);
  });

  it("are none where a word only begins like one, or is too short to be told from a word", () => {
    expect(namesIn("The robins sing of li.", ["Robin Li"])).toEqual([]);
  });
});
