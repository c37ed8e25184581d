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

/** Whether a role may change what holds for the whole organization, and take out or erase what is held about people. */
export function isAdmin(role: Role): boolean {
  return role === "admin";
}

const READ: readonly ApiScope[] = ["decisions:read", "customers:read", "policies:read", "handovers:read"];
/** Whoever decides asks others, and may be asked: whom their own limits let answer, answers. */
const DESK: readonly ApiScope[] = [
  "decisions:read",
  "decisions:write",
  "customers:read",
  "policies:read",
  "handovers:read",
  "handovers:write",
];

/** What each role may do by REST with its session; a key has the scopes that it was made with. */
const ROLE_SCOPES: Record<Role, readonly ApiScope[]> = {
  agent: DESK,
  manager: [...DESK, "customers:write"],
  admin: [...DESK, "customers:write", "orders:write", "policies:write"],
  auditor: READ,
};

/** Whether a signed-in person may do what a scope names. */
export function roleHasScope(role: Role, scope: ApiScope): boolean {
  return ROLE_SCOPES[role].includes(scope);
}

/** What a frame of another site may be given: what the desk in it needs, less than any role that has a desk. */
export const PASS_SCOPES: readonly ApiScope[] = [
  "customers:read",
  "decisions:read",
  "decisions:write",
  "handovers:read",
  "handovers:write",
];

/** Where a person's work begins. */
export function homeOf(actor: EmployeeActor): `/${Place}` {
  if (actor.role === "agent") return "/desk";
  return "/floor";
}
