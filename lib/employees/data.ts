import { tenantDb } from "@/lib/db/prisma";

export interface EmployeeHit {
  id: string;
  name: string;
}

/** Employees whose name or address contains what was typed, by name. */
export async function searchEmployees(
  organizationId: string,
  search: string,
  limit: number,
): Promise<EmployeeHit[]> {
  // What the database would take for "anything" is meant as it was typed.
  const contains = { contains: search.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" } as const;
  return tenantDb(organizationId).employee.findMany({
    where: { organizationId, OR: [{ name: contains }, { email: contains }] },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: limit,
    select: { id: true, name: true },
  });
}
