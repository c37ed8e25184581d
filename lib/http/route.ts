import { getServerSession } from "next-auth";
import { type AuditActor, auditActor } from "@/lib/audit/mutations";
import { findPassActor, isPassToken } from "@/lib/auth/embed-passes";
import { authOptions } from "@/lib/auth/options";
import { findSessionActor } from "@/lib/auth/sessions";
import type { ApiScope, EmployeeActor } from "@/lib/auth/types";
import { Answered, answer } from "@/lib/http/answer";
import { actingEmployee, admit, presentedBy, proveBearer, type RequestActor } from "@/lib/http/bearer";
import { brokenAnswer } from "@/lib/http/broken";
import { type Incoming, incomingOf } from "@/lib/http/incoming";
import { isSameOrigin } from "@/lib/http/origin";
import { problem } from "@/lib/http/problem";

export { answer } from "@/lib/http/answer";
export { actingEmployee, type RequestActor } from "@/lib/http/bearer";
export { BODY_MAX_BYTES, check, readBody, readJson, readQuery } from "@/lib/http/body";

export interface Call<Params> {
  request: Incoming & { signal: AbortSignal };
  actor: RequestActor;
  params: Params;
  url: URL;
}

/**
 * Wraps a REST handler: proves the actor and the scope, counts the request, and turns whatever is thrown into a
 * problem. The handler returns its refusals itself.
 */
export function route<Params = Record<string, never>>(
  scope: ApiScope,
  handle: (call: Call<Params>) => Promise<Response>,
  { inFrames = false }: { inFrames?: boolean } = {},
) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    // An address without parts has none, not even a promise of them.
    let params: Params | null = null;
    try {
      params = await context.params;
      // No reference holds the character that Postgres keeps out of texts.
      if (Object.values(params ?? {}).some((value) => String(value).includes("\u0000")))
        return problem("not_found");
      const incoming = { ...incomingOf(request), signal: request.signal };
      const actor = await proveActor(incoming, request);
      await admit(actor, scope, { aboutOne: Object.keys(params ?? {}).length > 0, inFrames });
      const response = await handle({ request: incoming, actor, params, url: new URL(request.url) });
      response.headers.set("Cache-Control", "no-store");
      return response;
    } catch (error) {
      return caughtResponse(error, request, params);
    }
  };
}

/** As `route`, and for a desk in a frame of another site too: it may ask for nothing else. */
export function deskRoute<Params = Record<string, never>>(
  scope: ApiScope,
  handle: (call: Call<Params>) => Promise<Response>,
) {
  return route(scope, handle, { inFrames: true });
}

/** What is answered to what was thrown. `params` are the parts of the address that somebody filled in. */
export function caughtResponse(error: unknown, request: Request, params: unknown = null): Response {
  if (error instanceof Answered) return error.response;
  return brokenAnswer(error, request.method, placeOf(request, params));
}

/** Which address it was, by the names of its parts: a reference may be an address of somebody's. */
function placeOf(request: Request, params: unknown): string {
  const named = Object.entries((params ?? {}) as Record<string, string>);
  const parts = new URL(request.url).pathname.split("/").map((part) => {
    const name = named.find(([, value]) => value === part || encodeURIComponent(value) === part)?.[0];
    return name === undefined ? part : `[${name}]`;
  });
  return parts.join("/");
}

/**
 * Who calls: the bearer of a key, the desk in a frame of another site, or the session of a page of our own. Throws the
 * problem where nobody is proven.
 */
export async function proveActor(incoming: Incoming, request: Request): Promise<RequestActor> {
  const authorization = incoming.header("authorization");
  if (!authorization) return session(request);
  const presented = presentedBy(incoming, authorization);
  const isFrame = presented.key !== null && isPassToken(presented.key);
  return isFrame ? await framed(presented.key ?? "", request) : await proveBearer(presented);
}

/** The frame's page is one of our own, whatever it is in, so what it asks for comes from our own origin. */
async function framed(token: string, request: Request): Promise<EmployeeActor> {
  const actor = await findPassActor(token, new Date());
  if (!actor) return answer(problem("unauthorized"));
  if (!isSameOrigin(request.headers)) return answer(problem("cross_origin"));
  if (actor.passwordOneTime) return answer(problem("password_one_time"));
  return actor;
}

async function session(request: Request): Promise<EmployeeActor> {
  const found = await getServerSession(authOptions);
  const actor =
    found?.organizationId && found.sessionId
      ? await findSessionActor(found.organizationId, found.sessionId, new Date())
      : null;
  if (!actor) return answer(problem("unauthorized"));
  if (!isSameOrigin(request.headers)) return answer(problem("cross_origin"));
  if (actor.passwordOneTime) return answer(problem("password_one_time"));
  return actor;
}

/** As `actingEmployee`, for what nobody does who is suspended. Somebody who signed in never is. */
export function activeEmployee(actor: RequestActor): string {
  if (actor.kind === "api_key" && actor.employee && actor.employee.status !== "active") {
    answer(problem("employee_suspended"));
  }
  return actingEmployee(actor);
}

/**
 * Who is written down as having done it: whoever signed in, or the key, and with it the employee whom it acts for. The
 * key's scope is what permits it, whatever that employee's role; only somebody who is suspended does nothing any more.
 */
export function writerOf(actor: RequestActor): { actor: AuditActor; employeeId: string | null } {
  if (actor.kind === "employee") return { actor: auditActor(actor), employeeId: actor.employeeId };
  if (actor.employee && actor.employee.status !== "active") {
    answer(problem("employee_suspended"));
  }
  return { actor: auditActor(actor), employeeId: actor.employee?.id ?? null };
}
