import { type NextRequest, NextResponse } from "next/server";
import { awayPage, contentSecurityPolicy, RETRY_AFTER_SECONDS } from "@/components/shell/security";
import { isDatabaseUp } from "@/lib/db/health";
import { listOrigins } from "@/lib/embed/data";
import { env } from "@/lib/env";
import { FRAMED_PATH } from "@/lib/http/security-headers";

/**
 * Sets the content security policy, and answers for pages while the database is away. It never decides who may see
 * what: every page and route proves the actor itself.
 */
export async function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID());
  const isDevelopment = env.NODE_ENV === "development";

  if (!answersForItself(request.nextUrl.pathname) && !(await isDatabaseUp())) {
    return new NextResponse(awayPage(nonce), {
      status: 503,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Retry-After": String(RETRY_AFTER_SECONDS),
        "Cache-Control": "no-store",
        "Content-Security-Policy": contentSecurityPolicy(nonce, isDevelopment),
      },
    });
  }
  const policy = contentSecurityPolicy(nonce, isDevelopment, await framersOf(request.nextUrl));

  // Next reads the nonce for its own scripts from the request's policy.
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

/** Who may show a page in a frame: of the one page that is made for it, the sites that its organization named; of others nobody. */
async function framersOf({ pathname, searchParams }: URL): Promise<string[]> {
  if (pathname !== FRAMED_PATH) return [];
  const origins = await listOrigins(searchParams.get("organization") ?? "");
  return origins.map(({ origin }) => origin);
}

/** REST answers 503 in its own words (problem+json); only sign-in's routes can't. */
function answersForItself(path: string): boolean {
  return path.startsWith("/api/") && !path.startsWith("/api/auth/");
}

export const config = {
  matcher: ["/((?!_next/static|_next/image|favicon.ico|icon.svg|robots.txt).*)"],
};
