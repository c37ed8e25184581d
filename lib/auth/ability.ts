import type { ApiScope, EmployeeActor } from "@/lib/auth/types";
import type { Role } from "@/lib/discretion/schema";

/** The places of the app and who may enter them. */
export const PLACES = {
  desk: ["agent", "manager", "admin"],
  floor: ["manager", "admin", "auditor"],
  settings: ["admin", "auditor"],
} as const satisfies Record<string, readonly Role[]>;

export type Place = keyof typeof PLACES;

/** Whether a role may enter a place. */
export function mayEnter(role: Role, place: Place): boolean {
  return (PLACES[place] as readonly Role[]).includes(role);
}

const READ: readonly ApiScope[] = ["decisions:read", "customers:read", "policies:read", "handovers:read"];
const DESK: readonly ApiScope[] = ["decisions:read", "decisions:write", "customers:read", "policies:read"];

/** What each role may do by REST with its session; a key has the scopes that it was made with. */
const ROLE_SCOPES: Record<Role, readonly ApiScope[]> = {
  agent: DESK,
  manager: [...DESK, "customers:write", "handovers:read", "handovers:write"],
  admin: [...DESK, "customers:write", "orders:write", "policies:write", "handovers:read", "handovers:write"],
  auditor: READ,
};

/** Whether a signed-in person may do what a scope names. */
export function roleHasScope(role: Role, scope: ApiScope): boolean {
  return ROLE_SCOPES[role].includes(scope);
}

/** Where a person's work begins. */
export function homeOf(actor: EmployeeActor): `/${Place}` {
  if (actor.role === "agent") return "/desk";
  return "/floor";
}
