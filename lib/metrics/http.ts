import type { IncomingMessage, ServerResponse } from "node:http";
import { metrics } from "@/lib/metrics/registry";

/** Who is connected to our server, as our server itself says it: what somebody sends under this name is overwritten. */
export const REMOTE_HEADER = "x-leeway-remote";

const FORWARDED = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/**
 * Who is connected; nobody in particular where a proxy says that it speaks for somebody else. It is asked before Next has
 * the request, which writes such headers itself.
 */
export function remoteOf(
  request: Pick<IncomingMessage, "headers"> & { socket: { remoteAddress?: string | undefined } },
): string {
  return FORWARDED.some((name) => request.headers[name] !== undefined)
    ? ""
    : (request.socket.remoteAddress ?? "");
}

/** The parts of addresses that are words of ours; everything else is somebody's id. */
const WORD = /^(v\d|[a-z][a-z-]{1,24}(\.json)?)$/;
/** Behind these something is named by whoever calls, and that may look like a word. */
const NAMED_NEXT = new Set([
  "customers",
  "orders",
  "decisions",
  "handovers",
  "rates",
  "policies",
  "webhooks",
  "proofs",
]);
const ROUTES_MAX = 200;
const seen = new Set<string>();

/** The route of an address: "/api/v1/customers/[id]/allowance", whoever the customer is. There are never very many. */
export function routeOf(url: string): string {
  const path = url.split("?")[0] ?? "/";
  if (path.startsWith("/_next/")) return "/_next";
  const parts = path.split("/").slice(1, 8);
  const named = parts.map((part, index) => {
    const before = parts[index - 1] ?? "";
    return WORD.test(part) && !NAMED_NEXT.has(before) ? part : part === "" ? "" : "[id]";
  });
  const route = `/${named.join("/")}`;
  if (seen.has(route)) return route;
  // Somebody who tries addresses makes no series without end.
  if (seen.size >= ROUTES_MAX) return "other";
  seen.add(route);
  return route;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Measures how long an answer takes, from the request to the last of it. What goes on for ever is left out. */
export function measureAnswer(request: IncomingMessage, response: ServerResponse): void {
  const begun = performance.now();
  response.once("finish", () => {
    if (String(response.getHeader("content-type")).startsWith("text/event-stream")) return;
    // Addresses that nothing is at are all one.
    const route = response.statusCode === 404 ? "none" : routeOf(request.url ?? "/");
    const method = METHODS.has(request.method ?? "") ? (request.method ?? "") : "other";
    const status = `${Math.floor(response.statusCode / 100)}xx`;
    metrics().http.observe({ route, method, status }, (performance.now() - begun) / 1_000);
  });
}
