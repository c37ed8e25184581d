import http from "node:http";
import https from "node:https";
import { addressOf, guardedLookup, mayReach, OutOfReach, type Reach } from "@/lib/http/reach";

const PATIENCE_MS = 15_000;
/** An answer is a few words. */
const ANSWER_MAX_BYTES = 64 * 1024;

/** Why nothing was answered, or nothing that could be read. */
export type SendFault =
  | "private_address"
  | "name_unknown"
  | "refused_connection"
  | "certificate"
  | "timeout"
  | "broken_off"
  | "too_long"
  | "stopped";

export type Sent = { ok: true; status: number; body: string } | { ok: false; fault: SendFault };

interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** How far it may go. */
  reach: Reach;
  signal: AbortSignal;
}

/** Posts a message once. Follows no redirection: wherever that leads, nobody looked at it. */
export async function send({ url, headers, body, reach, signal }: Message): Promise<Sent> {
  const target = new URL(url);
  const address = addressOf(target);
  // A connection to an address asks nobody for it.
  if (address !== null && !mayReach(address, reach)) return { ok: false, fault: "private_address" };
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const length = Buffer.byteLength(body);
  try {
    return await new Promise<Sent>((resolve, reject) => {
      const request = (target.protocol === "http:" ? http : https).request(
        target,
        {
          method: "POST",
          agent: false,
          headers: { ...headers, "Content-Length": length },
          signal: AbortSignal.any([signal, timeout]),
          lookup: guardedLookup(reach),
        },
        (response) => readAnswer(response).then(resolve, reject),
      );
      request.on("error", reject);
      request.end(body);
    });
  } catch (error) {
    if (timeout.aborted) return { ok: false, fault: "timeout" };
    return { ok: false, fault: signal.aborted ? "stopped" : faultOf(error) };
  }
}

async function readAnswer(response: http.IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > ANSWER_MAX_BYTES) {
      response.destroy();
      return { ok: false, fault: "too_long" };
    }
    chunks.push(chunk);
  }
  return { ok: true, status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") };
}

const CODES: Readonly<Record<string, SendFault>> = {
  ENOTFOUND: "name_unknown",
  EAI_AGAIN: "name_unknown",
  ECONNREFUSED: "refused_connection",
  EHOSTUNREACH: "refused_connection",
  ENETUNREACH: "refused_connection",
  ETIMEDOUT: "timeout",
};

function faultOf(error: unknown): SendFault {
  if (error instanceof OutOfReach) return "private_address";
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0]);
  const code = String((error as NodeJS.ErrnoException).code ?? "");
  if (/CERT|SIGNATURE|TLS|SSL|EPROTO/.test(code)) return "certificate";
  return CODES[code] ?? "broken_off";
}
