import pino from "pino";
import { env } from "@/lib/env";

/** The app's log: JSON lines on standard output, secrets and personal data left out by path. */
export const log = pino({
  level: env.LEEWAY_LOG_LEVEL ?? "info",
  redact: {
    paths: ["*.authorization", "*.cookie", "*.password", "*.key", "*.token", "*.email", "*.phone"],
    censor: "[left out]",
  },
});
