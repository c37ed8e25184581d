import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");

/** The colours of one theme, by name. */
function colours(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return new Map(
    [...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const GROUNDS = ["page", "surface", "sunken", "accent-soft"];
const VERDICTS = ["allow", "bend", "handover", "deny"];

const TEXT: [ink: string, ground: string][] = [
  ...["ink", "ink-2", "ink-3", "accent-text", ...VERDICTS].flatMap((ink) =>
    GROUNDS.map((ground): [string, string] => [ink, ground]),
  ),
  ...VERDICTS.flatMap((verdict): [string, string][] => [
    [verdict, `${verdict}-soft`],
    ["ink", `${verdict}-soft`],
    ["ink-2", `${verdict}-soft`],
  ]),
  ["accent-ink", "accent"],
  ["accent-ink", "accent-hover"],
  ["page", "ink"],
];

// The risk: a tint that looks calm on the designer's screen and can't be read at a counter in the sun.
describe.each([
  ["light", ":root"],
  ["dark", '[data-theme="dark"]'],
])("the %s theme", (_, selector) => {
  const theme = colours(selector);
  const ratio = (a: string, b: string) => contrast(theme.get(a) ?? "", theme.get(b) ?? "");

  it.each(TEXT)("has %s readable on %s (AA: 4.5)", (ink, ground) => {
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["page", "surface"])("draws the edge of a control clearly on %s (AA: 3)", (ground) => {
    expect(ratio("line-strong", ground)).toBeGreaterThanOrEqual(3);
  });

  it("draws the focus clearly on every ground (AA: 3)", () => {
    for (const ground of GROUNDS) expect(ratio("accent-text", ground)).toBeGreaterThanOrEqual(3);
  });
});
