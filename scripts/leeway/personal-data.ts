import type { ErasureReason } from "@/lib/personal-data/schema";
import type { Person } from "@/lib/personal-data/types";
import { CannotProceed } from "../operations/cannot-proceed";
import { say } from "../operations/program";
import { type OrganizationOption, openOrganization } from "./app";
import { confirmed } from "./confirm";
import { counted, print, printPieces } from "./output";
import { openSecretOutput } from "./output-file";

// By hand, so from the command line of whoever runs it: history knows no person for it.
const WRITER = { kind: "system", id: null } as const;

export interface EraseOptions extends OrganizationOption {
  reason: ErasureReason;
  yes?: boolean;
  json?: boolean;
}

export interface ExportOptions extends OrganizationOption {
  to?: string;
}

export async function eraseCustomer(idOrRef: string, options: EraseOptions): Promise<number> {
  const { organization, person, name } = await open("customer", idOrRef, options);
  const question = `${name} of ${organization.name} will be anonymous for good, with every text about them.`;
  if (!options.yes && !(await confirmed(question, "erase"))) return stopped();
  const mutations = await import("@/lib/personal-data/mutations");
  const answer = await mutations.eraseCustomer({
    organizationId: organization.id,
    customerId: person.id,
    reason: options.reason,
    writer: WRITER,
    at: new Date(),
  });
  if (!answer.ok) throw missing("customer", idOrRef, organization.name);
  const { ok: _, ...erased } = answer;
  const texts = erased.notes + erased.cases + erased.answers + erased.reversals + erased.merges;
  await print(options.json, erased, [
    erased.changed === 0
      ? "They were erased before, and nothing was written about them since."
      : `Erased: ${counted(erased.records.length, "record")} and ${counted(texts, "text")}. Decisions and amounts are as they were.`,
  ]);
  return 0;
}

export async function eraseEmployee(idOrEmail: string, options: EraseOptions): Promise<number> {
  const { organization, person, name } = await open("employee", idOrEmail, options);
  const question = `${name} of ${organization.name} will be anonymous for good and can't sign in any more.`;
  if (!options.yes && !(await confirmed(question, "erase"))) return stopped();
  const mutations = await import("@/lib/personal-data/mutations");
  const answer = await mutations.eraseEmployee({
    organizationId: organization.id,
    employeeId: person.id,
    reason: options.reason,
    writer: WRITER,
    at: new Date(),
  });
  if (!answer.ok && answer.code === "last_admin") {
    throw new CannotProceed(
      `${name} is the only admin of ${organization.name}.`,
      "Make somebody else an admin first: nobody could keep the settings otherwise.",
    );
  }
  if (!answer.ok) throw missing("employee", idOrEmail, organization.name);
  const { changed, sessions, reports } = answer;
  await print(options.json, { employee: person.id, changed, sessions, reports }, [
    changed
      ? `Erased; ${counted(sessions, "session")} ended, and ${counted(reports, "person", "people")} who reported to them ${reports === 1 ? "reports" : "report"} to nobody. What they decided is as it was.`
      : "They were erased before.",
  ]);
  return 0;
}

export function exportCustomer(idOrRef: string, options: ExportOptions): Promise<number> {
  return exportPerson("customer", idOrRef, options);
}

export function exportEmployee(idOrEmail: string, options: ExportOptions): Promise<number> {
  return exportPerson("employee", idOrEmail, options);
}

async function exportPerson(kind: Person["kind"], named: string, options: ExportOptions): Promise<number> {
  const { organization, person } = await open(kind, named, options);
  const file = options.to === undefined ? null : await openSecretOutput(options.to);
  const mutations = await import("@/lib/personal-data/mutations");
  const pieces = await mutations.exportPerson({
    organizationId: organization.id,
    person,
    writer: WRITER,
    at: new Date(),
  });
  if (file === null) {
    await printPieces(pieces);
    return 0;
  }
  for await (const piece of pieces) await file.write(piece);
  await file.finish();
  say(`All that is held about them is in ${options.to}, which only you may read.`);
  return 0;
}

async function open(kind: Person["kind"], named: string, options: OrganizationOption) {
  const organization = await openOrganization(options);
  const data = await import("@/lib/personal-data/data");
  const find = kind === "customer" ? data.findCustomerRecord : data.findEmployeeRecord;
  const found = await find(organization.id, named);
  if (!found) throw missing(kind, named, organization.name);
  return { organization, person: { kind, id: found.id }, name: found.name };
}

function missing(kind: Person["kind"], named: string, organization: string): CannotProceed {
  return kind === "customer"
    ? new CannotProceed(
        `${organization} has no customer ${named}.`,
        "Name them by the id in Leeway or by your own reference; whoever was erased has only the id.",
      )
    : new CannotProceed(
        `${organization} has no employee ${named}.`,
        "Name them by id or by the address that they sign in with; whoever was erased has only the id.",
      );
}

function stopped(): number {
  say("Nothing was erased.");
  return 1;
}
