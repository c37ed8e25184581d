import { headers } from "next/headers";
import { audit, auditActor } from "@/lib/audit/mutations";
import { mayEnter } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import { inTenant } from "@/lib/db/prisma";
import { localDay } from "@/lib/discretion/windows";
import { exportActions } from "@/lib/floor/export";
import { readTableSearch } from "@/lib/floor/schema";
import { isSameOrigin } from "@/lib/http/origin";
import { problem } from "@/lib/http/problem";
import type { SearchParams } from "@/lib/insights/schema";
import { log } from "@/lib/log";

/**
 * The list of actions as a file: the rows, the order and the columns that the address says, written while they are read.
 * Whoever goes away in the middle of it doesn't want the rest, and nothing is read for them any more.
 */
export async function exportList(request: Request): Promise<Response> {
  const actor = await currentActor();
  if (!actor) return problem("unauthorized");
  if (actor.passwordOneTime) return problem("password_one_time");
  if (!isSameOrigin(await headers())) return problem("cross_origin");
  if (!mayEnter(actor.role, "floor")) return problem("not_allowed");
  const { organizationId, timeZone } = actor;
  const now = new Date();
  const today = localDay(now.getTime(), timeZone);
  const params: SearchParams = Object.fromEntries(new URL(request.url).searchParams);
  const { filter, given, sort, columns } = readTableSearch(params, today);
  await inTenant(organizationId, (tx) =>
    audit(tx, {
      organizationId,
      actor: auditActor(actor),
      action: "decisions.exported",
      subjectId: organizationId,
      data: { filters: Object.keys(given), columns: [...columns] },
      at: now,
    }),
  );
  const gone = new AbortController();
  const pieces = exportActions({ organizationId, filter, sort, timeZone, columns, signal: gone.signal });
  return new Response(toStream(pieces, gone), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="actions-${today}.csv"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

/** Made no faster than it is taken. */
function toStream(pieces: AsyncGenerator<string>, gone: AbortController): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          if (gone.signal.aborted) return;
          log.error({ reason: (error as Error).message }, "an export broke off");
          controller.error(error);
        }
      },
      cancel() {
        gone.abort();
      },
    },
    { highWaterMark: 1 },
  );
}
