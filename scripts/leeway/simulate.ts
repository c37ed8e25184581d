import { readFileSync } from "node:fs";
import { type Policy, policySchema, VERDICTS } from "@/lib/discretion/schema";
import { createSimulation, inReplayOrder } from "@/lib/discretion/simulate";
import { formatAmount } from "@/lib/format/money";
import { readRequests } from "@/lib/imports/requests";
import { type LineFault, UnusableFile } from "@/lib/imports/types";
import { CannotProceed } from "../operations/cannot-proceed";
import { say } from "../operations/program";
import { counted, faultInWords, print } from "./output";
import { fromHere } from "./output-file";

export interface SimulateOptions {
  policy: string;
  requests: string;
  json?: boolean;
}

/** How many faults are told of at once. */
const NAMED = 20;

/** Replays past requests against a policy, without a database. Says nothing of any when one of them cannot be read. */
export async function simulate(options: SimulateOptions): Promise<number> {
  const policy = readPolicy(options.policy);
  const faults: LineFault[] = [];
  const path = fromHere(options.requests);
  const { rows, unknownColumns } = await readRequests({ path }, (fault) => faults.push(fault)).catch(
    (error: unknown) => {
      throw error instanceof UnusableFile ? new CannotProceed(error.message, error.advice) : error;
    },
  );
  if (faults.length > 0) {
    for (const fault of faults.slice(0, NAMED)) say(faultInWords(fault));
    throw new CannotProceed(
      `${counted(faults.length, "line")} of ${options.requests} cannot be read.`,
      "Correct them; nothing is simulated until every line can be read.",
    );
  }
  if (unknownColumns.length > 0)
    say(`Passed over, because they mean nothing here: ${unknownColumns.join(", ")}`);

  const simulation = createSimulation(policy);
  const results = inReplayOrder(rows).map((row) => simulation.decide(row));
  const totals = simulation.totals();
  await print(options.json, { results, totals }, [
    ...results.map(({ id, verdict, binding }) => `${id}\t${verdict}\t${binding ?? ""}`),
    ...VERDICTS.map((verdict) => {
      const { count, amount } = totals[verdict];
      return `${verdict}: ${counted(count, "request")}, ${formatAmount(amount, policy.currency)} ${policy.currency}`;
    }),
  ]);
  return 0;
}

function readPolicy(path: string): Policy {
  const document = parseJson(path);
  const parsed = policySchema.safeParse(document);
  if (parsed.success) return parsed.data;
  for (const { path: field, message } of parsed.error.issues)
    say(`${field.join(".") || "the document"}: ${message}`);
  throw new CannotProceed(`${path} is no policy.`, "Correct what is named above.");
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(fromHere(path), "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotProceed(`${path} cannot be read: ${reason}`, "Name a file with a policy as JSON.");
  }
}
