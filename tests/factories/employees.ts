import { randomUUID } from "node:crypto";
import { hashPassword } from "@/lib/auth/password";
import type { EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import type { Role } from "@/lib/discretion/schema";
import type { MadeOrganization } from "./organizations";

export interface MadeEmployee {
  id: string;
  email: string;
  name: string;
  role: Role;
  teamId: string | null;
  /** As if signed in; no session stands behind it. */
  actor: EmployeeActor;
}

/** An employee of the organization; the team is made when its key is new. Without a password nobody can sign in. */
export async function createEmployee(
  organization: MadeOrganization,
  options: {
    role?: Role;
    email?: string;
    name?: string;
    team?: string;
    managerId?: string;
    password?: string;
    /** ISO date. */
    startedOn?: string;
    status?: "active" | "suspended";
  } = {},
): Promise<MadeEmployee> {
  const { organizationId } = organization;
  const id = newId();
  const role = options.role ?? "agent";
  const email = options.email ?? `${role}-${id}@example.test`;
  const name = options.name ?? `An ${role}`;
  const passwordHash = options.password === undefined ? null : await hashPassword(options.password);
  const teamId = await inTenant(organizationId, async (tx) => {
    const team = options.team
      ? await tx.team.upsert({
          where: { organizationId_key: { organizationId, key: options.team } },
          create: { organizationId, id: newId(), key: options.team, name: options.team },
          update: {},
        })
      : null;
    await tx.employee.create({
      data: {
        organizationId,
        id,
        email,
        name,
        role,
        passwordHash,
        status: options.status ?? "active",
        teamId: team?.id ?? null,
        managerId: options.managerId ?? null,
        startedOn: options.startedOn ? new Date(options.startedOn) : null,
      },
    });
    return team?.id ?? null;
  });
  const actor: EmployeeActor = {
    kind: "employee",
    organizationId,
    organizationName: organization.name,
    currency: organization.currency,
    timeZone: organization.timeZone,
    employeeId: id,
    name,
    email,
    role,
    team: options.team ?? null,
    sessionId: randomUUID(),
    passwordOneTime: false,
  };
  return { id, email, name, role, teamId, actor };
}
