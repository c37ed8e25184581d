import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSafe } from "node:https";
import { isIP } from "node:net";
import { guardedLookup, isReachable, mayReach, OutOfReach } from "@/lib/http/reach";
import { signedHeaders } from "@/lib/http/signed";

/** How long one attempt may take, from the name to the end of the answer. */
const PATIENCE_MS = 10_000;
/** So much of an answer is read; whoever sends more is not listened to any longer. */
const ANSWER_BYTES = 64 * 1024;
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

/**
 * Sends a message once, signed as Standard Webhooks are. The id is the message's own, the same at each attempt, so that a
 * receiver knows one that it has. A redirect is followed nowhere: it is an answer like every other that isn't 2xx.
 */
export async function post(options: {
  url: string;
  secret: string;
  id: string;
  body: string;
  signal?: AbortSignal;
  patienceMs?: number;
}): Promise<Attempt> {
  const { url, secret, id, body, signal, patienceMs = PATIENCE_MS } = options;
  const begun = performance.now();
  const latency = () => Math.round(performance.now() - begun);
  try {
    const target = new URL(url);
    if (!isReachable(target)) throw new OutOfReach(target.hostname);
    const at = new Date();
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": String(Buffer.byteLength(body)),
      "User-Agent": "Leeway-Webhooks/1",
      ...signedHeaders(secret, { id, at, body }),
    };
    const patience = AbortSignal.timeout(patienceMs);
    const { code, excerpt } = await send(
      target,
      headers,
      body,
      signal ? AbortSignal.any([signal, patience]) : patience,
    );
    return { ok: code >= 200 && code < 300, code, fault: null, excerpt, latencyMs: latency() };
  } catch (error) {
    signal?.throwIfAborted();
    return { ok: false, code: null, fault: faultOf(error, patienceMs), excerpt: null, latencyMs: latency() };
  }
}

function send(
  url: URL,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<{ code: number; excerpt: string }> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestSafe : requestPlain)(url, {
      method: "POST",
      headers,
      // A connection of its own: nothing is left open to anybody.
      agent: false,
      lookup: guardedLookup(),
      signal,
    });
    request.once("socket", (socket) => {
      socket.once("connect", () => {
        // Once more, of the connection as it is: whatever was resolved, this is who gets it.
        const address = socket.remoteAddress ?? "";
        if (isIP(address) === 0 || !mayReach(address)) request.destroy(new OutOfReach(address));
      });
    });
    request.once("error", reject);
    request.once("response", (response) => {
      void read(response).then((excerpt) => resolve({ code: response.statusCode ?? 0, excerpt }), reject);
    });
    request.end(body);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > ANSWER_BYTES) break;
  }
  return excerptOf(Buffer.concat(chunks).toString("utf8"));
}

/** What can be shown, and kept: Postgres' texts hold no zero. */
function excerptOf(text: string): string {
  const shown = [...text.slice(0, EXCERPT_LENGTH * 2)]
    .map((sign) => ((sign.codePointAt(0) ?? 0) < 32 && sign !== "\n" && sign !== "\t" ? " " : sign))
    .join("");
  return shown.slice(0, EXCERPT_LENGTH).toWellFormed();
}

/** What a fault is called in the log of deliveries: by its code, which is nobody's data. */
function faultOf(error: unknown, patienceMs: number): string {
  if (error instanceof OutOfReach) return error.message;
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError" || error.name === "AbortError")
    return `No answer within ${patienceMs / 1_000} seconds.`;
  const { code } = error as { code?: unknown };
  const cause = error.cause as { name?: unknown } | undefined;
  if (cause?.name === "TimeoutError") return `No answer within ${patienceMs / 1_000} seconds.`;
  return typeof code === "string" && /^[A-Z0-9_]+$/.test(code)
    ? code
    : error.message.slice(0, 200) || "unknown";
}
