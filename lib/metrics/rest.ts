import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { Registry } from "prom-client";
import { env } from "@/lib/env";
import { LOCAL_HOSTS } from "@/lib/http/security-headers";
import { readDepths } from "@/lib/metrics/data";
import { REMOTE_HEADER } from "@/lib/metrics/http";
import { metrics } from "@/lib/metrics/registry";

const LOCAL = new RegExp(`^${LOCAL_HOSTS}(:\\d+)?$`);

/**
 * What Prometheus reads, for who may: whoever has the token, or, where there is none, this machine. `isOwnDoor`: only this
 * machine gets in at all where it was asked.
 */
export async function answerMetrics(headers: Headers, { isOwnDoor = false } = {}): Promise<Response> {
  if (!mayRead(headers, isOwnDoor)) {
    return new Response("The metrics want LEEWAY_METRICS_TOKEN as a bearer token.\n", {
      status: 401,
      headers: {
        "WWW-Authenticate": "Bearer",
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-store",
      },
    });
  }
  const all = Registry.merge([metrics().registry, await readDepths(new Date())]);
  return new Response(await all.metrics(), {
    headers: { "Content-Type": all.contentType, "Cache-Control": "no-store" },
  });
}

function mayRead(headers: Headers, isOwnDoor: boolean): boolean {
  const token = env.LEEWAY_METRICS_TOKEN;
  if (token !== undefined) return isSame(headers.get("authorization") ?? "", `Bearer ${token}`);
  return isOwnDoor || isOwnMachine(headers);
}

/**
 * Whether it is this machine that asks. Behind a proxy everybody seems to be, so a Leeway that is reached under another
 * name than the machine's own wants a token.
 */
function isOwnMachine(headers: Headers): boolean {
  const remote = (headers.get(REMOTE_HEADER) ?? "").replace(/^::ffff:/, "");
  const isLoopback = isIP(remote) !== 0 && (remote === "::1" || remote.startsWith("127."));
  const own = env.NEXTAUTH_URL ? new URL(env.NEXTAUTH_URL).host : "localhost";
  return isLoopback && LOCAL.test(headers.get("host") ?? "") && LOCAL.test(own);
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
