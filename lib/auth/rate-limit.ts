import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";

const SIGN_IN_WINDOW_SECONDS = 15 * 60;

const held = globalThis as unknown as {
  leewaySignInLimit?: { limiter: RateLimiterPostgres; over: unknown };
  leewayRequestLimit?: RateLimiterMemory;
};

function signInLimiter(): RateLimiterPostgres {
  const over = pool();
  if (held.leewaySignInLimit?.over !== over) {
    held.leewaySignInLimit = {
      limiter: new RateLimiterPostgres({
        storeClient: over,
        // The library tells by the name of the class otherwise, and ours is a class of our own.
        storeType: "pool",
        tableName: "rate_limits",
        tableCreated: true,
        keyPrefix: "sign-in",
        points: env.LEEWAY_SIGN_IN_ATTEMPTS,
        duration: SIGN_IN_WINDOW_SECONDS,
        clearExpiredByTimeout: false,
      }),
      over,
    };
  }
  return held.leewaySignInLimit.limiter;
}

/** Addresses are kept as digests: the table of limits holds no personal data. */
function digest(subject: string): string {
  return createHash("sha256").update(subject).digest("hex");
}

export type RateLimitAnswer = { ok: true } | { ok: false; retryAfterSeconds: number };

async function consume(attempt: Promise<unknown>): Promise<RateLimitAnswer> {
  try {
    await attempt;
    return { ok: true };
  } catch (reason) {
    if (reason instanceof RateLimiterRes) {
      return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(reason.msBeforeNext / 1000)) };
    }
    throw reason;
  }
}

/** Counts an attempt to sign in, before the password is looked at, so that parallel guesses count too. */
export function countSignIn(subject: string): Promise<RateLimitAnswer> {
  return consume(signInLimiter().consume(digest(subject)));
}

/** Forgets the attempts of somebody who got in. */
export async function forgetSignIns(subject: string): Promise<void> {
  await signInLimiter().delete(digest(subject));
}

/** Counts a request of one key or one person, per process: a shared count would cost a write on every read. */
export function countRequest(subject: string): Promise<RateLimitAnswer> {
  held.leewayRequestLimit ??= new RateLimiterMemory({ points: env.LEEWAY_RATE_PER_SECOND, duration: 1 });
  return consume(held.leewayRequestLimit.consume(subject));
}
