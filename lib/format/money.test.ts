import { describe, expect, it } from "vitest";
import { amountForInput, exampleAmount, formatAmount, formatMoney } from "./money";

// The risk: an amount that a float bent on its way to the screen, or the decimals of another currency.
describe("money on screen", () => {
  it("shows the decimals that the currency has", () => {
    expect(formatMoney(164000, "USD")).toBe("$1,640.00");
    expect(formatMoney(54387924, "GBP")).toBe("£543,879.24");
    expect(formatMoney(2500, "JPY")).toBe("¥2,500");
    expect(formatMoney(2500, "KWD")).toContain("2.500");
  });

  it("keeps every digit of the largest amount", () => {
    expect(formatMoney(Number.MAX_SAFE_INTEGER, "USD")).toBe("$90,071,992,547,409.91");
  });

  it("shows less than one unit, nothing, and less than nothing", () => {
    expect(formatMoney(1, "USD")).toBe("$0.01");
    expect(formatMoney(0, "USD")).toBe("$0.00");
    expect(formatMoney(-500, "USD")).toBe("-$5.00");
  });

  it("leaves the sign of the currency out where it is asked to", () => {
    expect(formatAmount(2500, "USD")).toBe("25.00");
    expect(formatAmount(123456789, "USD")).toBe("1,234,567.89");
  });

  it("puts an amount into a field without groups", () => {
    expect(amountForInput(161500, "USD")).toBe("1615.00");
    expect(exampleAmount("JPY")).toBe("25");
    expect(exampleAmount("KWD")).toBe("25.000");
  });
});
