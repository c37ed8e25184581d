import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type ApiScope, SCOPES } from "@/lib/auth/types";
import { isCurrency } from "@/lib/discretion/money";
import { isTimeZone } from "@/lib/discretion/windows";
import { parseMap } from "@/lib/imports/columns";
import { isEncoding } from "@/lib/imports/lines";
import { REQUEST_FIELDS } from "@/lib/imports/requests";
import { ERASURE_REASONS } from "@/lib/personal-data/schema";
import { RETENTION_KINDS } from "@/lib/retention/schema";
import { say } from "../operations/program";
import { createKey } from "./api-key";
import { checkProofFile, prove, seal, verify } from "./audit";
import { giveOneTimePassword } from "./employee";
import { customers, employees, orders } from "./import";
import { split } from "./limit";
import { migrateTables, seed, work } from "./operations";
import { create } from "./organization";
import { eraseCustomer, eraseEmployee, exportCustomer, exportEmployee } from "./personal-data";
import { check } from "./policy";
import { importFile as importRates, listAll } from "./rates";
import { reconcile } from "./reconcile";
import * as retention from "./retention";
import { reencrypt } from "./secrets";
import { simulate } from "./simulate";
import { WrongUsage } from "./usage";

const WRONG_USAGE = 2;

/** What a command answers: an exit code, or nothing where it goes on until it is told to stop. */
type Exit = number | undefined;

/** Runs the command that the arguments name, and answers its exit code. */
export async function runCommandLine(args: readonly string[]): Promise<Exit> {
  let exit: Exit = 0;
  const program = buildProgram((answer) => {
    exit = answer;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exit;
  } catch (error) {
    // Commander has said what is wrong, or has shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    if (!(error instanceof WrongUsage)) throw error;
    say(error.message);
    return WRONG_USAGE;
  }
}

function buildProgram(answer: (exit: Exit) => void): Command {
  const program = new Command("npm run -s leeway --")
    .description("Leeway's command line. Results go to standard output, everything else to standard error.")
    .exitOverride()
    .showHelpAfterError("Add --help to see what this command takes.");
  describeKeys(program, answer);
  describePeople(program, answer);
  describeRetention(program, answer);
  describeImports(program, answer);
  describeRates(program, answer);
  describePolicies(program, answer);
  describeLimits(program, answer);
  describeAudit(program, answer);
  describeOperations(program, answer);
  return program;
}

type Answer = (exit: Exit) => void;

function describeKeys(program: Command, answer: Answer): void {
  const keys = program.command("api-key").description("keys for the REST API");
  keys
    .command("create")
    .description("make an API key; it is shown once")
    .requiredOption("--name <name>", "what the key is for")
    .requiredOption("--scopes <a,b>", `what it may do: ${SCOPES.join(", ")}`, scopes)
    .option("--expires <when>", "a day or an instant after which it does not work any more")
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await createKey(options)));
}

function describePeople(program: Command, answer: Answer): void {
  const organizations = program.command("organization").description("tenants");
  organizations
    .command("create")
    .description("make an organization with a starting policy and an admin")
    .requiredOption("--name <name>", "how it is called")
    .requiredOption("--currency <code>", "in which its limits are written, such as GBP", currency)
    .requiredOption("--time-zone <zone>", "in which its days begin, such as Europe/London", timeZone)
    .requiredOption("--admin-email <address>", "of the person who sets it up")
    .option("--admin-name <name>", "of the same person")
    .addOption(json())
    .action(async (options) => answer(await create(options)));

  const people = program.command("employee").description("people who sign in");
  people
    .command("one-time-password")
    .description("give somebody a new password, to be replaced at the next sign-in; ends their sessions")
    .requiredOption("--email <address>", "whose")
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await giveOneTimePassword(options)));
  withErasure(people, "somebody who left", "<id or address>").action(async (named, options) =>
    answer(await eraseEmployee(named, options)),
  );
  withExport(people, "<id or address>").action(async (named, options) =>
    answer(await exportEmployee(named, options)),
  );

  const customersGroup = program.command("customer").description("whom decisions are for");
  withErasure(customersGroup, "a customer and every record merged with theirs", "<id or reference>").action(
    async (named, options) => answer(await eraseCustomer(named, options)),
  );
  withExport(customersGroup, "<id or reference>").action(async (named, options) =>
    answer(await exportCustomer(named, options)),
  );
}

function withErasure(group: Command, whom: string, named: string): Command {
  return group
    .command("erase")
    .description(`make ${whom} anonymous for good; what was decided stays, by id`)
    .argument(named)
    .addOption(
      new Option("--reason <reason>", "why, kept in the audit trail")
        .choices(ERASURE_REASONS)
        .makeOptionMandatory(),
    )
    .option("--yes", "don't ask")
    .addOption(organization())
    .addOption(json());
}

function withExport(group: Command, named: string): Command {
  return group
    .command("export")
    .description("print all that is held about one person as JSON")
    .argument(named)
    .option("--to <file>", "write it to a new file that only you may read")
    .addOption(organization());
}

function describeRetention(program: Command, answer: Answer): void {
  const group = program
    .command("retention")
    .description("how long each kind of data is kept; the worker removes the rest nightly");
  group
    .command("show")
    .description("days by kind")
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await retention.show(options)));
  group
    .command("set")
    .description("keep a kind for so many days")
    .argument("<kind>", RETENTION_KINDS.join(", "))
    .argument("<days>", "1 to 36500, or keep")
    .addOption(organization())
    .addOption(json())
    .action(async (kind, days, options) => answer(await retention.set(kind, days, options)));
  group
    .command("run")
    .description("remove now what is kept no longer")
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await retention.run(options)));
}

function describeImports(program: Command, answer: Answer): void {
  const group = program.command("import").description("read CSV files; the same file again changes nothing");
  withImportOptions(
    group.command("customers").description("fields: ref, name, email, phone, tier, kind, paymentRef"),
  ).action(async (file, options) => answer(await customers(file, options)));

  withImportOptions(
    group
      .command("orders")
      .description(
        "fields: order, customer, date, quantity and unitPrice (or amount), currency, customerName, customerEmail, customerPhone, paymentRef. The lines of an order are summed up; one that comes out negative is a refund of the past",
      )
      .addOption(dateFormat())
      .option("--currency <code>", "of lines that name none (default: the organization's)", currency)
      .option("--time-zone <zone>", "of the dates (default: the organization's)", timeZone)
      .addOption(new Option("--decimal <sign>", "between units and decimals").choices([".", ","]))
      .option("--refunds-to <file>", "write the refunds of the past as a requests file for `simulate`"),
  ).action(async (file, options) => answer(await orders(file, options)));

  withImportOptions(
    group
      .command("employees")
      .description("fields: email, name, role, team, manager (an address), startedOn")
      .addOption(dateFormat())
      .option("--passwords-to <file>", "give new people one-time passwords and write them to a new file"),
  ).action(async (file, options) => answer(await employees(file, options)));
}

function describeRates(program: Command, answer: Answer): void {
  const rates = program
    .command("rates")
    .description("what other currencies are worth in the organization's, by day");
  withImportOptions(
    rates
      .command("import")
      .description(
        "fields: currency, day, rate (what one unit is worth from that day on). All lines or, with one that is broken, none",
      ),
  ).action(async (file, options) => answer(await importRates(file, options)));
  rates
    .command("list")
    .description("the whole table, by currency, of each the latest day first")
    .option("--currency <code>", "only this one", currency)
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await listAll(options)));
}

function withImportOptions(command: Command): Command {
  return command
    .argument("<file>", "a CSV file whose first line names its columns")
    .addOption(
      new Option(
        "--map <field=Column,…>",
        "which column holds which field (default: columns are named as the fields)",
      )
        .argParser(columnMap)
        .default(new Map(), "by name"),
    )
    .option("--encoding <name>", "such as windows-1252 (default: utf-8)", encoding)
    .option("--delimiter <sign>", "between columns, such as ';' or tab (default: a comma)", delimiter)
    .option("--errors-to <file>", "write the lines that were left out, and why, to a CSV file")
    .option("--dry-run", "say what would be done, and leave the database as it is")
    .addOption(organization())
    .addOption(json());
}

function describePolicies(program: Command, answer: Answer): void {
  const policies = program.command("policy").description("policy documents; needs no database");
  policies
    .command("check")
    .description("say every fault of a policy, run its examples, and warn of what is probably not meant so")
    .argument("<file>", "a policy as JSON, or - for standard input")
    .addOption(json())
    .action(async (file, options) => answer(await check(file, options)));
}

function describeLimits(program: Command, answer: Answer): void {
  const limits = program.command("limit").description("how the limits of the policy in force are counted");
  limits
    .command("split")
    .description(
      "count a limit over a team or the organization in slots, so that very many can decide at once; it lets through the same",
    )
    .argument("<limit>", "its id in the policy in force")
    .requiredOption("--slots <count>", "in how many, 1 to 64", slots)
    .addOption(organization())
    .addOption(json())
    .action(async (limit, options) => answer(await split(limit, options)));
}

function describeAudit(program: Command, answer: Answer): void {
  const audit = program.command("audit").description("seals over the history: make, verify and prove them");
  audit
    .command("seal")
    .description("seal what waits, now; the worker does it every minute")
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await seal(options)));
  audit
    .command("verify")
    .description(
      "hold all of history against its seals, and name the first break; exit code 1 where there is one",
    )
    .option(
      "--anchors <file>",
      "seals that were published, a line of JSON each (default: the file of LEEWAY_SEAL_FILE)",
    )
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await verify(options)));
  audit
    .command("prove")
    .description("print what proves that a decision, with all that became of it, was sealed")
    .argument("<decision>", "its id")
    .option("--to <seal>", "up to which seal the chain is given (default: the newest)", wholeCount)
    .addOption(organization())
    .addOption(json())
    .action(async (decision, options) => answer(await prove(decision, options)));
  audit
    .command("check-proof")
    .description("check a proof by itself; needs no database")
    .argument("<file>", "what `audit prove` printed, or - for standard input")
    .option(
      "--anchor <hash|file>",
      "the hash of a seal that is known from elsewhere, or a file of published seals",
    )
    .addOption(json())
    .action(async (file, options) => answer(await checkProofFile(file, options)));
}

function describeOperations(program: Command, answer: Answer): void {
  program
    .command("simulate")
    .description("replay past requests against a policy; needs no database and changes nothing")
    .requiredOption("--policy <file>", "a policy as JSON")
    .requiredOption(
      "--requests <file>",
      `a CSV file with the columns ${REQUEST_FIELDS.join(", ")}; the first five are required`,
    )
    .option(
      "--rates <file>",
      "a CSV file with the columns currency, day, rate: what one unit is worth in the policy's currency from that day on",
    )
    .option("--encoding <name>", "of the CSV files, such as windows-1252 (default: utf-8)", encoding)
    .option("--delimiter <sign>", "between their columns, such as ';' or tab (default: a comma)", delimiter)
    .addOption(json())
    .action(async (options) => answer(await simulate(options)));
  program
    .command("migrate")
    .description("bring the database's tables up to date")
    .addOption(json())
    .action(async (options) => answer(await migrateTables(options)));
  program
    .command("seed")
    .description("make the demo's organization, unless it is there")
    .option(
      "--decisions <count>",
      "besides, add so many decisions of a long past, each after the pattern of one that was really taken",
      wholeCount,
    )
    .option("--days <count>", "over how many days before today (default: 365)", wholeCount)
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await seed(options)));
  program
    .command("reconcile")
    .description(
      "hold counters, statuses, sums and jobs against the ledger and the decisions; exit code 1 where something differs",
    )
    .option("--repair", "rebuild counters and sums that differ; decisions and ledger stay as they are")
    .addOption(organization())
    .addOption(json())
    .action(async (options) => answer(await reconcile(options)));
  program
    .command("secrets")
    .description("what is kept encrypted of others' secrets")
    .command("reencrypt")
    .description(
      "encrypt them anew with the first of the keys in LEEWAY_ENCRYPTION_KEY, after another one was put before it",
    )
    .addOption(json())
    .action(async (options) => answer(await reencrypt(options)));
  program
    .command("worker")
    .description("do the jobs of all organizations until stopped")
    .action(async () => answer(await work()));
}

function organization(): Option {
  return new Option("--organization <id>", "whose (default: the demo's)");
}

function json(): Option {
  return new Option("--json", "print JSON and nothing else");
}

function dateFormat(): Option {
  return new Option("--date-format <form>", "of the dates, such as 'dd/MM/yyyy HH:mm' (default: ISO 8601)");
}

function scopes(text: string): ApiScope[] {
  const words = text.split(",").map((word) => word.trim());
  const known = SCOPES.filter((scope) => words.includes(scope));
  const unknown = words.filter((word) => !known.some((scope) => scope === word));
  if (unknown.length === 0) return known;
  throw new InvalidArgumentError(`Unknown: ${unknown.join(", ")}. The scopes are: ${SCOPES.join(", ")}.`);
}

function wholeCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number above zero.");
}

function slots(text: string): number {
  const count = Number(text);
  if (/^\d{1,2}$/.test(text) && count >= 1 && count <= 64) return count;
  throw new InvalidArgumentError("Give a whole number from 1 to 64.");
}

function currency(text: string): string {
  if (isCurrency(text)) return text;
  throw new InvalidArgumentError(
    "This is no ISO 4217 currency. Write its three capital letters, such as USD.",
  );
}

function timeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError("This is no time zone. Use its IANA name, such as Europe/London.");
}

function encoding(text: string): string {
  if (isEncoding(text)) return text;
  throw new InvalidArgumentError(
    "It is not known. Common ones are utf-8, windows-1252, iso-8859-15 and utf-16le.",
  );
}

function delimiter(text: string): string {
  const sign = text === "tab" || text === "\\t" ? "\t" : text;
  if ([...sign].length === 1 && !/["\r\n]/.test(sign)) return sign;
  throw new InvalidArgumentError("Write one character, such as ';', or tab.");
}

/** The option may be given several times; later ones add to it. */
function columnMap(text: string, previous: Map<string, string>): Map<string, string> {
  const parsed = parseMap([text]);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.message);
  const twice = [...parsed.map.keys()].find((field) => previous.has(field));
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is mapped twice. Leave one out.`);
  return new Map([...previous, ...parsed.map]);
}
