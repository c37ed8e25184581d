import { createHash } from "node:crypto";
import type { Role } from "@/lib/discretion/schema";
import type { FileEmployee, ReadEmployees } from "./employees";
import { type FaultListener, UnusableFile } from "./types";

export interface StoredEmployee {
  id: string;
  email: string;
  name: string;
  role: Role;
  active: boolean;
  teamKey: string | null;
  /** The line manager's address. */
  manager: string | null;
  /** ISO date. */
  startedOn: string | null;
}

export interface StoredTeam {
  key: string;
  name: string;
}

/** An employee as they will be. */
export interface PlannedEmployee {
  email: string;
  name: string;
  role: Role;
  teamKey: string | null;
  manager: string | null;
  startedOn: string | null;
  /** The employee who is there already. */
  stored: StoredEmployee | null;
  /** What differs from what is stored; for a new one everything that is known. */
  changed: ("email" | "name" | "role" | "team" | "manager" | "startedOn")[];
}

export interface EmployeesPlan {
  /** Whoever manages comes before those who are managed. */
  people: PlannedEmployee[];
  newTeams: StoredTeam[];
}

/**
 * What an import of employees will do to those who are there. Lines whose manager is nobody, or whose chain of managers
 * leads back to them, are left out: nobody could answer their handovers.
 *
 * @throws UnusableFile when nobody would be left who can change settings.
 */
export function planEmployees(
  read: ReadEmployees,
  stored: ReadonlyMap<string, StoredEmployee>,
  teams: readonly StoredTeam[],
  onFault: FaultListener,
): EmployeesPlan {
  const kept = withLineManagers(read, stored, onFault);
  const { keyOf, newTeams } = createTeamBook(teams);
  const people = [...kept.values()].map((employee) => planOne(employee, stored.get(employee.email), keyOf));
  requireAdmin(people, stored);
  return { people: managersFirst(people), newTeams };
}

function withLineManagers(
  { employees, columns }: ReadEmployees,
  stored: ReadonlyMap<string, StoredEmployee>,
  onFault: FaultListener,
): Map<string, FileEmployee> {
  const kept = new Map(employees.map((employee) => [employee.email, employee]));
  const managerOf = (email: string): string | null => {
    const named = kept.get(email)?.manager;
    return (named === undefined ? stored.get(email)?.manager : named) ?? null;
  };
  const problemOf = ({ email, manager }: FileEmployee): string | null => {
    if (!manager) return null;
    if (!kept.has(manager) && !stored.has(manager))
      return "Nobody here has this address, or their own line was left out.";
    const chain = new Set<string>();
    for (let above: string | null = manager; above !== null && !chain.has(above); above = managerOf(above)) {
      if (above === email) return "The chain of line managers leads back to this person.";
      chain.add(above);
    }
    return null;
  };
  // Leaving somebody out may take away somebody else's manager, so it is looked at until all is well.
  for (let settled = false; !settled; ) {
    settled = true;
    for (const employee of kept.values()) {
      const problem = problemOf(employee);
      if (problem === null) continue;
      settled = false;
      kept.delete(employee.email);
      const { line, manager } = employee;
      onFault({ line, column: columns.get("manager")?.name ?? null, problem, value: manager ?? null });
    }
  }
  return kept;
}

function planOne(
  employee: FileEmployee,
  stored: StoredEmployee | undefined,
  keyOf: (team: string) => string,
): PlannedEmployee {
  const { email, name, role, team, manager, startedOn } = employee;
  const planned = {
    email,
    name,
    role: role ?? stored?.role ?? "agent",
    teamKey: team === undefined ? (stored?.teamKey ?? null) : team === null ? null : keyOf(team),
    manager: manager === undefined ? (stored?.manager ?? null) : manager,
    startedOn: startedOn === undefined ? (stored?.startedOn ?? null) : startedOn,
  };
  const changed: PlannedEmployee["changed"] = [];
  if (!stored) changed.push("email");
  if (planned.name !== stored?.name) changed.push("name");
  if (planned.role !== stored?.role) changed.push("role");
  if (planned.teamKey !== (stored?.teamKey ?? null)) changed.push("team");
  if (planned.manager !== (stored?.manager ?? null)) changed.push("manager");
  if (planned.startedOn !== (stored?.startedOn ?? null)) changed.push("startedOn");
  return { ...planned, stored: stored ?? null, changed };
}

/** Teams by their name as files write it; one that is not known gets a key made of its name. */
function createTeamBook(teams: readonly StoredTeam[]) {
  const newTeams: StoredTeam[] = [];
  const keyOf = (name: string): string => {
    const key = teamKey(name);
    const all = [...teams, ...newTeams];
    const known = all.find((team) => team.name === name) ?? all.find((team) => team.key === key);
    if (known) return known.key;
    newTeams.push({ key, name });
    return key;
  };
  return { keyOf, newTeams };
}

/** "Phone support" is `phone-support`; a name without Latin letters gets a key that is always the same, too. */
export function teamKey(name: string): string {
  const key = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{Mark}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return key === "" ? `team-${createHash("sha256").update(name).digest("hex").slice(0, 8)}` : key;
}

function requireAdmin(people: readonly PlannedEmployee[], stored: ReadonlyMap<string, StoredEmployee>): void {
  const isAdmin = ({ role, active }: { role: Role; active: boolean }) => role === "admin" && active;
  if (![...stored.values()].some(isAdmin)) return;
  const after = new Map([...stored].map(([email, employee]) => [email, isAdmin(employee)]));
  for (const { email, role, stored: before } of people) {
    after.set(email, isAdmin({ role, active: before?.active ?? true }));
  }
  if ([...after.values()].some(Boolean)) return;
  throw new UnusableFile(
    "After this import nobody would be an admin, and nobody could change settings.",
    "Give at least one person of the file the role admin, or leave the admins out of it.",
  );
}

function managersFirst(people: readonly PlannedEmployee[]): PlannedEmployee[] {
  const byEmail = new Map(people.map((person) => [person.email, person]));
  const sorted = new Set<PlannedEmployee>();
  const place = (person: PlannedEmployee) => {
    const above: PlannedEmployee[] = [];
    for (
      let at: PlannedEmployee | undefined = person;
      at && !sorted.has(at);
      at = byEmail.get(at.manager ?? "")
    ) {
      above.push(at);
    }
    for (const next of above.reverse()) sorted.add(next);
  };
  people.forEach(place);
  return [...sorted];
}
