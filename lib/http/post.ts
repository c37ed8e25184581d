import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSafe } from "node:https";
import { isIP } from "node:net";
import { guardedLookup, mayReach, OutOfReach, type Reach, urlFault } from "@/lib/http/reach";
import { signedHeaders } from "@/lib/http/signed";

/** So much of an answer is read; whoever sends more is not listened to any longer. */
const ANSWER_BYTES = 64 * 1024;

/** Why there was no answer. */
export type PostFault =
  | "private_address"
  | "name_unknown"
  | "refused_connection"
  | "certificate"
  | "timeout"
  | "broken_off"
  | "stopped";

export type Posted =
  /** `isWhole: false`: there was more of the answer than is read. */
  | { ok: true; status: number; body: string; isWhole: boolean }
  /** `detail`: the fault as it may stand in a log, by its code and without anybody's data. */
  | { ok: false; fault: PostFault; detail: string };

interface Message {
  url: string;
  secret: string;
  /** The message's own, the same each time that it is sent. */
  id: string;
  body: string;
  /** How long it may take, from the name to the end of the answer. */
  patienceMs: number;
  /** How far it may go: as the operator says, where it is left out. */
  reach?: Reach;
  signal?: AbortSignal;
}

/**
 * Posts a message once, signed as Standard Webhooks are, with the moment at which it is sent. It goes to no address that may
 * not be reached, whatever a name means by the time that it is connected to. A redirect is followed nowhere: it is an answer
 * like every other. Faults are answered, not thrown.
 */
export async function postSigned(message: Message): Promise<Posted> {
  const { url, secret, id, body, patienceMs, reach, signal } = message;
  const patience = AbortSignal.timeout(patienceMs);
  try {
    if (urlFault(url, reach) !== null) throw new OutOfReach(URL.canParse(url) ? new URL(url).hostname : url);
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": String(Buffer.byteLength(body)),
      "User-Agent": "Leeway-Webhooks/1",
      ...signedHeaders(secret, { id, at: new Date(), body }),
    };
    const ends = signal ? AbortSignal.any([signal, patience]) : patience;
    return await send(new URL(url), { headers, body, reach, signal: ends });
  } catch (error) {
    if (signal?.aborted)
      return { ok: false, fault: "stopped", detail: "Stopped before there was an answer." };
    if (patience.aborted) {
      return { ok: false, fault: "timeout", detail: `No answer within ${patienceMs / 1_000} seconds.` };
    }
    return { ok: false, ...faultOf(error) };
  }
}

function send(
  url: URL,
  options: { headers: Record<string, string>; body: string; reach: Reach | undefined; signal: AbortSignal },
): Promise<Posted> {
  const { headers, body, reach, signal } = options;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestSafe : requestPlain)(url, {
      method: "POST",
      headers,
      // A connection of its own: nothing is left open to anybody.
      agent: false,
      lookup: guardedLookup(reach),
      signal,
    });
    request.once("socket", (socket) => {
      socket.once("connect", () => {
        // Once more, of the connection as it is: whatever was resolved, this is who would get it.
        const address = socket.remoteAddress ?? "";
        if (isIP(address) === 0 || !mayReach(address, reach)) request.destroy(new OutOfReach(address));
      });
    });
    request.once("error", reject);
    request.once("response", (response) => void read(response).then(resolve, reject));
    request.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Posted> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > ANSWER_BYTES) break;
  }
  const body = Buffer.concat(chunks).toString("utf8");
  return { ok: true, status: response.statusCode ?? 0, body, isWhole: size <= ANSWER_BYTES };
}

const CODES: Readonly<Record<string, PostFault>> = {
  ENOTFOUND: "name_unknown",
  EAI_AGAIN: "name_unknown",
  ECONNREFUSED: "refused_connection",
  EHOSTUNREACH: "refused_connection",
  ENETUNREACH: "refused_connection",
  ETIMEDOUT: "timeout",
};

function faultOf(error: unknown): { fault: PostFault; detail: string } {
  if (error instanceof OutOfReach) return { fault: "private_address", detail: error.message };
  // A name with several addresses, none of which was to be had.
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0]);
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : String(message ?? "");
  const detail = text.slice(0, 200) || "unknown";
  if (/CERT|SIGNATURE|TLS|SSL|EPROTO/.test(String(code ?? ""))) return { fault: "certificate", detail };
  return { fault: CODES[String(code ?? "")] ?? "broken_off", detail };
}
