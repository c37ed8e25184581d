import { describe, expect, it } from "vitest";
import { add, multiply, parseDecimal, round, ZERO } from "./decimal";

const shown = (text: string, decimal: "." | "," = ".") => {
  const value = parseDecimal(text, decimal);
  return value && `${value.units}e-${value.scale}`;
};

describe("reading a number", () => {
  it("takes the forms of tables", () => {
    expect(shown("6")).toBe("6e-0");
    expect(shown(" 2.10 ")).toBe("210e-2");
    expect(shown(".5")).toBe("5e-1");
    expect(shown("7.")).toBe("7e-0");
    expect(shown("1,234,567.891")).toBe("1234567891e-3");
    expect(shown("1'234.50")).toBe("123450e-2");
    expect(shown("1.234,50", ",")).toBe("123450e-2");
    expect(shown("1 234,50", ",")).toBe("123450e-2");
  });

  it("takes every form of a minus", () => {
    for (const text of ["-12.5", "−12.5", "- 12.5", "12.5-", "(12.5)"])
      expect(shown(text), text).toBe("-125e-1");
    expect(shown("+12.5")).toBe("125e-1");
  });

  // Risk: "1,5" was meant as one and a half and is counted as fifteen.
  it("refuses what may mean something else", () => {
    for (const text of [
      "1,5",
      "1,23",
      "12,34.5",
      "1.2.3",
      "",
      "-",
      ".",
      "abc",
      "1e3",
      "£2.55",
      "--1",
      "-1-",
      "NaN",
    ]) {
      expect(shown(text), text).toBeNull();
    }
    expect(shown("1.5", ",")).toBeNull();
    expect(shown("9".repeat(31))).toBeNull();
  });
});

describe("counting", () => {
  const number = (text: string) => parseDecimal(text, ".") ?? ZERO;

  it("is exact where floating point is not", () => {
    let sum = ZERO;
    for (let i = 0; i < 1_000; i++) sum = add(sum, multiply(number("3"), number("0.1")));
    expect(round(sum, 2)).toBe(30_000n);
    expect(round(multiply(number("9007199254740993"), number("1.01")), 2)).toBe(909_727_124_728_840_293n);
  });

  it("rounds a half away from zero, once", () => {
    expect(round(number("7.005"), 2)).toBe(701n);
    expect(round(number("-7.005"), 2)).toBe(-701n);
    expect(round(number("7.0049"), 2)).toBe(700n);
    expect(round(number("7.5"), 0)).toBe(8n);
    expect(round(number("7"), 3)).toBe(7_000n);
    // Three thirds of a cent are a cent; rounded line by line they would be none.
    const third = number("0.00333333");
    expect(round(add(add(third, third), third), 2)).toBe(1n);
  });
});
