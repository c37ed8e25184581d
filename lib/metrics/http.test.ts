import { describe, expect, it } from "vitest";
import { remoteOf, routeOf } from "@/lib/metrics/http";

describe("who is connected", () => {
  it("is known of a connection of their own, and not through a proxy", () => {
    const socket = { remoteAddress: "127.0.0.1" };
    expect(remoteOf({ headers: {}, socket })).toBe("127.0.0.1");
    expect(remoteOf({ headers: { "x-forwarded-for": "203.0.113.7" }, socket })).toBe("");
    expect(remoteOf({ headers: { via: "1.1 proxy" }, socket })).toBe("");
  });
});

describe("the route of an address", () => {
  // Risk: whoever reads the metrics reads customers' references, and every id makes a series of its own.
  it("names nobody", () => {
    expect(routeOf("/api/v1/decisions")).toBe("/api/v1/decisions");
    expect(routeOf("/api/v1/customers/ulrica/allowance?x=1")).toBe("/api/v1/customers/[id]/allowance");
    expect(routeOf("/api/v1/customers/ulrica%40example.com")).toBe("/api/v1/customers/[id]");
    expect(routeOf("/desk/decisions/0197d1c2-0000-7000-8000-000000000000")).toBe("/desk/decisions/[id]");
    expect(routeOf("/_next/static/chunks/a.js")).toBe("/_next");
  });

  it("is one of not very many, whatever is tried", () => {
    const routes = new Set(
      Array.from({ length: 3_000 }, (_, n) =>
        routeOf(
          `/x${"abcdefghij"[n % 10]}${"klmnopqrst"[((n / 10) % 10) | 0]}${"uvwxyzabcd"[((n / 100) % 10) | 0]}${"ab"[n % 2]}q`,
        ),
      ),
    );
    expect(routes.size).toBeLessThanOrEqual(201);
    expect(routeOf("/another-one")).toBe("other");
  });
});
