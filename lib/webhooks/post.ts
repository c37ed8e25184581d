import { postSigned } from "@/lib/http/post";

const PATIENCE_MS = 10_000;
const EXCERPT_LENGTH = 500;

/** What came of one attempt. */
export interface Attempt {
  ok: boolean;
  /** The status of the answer; null where there was none. */
  code: number | null;
  /** Why there was none. */
  fault: string | null;
  /** What the answer begins with. */
  excerpt: string | null;
  latencyMs: number;
}

/** Posts a message to an endpoint once. Throws only where `signal` ends it: then nothing came of it. */
export async function post(message: {
  url: string;
  secret: string;
  id: string;
  body: string;
  signal?: AbortSignal;
  patienceMs?: number;
}): Promise<Attempt> {
  const begun = performance.now();
  const posted = await postSigned({ patienceMs: PATIENCE_MS, ...message });
  const latencyMs = Math.round(performance.now() - begun);
  if (!posted.ok) {
    if (posted.fault === "stopped") message.signal?.throwIfAborted();
    return { ok: false, code: null, fault: posted.detail, excerpt: null, latencyMs };
  }
  const { status: code, body } = posted;
  return { ok: code >= 200 && code < 300, code, fault: null, excerpt: excerptOf(body), latencyMs };
}

/** What can be shown, and kept: Postgres' texts hold no zero. */
function excerptOf(text: string): string {
  const shown = [...text.slice(0, EXCERPT_LENGTH * 2)]
    .map((sign) => ((sign.codePointAt(0) ?? 0) < 32 && sign !== "\n" && sign !== "\t" ? " " : sign))
    .join("");
  return shown.slice(0, EXCERPT_LENGTH).toWellFormed();
}
