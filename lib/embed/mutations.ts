import { type AuditActor, audit } from "@/lib/audit/mutations";
import { inTenant } from "@/lib/db/prisma";
import { ORIGINS_MAX } from "@/lib/embed/schema";

interface Change {
  organizationId: string;
  /** As `originSchema` gives it. */
  origin: string;
  writer: AuditActor;
  at: Date;
}

/** Lets a site show the organization's desk. One that may already stays as it is. */
export async function addOrigin(change: Change): Promise<{ ok: true } | { ok: false; code: "too_many" }> {
  const { organizationId, origin, writer, at } = change;
  return inTenant(organizationId, async (tx) => {
    // Two at once are added one after the other, so that the list never gets longer than it may.
    await tx.$queryRaw`select 1 from organizations where id = ${organizationId}::uuid for no key update`;
    const before = await tx.embedOrigin.findMany({ where: { organizationId }, select: { origin: true } });
    if (before.some((each) => each.origin === origin)) return { ok: true };
    if (before.length >= ORIGINS_MAX) return { ok: false, code: "too_many" };
    const addedBy = writer.kind === "employee" ? writer.id : null;
    await tx.embedOrigin.create({ data: { organizationId, origin, addedBy, addedAt: at } });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "embed_origin.added",
      subjectId: organizationId,
      data: { origin },
      at,
    });
    return { ok: true };
  });
}

/** Takes a site off the list, and with it every pass that its frames were given. */
export async function removeOrigin({ organizationId, origin, writer, at }: Change): Promise<void> {
  await inTenant(organizationId, async (tx) => {
    const { count } = await tx.embedOrigin.deleteMany({ where: { organizationId, origin } });
    if (count === 0) return;
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "embed_origin.removed",
      subjectId: organizationId,
      data: { origin },
      at,
    });
  });
}
