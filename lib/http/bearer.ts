import { roleHasScope } from "@/lib/auth/ability";
import { findApiKeyActor } from "@/lib/auth/api-keys";
import { countRequest } from "@/lib/auth/rate-limit";
import type { ApiKeyActor, ApiScope, EmployeeActor } from "@/lib/auth/types";
import { isId } from "@/lib/db/ids";
import { answer } from "@/lib/http/answer";
import type { Incoming } from "@/lib/http/incoming";
import { problem } from "@/lib/http/problem";

export type RequestActor = EmployeeActor | ApiKeyActor;

/** What a caller with a key presents: the key, where it has a key's form at all, and whom it says to act for. */
export interface Presented {
  key: string | null;
  named: { id: string | null; email: string } | null;
}

/** Reads the headers of a caller with a key. */
export function presentedBy(request: Incoming, authorization: string): Presented {
  const key = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1] ?? null;
  const named = request.header("leeway-employee")?.trim() || null;
  return {
    key,
    named: named === null ? null : { id: isId(named) ? named : null, email: named.toLowerCase() },
  };
}

/** The actor behind a key. Throws the problem where there is none. */
export async function proveBearer({ key, named }: Presented): Promise<ApiKeyActor> {
  const found = key ? await findApiKeyActor(key, named ?? { id: null, email: null }, new Date()) : null;
  return requireBearer(found, named);
}

/** What was found for a key, where it is enough. Throws the problem where it isn't. */
export function requireBearer(found: ApiKeyActor | null, named: Presented["named"]): ApiKeyActor {
  if (!found) return answer(problem("unauthorized"));
  if (named && !found.employee) return answer(problem("employee_not_found"));
  return found;
}

interface Admission {
  /** The address is about one thing. */
  aboutOne?: boolean;
  /** A desk in a frame of another site needs it too. */
  inFrames?: boolean;
}

/**
 * Counts the request of somebody who is proven, and lets pass whoever may do what the scope names. Throws the problem for
 * the others. A person whose role doesn't reach there isn't told whether one thing (`aboutOne`) exists; a key is told
 * its scope. Who comes from a frame gets only what says of itself that frames need it, and of that what their pass is for.
 */
export async function admit(
  actor: RequestActor,
  scope: ApiScope,
  { aboutOne = false, inFrames = false }: Admission = {},
): Promise<void> {
  const counted = await countRequest(actor.kind === "api_key" ? actor.apiKeyId : actor.employeeId);
  if (!counted.ok) answer(problem("rate_limited", { retryAfterSeconds: counted.retryAfterSeconds }));
  const pass = actor.kind === "employee" ? actor.pass : undefined;
  if (pass && !(inFrames && pass.scopes.includes(scope))) {
    answer(
      problem("not_allowed", { detail: "A desk in a frame of another site is good for less than this." }),
    );
  }
  const allowed = actor.kind === "api_key" ? actor.scopes.includes(scope) : roleHasScope(actor.role, scope);
  if (!allowed && aboutOne && actor.kind === "employee") answer(problem("not_found"));
  if (!allowed) answer(problem("not_allowed", { detail: `This needs the scope ${scope}.` }));
}

/** The employee whom a call is about: who signed in, or whom the key acts for. Throws the problem where there is none. */
export function actingEmployee(actor: RequestActor): string {
  if (actor.kind === "employee") return actor.employeeId;
  if (!actor.employee) return answer(problem("employee_required"));
  return actor.employee.id;
}
