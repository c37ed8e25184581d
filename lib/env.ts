import { createEnv } from "@t3-oss/env-nextjs";
import { z } from "zod";
import { encryptionKeysSchema } from "@/lib/secrets/schema";

/** A pooler by the transaction passes on no role at the start of a connection, and no notification after it. */
const NEEDED_BEHIND_A_POOLER = {
  LEEWAY_APP_DATABASE_URL:
    "With LEEWAY_DATABASE_POOLER=transaction this has to be set: the app can't step down to leeway_app through the pooler, so leeway_app signs in there itself.",
  LEEWAY_LISTEN_DATABASE_URL:
    "With LEEWAY_DATABASE_POOLER=transaction this has to be set: a connection past the pooler, because nothing is heard through it.",
};

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
    /** Set where the app's own URL leads to a pooler that hands out connections by the transaction (PgBouncer). */
    LEEWAY_DATABASE_POOLER: z.enum(["transaction"]).optional(),
    /** A connection past any pooler, for hearing of changes; without it the app listens where it connects. */
    LEEWAY_LISTEN_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** A streaming replica of the same database, past any pooler, that dashboards are read from. */
    LEEWAY_REPLICA_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** How old a dashboard's numbers may be; a replica that is further behind is not asked. */
    LEEWAY_REPLICA_LAG_SECONDS: z.coerce.number().int().min(0).max(3600).default(5),
    /** Connections per process. Hot rows get slower with more clients. */
    LEEWAY_DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
    /** Seconds after which the database gives a statement up, and a transaction that nobody goes on with. */
    LEEWAY_DATABASE_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(600).default(30),
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
    /** A file to which the worker appends every seal, as a line of JSON, so that it is known outside of the database. */
    LEEWAY_SEAL_FILE: z.string().optional(),
    /** Where the worker posts every seal to, for the same reason. */
    LEEWAY_SEAL_WEBHOOK: z.url({ protocol: /^https?$/ }).optional(),
    /** Signs what is posted (Standard Webhooks): 24 bytes or more in base64, with or without `whsec_` before it. */
    LEEWAY_SEAL_WEBHOOK_SECRET: z
      .string()
      .regex(
        /^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
        "Write 24 bytes or more in base64: openssl rand -base64 32",
      )
      .optional(),
    /** Encrypts what is kept of others' secrets, such as a payment provider's key: several with commas, the newest first. */
    LEEWAY_ENCRYPTION_KEY: encryptionKeysSchema.optional(),
    /** Where Stripe's API is reached instead of api.stripe.com, for a rehearsal against a server that only acts like it. */
    LEEWAY_STRIPE_API: z.url({ protocol: /^https?$/ }).optional(),
    /**
     * How far webhooks may reach: public addresses by https; with `loopback` this machine too, as a developer wants; with
     * `private` the operator's own network too.
     */
    LEEWAY_WEBHOOK_REACH: z.enum(["public", "loopback", "private"]).default("public"),
    /** The server that sends mail, e.g. smtps://user:password@smtp.example.com; without it none is sent. */
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    /** Whom mail comes from, e.g. "Leeway <leeway@example.com>". */
    MAIL_FROM: z.string().min(3).optional(),
    /** What whoever reads /api/metrics shows; without it only this machine reads them. */
    LEEWAY_METRICS_TOKEN: z.string().min(16, "Write 16 characters or more: openssl rand -hex 16").optional(),
    /** Where a worker of its own tells what it has measured, on its machine alone. */
    LEEWAY_WORKER_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  },
  experimental__runtimeEnv: {},
  createFinalSchema: (shape) =>
    z.object(shape).superRefine((settings, context) => {
      if (settings.LEEWAY_SEAL_WEBHOOK && !settings.LEEWAY_SEAL_WEBHOOK_SECRET) {
        const message =
          "With LEEWAY_SEAL_WEBHOOK this has to be set: whoever receives a seal wants to know that it is yours.";
        context.addIssue({ code: "custom", path: ["LEEWAY_SEAL_WEBHOOK_SECRET"], message });
      }
      if (settings.SMTP_URL && !settings.MAIL_FROM) {
        const message =
          "With SMTP_URL this has to be set: whoever gets a mail wants to know whom it is from.";
        context.addIssue({ code: "custom", path: ["MAIL_FROM"], message });
      }
      if (settings.LEEWAY_DATABASE_POOLER !== "transaction") return;
      for (const name of ["LEEWAY_APP_DATABASE_URL", "LEEWAY_LISTEN_DATABASE_URL"] as const) {
        if (settings[name]) continue;
        context.addIssue({ code: "custom", path: [name], message: NEEDED_BEHIND_A_POOLER[name] });
      }
    }),
  emptyStringAsUndefined: true,
  skipValidation: process.env.NEXT_PHASE === "phase-production-build",
});
