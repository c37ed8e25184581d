import { ROLES, type Role } from "@/lib/discretion/schema";
import { emailSchema, employeeInputSchema } from "@/lib/employees/schema";
import { type Columns, findColumns } from "./columns";
import { openTable } from "./csv";
import { createMomentReader } from "./moments";
import type { ImportRequest, LineFault } from "./types";

export const EMPLOYEE_FIELDS = ["email", "name", "role", "team", "manager", "startedOn"] as const;
export type EmployeeField = (typeof EMPLOYEE_FIELDS)[number];

export interface EmployeesRequest extends ImportRequest {
  dateFormat?: string;
}

/** One person of the file. What the file has no column for is undefined; what it leaves empty is null. */
export interface FileEmployee {
  line: number;
  email: string;
  name: string;
  role: Role | null;
  team: string | null | undefined;
  /** The line manager's address. */
  manager: string | null | undefined;
  /** ISO date. */
  startedOn: string | null | undefined;
}

export interface ReadEmployees {
  employees: FileEmployee[];
  columns: Columns<EmployeeField>;
}

/**
 * Reads a file of employees, whole: there are never so many of them, and a line manager may stand below those who are
 * managed.
 *
 * @throws UnusableFile when the file cannot be used.
 */
export async function readEmployees(request: EmployeesRequest): Promise<ReadEmployees> {
  const table = await openTable(request.file);
  const columns = findColumns(request.map, table, request.file, {
    known: EMPLOYEE_FIELDS,
    required: ["email", "name"],
  });
  const read = createReader(request, columns);
  const employees = new Map<string, FileEmployee>();
  for await (const records of table.records) {
    for (const record of records) {
      const answer = record.ok
        ? read(record.fields, record.line)
        : { ok: false as const, fault: record.fault };
      if (!answer.ok) {
        request.onFault({ ...answer.fault, line: record.line });
        continue;
      }
      const first = employees.get(answer.employee.email);
      if (first) {
        const problem = `This address is in line ${first.line} already.`;
        const column = columns.get("email")?.name ?? null;
        request.onFault({ line: record.line, column, problem, value: answer.employee.email });
        continue;
      }
      employees.set(answer.employee.email, answer.employee);
    }
    request.onProgress(records.at(-1)?.line ?? 0, "lines read");
  }
  return { employees: [...employees.values()], columns };
}

type Answer = { ok: true; employee: FileEmployee } | { ok: false; fault: Omit<LineFault, "line"> };

function createReader(request: EmployeesRequest, columns: Columns<EmployeeField>) {
  // A day has no time zone; in UTC it begins and ends with itself.
  const momentOf = createMomentReader({ format: request.dateFormat, timeZone: "UTC", today: request.at });

  return (fields: readonly string[], line: number): Answer => {
    const text = (field: EmployeeField) => fields[columns.get(field)?.index ?? -1]?.trim() ?? "";
    const fault = (field: EmployeeField, problem: string): Answer => ({
      ok: false,
      fault: { column: columns.get(field)?.name ?? null, problem, value: text(field).slice(0, 200) },
    });
    const roleText = text("role").toLowerCase();
    const role = ROLES.find((name) => name === roleText) ?? null;
    if (roleText !== "" && role === null) return fault("role", `Write one of: ${ROLES.join(", ")}.`);

    const started = text("startedOn");
    const startedAt = started === "" ? null : momentOf(started);
    if (started !== "" && startedAt === null) {
      return fault("startedOn", `This is no date in the form ${request.dateFormat ?? "2026-03-31"}.`);
    }
    const manager = text("manager");
    if (manager !== "" && !emailSchema.safeParse(manager).success) {
      return fault("manager", "Name the line manager by email address.");
    }
    const parsed = employeeInputSchema.safeParse({
      email: text("email"),
      name: text("name"),
      role: role ?? "agent",
      team: text("team") || null,
      manager: manager || null,
      startedOn: startedAt === null ? null : new Date(startedAt).toISOString().slice(0, 10),
    });
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = EMPLOYEE_FIELDS.find((name) => name === issue?.path[0]) ?? "email";
      return fault(field, issue?.message ?? "This cannot be read.");
    }
    const { email, name, team, manager: managerEmail, startedOn } = parsed.data;
    if (managerEmail === email) return fault("manager", "Nobody is their own line manager.");
    const named = <T>(field: EmployeeField, value: T | null | undefined) =>
      columns.has(field) ? (value ?? null) : undefined;
    return {
      ok: true,
      employee: {
        line,
        email,
        name,
        role,
        team: named("team", team),
        manager: named("manager", managerEmail),
        startedOn: named("startedOn", startedOn),
      },
    };
  };
}
