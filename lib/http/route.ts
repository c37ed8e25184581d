import { getServerSession } from "next-auth";
import type { z } from "zod";
import { roleHasScope } from "@/lib/auth/ability";
import { findApiKeyActor } from "@/lib/auth/api-keys";
import { authOptions } from "@/lib/auth/options";
import { countRequest } from "@/lib/auth/rate-limit";
import { findSessionActor } from "@/lib/auth/sessions";
import type { ApiKeyActor, ApiScope, EmployeeActor } from "@/lib/auth/types";
import { isDatabaseAway } from "@/lib/db/health";
import { isId } from "@/lib/db/ids";
import { isSameOrigin } from "@/lib/http/origin";
import { fieldErrors, problem } from "@/lib/http/problem";
import { log } from "@/lib/log";

/** The largest body that is read, where a call doesn't say otherwise. */
export const BODY_MAX_BYTES = 64 * 1024;

interface BodyOptions {
  maxBytes?: number;
  /** No body at all is as good as `{}`. */
  optional?: boolean;
}

/** An answer that ends a request; thrown by the steps below, and nothing unexpected. */
class Answered extends Error {
  constructor(readonly response: Response) {
    super("answered");
  }
}

export type RequestActor = EmployeeActor | ApiKeyActor;

export interface Call<Params> {
  request: Request;
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
) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const params = await context.params;
      // No reference holds the character that Postgres keeps out of texts.
      if (Object.values(params ?? {}).some((value) => String(value).includes("\u0000")))
        return problem("not_found");
      const actor = await requestActor(request, scope, Object.keys(params ?? {}).length > 0);
      const response = await handle({
        request,
        actor,
        params,
        url: new URL(request.url),
      });
      response.headers.set("Cache-Control", "no-store");
      return response;
    } catch (error) {
      if (error instanceof Answered) return error.response;
      if (isDatabaseAway(error)) return problem("unavailable");
      log.error(
        { err: error, method: request.method, path: new URL(request.url).pathname },
        "a request broke",
      );
      return problem("unexpected");
    }
  };
}

/**
 * Who calls: the bearer of a key, or the session of a page of our own. Throws the problem where nobody is proven.
 * A person whose role doesn't reach there isn't told whether one thing (`aboutOne`) exists; a key is told its scope.
 */
async function requestActor(request: Request, scope: ApiScope, aboutOne: boolean): Promise<RequestActor> {
  const authorization = request.headers.get("authorization");
  const actor = authorization ? await bearer(request, authorization) : await session(request);
  const counted = await countRequest(actor.kind === "api_key" ? actor.apiKeyId : actor.employeeId);
  if (!counted.ok) {
    throw new Answered(problem("rate_limited", { retryAfterSeconds: counted.retryAfterSeconds }));
  }
  const allowed = actor.kind === "api_key" ? actor.scopes.includes(scope) : roleHasScope(actor.role, scope);
  if (!allowed && aboutOne && actor.kind === "employee") throw new Answered(problem("not_found"));
  if (!allowed) throw new Answered(problem("not_allowed", { detail: `This needs the scope ${scope}.` }));
  return actor;
}

async function bearer(request: Request, authorization: string): Promise<ApiKeyActor> {
  const key = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1];
  const named = request.headers.get("leeway-employee")?.trim() || null;
  const actor = key
    ? await findApiKeyActor(
        key,
        { id: named && isId(named) ? named : null, email: named?.toLowerCase() ?? null },
        new Date(),
      )
    : null;
  if (!actor) throw new Answered(problem("unauthorized"));
  if (named && !actor.employee) throw new Answered(problem("employee_not_found"));
  return actor;
}

async function session(request: Request): Promise<EmployeeActor> {
  const found = await getServerSession(authOptions);
  const actor =
    found?.organizationId && found.sessionId
      ? await findSessionActor(found.organizationId, found.sessionId, new Date())
      : null;
  if (!actor) throw new Answered(problem("unauthorized"));
  if (!isSameOrigin(request.headers)) throw new Answered(problem("cross_origin"));
  if (actor.passwordOneTime) throw new Answered(problem("password_one_time"));
  return actor;
}

/** The employee whom a call is about: who signed in, or whom the key acts for. Throws the problem where there is none. */
export function actingEmployee(actor: RequestActor): string {
  if (actor.kind === "employee") return actor.employeeId;
  if (!actor.employee) throw new Answered(problem("employee_required"));
  return actor.employee.id;
}

/** The body as the schema's output. Throws the problem for anything else, all faults at once. */
export async function readBody<T extends z.ZodType>(
  request: Request,
  schema: T,
  options?: BodyOptions,
): Promise<z.output<T>> {
  return check(schema, await readJson(request, options));
}

/** The body as it is, where its own form says how it is read. Throws the problem where it is no JSON. */
export async function readJson(request: Request, options: BodyOptions = {}): Promise<unknown> {
  const { maxBytes = BODY_MAX_BYTES, optional = false } = options;
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const isJson = type === "application/json";
  if (!isJson && !optional) throw new Answered(problem("unsupported_media_type"));
  const text = await readText(request, maxBytes);
  if (optional && text.trim() === "") return {};
  if (!isJson) throw new Answered(problem("unsupported_media_type"));
  try {
    return JSON.parse(text);
  } catch {
    throw new Answered(problem("malformed"));
  }
}

/** The query string as the schema's output; a name that stands twice is at fault. */
export function readQuery<T extends z.ZodType>(url: URL, schema: T): z.output<T> {
  const values: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name in values) {
      throw new Answered(problem("invalid", { errors: [{ path: name, message: "Say this once." }] }));
    }
    values[name] = value;
  }
  return check(schema, values);
}

/** A header as the schema's output. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Answered(problem("invalid", { errors: fieldErrors(parsed.error.issues) }));
}

/** Ends the request with a response of its own. */
export function answer(response: Response): never {
  throw new Answered(response);
}

/** Reads the body as UTF-8, no further than it may be long, whatever Content-Length says. */
async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    answer(problem("too_large", { detail: `This body may have ${maxBytes / 1024} KB at most.` }));
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return answer(problem("malformed"));
  }
}
