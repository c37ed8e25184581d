import { tenantDb } from "@/lib/db/prisma";
import type { DutyPage, DutyView } from "@/lib/duty/types";

/** Whether somebody is on duty. Whoever never said anything is. */
export async function readDuty(organizationId: string, employeeId: string): Promise<DutyView> {
  const row = await tenantDb(organizationId).duty.findUnique({
    where: { organizationId_employeeId: { organizationId, employeeId } },
  });
  return {
    employee: employeeId,
    onDuty: row?.onDuty ?? true,
    deputy: row?.deputyId ?? null,
    since: row?.changedAt.toISOString() ?? null,
  };
}

/** More than a person looks through; whoever is nearest is among them. */
const COLLEAGUES = 200;

/** Somebody's own duty, and that of the people whom their requests go to: the line manager, the team, whoever decides. */
export async function readDutyPage(organizationId: string, employeeId: string): Promise<DutyPage> {
  const db = tenantDb(organizationId);
  const [own, duty] = await Promise.all([
    db.employee.findUnique({
      where: { organizationId_id: { organizationId, id: employeeId } },
      select: { teamId: true, managerId: true },
    }),
    db.duty.findUnique({
      where: { organizationId_employeeId: { organizationId, employeeId } },
      select: { onDuty: true, deputy: { select: { id: true, name: true } } },
    }),
  ]);
  const near = [
    ...(own?.managerId ? [{ id: own.managerId }] : []),
    ...(own?.teamId ? [{ teamId: own.teamId }] : []),
    { role: { in: ["manager", "admin"] } },
  ];
  const rows = await db.employee.findMany({
    where: { organizationId, status: "active", role: { not: "auditor" }, id: { not: employeeId }, OR: near },
    orderBy: { name: "asc" },
    take: COLLEAGUES,
    select: {
      id: true,
      name: true,
      role: true,
      teamId: true,
      team: { select: { name: true } },
      duty: { select: { onDuty: true, deputy: { select: { id: true, name: true } } } },
    },
  });
  const colleagues = rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    team: row.team?.name ?? null,
    onDuty: row.duty?.onDuty ?? true,
    deputy: row.duty?.deputy ?? null,
    isLineManager: row.id === own?.managerId,
    isOfTeam: own?.teamId != null && row.teamId === own.teamId,
  }));
  const rank = (one: (typeof colleagues)[number]) => (one.isLineManager ? 0 : one.isOfTeam ? 1 : 2);
  return {
    own: { onDuty: duty?.onDuty ?? true, deputy: duty?.deputy ?? null },
    colleagues: colleagues.toSorted((a, b) => rank(a) - rank(b)),
  };
}
