import { randomUUID } from "node:crypto";
import { audit } from "@/lib/audit/mutations";
import type { EmployeeActor } from "@/lib/auth/types";
import { pool } from "@/lib/db/pool";
import { inTenant } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";

/** A session ends after so long, used or not. */
export const SESSION_SECONDS = 7 * 24 * 60 * 60;
/** And after so long without use: a shift and its breaks. */
export const IDLE = "14 hours";

/** Opens a session. Its id is random, not time-ordered: it is half of a credential. */
export async function openSession(input: {
  organizationId: string;
  employeeId: string;
  userAgent: string | null;
  at: Date;
}): Promise<string> {
  const id = randomUUID();
  await inTenant(input.organizationId, async (tx) => {
    await tx.session.create({
      data: {
        organizationId: input.organizationId,
        id,
        employeeId: input.employeeId,
        userAgent: input.userAgent?.slice(0, 400) ?? null,
        createdAt: input.at,
        lastSeenAt: input.at,
        expiresAt: new Date(input.at.getTime() + SESSION_SECONDS * 1000),
      },
    });
    await audit(tx, {
      organizationId: input.organizationId,
      actor: { kind: "employee", id: input.employeeId },
      action: "session.opened",
      subjectId: id,
      data: {},
      at: input.at,
    });
  });
  return id;
}

/** Ends a session at once, wherever its cookie was copied to. */
export async function revokeSession(organizationId: string, sessionId: string, at: Date): Promise<void> {
  await inTenant(organizationId, (tx) =>
    tx.session.updateMany({
      where: { organizationId, id: sessionId, revokedAt: null },
      data: { revokedAt: at },
    }),
  );
}

/** A session that stands, looked at without being used, so that it ends all the same when nobody uses it; else null. */
export async function peekSession(
  organizationId: string,
  sessionId: string,
  at: Date,
): Promise<{ passwordOneTime: boolean } | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ passwordOneTime: boolean }>(
      `select e.password_one_time as "passwordOneTime" from sessions s
       join employees e on e.organization_id = s.organization_id and e.id = s.employee_id
       where s.organization_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > $3
         and s.last_seen_at > $3 - $4::interval and e.status = 'active'`,
      [organizationId, sessionId, at, IDLE],
    );
    return rows[0] ?? null;
  });
}

/** Who a session belongs to right now, with the role of right now; null when it does not stand any more. */
export async function findSessionActor(
  organizationId: string,
  sessionId: string,
  at: Date,
): Promise<EmployeeActor | null> {
  const { rows } = await pool().query<{ found: Omit<EmployeeActor, "kind"> | null }>({
    name: "find_session",
    text: "select find_session($1, $2, $3, $4) as found",
    values: [organizationId, sessionId, at, IDLE],
  });
  const found = rows[0]?.found;
  return found ? { kind: "employee", ...found } : null;
}
