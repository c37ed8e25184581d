import { isId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { usageQueries } from "@/lib/discretion/counters";
import type { Policy, Role } from "@/lib/discretion/schema";
import type { Facts, Usage, Used } from "@/lib/discretion/types";
import { startOfDay } from "@/lib/discretion/windows";
import { likelyPolicy, policyDocument, sawPolicy } from "@/lib/policies/data";

/** Everything that a verdict needs, as it was at one moment. */
export interface DecisionInputs {
  policyVersion: number;
  policy: Policy;
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

type Raw = Omit<DecisionInputs, "policyVersion" | "policy" | "usage"> & {
  policyVersion: number | null;
  /** Posted amount, reserved amount, posted count, reserved count. */
  usage: Record<string, [number, number, number, number]>;
};

/** Splits an id-or-reference into the two ways of looking it up. */
function reference(value: string | null | undefined): [id: string | null, ref: string | null] {
  return value ? [isId(value) ? value : null, value] : [null, null];
}

/**
 * Reads people, order, usage and the stored answer in one round trip. The policy in force is guessed from what this
 * process saw last; when the database names another, the read is done again with that one. Null where the organization
 * has no policy yet.
 */
export async function readDecisionInputs(query: {
  organizationId: string;
  employeeId: string;
  customer: string;
  order?: string | null;
  idempotencyKey?: string | null;
  at: Date;
}): Promise<DecisionInputs | null> {
  let guess = await likelyPolicy(query.organizationId);
  while (guess) {
    const { rows } = await pool().query<{ inputs: Raw }>({
      name: "read_decision_inputs",
      text: "select read_decision_inputs($1, $2, $3, $4, $5, $6, $7, $8) as inputs",
      values: [
        query.organizationId,
        query.employeeId,
        ...reference(query.customer),
        ...reference(query.order),
        query.idempotencyKey ?? null,
        JSON.stringify(usageQueries(guess.document, query.at.getTime())),
      ],
    });
    const raw = rows[0]?.inputs;
    if (!raw) throw new Error("read_decision_inputs gave no row.");
    if (raw.policyVersion === null) return null;
    if (raw.policyVersion === guess.version) {
      return { ...raw, policyVersion: guess.version, policy: guess.document, usage: toUsage(raw.usage) };
    }
    sawPolicy(query.organizationId, raw.policyVersion);
    guess = {
      version: raw.policyVersion,
      document: await policyDocument(query.organizationId, raw.policyVersion),
    };
  }
  return null;
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
