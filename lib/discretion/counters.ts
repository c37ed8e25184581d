import { type CompiledLimit, compiledLimit, compiledPolicy } from "./compiled-policy";
import { type Limit, ORDER_REFUNDABLE, type Policy, type Scope } from "./schema";
import type { CounterKey, DecisionRequest, Facts } from "./types";
import { NO_CALENDAR_BUCKET } from "./windows";

/** The definition of the counter that holds what was refunded of each order. */
export const orderRefundableDefinition: string = ORDER_REFUNDABLE;

/** The ids that a scope key is made of. */
export interface ScopeIds {
  employee: string;
  customer: string;
  team: string | null;
  order: string | null;
  /** Only counts for limits whose window is the case. */
  case?: string | null;
}

/** What the ledger must read to know the usage of one limit; independent of who asks for what. */
export interface UsageQuery {
  limitId: string;
  definition: string;
  scope: readonly Scope[];
  /** The window is the case: the scope key ends with it, and without a case there is no usage. */
  perCase: boolean;
  /** The bucket to read, for a rolling window the last one. */
  bucket: string;
  /** For a rolling window the first bucket to sum up; else `null`. */
  rollingFrom: string | null;
}

/**
 * Names what a limit counts: a readable prefix and a digest of scope, window, condition, currency and, where a
 * calendar bounds the window, time zone. Limits of one name count the same decisions and share their counters.
 *
 * Stored with every counter, so it must never come out differently for the same limit.
 */
export function counterDefinition(limit: Limit, policy: Policy): string {
  return compiledLimit(policy, limit).definition;
}

/**
 * Where the usage of a limit is kept for this request. `null` when nothing is kept: the limit is not looked at (no
 * order, no team), counts each decision alone, or counts by case while the request has none and so stands alone.
 */
export function counterKey(
  limit: Limit,
  policy: Policy,
  request: Pick<DecisionRequest, "at" | "caseId">,
  facts: CounterFacts,
): CounterKey | null {
  return counterKeysFor(policy, request, facts)(compiledLimit(policy, limit));
}

/** The facts that a counter is found by. */
export type CounterFacts = {
  employee: Pick<Facts["employee"], "id" | "team">;
  customer: Pick<Facts["customer"], "id">;
  order: { id: string } | null;
};

/** As `counterKey`, for many limits and one request: what their keys have in common is put together once. */
export function counterKeysFor(
  policy: Policy,
  request: Pick<DecisionRequest, "at" | "caseId">,
  facts: CounterFacts,
): (limit: CompiledLimit) => CounterKey | null {
  const today = compiledPolicy(policy).dayAt(request.at);
  const ids = idsOf(facts, request.caseId);
  const scopeKeys = new Map<string, string | null>();

  return ({ limit, definition, scope, scopeName, bucketsOf }) => {
    if (limit.window === "decision") return null;
    let key = scopeKeys.get(scopeName);
    if (key === undefined) {
      key = scopeKey(scope, ids, limit.window === "case");
      scopeKeys.set(scopeName, key);
    }
    if (key === null) return null;
    const { bucket, rollingFrom } = bucketsOf(today);
    return { definition, scope, scopeKey: key, bucket, rollingFrom };
  };
}

/** Where the refunds of an order are kept, whatever the policy says. */
export function orderCounterKey(orderId: string): CounterKey {
  return {
    definition: orderRefundableDefinition,
    scope: ["order"],
    scopeKey: `order:${escapeId(orderId)}`,
    bucket: NO_CALENDAR_BUCKET,
    rollingFrom: null,
  };
}

/**
 * What the ledger reads before it knows any fact: one query for each limit that keeps usage, in the document's order.
 * With `scopeKey` and the ids at hand each becomes the key of the rows to sum up.
 */
export function usageQueries(policy: Policy, at: number): UsageQuery[] {
  const { dayAt, limits } = compiledPolicy(policy);
  const today = dayAt(at);
  return limits
    .filter(({ limit }) => limit.window !== "decision")
    .map(({ limit, definition, scope, bucketsOf }) => ({
      limitId: limit.id,
      definition,
      scope,
      perCase: limit.window === "case",
      ...bucketsOf(today),
    }));
}

/**
 * The text by which a counter is found: `employee:<id>/customer:<id>`, in the order of `SCOPES`; `organization` where
 * everything is counted together. `null` when an id that it needs is missing.
 */
export function scopeKey(scope: readonly Scope[], ids: ScopeIds, perCase = false): string | null {
  const parts: string[] = [];
  for (const member of SCOPES_WITH_ID) {
    if (!scope.includes(member)) continue;
    const id = ids[member];
    if (id === null) return null;
    parts.push(`${member}:${escapeId(id)}`);
  }
  if (parts.length === 0) parts.push("organization");
  if (!perCase) return parts.join("/");
  return ids.case ? `${parts.join("/")}/case:${escapeId(ids.case)}` : null;
}

const SCOPES_WITH_ID = ["employee", "customer", "team", "order"] as const satisfies readonly Scope[];

/** An id that came from elsewhere may hold a slash, and must not read as two parts. */
function escapeId(id: string): string {
  if (!/[%/]/.test(id)) return id;
  return id.replaceAll("%", "%25").replaceAll("/", "%2F");
}

function idsOf(facts: CounterFacts, caseId: string | null | undefined): ScopeIds {
  return {
    employee: facts.employee.id,
    customer: facts.customer.id,
    team: facts.employee.team,
    order: facts.order?.id ?? null,
    case: caseId,
  };
}
