import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { createRateTable, type RateTable } from "@/lib/discretion/rates";
import { type Policy, policySchema, VERDICTS, type Verdict } from "@/lib/discretion/schema";
import {
  createSimulation,
  type Simulation,
  type SimulationResult,
  type SimulationRow,
  type SimulationTotals,
} from "@/lib/discretion/simulate";
import { localDay } from "@/lib/discretion/windows";
import { formatAmount } from "@/lib/format/money";
import { createNumbers, createWords } from "@/lib/imports/compact-columns";
import { readRates } from "@/lib/imports/rates";
import type { RequestColumns } from "@/lib/imports/request-columns";
import { readRequests } from "@/lib/imports/requests";
import { type CsvFile, type FaultListener, UnusableFile } from "@/lib/imports/types";
import { CannotProceed } from "../operations/cannot-proceed";
import { say } from "../operations/program";
import { counted, faultInWords, printPieces } from "./output";
import { fromHere } from "./output-file";

export interface SimulateOptions {
  policy: string;
  requests: string;
  rates?: string;
  encoding?: string;
  delimiter?: string;
  json?: boolean;
}

/** How many faults are told of at once. */
const NAMED = 20;
const PROGRESS_MS = 2_000;
/** How many requests are decided at one go. */
const TURNS = 5_000;

/**
 * Replays past requests against a policy, without a database. Says nothing of any when one of them cannot be read: a
 * policy that was tried on half a history was not tried.
 */
export async function simulate(options: SimulateOptions): Promise<number> {
  const policy = readPolicy(options.policy);
  const rates = await openRates(options);
  const requests = await openRequests(options);
  if (requests.count() === 0) say(`${options.requests} holds no requests, so nothing was simulated.`);

  const replay = await replayAll(policy, requests, rates);
  if (replay.withoutRate > 0) {
    say(
      `${counted(replay.withoutRate, "request")} in a currency without a rate: handed over, unless a rule denies it, and in no sum.`,
    );
  }
  await printPieces(options.json ? asJson(replay) : inWords(replay, policy.currency));
  return 0;
}

async function openRequests(options: SimulateOptions): Promise<RequestColumns> {
  const onProgress = createProgress("line", "read");
  const { requests, unknownColumns } = await readWhole(options.requests, options, (file, onFault) =>
    readRequests(file, { onFault, onProgress }),
  );
  if (unknownColumns.length > 0) {
    say(`Passed over, because they mean nothing here: ${unknownColumns.join(", ")}`);
  }
  return requests;
}

async function openRates(options: SimulateOptions): Promise<RateTable> {
  if (options.rates === undefined) return createRateTable([]);
  return createRateTable(await readWhole(options.rates, options, readRates));
}

/** Reads a file of which every line has to be readable; names those that are not. */
async function readWhole<Content>(
  path: string,
  { encoding, delimiter }: Pick<CsvFile, "encoding" | "delimiter">,
  read: (file: CsvFile, onFault: FaultListener) => Promise<Content>,
): Promise<Content> {
  let faults = 0;
  let lines = 0;
  let latest = 0;
  const content = await read({ path: fromHere(path), encoding, delimiter }, (fault) => {
    faults += 1;
    // A line may have several.
    if (fault.line !== latest) lines += 1;
    latest = fault.line;
    if (faults <= NAMED) say(faultInWords(fault));
  }).catch((error: unknown) => {
    throw error instanceof UnusableFile ? new CannotProceed(error.message, error.advice) : error;
  });
  if (faults === 0) return content;
  throw new CannotProceed(
    `${counted(lines, "line")} of ${path} cannot be read.`,
    "Correct them; nothing is simulated until every line can be read.",
  );
}

/** Says every few seconds how far it has come. */
function createProgress(one: string, done: string): (count: number) => void {
  let nextWordAt = Date.now() + PROGRESS_MS;
  return (count) => {
    if (Date.now() < nextWordAt) return;
    nextWordAt = Date.now() + PROGRESS_MS;
    say(`  ${counted(count, one)} ${done}`);
  };
}

interface Replay {
  /** In the order in which they were decided. */
  results(): Iterable<Omit<SimulationResult, "counted">>;
  totals: SimulationTotals;
  /** How many could not be brought into the policy's currency. */
  withoutRate: number;
}

/** Decides every request before anything is said of the first. */
async function replayAll(policy: Policy, requests: RequestColumns, rates: RateTable): Promise<Replay> {
  const simulation = createSimulation(policy);
  const places = requests.placesInReplayOrder();
  const verdicts = createWords<Verdict>();
  const bindings = createWords<string | null>();
  const maxAmounts = createNumbers<number | null>();
  const onProgress = createProgress("request", "decided");
  let withoutRate = 0;
  for (const [turn, place] of places.entries()) {
    const result = simulation.decide(withRate(requests.rowAt(place), policy, rates));
    verdicts.push(result.verdict);
    bindings.push(result.binding);
    maxAmounts.push(result.maxAmount);
    if (result.counted === null) withoutRate += 1;
    if (turn % TURNS < TURNS - 1) continue;
    onProgress(turn + 1);
    // Whoever presses Ctrl-C meanwhile is heard between two goes.
    await setImmediate();
  }
  return {
    *results() {
      for (const [turn, place] of places.entries()) {
        yield {
          id: requests.idAt(place),
          verdict: verdicts.at(turn),
          binding: bindings.at(turn),
          maxAmount: maxAmounts.at(turn),
        };
      }
    },
    totals: totalsOf(simulation),
    withoutRate,
  };
}

function withRate(row: SimulationRow, policy: Policy, rates: RateTable): SimulationRow {
  if (!row.currency || row.currency === policy.currency) return row;
  return { ...row, rate: rates.rateOn(row.currency, localDay(row.at, policy.timeZone)) };
}

/** A sum that no number carries exactly is the file's doing, and no failure of the program. */
function totalsOf(simulation: Simulation): SimulationTotals {
  try {
    return simulation.totals();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CannotProceed(
      error.message,
      "Look for an amount that is too large, or simulate the file in parts.",
    );
  }
}

function* asJson({ results, totals }: Replay): Generator<string> {
  yield '{"results":[';
  let separator = "";
  for (const result of results()) {
    yield separator + JSON.stringify(result);
    separator = ",";
  }
  yield `],"totals":${JSON.stringify(totals)}}\n`;
}

function* inWords({ results, totals }: Replay, currency: string): Generator<string> {
  for (const { id, verdict, binding } of results()) yield `${inOneLine(id)}\t${verdict}\t${binding ?? ""}\n`;
  for (const verdict of VERDICTS) {
    const { count, amount } = totals[verdict];
    yield `${verdict}: ${counted(count, "request")}, ${formatAmount(amount, currency)} ${currency}\n`;
  }
}

/** An id that came from elsewhere may hold a tab or a line's end, or steer a terminal. */
function inOneLine(id: string): string {
  return id.replace(/\p{Cc}+/gu, " ");
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
    // Some editors begin a file with a mark of its encoding, which JSON does not know.
    return JSON.parse(readFileSync(fromHere(path), "utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotProceed(`${path} cannot be read: ${reason}`, "Name a file with a policy as JSON.");
  }
}
