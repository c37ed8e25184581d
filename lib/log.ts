import pino from "pino";
import { env } from "@/lib/env";

/** What a line may say of an error. A database's `detail` and `where` quote whole rows, so they are not among it. */
const SAID = ["code", "constraint", "table", "column", "routine", "severity"] as const;

/** SQLSTATE class 22, data exceptions: their messages quote the value that was at fault. */
const QUOTES_VALUES = /^22/;

/** An error as a log line tells it: what went wrong and where, and nothing of the data that it went wrong with. */
function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { message, stack = "", cause } = error;
  const said = error as Partial<Record<(typeof SAID)[number], unknown>>;
  const told = QUOTES_VALUES.test(String(said.code)) ? message.replace(/"[^"]*"/g, '"…"') : message;
  const nested =
    error instanceof AggregateError ? error.errors.map((each) => serializeError(each, depth + 1)) : null;
  return {
    type: error.name === "Error" ? error.constructor.name : error.name,
    message: told,
    // The stack begins with the message, which may be of several lines.
    stack: stack.includes(message) ? stack.replace(message, () => told) : stack,
    ...Object.fromEntries(SAID.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]]))),
    ...(cause === undefined || depth > 3 ? {} : { cause: serializeError(cause, depth + 1) }),
    ...(nested && depth <= 3 ? { errors: nested } : {}),
  };
}

/** What a payment provider or a receiver of webhooks is known by, and what is signed with it. */
const SECRETS = [
  "secret",
  "secrets",
  "secretKey",
  "webhookSecret",
  "apiKey",
  "stripe-signature",
  "webhook-signature",
] as const;

/** How lines are written: secrets and contacts are left out by path, and what a database says of rows of people. */
export const logOptions: pino.LoggerOptions = {
  level: env.LEEWAY_LOG_LEVEL ?? "info",
  serializers: { err: (error: unknown) => serializeError(error) },
  redact: {
    paths: [
      ...SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      ...["authorization", "cookie", "password", "key", "token", "email", "phone"].map((name) => `*.${name}`),
    ],
    censor: "[left out]",
  },
};

/** The app's log: JSON lines on standard output. */
export const log = pino(logOptions);
