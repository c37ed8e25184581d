import { createEnv } from "@t3-oss/env-nextjs";
import { z } from "zod";

/**
 * The settings of a running Leeway, checked at start. `process.env` is read nowhere else in the app.
 *
 * A build needs none of them, so that an image can be built before its database exists.
 */
export const env = createEnv({
  server: {
    /** The database's owner: migrations and the worker's queue. */
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    /** What the app connects with; without it the app takes DATABASE_URL and steps down to the role leeway_app. */
    LEEWAY_APP_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** A connection past any pooler, for hearing of changes; without it the app listens where it connects. */
    LEEWAY_LISTEN_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** Connections per process. Hot rows get slower with more clients. */
    LEEWAY_DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
    /** Signs and encrypts the session cookie. */
    NEXTAUTH_SECRET: z.string().min(32),
    /** Where people reach Leeway, e.g. https://leeway.example.com. */
    NEXTAUTH_URL: z.url().optional(),
    LEEWAY_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    /** Requests a second that one API key or one person may make. */
    LEEWAY_RATE_PER_SECOND: z.coerce.number().int().min(1).default(1000),
    /** Failed sign-ins in 15 minutes before an address has to wait. */
    LEEWAY_SIGN_IN_ATTEMPTS: z.coerce.number().int().min(1).default(10),
    /** How many proxies in front of Leeway may be believed about the caller's address. */
    LEEWAY_TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
    NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  },
  experimental__runtimeEnv: {},
  emptyStringAsUndefined: true,
  skipValidation: process.env.NEXT_PHASE === "phase-production-build",
});
