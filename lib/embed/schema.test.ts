import { describe, expect, it } from "vitest";
import { originSchema } from "./schema";

const read = (typed: string) => {
  const parsed = originSchema.safeParse(typed);
  return parsed.success ? parsed.data : { refused: parsed.error.issues[0]?.message };
};

describe("a site that may show the desk", () => {
  it("is its exact origin, as browsers write it, however it was typed", () => {
    expect(read("https://acme.zendesk.com")).toBe("https://acme.zendesk.com");
    expect(read("  HTTPS://Acme.Zendesk.com:443/ ")).toBe("https://acme.zendesk.com");
    expect(read("https://help.acme.example:8443")).toBe("https://help.acme.example:8443");
    expect(read("https://müller.example")).toBe("https://xn--mller-kva.example");
    expect(read("http://localhost:4000")).toBe("http://localhost:4000");
    expect(read("http://127.0.0.1:4000/")).toBe("http://127.0.0.1:4000");
  });

  // Risk: a word too many in the header lets in sites that nobody named, or switches the rest of the policy off.
  it("is never a pattern, another scheme, a page, or a piece of a header", () => {
    const refused = [
      "",
      "https://*.zendesk.com",
      "*",
      "https:",
      "https://",
      "'self'",
      "acme.zendesk.com",
      "http://acme.zendesk.com",
      "http://localhost.evil.test",
      "javascript:alert(1)",
      "data:text/html,x",
      "https://acme.test; script-src *",
      "https://acme.test https://evil.test",
      "https://acme.test,https://evil.test",
      "https://acme.test\nhttps://evil.test",
      "https://user@acme.test",
      "https://acme.test\\@evil.test",
      "https://acme.test/agent",
      "https://acme.test?x=1",
      "https://acme.test#x",
      "https://[::1]",
      "https://under_score.test",
    ];
    for (const typed of refused)
      expect([typed, read(typed)]).toEqual([typed, { refused: expect.any(String) }]);
    expect(read("https://acme.test/agent/tickets")).toEqual({
      refused: "Only the site, without a page of it: https://acme.test",
    });
  });
});
