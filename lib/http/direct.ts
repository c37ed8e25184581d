import type { IncomingMessage, ServerResponse } from "node:http";
import { postDecision } from "@/lib/decisions/rest";
import { type Answer, Answered } from "@/lib/http/answer";
import { presentedBy, proveBearer } from "@/lib/http/bearer";
import { brokenAnswer } from "@/lib/http/broken";
import { incomingMessage } from "@/lib/http/incoming";
import { LOCAL_HOSTS, SECURITY_HEADERS, TRANSPORT_HEADERS } from "@/lib/http/security-headers";

const PATH = "/api/v1/decisions";

/** The token of a desk in a frame. */
const OF_A_FRAME = /^Bearer lwe_/i;

/** An answer for programs: nothing in it is ever to be run or shown. */
const HEADERS = {
  ...SECURITY_HEADERS,
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};
const REMOTE_HEADERS = { ...HEADERS, ...TRANSPORT_HEADERS };
const LOCAL = new RegExp(`^${LOCAL_HOSTS}(:\\d+)?$`);

/**
 * Answers the one call that every decision of another system is, `POST /api/v1/decisions` with a key, where the server
 * has it, in front of Next and by the same function as Next's route (docs/decisions/0009-in-front-of-the-router.md).
 * Whether it did: everything else is Next's.
 */
export function answerDirectly(request: IncomingMessage, response: ServerResponse): boolean {
  const { authorization } = request.headers;
  if (request.method !== "POST" || request.url !== PATH || authorization === undefined) return false;
  if (OF_A_FRAME.test(authorization)) return false;
  void answerDecision(request, authorization).then(
    ({ status, headers, body }) => {
      const common = LOCAL.test(request.headers.host ?? "") ? HEADERS : REMOTE_HEADERS;
      response.writeHead(status, { ...common, ...headers, "Content-Length": Buffer.byteLength(body) });
      response.end(body);
    },
    () => response.destroy(),
  );
  return true;
}

async function answerDecision(request: IncomingMessage, authorization: string): Promise<Answer> {
  const incoming = incomingMessage(request);
  try {
    return await postDecision(incoming, () => proveBearer(presentedBy(incoming, authorization)));
  } catch (error) {
    const response = error instanceof Answered ? error.response : brokenAnswer(error, "POST", PATH);
    const { status, headers } = response;
    return { status, headers: Object.fromEntries(headers), body: await response.text() };
  }
}
