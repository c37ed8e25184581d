import { randomUUID } from "node:crypto";
import type { EmployeeActor } from "@/lib/auth/types";
import { upsertCustomer } from "@/lib/customers/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import type { DecisionInput } from "@/lib/decisions/schema";
import type { DecideAnswer, DecisionView } from "@/lib/decisions/types";
import type { Limit, PolicyInput, Role } from "@/lib/discretion/schema";
import { upsertOrder } from "@/lib/orders/mutations";
import { publishPolicy } from "@/lib/policies/mutations";

const SYSTEM = { kind: "system", id: null } as const;

/** A limit with everything that a test doesn't care about filled in. */
export function limit(parts: Pick<Limit, "id" | "scope" | "window" | "max"> & Partial<Limit>): Limit {
  return { measure: "amount", over: "handover", why: "Because.", say: "Gladly.", ...parts };
}

/** An organization of its own in the test file's database, with a manager, agents, customers and a policy. */
export async function scenario(parts: Partial<PolicyInput> = {}) {
  const now = new Date();
  const organizationId = newId(now);
  const document = { currency: "USD", timeZone: "America/New_York", limits: [], rules: [], ...parts };
  await inTenant(organizationId, (tx) =>
    tx.organization.create({
      data: { id: organizationId, name: "Test", currency: document.currency, timeZone: document.timeZone },
    }),
  );

  async function employee(role: Role, managerId: string | null = null): Promise<EmployeeActor> {
    const id = newId();
    const email = `${id}@example.test`;
    await inTenant(organizationId, (tx) =>
      tx.employee.create({ data: { organizationId, id, email, name: `The ${role}`, role, managerId } }),
    );
    return {
      kind: "employee",
      organizationId,
      organizationName: "Test",
      currency: document.currency,
      timeZone: document.timeZone,
      employeeId: id,
      name: `The ${role}`,
      email,
      role,
      team: null,
      sessionId: randomUUID(),
      passwordOneTime: false,
    };
  }

  const manager = await employee("manager");
  const agent = await employee("agent", manager.employeeId);

  async function publish(base: number | null, change: Partial<PolicyInput>) {
    Object.assign(document, change);
    return publishPolicy({ organizationId, base, document, note: null, authorId: null, now: new Date() });
  }
  const first = await publish(null, {});
  if (!first.ok) throw new Error(JSON.stringify(first));

  async function customer(ref: string = randomUUID()): Promise<string> {
    const made = await upsertCustomer({
      organizationId,
      externalRef: ref,
      input: { name: "A Customer", kind: "external" },
      writer: SYSTEM,
      at: new Date(),
    });
    return made.customer.id;
  }

  async function order(customerId: string, amountPaid: number): Promise<string> {
    const made = await upsertOrder({
      organizationId,
      externalRef: randomUUID(),
      input: { customer: customerId, amountPaid, currency: document.currency, placedAt: now.toISOString() },
      writer: SYSTEM,
      at: new Date(),
    });
    if (!made.ok) throw new Error(made.code);
    return made.order.id;
  }

  function ask(
    input: Partial<DecisionInput> & Pick<DecisionInput, "customer" | "amount">,
    options: { actor?: EmployeeActor; key?: string; now?: Date } = {},
  ): Promise<DecideAnswer> {
    return decide({
      actor: options.actor ?? agent,
      input: { remedy: "credit", currency: document.currency, ...input },
      idempotencyKey: options.key ?? randomUUID(),
      now: options.now ?? new Date(),
    });
  }

  return { organizationId, agent, manager, employee, customer, order, publish, ask };
}

/** The decision of an answer that is expected to be one. */
export function decided(answer: DecideAnswer): DecisionView {
  if (!answer.ok) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return answer.decision;
}
