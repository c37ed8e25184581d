import { type FoundKey, sawKey } from "@/lib/auth/api-keys";
import type { ApiKeyActor } from "@/lib/auth/types";
import { isId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { counterKey, usageQueries } from "@/lib/discretion/counters";
import type { Policy, Role } from "@/lib/discretion/schema";
import type { ExchangeRate, Facts, Usage, Used } from "@/lib/discretion/types";
import { localDay, startOfDay } from "@/lib/discretion/windows";
import { likelyPolicy, policyDocument, sawPolicy } from "@/lib/policies/data";

/** Everything that a verdict needs, as it was at one moment. */
export interface DecisionInputs {
  policyVersion: number;
  policy: Policy;
  /** Every version that somebody decides under at this moment, in order of number, and the documents of the others. */
  versionsInForce: number[];
  policiesBeside: Policy[];
  /** What the currency that is asked for is worth in the policy's; null where there is no rate. */
  rate: ExchangeRate | null;
  organization: { timeZone: string; currency: string; handoverMinutes: number; undoSeconds: number };
  employee: {
    id: string;
    role: Role;
    status: "active" | "suspended";
    startedOn: string | null;
    teamId: string | null;
    team: string | null;
    managerId: string | null;
  } | null;
  customer: { id: string; tier: string | null } | null;
  order: {
    id: string;
    customerId: string;
    paid: number;
    currency: string;
    placedAt: number | null;
    refunded: number;
    reserved: number;
    /** Somebody's bank was asked to take the payment back, and has not said yet whether it does. */
    hasOpenDispute: boolean;
  } | null;
  replay: { hash: string; decisionId: string } | null;
  usage: Usage;
}

type Raw = Omit<DecisionInputs, "policyVersion" | "policy" | "policiesBeside" | "usage"> & {
  policyVersion: number | null;
  /** Posted amount, reserved amount, posted count, reserved count. */
  usage: Record<string, [number, number, number, number]>;
  /** What the decision that is being answered holds of it: reserved amount, reserved count. */
  held: Record<string, [number, number]> | null;
};

/** Splits an id-or-reference into the two ways of looking it up. */
function reference(value: string | null | undefined): [id: string | null, ref: string | null] {
  return value ? [isId(value) ? value : null, value] : [null, null];
}

/** What the inputs are read for. */
export interface InputsQuery {
  customer: string;
  order?: string | null;
  /** The currency that is asked for; the policy's, if left out. */
  currency?: string;
  idempotencyKey?: string | null;
  /** The moment whose policy is in force. */
  at: Date;
  /** The moment in whose windows it counts; the same, unless an earlier request is looked at anew. */
  countsAt?: Date;
  /** A reserved decision that is looked at anew: what it holds itself is not in its way. */
  answered?: string | null;
  /** A case that other decisions may belong to already: what counts by case has seen those. */
  caseId?: string | null;
}

/** What the database is asked, beside whom it is about. */
function parametersOf(document: Policy, query: InputsQuery): unknown[] {
  const countsAt = (query.countsAt ?? query.at).getTime();
  const foreign = query.currency === document.currency ? null : (query.currency ?? null);
  return [
    ...reference(query.customer),
    ...reference(query.order),
    query.idempotencyKey ?? null,
    usageQueriesOf(document, countsAt),
    query.at,
    foreign,
    foreign === null ? null : localDay(countsAt, document.timeZone),
  ];
}

/** The usage queries of a document and a day, as the database reads them: the same for everybody who decides that day. */
const written = new WeakMap<Policy, { day: string; text: string }>();

function usageQueriesOf(document: Policy, at: number): string {
  const day = localDay(at, document.timeZone);
  const known = written.get(document);
  if (known?.day === day) return known.text;
  const text = JSON.stringify(usageQueries(document, at));
  written.set(document, { day, text });
  return text;
}

/**
 * Reads people, order, usage, rate and the stored answer in one round trip. The policy that the employee decides under
 * is guessed from what this process saw last; when the database names another, the read is done again with that one.
 * Null where the organization has no policy yet.
 */
export async function readDecisionInputs(
  query: InputsQuery & { organizationId: string; employeeId: string },
): Promise<DecisionInputs | null> {
  const { organizationId, employeeId } = query;
  let guess = await likelyPolicy(organizationId, employeeId);
  while (guess) {
    const { document } = guess;
    const { rows } = await pool().query<{ inputs: Raw }>({
      name: "read_decision_inputs",
      text: "select read_decision_inputs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as inputs",
      values: [organizationId, employeeId, ...parametersOf(document, query), query.answered ?? null],
    });
    const raw = rows[0]?.inputs;
    if (!raw) throw new Error("read_decision_inputs gave no row.");
    if (raw.policyVersion === null) return null;
    if (raw.policyVersion === guess.version) {
      const inputs = await toInputs(organizationId, raw, guess);
      return query.caseId
        ? withCaseUsage(organizationId, inputs, { ...query, caseId: query.caseId })
        : inputs;
    }
    const { policyVersion: version, versionsInForce } = raw;
    // With one version in force it is everybody's; with a trial beside it, this employee's.
    if (versionsInForce.length === 1) sawPolicy(organizationId, version);
    sawPolicy(organizationId, version, employeeId);
    guess = { version, document: await policyDocument(organizationId, version) };
  }
  return null;
}

/**
 * Proves a key and reads what its employee decides on, both in one round trip: nothing is known of the key but what the
 * database says in that very moment. The organization and the policy are guessed; `inputs` is null where a guess was
 * wrong, and then has to be read by itself. Null where there is no policy to guess.
 */
export async function readAsBearer(
  likely: { digest: string; organizationId: string },
  named: { id: string | null; email: string | null },
  query: InputsQuery,
): Promise<{ actor: ApiKeyActor | null; inputs: DecisionInputs | null } | null> {
  const guess = await likelyPolicy(likely.organizationId, named.id ?? "");
  if (!guess) return null;
  const { rows } = await pool().query<{ found: { actor: FoundKey | null; inputs: Raw | null } }>({
    name: "read_as_bearer",
    text: "select read_as_bearer($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as found",
    values: [
      likely.digest,
      named.id,
      named.email,
      likely.organizationId,
      ...parametersOf(guess.document, query),
    ],
  });
  const found = rows[0]?.found;
  if (!found) throw new Error("read_as_bearer gave no row.");
  const actor = sawKey(likely.digest, found.actor);
  const inputs =
    actor && found.inputs?.policyVersion === guess.version
      ? await toInputs(actor.organizationId, found.inputs, guess)
      : null;
  return { actor, inputs };
}

async function toInputs(
  organizationId: string,
  raw: Raw,
  { version, document }: { version: number; document: Policy },
): Promise<DecisionInputs> {
  const { held, ...read } = raw;
  return {
    ...read,
    policyVersion: version,
    policy: document,
    policiesBeside: await documentsBeside(organizationId, raw.versionsInForce, version),
    usage: toUsage(raw.usage, held ?? {}),
  };
}

/**
 * With what the limits that count by case have seen of one. A case is new with nearly every decision, and then there is
 * nothing to read; so it is asked for by itself, and only where there are such limits.
 */
async function withCaseUsage(
  organizationId: string,
  inputs: DecisionInputs,
  query: InputsQuery & { caseId: string },
): Promise<DecisionInputs> {
  const { policy, employee, customer, order } = inputs;
  const limits = policy.limits.filter(({ window }) => window === "case");
  if (limits.length === 0 || !employee || !customer) return inputs;
  const request = { at: (query.countsAt ?? query.at).getTime(), caseId: query.caseId };
  const facts = { employee: { id: employee.id, team: employee.team }, customer, order };
  const keys = limits.flatMap((limit) => {
    const key = counterKey(limit, policy, request, facts);
    return key === null ? [] : [{ limitId: limit.id, definition: key.definition, scopeKey: key.scopeKey }];
  });
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ limitId: string; seen: [number, number, number, number] }>(CASE_USAGE, [
      organizationId,
      JSON.stringify(keys),
      query.answered ?? null,
    ]),
  );
  const usage = toUsage(Object.fromEntries(rows.map(({ limitId, seen }) => [limitId, seen])), {});
  return { ...inputs, usage: { ...inputs.usage, ...usage } };
}

const CASE_USAGE = `
  select q."limitId", jsonb_build_array(
      sum(k.posted_amount), sum(k.reserved_amount) - coalesce(max(h.amount), 0),
      sum(k.posted_count), sum(k.reserved_count) - coalesce(max(h.count), 0)) as seen
  from jsonb_to_recordset($2::jsonb) as q ("limitId" text, definition text, "scopeKey" text)
  join counters k on k.organization_id = $1 and k.definition = q.definition and k.scope_key = q."scopeKey"
  left join lateral (
    select sum(d.amount) as amount, sum(d.count) as count from decision_holdings($1, $3) as d
    where $3::uuid is not null and d.kind = 'reserved' and d.definition = q.definition and d.scope_key = q."scopeKey"
  ) as h on true
  group by q."limitId"`;

async function documentsBeside(organizationId: string, inForce: number[], own: number): Promise<Policy[]> {
  if (inForce.length === 1) return [];
  const others = inForce.filter((version) => version !== own);
  return Promise.all(others.map((version) => policyDocument(organizationId, version)));
}

function toUsage(raw: Raw["usage"], held: NonNullable<Raw["held"]>): Usage {
  const usage: Record<string, Used> = {};
  for (const [limitId, [postedAmount, reservedAmount, postedCount, reservedCount]] of Object.entries(raw)) {
    const [ownAmount, ownCount] = held[limitId] ?? [0, 0];
    usage[limitId] = {
      postedAmount,
      reservedAmount: reservedAmount - ownAmount,
      postedCount,
      reservedCount: reservedCount - ownCount,
    };
  }
  return usage;
}

/** The inputs as the engine takes them; the caller has seen to it that employee and customer are there. */
export function toFacts(
  employee: NonNullable<DecisionInputs["employee"]>,
  customer: NonNullable<DecisionInputs["customer"]>,
  inputs: Pick<DecisionInputs, "order" | "policy">,
): Facts {
  return {
    employee: {
      id: employee.id,
      role: employee.role,
      team: employee.team,
      startedAt: employee.startedOn ? startOfDay(employee.startedOn, inputs.policy.timeZone) : null,
    },
    customer,
    order: inputs.order
      ? {
          id: inputs.order.id,
          paid: inputs.order.paid,
          refunded: inputs.order.refunded,
          reserved: inputs.order.reserved,
          placedAt: inputs.order.placedAt,
        }
      : null,
    // Leeway hears of disputes from the payment providers that are connected; without an order there is nothing to dispute.
    hasOpenDispute: inputs.order?.hasOpenDispute ?? false,
  };
}
