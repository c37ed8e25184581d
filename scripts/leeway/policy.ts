import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type ExampleOutcome, runExamples } from "@/lib/discretion/examples";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { policyWarnings } from "@/lib/discretion/warnings";
import { formatAmount } from "@/lib/format/money";
import { CannotProceed } from "../operations/cannot-proceed";
import { counted, print } from "./output";
import { fromHere } from "./output-file";
import { warningInWords } from "./policy-words";

interface Fault {
  /** Names joined by dots, as in `limits.0.max`; empty for the document as a whole. */
  path: string;
  message: string;
}

/** What `--json` prints. */
interface CheckResult {
  ok: boolean;
  faults: Fault[];
  examples: Omit<ExampleOutcome, "explanation">[];
  warnings: ({ code: string; path: string; id: string; message: string } & Record<string, unknown>)[];
}

/**
 * Says whether a document is a policy and does what its examples say, without a database. Exit code 1 where it is not
 * or does not; warnings keep it 0.
 */
export async function check(file: string, { json }: { json?: boolean }): Promise<number> {
  const document = parse(await read(file));
  const parsed = "fault" in document ? null : policySchema.safeParse(document.content);
  if (parsed?.success) return checkPolicy(parsed.data, json);

  const faults: Fault[] =
    "fault" in document
      ? [document.fault]
      : (parsed?.error.issues ?? []).map(({ path, message }) => ({ path: path.join("."), message }));
  const result: CheckResult = { ok: false, faults, examples: [], warnings: [] };
  await print(json, result, [
    ...faults.map(({ path, message }) => `${path || "The document"}: ${message}`),
    `This is no policy yet: ${counted(faults.length, "fault")}.`,
  ]);
  return 1;
}

async function checkPolicy(policy: Policy, json: boolean | undefined): Promise<number> {
  const outcomes = runExamples(policy);
  const failed = outcomes.filter(({ passes }) => !passes);
  const warnings = policyWarnings(policy).map((warning) => ({
    ...warning,
    message: warningInWords(warning, policy),
  }));
  const result: CheckResult = {
    ok: failed.length === 0,
    faults: [],
    examples: outcomes.map(({ explanation: _explanation, ...outcome }) => outcome),
    warnings,
  };
  await print(json, result, [
    ...failed.map((outcome) => failureInWords(outcome, policy)),
    ...warnings.map(({ path, message }) => `Warning, ${path}: ${message}`),
    summary(policy, failed.length),
  ]);
  return result.ok ? 0 : 1;
}

function summary({ limits, rules, examples = [] }: Policy, failed: number): string {
  const parts = [
    counted(limits.length, "limit"),
    counted(rules.length, "rule"),
    counted(examples.length, "example"),
  ].join(", ");
  return failed === 0
    ? `${parts}: all pass.`
    : `${parts}: ${counted(failed, "example fails", "examples fail")}.`;
}

function failureInWords({ id, expected, actual }: ExampleOutcome, policy: Policy): string {
  const example = policy.examples?.find((one) => one.id === id);
  const currency = example?.when.currency ?? policy.currency;
  const most =
    actual.maxAmount === null
      ? "Nothing bounds the amount."
      : `The most that would pass is ${formatAmount(actual.maxAmount, currency)} ${currency}.`;
  const wanted =
    expected.binding === undefined ? expected.verdict : verdictBy(expected.verdict, expected.binding);
  return `Example ${id} fails: expected ${wanted}, got ${verdictBy(actual.verdict, actual.binding)}. ${most}`;
}

function verdictBy(verdict: string, binding: string | null): string {
  if (binding === null) return `${verdict}, bound by nothing`;
  return verdict === "allow" ? `${verdict}, bound by ${binding}` : `${verdict} by ${binding}`;
}

async function read(file: string): Promise<string> {
  try {
    return file === "-" ? await text(process.stdin) : await readFile(fromHere(file), "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotProceed(
      `${file} cannot be read: ${reason}`,
      "Name a file with a policy as JSON, or - for standard input.",
    );
  }
}

/** Some editors begin a file with a byte order mark, which is no part of the JSON. */
function parse(written: string): { content: unknown } | { fault: Fault } {
  try {
    return { content: JSON.parse(written.replace(/^\uFEFF/, "")) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The reason may quote the lines around it.
    return { fault: { path: "", message: `This is no JSON. ${reason.replace(/\s+/g, " ")}` } };
  }
}
