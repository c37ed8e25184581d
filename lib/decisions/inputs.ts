import { isId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { usageQueries } from "@/lib/discretion/counters";
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
  organization: { timeZone: string; currency: string; handoverMinutes: number };
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
  } | null;
  replay: { hash: string; decisionId: string } | null;
  usage: Usage;
}

type Raw = Omit<DecisionInputs, "policyVersion" | "policy" | "policiesBeside" | "usage"> & {
  policyVersion: number | null;
  /** Posted amount, reserved amount, posted count, reserved count. */
  usage: Record<string, [number, number, number, number]>;
};

/** Splits an id-or-reference into the two ways of looking it up. */
function reference(value: string | null | undefined): [id: string | null, ref: string | null] {
  return value ? [isId(value) ? value : null, value] : [null, null];
}

/**
 * Reads people, order, usage, rate and the stored answer in one round trip. The policy that the employee decides under
 * is guessed from what this process saw last; when the database names another, the read is done again with that one.
 * Null where the organization has no policy yet.
 */
export async function readDecisionInputs(query: {
  organizationId: string;
  employeeId: string;
  customer: string;
  order?: string | null;
  /** The currency that is asked for; the policy's, if left out. */
  currency?: string;
  idempotencyKey?: string | null;
  at: Date;
}): Promise<DecisionInputs | null> {
  const { organizationId, employeeId, at } = query;
  let guess = await likelyPolicy(organizationId, employeeId);
  while (guess) {
    const { document } = guess;
    const foreign = query.currency === document.currency ? null : (query.currency ?? null);
    const { rows } = await pool().query<{ inputs: Raw }>({
      name: "read_decision_inputs",
      text: "select read_decision_inputs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as inputs",
      values: [
        organizationId,
        employeeId,
        ...reference(query.customer),
        ...reference(query.order),
        query.idempotencyKey ?? null,
        JSON.stringify(usageQueries(document, at.getTime())),
        at,
        foreign,
        foreign === null ? null : localDay(at.getTime(), document.timeZone),
      ],
    });
    const raw = rows[0]?.inputs;
    if (!raw) throw new Error("read_decision_inputs gave no row.");
    if (raw.policyVersion === null) return null;
    if (raw.policyVersion === guess.version) {
      return {
        ...raw,
        policyVersion: guess.version,
        policy: document,
        policiesBeside: await documentsBeside(organizationId, raw.versionsInForce, guess.version),
        usage: toUsage(raw.usage),
      };
    }
    const { policyVersion: version, versionsInForce } = raw;
    // With one version in force it is everybody's; with a trial beside it, this employee's.
    if (versionsInForce.length === 1) sawPolicy(organizationId, version);
    sawPolicy(organizationId, version, employeeId);
    guess = { version, document: await policyDocument(organizationId, version) };
  }
  return null;
}

async function documentsBeside(organizationId: string, inForce: number[], own: number): Promise<Policy[]> {
  if (inForce.length === 1) return [];
  const others = inForce.filter((version) => version !== own);
  return Promise.all(others.map((version) => policyDocument(organizationId, version)));
}

function toUsage(raw: Raw["usage"]): Usage {
  const usage: Record<string, Used> = {};
  for (const [limitId, [postedAmount, reservedAmount, postedCount, reservedCount]] of Object.entries(raw)) {
    usage[limitId] = { postedAmount, reservedAmount, postedCount, reservedCount };
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
    // Leeway hears of disputes from the payment providers that are connected; nobody told of one.
    hasOpenDispute: false,
  };
}
