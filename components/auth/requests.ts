import { forgetAllButOwn } from "@/components/shell/own-storage";

/** What came of an attempt to sign in. */
export type SignInOutcome =
  | { ok: true }
  | { ok: false; reason: "wrong" | "away" | "unexpected" | "network" }
  | { ok: false; reason: "too_many"; seconds: number };

/**
 * Signs in at next-auth's own endpoint. Its client would leave the page for an error page whenever the server is away,
 * and the form with it; this stays, and tells why.
 */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  try {
    return await readAnswer(await post("/api/auth/callback/credentials", { email, password }));
  } catch {
    return { ok: false, reason: "network" };
  }
}

/** Ends the session here and on the server; whether that worked. */
export async function signOut(): Promise<boolean> {
  try {
    const { ok } = await post("/api/auth/signout", {});
    if (ok) forgetAllButOwn();
    return ok;
  } catch {
    return false;
  }
}

async function post(path: string, fields: Record<string, string>): Promise<Response> {
  const token = await fetch("/api/auth/csrf", { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!token.ok) return token;
  const { csrfToken } = (await token.json()) as { csrfToken: string };
  return fetch(path, {
    method: "POST",
    body: new URLSearchParams({ ...fields, csrfToken, callbackUrl: "/", json: "true" }),
  });
}

/** next-auth tells what happened by the address that it would have gone to, in its `error`. */
async function readAnswer(answer: Response): Promise<SignInOutcome> {
  if (answer.status === 429) {
    return { ok: false, reason: "too_many", seconds: seconds(answer.headers.get("Retry-After")) };
  }
  if (answer.status >= 500) return { ok: false, reason: "away" };
  const { url } = (await answer.json()) as { url?: string };
  const error = url ? new URL(url, window.location.href).searchParams.get("error") : null;
  if (answer.ok && !error) return { ok: true };
  if (error?.startsWith("too_many:")) {
    return { ok: false, reason: "too_many", seconds: seconds(error.slice("too_many:".length)) };
  }
  if (error === "unavailable") return { ok: false, reason: "away" };
  return { ok: false, reason: error === null || error === "CredentialsSignin" ? "wrong" : "unexpected" };
}

function seconds(text: string | null): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
