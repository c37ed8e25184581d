import { audit, auditActor } from "@/lib/audit/mutations";
import type { EmployeeActor } from "@/lib/auth/types";
import { findCauseNote } from "@/lib/cause-ledger/data";
import type { CauseNote } from "@/lib/cause-ledger/types";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";

/**
 * Writes down who sees to a cause and what is being done, after what its writer saw. What was said before is kept. Where somebody
 * else wrote meanwhile nothing is written, and theirs is answered.
 */
export async function noteCause(options: {
  actor: EmployeeActor;
  cause: string;
  ownerId: string | null;
  note: string;
  /** The note that the writer saw; null where there was none. */
  after: string | null;
  now: Date;
}): Promise<
  { ok: true } | { ok: false; code: "moved"; theirs: CauseNote } | { ok: false; code: "unknown_owner" }
> {
  const { actor, cause, ownerId, after, now } = options;
  const { organizationId, employeeId } = actor;
  const note = options.note === "" ? null : options.note;
  const outcome = await inTenant(organizationId, async (tx) => {
    // One after the other for one cause, so that the second sees the first.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`leeway.cause/${organizationId}/${cause}`}, 0))`;
    const latest = await tx.causeNote.findFirst({
      where: { organizationId, cause },
      orderBy: { id: "desc" },
      select: { id: true, ownerId: true, note: true },
    });
    if ((latest?.id ?? null) !== after) return "moved";
    if ((latest?.ownerId ?? null) === ownerId && (latest?.note ?? null) === note) return "same";
    if (ownerId !== null) {
      const owner = await tx.employee.findFirst({
        where: { organizationId, id: ownerId, status: "active" },
        select: { id: true },
      });
      if (!owner) return "unknown_owner";
    }
    await tx.causeNote.create({
      data: {
        organizationId,
        id: newId(now),
        cause,
        ownerId,
        note,
        writtenBy: employeeId,
        writtenAt: now,
      },
    });
    const changed = [
      ...((latest?.ownerId ?? null) === ownerId ? [] : ["owner"]),
      ...((latest?.note ?? null) === note ? [] : ["note"]),
    ];
    await audit(tx, {
      organizationId,
      actor: auditActor(actor),
      action: "cause.noted",
      subjectId: cause,
      data: { fields: changed },
      at: now,
    });
    return "noted";
  });
  if (outcome === "unknown_owner") return { ok: false, code: outcome };
  if (outcome !== "moved") return { ok: true };
  const theirs = await findCauseNote(organizationId, cause);
  if (!theirs) throw new Error(`What is said of ${cause} is gone.`);
  return { ok: false, code: "moved", theirs };
}
