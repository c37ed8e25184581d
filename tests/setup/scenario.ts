import { randomUUID } from "node:crypto";
import type { EmployeeActor } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import type { DecisionInput } from "@/lib/decisions/schema";
import type { DecideAnswer, DecisionView } from "@/lib/decisions/types";
import type { Limit, PolicyInput, Role } from "@/lib/discretion/schema";
import { personAuthor, publishPolicy, saveDraft } from "@/lib/policies/mutations";
import { createCustomer } from "../factories/customers";
import { createEmployee } from "../factories/employees";
import { createOrder } from "../factories/orders";
import { createOrganization } from "../factories/organizations";

/** A limit with everything that a test doesn't care about filled in. */
export function limit(parts: Pick<Limit, "id" | "scope" | "window" | "max"> & Partial<Limit>): Limit {
  return { measure: "amount", over: "handover", why: "Because.", say: "Gladly.", ...parts };
}

/** An organization of its own with a policy, a manager and an agent, and what a test does in it. */
export async function scenario(parts: Partial<PolicyInput> = {}, options: { undoSeconds?: number } = {}) {
  const organization = await createOrganization({ policy: parts, ...options });
  const { organizationId, currency, timeZone } = organization;
  const document = { currency, timeZone, limits: [], rules: [], ...parts };
  const employee = async (
    role: Role,
    options: { managerId?: string; password?: string; team?: string } = {},
  ) => (await createEmployee(organization, { role, ...options })).actor;
  const manager = await employee("manager");
  const agent = await employee("agent", { managerId: manager.employeeId });

  return {
    organizationId,
    agent,
    manager,
    employee,
    /** The id of a team that somebody is in. */
    async team(key: string): Promise<string> {
      const team = await inTenant(organizationId, (tx) =>
        tx.team.findFirstOrThrow({ where: { organizationId, key }, select: { id: true } }),
      );
      return team.id;
    },
    customer: async (ref?: string) => (await createCustomer(organization, { ref })).id,
    order: async (customer: string, amountPaid: number) =>
      (await createOrder(organization, { customer, amountPaid })).id,
    publish(base: number | null, change: Partial<PolicyInput>, now = new Date()) {
      Object.assign(document, change);
      return publishPolicy({ organizationId, base, document, note: null, authorId: null, now });
    },
    /** A draft by the manager: the policy as it is, changed. */
    async draft(change: Partial<PolicyInput>, base = 1): Promise<number> {
      const answer = await saveDraft({
        organizationId,
        version: null,
        revision: null,
        base,
        document: { ...document, ...change },
        note: null,
        author: personAuthor(manager.employeeId),
        now: new Date(),
      });
      if (!answer.ok) throw new Error(`The draft was refused: ${JSON.stringify(answer)}`);
      return answer.version;
    },
    ask(
      input: Partial<DecisionInput> & Pick<DecisionInput, "customer" | "amount">,
      options: { actor?: EmployeeActor; key?: string; now?: Date } = {},
    ): Promise<DecideAnswer> {
      return decide({
        actor: options.actor ?? agent,
        input: { remedy: "credit", currency, ...input },
        idempotencyKey: options.key ?? randomUUID(),
        now: options.now ?? new Date(),
      });
    },
  };
}

/** The decision of an answer that is expected to be one. */
export function decided(answer: DecideAnswer): DecisionView {
  if (!answer.ok) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return answer.decision;
}
