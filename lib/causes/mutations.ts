import { type AuditActor, audit } from "@/lib/audit/mutations";
import { forgetDemands, toKept } from "@/lib/causes/data";
import { causeMeant, keyOfName } from "@/lib/causes/naming";
import type { CauseChange, NewCause } from "@/lib/causes/schema";
import type { CauseAnswer, KeptCause } from "@/lib/causes/types";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";

interface Write {
  organizationId: string;
  writer: AuditActor;
  at: Date;
}

/**
 * Adds a cause to the catalogue. One that was retired under the same record is offered again, with the name that it is
 * given now: there is one of each, so that what it cost is told together.
 */
export async function addCause({
  organizationId,
  writer,
  at,
  ...cause
}: Write & NewCause): Promise<CauseAnswer> {
  const key = cause.key ?? keyOfName(cause.name);
  return changing(organizationId, async (tx) => {
    const all = await lockCatalogue(tx, organizationId);
    const known = all.find((each) => each.key === key);
    const clash = clashOf(all, { key, name: cause.name });
    if (clash) return { ok: false, code: "name_taken", by: clash };
    if (known && known.retiredAt === null) return { ok: false, code: "name_taken", by: known };
    const fields = {
      name: cause.name,
      needsNote: cause.needsNote,
      retiredAt: null,
      updatedAt: at,
      updatedBy: writer.kind === "employee" ? writer.id : null,
    };
    const row = known
      ? await tx.cause.update({
          where: { organizationId_key: { organizationId, key } },
          data: { ...fields, revision: known.revision + 1 },
        })
      : await tx.cause.create({ data: { organizationId, key, createdAt: at, ...fields } });
    const fieldsTold = ["name", "needsNote", "retired"];
    await audit(tx, {
      organizationId,
      actor: writer,
      action: known ? "cause.updated" : "cause.created",
      subjectId: key,
      data: { fields: fieldsTold },
      at,
    });
    return { ok: true, cause: toKept(row) };
  });
}

/** Changes the name of a cause, whether it demands a note, and whether it is offered; for who saw it as it is. */
export async function changeCause({
  organizationId,
  writer,
  at,
  ...change
}: Write & CauseChange): Promise<CauseAnswer> {
  const { key, name, needsNote } = change;
  return changing(organizationId, async (tx) => {
    const all = await lockCatalogue(tx, organizationId);
    const before = all.find((each) => each.key === key);
    if (!before) return { ok: false, code: "cause_not_found" };
    if (before.revision !== change.revision) return { ok: false, code: "moved", current: before };
    const clash = change.retired ? undefined : clashOf(all, { key, name });
    if (clash) return { ok: false, code: "name_taken", by: clash };
    const fields = [
      ...(before.name === name ? [] : ["name"]),
      ...(before.needsNote === needsNote ? [] : ["needsNote"]),
      ...((before.retiredAt !== null) === change.retired ? [] : ["retired"]),
    ];
    if (fields.length === 0) return { ok: true, cause: before };
    const standing = before.retiredAt === null ? null : new Date(before.retiredAt);
    const row = await tx.cause.update({
      where: { organizationId_key: { organizationId, key } },
      data: {
        name,
        needsNote,
        retiredAt: change.retired ? (standing ?? at) : null,
        revision: before.revision + 1,
        updatedAt: at,
        updatedBy: writer.kind === "employee" ? writer.id : null,
      },
    });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "cause.updated",
      subjectId: key,
      data: { fields },
      at,
    });
    return { ok: true, cause: toKept(row) };
  });
}

/** A change of the catalogue, which this process goes by as soon as it is made. */
async function changing(
  organizationId: string,
  work: (tx: TenantTransaction) => Promise<CauseAnswer>,
): Promise<CauseAnswer> {
  const answer = await inTenant(organizationId, work);
  forgetDemands(organizationId);
  return answer;
}

/** The catalogue, which nobody else changes until the end. */
async function lockCatalogue(tx: TenantTransaction, organizationId: string): Promise<KeptCause[]> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('leeway.causes/' || ${organizationId}, 0))`;
  return (await tx.cause.findMany({ where: { organizationId } })).map(toKept);
}

/** Another one that is offered and that somebody would mean who types this name. */
function clashOf(all: readonly KeptCause[], cause: { key: string; name: string }): KeptCause | undefined {
  const others = all.filter(({ key, retiredAt }) => key !== cause.key && retiredAt === null);
  return causeMeant(cause.name, others) ?? causeMeant(cause.key, others) ?? undefined;
}
