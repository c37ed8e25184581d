import { audit } from "@/lib/audit/mutations";
import { hashPassword, oneTimePassword } from "@/lib/auth/password";
import { newId } from "@/lib/db/ids";
import { inTenant, type TenantTransaction, tenantDb } from "@/lib/db/prisma";
import type { Role } from "@/lib/discretion/schema";
import {
  type EmployeesPlan,
  type PlannedEmployee,
  planEmployees,
  type StoredEmployee,
  type StoredTeam,
} from "./employee-plan";
import { type EmployeesRequest, readEmployees } from "./employees";
import type { LineFault } from "./types";

export interface EmployeesReport {
  created: number;
  updated: number;
  unchanged: number;
  /** Teams that were made. */
  teams: number;
  /** `broken` counts lines. */
  leftOut: { broken: number };
}

export interface HandedOutPassword {
  email: string;
  oneTimePassword: string;
}

const BATCH = 100;
/** argon2 takes a core and 19 MiB each. */
const HASHES_AT_ONCE = 4;
const SYSTEM = { kind: "system", id: null } as const;

/**
 * Imports a file of employees and the teams that they name. A column that is not mapped leaves what is known as it is;
 * the same file again changes nothing.
 *
 * New people get one-time passwords only where `keepPasswords` is given, which has to keep them before anybody is made:
 * nothing else knows them. Without it they cannot sign in until they are given one.
 *
 * @throws UnusableFile when the file cannot be used.
 */
export async function importEmployees(
  request: EmployeesRequest & { keepPasswords?: (passwords: HandedOutPassword[]) => Promise<void> },
): Promise<EmployeesReport> {
  let broken = 0;
  const onFault = (fault: LineFault) => {
    broken += 1;
    request.onFault(fault);
  };
  const read = await readEmployees({ ...request, onFault });
  const stored = await readStored(request.organizationId);
  const plan = planEmployees(read, stored.employees, stored.teams, onFault);
  const created = plan.people.filter((person) => person.stored === null);
  const changed = plan.people.filter((person) => person.changed.length > 0);
  if (!request.dryRun) await write(request, plan, created, changed, stored.ids);
  return {
    created: created.length,
    updated: changed.length - created.length,
    unchanged: plan.people.length - changed.length,
    teams: plan.newTeams.length,
    leftOut: { broken },
  };
}

async function readStored(organizationId: string) {
  const db = tenantDb(organizationId);
  const [rows, teams] = await Promise.all([
    db.employee.findMany({
      where: { organizationId },
      select: {
        id: true,
        email: true,
        name: true,
        role: true,
        status: true,
        teamId: true,
        managerId: true,
        startedOn: true,
      },
    }),
    db.team.findMany({ where: { organizationId }, select: { id: true, key: true, name: true } }),
  ]);
  const emails = new Map(rows.map(({ id, email }) => [id, email]));
  const keys = new Map(teams.map(({ id, key }) => [id, key]));
  const employees = new Map(
    rows.map((row): [string, StoredEmployee] => [
      row.email,
      {
        id: row.id,
        email: row.email,
        name: row.name,
        role: row.role as Role,
        active: row.status === "active",
        teamKey: keys.get(row.teamId ?? "") ?? null,
        manager: emails.get(row.managerId ?? "") ?? null,
        startedOn: row.startedOn?.toISOString().slice(0, 10) ?? null,
      },
    ]),
  );
  const ids: Ids = {
    teams: new Map(teams.map(({ id, key }) => [key, id])),
    employees: new Map(rows.map(({ id, email }) => [email, id])),
  };
  return { employees, teams: teams as StoredTeam[], ids };
}

/** By a team's key, and by an employee's address. */
interface Ids {
  teams: Map<string, string>;
  employees: Map<string, string>;
}

async function write(
  request: EmployeesRequest & { keepPasswords?: (passwords: HandedOutPassword[]) => Promise<void> },
  plan: EmployeesPlan,
  created: readonly PlannedEmployee[],
  changed: readonly PlannedEmployee[],
  ids: Ids,
): Promise<void> {
  const { organizationId, at, keepPasswords } = request;
  const hashes = keepPasswords && created.length > 0 ? await handOut(created, keepPasswords) : new Map();
  for (const { email } of created) ids.employees.set(email, newId(at));
  await inTenant(organizationId, async (tx) => {
    for (const { key, name } of plan.newTeams) {
      const team = await tx.team.upsert({
        where: { organizationId_key: { organizationId, key } },
        create: { organizationId, id: newId(at), key, name, createdAt: at },
        update: {},
      });
      ids.teams.set(key, team.id);
    }
  });
  for (let from = 0; from < changed.length; from += BATCH) {
    await inTenant(organizationId, async (tx) => {
      for (const person of changed.slice(from, from + BATCH)) {
        await writeOne(tx, {
          organizationId,
          at,
          person,
          ids,
          passwordHash: hashes.get(person.email) ?? null,
        });
      }
    });
  }
}

async function handOut(
  created: readonly PlannedEmployee[],
  keep: (passwords: HandedOutPassword[]) => Promise<void>,
): Promise<Map<string, string>> {
  const passwords = created.map(({ email }) => ({ email, oneTimePassword: oneTimePassword() }));
  const hashes = new Map<string, string>();
  for (let from = 0; from < passwords.length; from += HASHES_AT_ONCE) {
    const some = passwords.slice(from, from + HASHES_AT_ONCE);
    const hashed = await Promise.all(some.map(({ oneTimePassword: text }) => hashPassword(text)));
    for (const [i, { email }] of some.entries()) hashes.set(email, hashed[i] ?? "");
  }
  await keep(passwords);
  return hashes;
}

async function writeOne(
  tx: TenantTransaction,
  options: {
    organizationId: string;
    at: Date;
    person: PlannedEmployee;
    ids: Ids;
    passwordHash: string | null;
  },
): Promise<void> {
  const { organizationId, at, person, ids, passwordHash } = options;
  const id = idOf(ids.employees, person.email);
  const data = {
    name: person.name,
    role: person.role,
    teamId: person.teamKey === null ? null : idOf(ids.teams, person.teamKey),
    managerId: person.manager === null ? null : idOf(ids.employees, person.manager),
    startedOn: person.startedOn === null ? null : new Date(person.startedOn),
    updatedAt: at,
  };
  if (person.stored) {
    await tx.employee.update({ where: { organizationId_id: { organizationId, id } }, data });
  } else {
    const own = { organizationId, id, email: person.email, createdAt: at };
    await tx.employee.create({
      data: { ...own, ...data, passwordHash, passwordOneTime: passwordHash !== null },
    });
  }
  await audit(tx, {
    organizationId,
    actor: SYSTEM,
    action: person.stored ? "employee.updated" : "employee.created",
    subjectId: id,
    data: { fields: passwordHash === null ? person.changed : [...person.changed, "password"] },
    at,
  });
}

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} has no id.`);
  return id;
}
