import { env } from "@/lib/env";

/**
 * Whether a request that carries a cookie comes from Leeway's own pages. Browsers send `Origin` with every request that
 * can change something; where it is missing, `Sec-Fetch-Site` decides; a client that sends neither is no browser, and
 * nobody can make it send somebody else's cookie.
 */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin) {
    const host = headers.get("host");
    if (!URL.canParse(origin)) return false;
    const own = env.NEXTAUTH_URL ? new URL(env.NEXTAUTH_URL).host : null;
    const from = new URL(origin).host;
    return from === host || from === own;
  }
  const site = headers.get("sec-fetch-site");
  return site === null || site === "same-origin" || site === "none";
}

/**
 * The caller's network address, where LEEWAY_TRUSTED_PROXIES says how many entries of X-Forwarded-For were written by
 * proxies of the operator's own; without one anybody could have written it, so there is none.
 */
export function callerAddress(headers: Headers): string | null {
  if (env.LEEWAY_TRUSTED_PROXIES === 0) return null;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  return hops.at(-env.LEEWAY_TRUSTED_PROXIES) || null;
}
