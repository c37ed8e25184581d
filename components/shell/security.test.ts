import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { awayPage, contentSecurityPolicy, TOAST_STYLE_DIGESTS } from "./security";

const digest = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

function directivesOf(policy: string): Map<string, string> {
  return new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

describe("the content security policy", () => {
  // The risk: a new version of the package has other styles, and every page logs a violation and shows bare toasts.
  it("lets in the one style element that the toasts bring, and no other", () => {
    const source = readFileSync(createRequire(import.meta.url).resolve("sonner"), "utf8");
    const inserted = [...source.matchAll(/^__insertCSS\((".*")\);?$/gm)].map(
      (call) => JSON.parse(call[1] ?? "") as string,
    );
    expect(TOAST_STYLE_DIGESTS).toEqual(["", ...inserted].map(digest));
  });

  it("runs no script without the nonce, and nothing that evaluates text", () => {
    const policy = directivesOf(contentSecurityPolicy("n0nce"));
    expect(policy.get("script-src")).toBe("'self' 'nonce-n0nce' 'strict-dynamic'");
    expect(policy.get("style-src")).not.toContain("unsafe");
    expect(policy.get("object-src")).toBe("'none'");
    expect(policy.get("base-uri")).toBe("'none'");
  });

  it("lets nobody frame a page but the sites that are named, and changes nothing else for them", () => {
    const alone = directivesOf(contentSecurityPolicy("n0nce"));
    expect(alone.get("frame-ancestors")).toBe("'none'");
    expect(directivesOf(contentSecurityPolicy("n0nce", false, [])).get("frame-ancestors")).toBe("'none'");
    const sites = ["https://acme.test", "https://help.test:8443"];
    const framed = directivesOf(contentSecurityPolicy("n0nce", false, sites));
    expect(framed.get("frame-ancestors")).toBe("https://acme.test https://help.test:8443");
    expect([...framed].filter(([name]) => name !== "frame-ancestors")).toEqual(
      [...alone].filter(([name]) => name !== "frame-ancestors"),
    );
  });
});

describe("the page while the database is away", () => {
  it("needs nothing but itself", () => {
    const page = awayPage("n0nce");
    expect(page.replace('href="data:,"', "")).not.toMatch(/<script|src=|url\(|href="[^"]/);
    expect(page).toContain('<style nonce="n0nce">');
  });
});
