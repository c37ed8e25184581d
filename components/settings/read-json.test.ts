import { describe, expect, it } from "vitest";
import { readJson, TEXT_MAX_LENGTH } from "./read-json";

// The risk: a policy of hundreds of lines is refused, and nobody finds the comma.
describe("a pasted document", () => {
  it("is read, with a byte order mark too", () => {
    expect(readJson('\uFEFF{ "limits": [] }')).toEqual({ ok: true, value: { limits: [] } });
  });

  it("says the line and the character where it stops being JSON", () => {
    expect(readJson('{\n  "limits": [],,\n}')).toEqual({
      ok: false,
      reason: "notJsonAt",
      line: 2,
      column: 16,
    });
    expect(readJson('{\n  "limits": [')).toEqual({ ok: false, reason: "notJsonAt", line: 2, column: 14 });
  });

  it("is told what the browser says, where that names no place", () => {
    expect(readJson("policy")).toMatchObject({
      ok: false,
      reason: "notJson",
      said: expect.stringMatching(/Unexpected/),
    });
  });

  it("says that there is nothing, or too much", () => {
    expect(readJson(" \n")).toEqual({ ok: false, reason: "empty" });
    expect(readJson(`${" ".repeat(TEXT_MAX_LENGTH)}1`)).toEqual({ ok: false, reason: "tooLarge" });
  });
});
