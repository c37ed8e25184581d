import { isId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { DeliveryStatus, Endpoint, LoggedDelivery } from "@/lib/webhooks/types";

const PAGE = 25;

const iso = (at: Date | null) => at?.toISOString() ?? null;

interface EndpointRow extends Omit<Endpoint, "createdAt" | "lastSuccessAt" | "failingSince" | "disabledAt"> {
  createdAt: Date;
  lastSuccessAt: Date | null;
  failingSince: Date | null;
  disabledAt: Date | null;
}

/** The organization's endpoints, oldest first; of one id, where one is named. No secret is read. */
export async function listEndpoints(organizationId: string, id: string | null = null): Promise<Endpoint[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<EndpointRow>(
      `select e.id, e.url, e.kinds, e.status, e.created_at as "createdAt", e.last_success_at as "lastSuccessAt",
         e.failing_since as "failingSince", e.disabled_at as "disabledAt",
         (select count(*)::integer from webhook_deliveries d
           where d.organization_id = e.organization_id and d.endpoint_id = e.id and d.status = 'waiting') as waiting,
         (select count(*)::integer from webhook_deliveries d
           where d.organization_id = e.organization_id and d.endpoint_id = e.id and d.status = 'dead') as dead
       from webhook_endpoints e where e.organization_id = $1 and ($2::uuid is null or e.id = $2)
       order by e.created_at, e.id`,
      [organizationId, id],
    ),
  );
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSuccessAt: iso(row.lastSuccessAt),
    failingSince: iso(row.failingSince),
    disabledAt: iso(row.disabledAt),
  }));
}

/** One endpoint; null where the organization has none of that id. */
export async function findEndpoint(organizationId: string, id: string): Promise<Endpoint | null> {
  return isId(id) ? ((await listEndpoints(organizationId, id))[0] ?? null) : null;
}

interface DeliveryRow extends Omit<LoggedDelivery, "createdAt" | "nextAttemptAt" | "last"> {
  createdAt: Date;
  nextAttemptAt: Date;
  at: Date | null;
  code: number | null;
  fault: string | null;
  latencyMs: number | null;
  excerpt: string | null;
}

/** What an endpoint was told and is to be told, newest first, a page at a time. */
export async function listDeliveries(
  organizationId: string,
  endpointId: string,
  query: { status: DeliveryStatus | null; before: string | null },
): Promise<{ deliveries: LoggedDelivery[]; next: string | null }> {
  const before = query.before !== null && isId(query.before) ? query.before : null;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<DeliveryRow>(
      `select d.message_id as message, m.type, m.decision_id as decision, d.status, d.attempts, d.created_at as "createdAt",
         d.next_attempt_at as "nextAttemptAt", a.at, a.code, a.fault, a.latency_ms as "latencyMs", a.excerpt
       from webhook_deliveries d
       join webhook_messages m on m.organization_id = d.organization_id and m.id = d.message_id
       left join lateral (
         select * from webhook_attempts a
         where a.organization_id = d.organization_id and a.endpoint_id = d.endpoint_id and a.message_id = d.message_id
         order by a.at desc, a.id desc limit 1
       ) a on true
       where d.organization_id = $1 and d.endpoint_id = $2 and ($3::text is null or d.status = $3)
         and ($4::uuid is null or d.message_id < $4)
       order by d.message_id desc limit $5`,
      [organizationId, endpointId, query.status, before, PAGE + 1],
    ),
  );
  const shown = rows.slice(0, PAGE);
  return {
    deliveries: shown.map(toLogged),
    next: rows.length > PAGE ? (shown.at(-1)?.message ?? null) : null,
  };
}

function toLogged(row: DeliveryRow): LoggedDelivery {
  const { message, type, decision, status, attempts } = row;
  return {
    message,
    type,
    decision,
    status,
    attempts,
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: status === "waiting" ? row.nextAttemptAt.toISOString() : null,
    last: row.at && {
      at: row.at.toISOString(),
      code: row.code,
      fault: row.fault,
      latencyMs: row.latencyMs ?? 0,
      excerpt: row.excerpt,
    },
  };
}
