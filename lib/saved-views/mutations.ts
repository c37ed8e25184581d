import { type AuditActor, audit } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";
import { resolveFilter } from "@/lib/decisions/filters";
import type { Role } from "@/lib/discretion/schema";
import type { ViewQuery } from "@/lib/floor/schema";
import { mayShareViews, mayTidyViews } from "@/lib/saved-views/ability";
import { type SaveViewInput, VIEWS_EACH } from "@/lib/saved-views/schema";
import type { ChangeViewAnswer, SaveViewAnswer } from "@/lib/saved-views/types";

interface Keeper {
  organizationId: string;
  employeeId: string;
  role: Role;
  writer: AuditActor;
  at: Date;
}

/**
 * Keeps a view under a name: a new one, or one of the person's own anew. People and customers stand in it by id. It is
 * refused where they have another view of that name, have too many, or may share none.
 */
export async function saveView(options: Keeper & { input: SaveViewInput }): Promise<SaveViewAnswer> {
  const { organizationId, employeeId, role, at, input } = options;
  if (input.shared && !mayShareViews(role)) return { ok: false, code: "not_allowed" };
  const query = await withoutNames(organizationId, input.query);
  return inTenant(organizationId, async (tx): Promise<SaveViewAnswer> => {
    // Whoever keeps two at once keeps them one after the other.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('leeway.views/' || ${employeeId}, 0))`;
    const own = await tx.savedView.findMany({
      where: { organizationId, ownerId: employeeId },
      select: { id: true, name: true, shared: true },
    });
    if (own.some(({ id, name }) => name === input.name && id !== input.id)) {
      return { ok: false, code: "name_taken" };
    }
    const before = own.find(({ id }) => id === input.id);
    if (input.id !== null && !before) return { ok: false, code: "missing" };
    if (!before && own.length >= VIEWS_EACH) return { ok: false, code: "too_many" };
    const id = before?.id ?? newId(at);
    const kept = { name: input.name, query, shared: input.shared, updatedAt: at };
    if (before) {
      await tx.savedView.update({ where: { organizationId_id: { organizationId, id } }, data: kept });
    } else {
      await tx.savedView.create({
        data: { organizationId, id, ownerId: employeeId, createdAt: at, ...kept },
      });
    }
    if (input.shared && !before?.shared) {
      await audit(tx, {
        organizationId,
        actor: options.writer,
        action: "view.shared",
        subjectId: id,
        data: {},
        at,
      });
    }
    const isFirst = await tx.savedViewDefault.findFirst({
      where: { organizationId, employeeId, viewId: id },
      select: { viewId: true },
    });
    if (input.first) await beginWith(tx, organizationId, employeeId, id);
    else if (isFirst) await tx.savedViewDefault.deleteMany({ where: { organizationId, employeeId } });
    return { ok: true, id };
  });
}

/** Addresses may name people by their mail or reference; what is kept names them by id, or says what was there. */
async function withoutNames(organizationId: string, query: ViewQuery): Promise<ViewQuery> {
  const { employee, customer } = query;
  const ids = await resolveFilter(organizationId, {
    ...(employee ? { employee } : {}),
    ...(customer ? { customer } : {}),
  });
  return {
    ...query,
    ...(ids.employeeId ? { employee: ids.employeeId } : {}),
    ...(ids.customerId?.in[0] ? { customer: ids.customerId.in[0] } : {}),
  };
}

async function beginWith(
  tx: TenantTransaction,
  organizationId: string,
  employeeId: string,
  viewId: string,
): Promise<void> {
  await tx.savedViewDefault.upsert({
    where: { organizationId_employeeId: { organizationId, employeeId } },
    create: { organizationId, employeeId, viewId },
    update: { viewId },
  });
}

/** Says with which view somebody begins: one that they may choose, or null for every action. */
export async function chooseFirstView(options: Keeper & { id: string | null }): Promise<ChangeViewAnswer> {
  const { organizationId, employeeId, id } = options;
  return inTenant(organizationId, async (tx): Promise<ChangeViewAnswer> => {
    if (id === null) {
      await tx.savedViewDefault.deleteMany({ where: { organizationId, employeeId } });
      return { ok: true };
    }
    const view = await tx.savedView.findFirst({
      where: { organizationId, id, OR: [{ ownerId: employeeId }, { shared: true }] },
      select: { id: true },
    });
    if (!view) return { ok: false, code: "missing" };
    await beginWith(tx, organizationId, employeeId, id);
    return { ok: true };
  });
}

/** Takes a view away: one's own, or where the role may, one that another shares. */
export async function removeView(options: Keeper & { id: string }): Promise<ChangeViewAnswer> {
  const { organizationId, employeeId, role, id, writer, at } = options;
  return inTenant(organizationId, async (tx): Promise<ChangeViewAnswer> => {
    const view = await tx.savedView.findFirst({
      where: { organizationId, id, OR: [{ ownerId: employeeId }, { shared: true }] },
      select: { ownerId: true, shared: true },
    });
    if (!view) return { ok: false, code: "missing" };
    if (view.ownerId !== employeeId && !mayTidyViews(role)) return { ok: false, code: "not_allowed" };
    await tx.savedView.deleteMany({ where: { organizationId, id } });
    if (view.shared) {
      await audit(tx, { organizationId, actor: writer, action: "view.removed", subjectId: id, data: {}, at });
    }
    return { ok: true };
  });
}
