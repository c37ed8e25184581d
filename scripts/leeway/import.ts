import { formatAmount } from "@/lib/format/money";
import { dateFormatFault } from "@/lib/imports/moments";
import { type ImportRequest, UnusableFile } from "@/lib/imports/types";
import { CannotProceed } from "../operations/cannot-proceed";
import { say } from "../operations/program";
import { type OrganizationOption, openOrganization } from "./app";
import { counted, faultInWords, print } from "./output";
import { fromHere, openOutput, writeSecretFile } from "./output-file";
import { WrongUsage } from "./usage";

export interface ImportOptions extends OrganizationOption {
  map: Map<string, string>;
  encoding?: string;
  delimiter?: string;
  errorsTo?: string;
  dryRun?: boolean;
  json?: boolean;
}

export interface OrdersOptions extends ImportOptions {
  dateFormat?: string;
  currency?: string;
  timeZone?: string;
  decimal?: "." | ",";
  refundsTo?: string;
}

export interface EmployeesOptions extends ImportOptions {
  dateFormat?: string;
  passwordsTo?: string;
}

/** How many of the lines that are left out are named on the screen. */
const NAMED = 5;
const PROGRESS_MS = 2_000;

export async function customers(file: string, options: ImportOptions): Promise<number> {
  const organization = await openOrganization(options);
  const { importCustomers } = await import("@/lib/imports/import-customers");
  const report = await withFaults(file, options, organization.id, importCustomers);
  const all = report.created + report.updated + report.unchanged;
  await print(options.json, report, [
    `${counted(all, "customer")}: ${outcomes(report)}.`,
    leftOut(report.leftOut.broken),
    ...dryRunNote(options),
  ]);
  return 0;
}

export async function employees(file: string, options: EmployeesOptions): Promise<number> {
  requireDateFormat(options.dateFormat);
  const organization = await openOrganization(options);
  const { importEmployees } = await import("@/lib/imports/import-employees");
  const { passwordsTo, dateFormat } = options;
  const keepPasswords = passwordsTo
    ? (passwords: { email: string; oneTimePassword: string }[]) =>
        writeSecretFile(
          passwordsTo,
          ["email", "oneTimePassword"],
          passwords.map(({ email, oneTimePassword }) => [email, oneTimePassword]),
        )
    : undefined;
  const report = await withFaults(file, options, organization.id, (request) =>
    importEmployees({ ...request, dateFormat, keepPasswords }),
  );
  const all = report.created + report.updated + report.unchanged;
  await print(options.json, report, [
    `${counted(all, "employee")}: ${outcomes(report)}; ${counted(report.teams, "team")} made.`,
    ...(report.created > 0 && !options.dryRun ? [passwordsNote(passwordsTo)] : []),
    leftOut(report.leftOut.broken),
    ...dryRunNote(options),
  ]);
  return 0;
}

function passwordsNote(passwordsTo: string | undefined): string {
  return passwordsTo
    ? `Their one-time passwords are in ${passwordsTo}.`
    : "The new ones cannot sign in yet: `employee one-time-password` gives each a password, --passwords-to FILE does it for all.";
}

export async function orders(file: string, options: OrdersOptions): Promise<number> {
  requireDateFormat(options.dateFormat);
  if (options.refundsTo && options.map.size > 0 && !options.map.has("date")) {
    throw new WrongUsage("--refunds-to needs the date of each refund: add date=Column to --map.");
  }
  const organization = await openOrganization(options);
  const { importOrders } = await import("@/lib/imports/import-orders");
  const refundsFile = options.refundsTo ? await openOutput(options.refundsTo, REFUND_COLUMNS) : undefined;
  const { report, refunds, dated } = await withFaults(file, options, organization.id, (request) =>
    importOrders({
      ...request,
      currency: options.currency ?? organization.currency,
      timeZone: options.timeZone ?? organization.timeZone,
      dateFormat: options.dateFormat,
      decimal: options.decimal,
    }),
  );
  if (!dated && refundsFile) say("The file has no dates, so the refunds have none either.");
  for (const refund of refunds) refundsFile?.write(REFUND_COLUMNS.map((column) => refund[column]));
  await refundsFile?.finish();

  const { noCustomer, broken, refunds: refundCount, refundsSum } = report.leftOut;
  const all = report.created + report.updated + report.unchanged;
  const where = options.refundsTo ? `written to ${options.refundsTo}` : "left out";
  await print(options.json, report, [
    `${counted(all, "order")} of ${counted(report.customers, "customer")}, ${sums(report.sum)}: ${outcomes(report)}.`,
    `${counted(noCustomer, "line")} left out without a customer, ${counted(broken, "broken line")}, ${counted(refundCount, "refund")} of ${sums(refundsSum)} ${where}.`,
    ...dryRunNote(options),
  ]);
  return 0;
}

const REFUND_COLUMNS = ["at", "employee", "customer", "remedy", "amount", "id", "currency"] as const;

function requireDateFormat(pattern: string | undefined): void {
  const fault = pattern === undefined ? null : dateFormatFault(pattern);
  if (fault) throw new WrongUsage(`--date-format "${pattern}" cannot be used. ${fault}`);
}

/** Runs an import, shows how it goes, and names the lines that it leaves out. */
export async function withFaults<Report>(
  file: string,
  options: ImportOptions,
  organizationId: string,
  work: (request: ImportRequest) => Promise<Report>,
): Promise<Report> {
  const errors = options.errorsTo
    ? await openOutput(options.errorsTo, ["line", "column", "problem", "value"])
    : undefined;
  let faults = 0;
  let nextWordAt = Date.now() + PROGRESS_MS;
  const request: ImportRequest = {
    organizationId,
    file: { path: fromHere(file), encoding: options.encoding, delimiter: options.delimiter },
    map: options.map,
    dryRun: options.dryRun ?? false,
    at: new Date(),
    onFault: (fault) => {
      faults += 1;
      errors?.write([fault.line, fault.column, fault.problem, fault.value]);
      if (faults <= NAMED) say(faultInWords(fault));
    },
    onProgress: (count, of) => {
      if (Date.now() < nextWordAt) return;
      nextWordAt = Date.now() + PROGRESS_MS;
      say(`  ${counted(count, of, of)}`);
    },
  };
  try {
    const report = await work(request);
    await errors?.finish();
    if (faults > NAMED) {
      say(
        `… and ${counted(faults - NAMED, "more line")}${options.errorsTo ? "" : ": name a file with --errors-to for all of them"}.`,
      );
    }
    return report;
  } catch (error) {
    throw error instanceof UnusableFile ? new CannotProceed(error.message, error.advice) : error;
  }
}

export function outcomes(report: { created: number; updated: number; unchanged: number }): string {
  const { created, updated, unchanged } = report;
  return `${counted(created, "created", "created")}, ${counted(updated, "updated", "updated")}, ${counted(unchanged, "unchanged", "unchanged")}`;
}

/** "543,879.24 GBP". A refund is spoken of by its size. */
function sums(byCurrency: Record<string, number>): string {
  return Object.entries(byCurrency)
    .map(([currency, minor]) => `${formatAmount(Math.abs(minor), currency)} ${currency}`)
    .join(" and ");
}

function leftOut(broken: number): string {
  return broken === 0 ? "No line was left out." : `${counted(broken, "broken line")} left out.`;
}

export function dryRunNote({ dryRun }: ImportOptions): string[] {
  return dryRun ? ["This was a dry run: the database is as it was."] : [];
}
