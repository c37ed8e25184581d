import { tenantDb } from "@/lib/db/prisma";
import type { Role } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";

export interface EmployeeHit {
  id: string;
  name: string;
}

/** Employees whose name or address contains what was typed, by name. `isAble`: who works here, and not only reads. */
export async function searchEmployees(
  organizationId: string,
  search: string,
  limit: number,
  { isAble = false }: { isAble?: boolean } = {},
): Promise<EmployeeHit[]> {
  // What the database would take for "anything" is meant as it was typed.
  const contains = { contains: search.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" } as const;
  return tenantDb(organizationId).employee.findMany({
    where: {
      ...{ organizationId, OR: [{ name: contains }, { email: contains }] },
      ...(isAble ? { status: "active", role: { not: "auditor" }, erasedAt: null } : {}),
    },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
    select: { id: true, name: true },
  });
}

/** So many people of one role, team and tenure. */
export interface Profile {
  role: Role;
  /** The team's key; null without one. */
  team: string | null;
  /** Whole days with the company; null where no start is known. */
  tenureDays: number | null;
  count: number;
}

/** The people who work here, told apart only by what a policy may ask of them. */
export async function readRoster(organizationId: string, now: Date): Promise<Profile[]> {
  const rows = await tenantDb(organizationId).employee.findMany({
    where: { organizationId, status: "active" },
    select: { role: true, startedOn: true, team: { select: { key: true } } },
  });
  const profiles = new Map<string, Profile>();
  for (const { role, startedOn, team } of rows) {
    const tenureDays = startedOn && Math.floor((now.getTime() - startedOn.getTime()) / DAY_MS);
    const profile = { role: role as Role, team: team?.key ?? null, tenureDays };
    const key = JSON.stringify(profile);
    profiles.set(key, { ...profile, count: (profiles.get(key)?.count ?? 0) + 1 });
  }
  return [...profiles.values()];
}
