import type { FieldError } from "@/lib/decisions/types";

/** Problem details as the API answers with them. */
export interface Problem {
  title: string;
  detail: string;
  code: string;
  errors: FieldError[];
}

export type Answer<T> =
  | {
      ok: true;
      value: T;
      replayed: boolean;
      /** The server's clock when it answered, epoch milliseconds, to the second. */
      at: number;
    }
  | { ok: false; reason: "network" | "signed_out" | "unavailable" }
  | { ok: false; reason: "rate_limited"; seconds: number }
  | { ok: false; reason: "problem"; problem: Problem };

export type Refused = Exclude<Answer<unknown>, { ok: true }>;

export function jsonBody(body: object) {
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** A body that is sent under one key, however often it has to be sent. */
export function intentBody(body: object, idempotencyKey: string) {
  const { headers, ...rest } = jsonBody(body);
  return { method: "POST", headers: { ...headers, "Idempotency-Key": idempotencyKey }, ...rest };
}

/** What a page asks by where no cookie says who somebody is: in a frame of another site. */
let pass: { token: string; onRefused: () => void } | null = null;

/**
 * From now on this page asks by a token, and by no cookie. `onRefused` hears of each time that it is not, or no longer, taken.
 * Null: by the cookie again.
 */
export function askByToken(next: typeof pass): void {
  pass = next;
}

/** Whether this page asks by a token: what takes no token, as a stream does, it can't have. */
export function asksByToken(): boolean {
  return pass !== null;
}

/** Asks the REST API as whoever is signed in. Throws only when `init.signal` was aborted. */
export async function call<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await ask(path, init);
    if (!response.ok) return await readRefusal(response);
    return {
      ok: true,
      value: (response.status === 204 ? null : await response.json()) as T,
      replayed: response.headers.get("Idempotency-Replayed") === "true",
      at: Date.parse(response.headers.get("Date") ?? "") || Date.now(),
    };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return { ok: false, reason: "network" };
  }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  if (!pass) return fetch(path, { ...init, cache: "no-store", credentials: "same-origin" });
  const { token, onRefused } = pass;
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers, cache: "no-store", credentials: "omit" });
  if (response.status === 401 && pass?.token === token) onRefused();
  return response;
}

const PAUSES_MS = [600, 1_800];

/**
 * As `call`, and asks again by itself while no answer comes: only for what is not done twice, however often it is asked
 * for. `onAgain` hears of each time.
 */
export async function callAgain<T>(path: string, init: RequestInit, onAgain: () => void): Promise<Answer<T>> {
  for (const pause of PAUSES_MS) {
    const answer = await call<T>(path, init);
    const isHeard = answer.ok || (answer.reason !== "network" && answer.reason !== "unavailable");
    if (isHeard) return answer;
    onAgain();
    await new Promise((go) => setTimeout(go, pause));
  }
  return call<T>(path, init);
}

async function readRefusal(response: Response): Promise<Refused> {
  if (response.status === 401) return { ok: false, reason: "signed_out" };
  if (response.status === 429) {
    return { ok: false, reason: "rate_limited", seconds: Number(response.headers.get("Retry-After")) || 1 };
  }
  if (response.status >= 500) return { ok: false, reason: "unavailable" };
  const problem = (await response.json()) as Partial<Problem>;
  return {
    ok: false,
    reason: "problem",
    problem: {
      title: problem.title ?? response.statusText,
      detail: problem.detail ?? "",
      code: problem.code ?? String(response.status),
      errors: problem.errors ?? [],
    },
  };
}
