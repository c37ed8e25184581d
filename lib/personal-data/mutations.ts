import { type AuditActor, audit } from "@/lib/audit/mutations";
import { pool } from "@/lib/db/pool";
import { inTenant } from "@/lib/db/prisma";
import { exportRows } from "@/lib/personal-data/data";
import type { ErasureReason } from "@/lib/personal-data/schema";
import type {
  EraseCustomerAnswer,
  ErasedTexts,
  EraseEmployeeAnswer,
  Person,
} from "@/lib/personal-data/types";

interface Erasure {
  organizationId: string;
  reason: ErasureReason;
  writer: AuditActor;
  at: Date;
}

/**
 * Makes a customer anonymous, with every record that was merged with theirs: name, contacts and reference go, and every
 * text that was written about them. Ids, amounts, decisions, entries and counters stay, so that history still adds up and
 * its seals verify; nobody decides for them any more. A later upsert of the same reference makes a new customer. Erasing
 * somebody twice does no harm, and takes what was written since.
 */
export async function eraseCustomer(options: Erasure & { customerId: string }): Promise<EraseCustomerAnswer> {
  const { rows } = await pool().query<{
    answer:
      | ({ outcome: "erased"; customer: string; records: string[]; changed: number } & ErasedTexts)
      | { outcome: "missing" };
  }>("select erase_customer($1, $2, $3, $4, $5) as answer", [
    options.organizationId,
    options.customerId,
    options.reason,
    JSON.stringify(options.writer),
    options.at,
  ]);
  const answer = rows[0]?.answer;
  switch (answer?.outcome) {
    case "erased": {
      const { outcome: _, ...erased } = answer;
      return { ok: true, ...erased };
    }
    case "missing":
      return { ok: false, code: "customer_not_found" };
    case undefined:
      throw new Error("erase_customer gave no row.");
    default:
      throw new Error(`erase_customer answered ${JSON.stringify(answer satisfies never)}.`);
  }
}

/**
 * Makes somebody who left anonymous: name, address and password go, their sessions end, whoever reported to them reports
 * to nobody. What they decided stays theirs, by id. An organization's last admin can't be erased.
 */
export async function eraseEmployee(options: Erasure & { employeeId: string }): Promise<EraseEmployeeAnswer> {
  const { rows } = await pool().query<{
    answer:
      | { outcome: "erased"; changed: number; sessions: number; reports: number }
      | { outcome: "missing" | "last_admin" };
  }>("select erase_employee($1, $2, $3, $4, $5) as answer", [
    options.organizationId,
    options.employeeId,
    options.reason,
    JSON.stringify(options.writer),
    options.at,
  ]);
  const answer = rows[0]?.answer;
  switch (answer?.outcome) {
    case "erased": {
      const { changed, sessions, reports } = answer;
      return { ok: true, changed: changed > 0, sessions, reports };
    }
    case "missing":
      return { ok: false, code: "employee_not_found" };
    case "last_admin":
      return { ok: false, code: "last_admin" };
    case undefined:
      throw new Error("erase_employee gave no row.");
    default:
      throw new Error(`erase_employee answered ${JSON.stringify(answer satisfies never)}.`);
  }
}

/**
 * All that is held about one person, as the pieces of a JSON text that is never held whole. That somebody took it is
 * written down before the first piece.
 */
export async function exportPerson(options: {
  organizationId: string;
  person: Person;
  writer: AuditActor;
  at: Date;
}): Promise<AsyncGenerator<string>> {
  const { organizationId, person, writer, at } = options;
  await inTenant(organizationId, (tx) =>
    audit(tx, {
      organizationId,
      actor: writer,
      action: `${person.kind}.exported`,
      subjectId: person.id,
      data: {},
      at,
    }),
  );
  return exportRows(organizationId, person, at);
}
