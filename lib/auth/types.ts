import type { Role } from "@/lib/discretion/schema";

/** What an API key may do. */
export const SCOPES = [
  "decisions:read",
  "decisions:write",
  "customers:read",
  "customers:write",
  "orders:write",
  "policies:read",
  "policies:write",
  "handovers:read",
  "handovers:write",
  "surveys:write",
] as const;

export type ApiScope = (typeof SCOPES)[number];

/** Somebody who signed in, proven against the sessions table on this very request. */
export interface EmployeeActor {
  kind: "employee";
  organizationId: string;
  organizationName: string;
  currency: string;
  timeZone: string;
  employeeId: string;
  name: string;
  email: string;
  role: Role;
  team: string | null;
  sessionId: string;
  /** The password was given out by somebody else and has to be replaced before anything else. */
  passwordOneTime: boolean;
  /** Set where they come from a frame of another site: less than they may do on Leeway's own pages. */
  pass?: EmbedPass;
}

/** What a person gave a frame of another site, proven on this very request. */
export interface EmbedPass {
  id: string;
  /** The site that the frame is in. */
  origin: string;
  scopes: readonly ApiScope[];
}

/** A system of the organization's own that holds a key, acting for an employee where it named one. */
export interface ApiKeyActor {
  kind: "api_key";
  organizationId: string;
  apiKeyId: string;
  scopes: readonly ApiScope[];
  employee: { id: string; role: Role; status: "active" | "suspended" } | null;
}

/** Leeway itself: the worker, the command line. */
export interface SystemActor {
  kind: "system";
  organizationId: string;
}

/** Who acts. Made in lib/auth from what was proven, never from a request's body. */
export type Actor = EmployeeActor | ApiKeyActor | SystemActor;
