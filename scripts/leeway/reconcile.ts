import { formatAmount, formatMoney } from "@/lib/format/money";
import {
  type CounterKey,
  type Counts,
  type DayKey,
  type Difference,
  REPAIRABLE,
  type Rebuilt,
  type ReconciliationResult,
  type RollupKey,
  type Since,
  type Sum,
} from "@/lib/reconciliation/types";
import { CannotProceed } from "../operations/cannot-proceed";
import { say } from "../operations/program";
import { type OrganizationOption, openOrganization } from "./app";
import { counted, print } from "./output";

export interface ReconcileOptions extends OrganizationOption {
  repair?: boolean;
  json?: boolean;
}

/** Compares everything that is kept twice; 1 where something differs, after a repair where something still does. */
export async function reconcile(options: ReconcileOptions): Promise<number> {
  const organization = await openOrganization(options);
  const { differencesOf, requestReconciliation, runReconciliation } = await import(
    "@/lib/reconciliation/mutations"
  );
  const organizationId = organization.id;
  const now = new Date();
  const asked = await requestReconciliation({
    organizationId,
    origin: "command",
    repairs: options.repair ?? false,
    askedBy: null,
    now,
  });
  if (!asked.ok) {
    throw new CannotProceed(
      `Another reconciliation of ${organization.name} is under way.`,
      "Wait until it is over. One that was broken off is given up after two minutes; one that waits for a worker, after an hour.",
    );
  }
  say(`Comparing everything that is kept twice of ${organization.name}.`);
  const result = await runReconciliation({ organizationId, id: asked.id, now, throws: true });
  if (!result) {
    throw new CannotProceed(
      "Somebody else took the reconciliation over before it came to an end.",
      "Run it again.",
    );
  }
  const differences = differencesOf(result);
  await print(
    options.json,
    { id: asked.id, organizationId, equal: differences === 0, differences, ...result },
    inWords(result, differences, organization.currency),
  );
  return differences === 0 ? 0 : 1;
}

function inWords(result: ReconciliationResult, differences: number, currency: string): string[] {
  const { decisions, counters, listed, executions, overdue, asked, repair, counted: byKind } = result;
  const hidden = differences - listed.length;
  const canRepair = REPAIRABLE.some((kind) => byKind[kind] > 0) && !repair;
  return [
    ...(repair ? repairInWords(result.repair, currency) : []),
    differences === 0
      ? `Everything is equal: ${counted(decisions, "decision")}, ${counted(counters, "counter")}.`
      : `${counted(differences, "thing differs", "things differ")} in ${counted(decisions, "decision")} and ${counted(counters, "counter")}:`,
    ...listed.map((difference) => `- ${differenceInWords(difference, currency)}`),
    ...(hidden > 0 ? [`- and ${counted(hidden, "more", "more")}.`] : []),
    ...(canRepair ? ["Counters and sums are rebuilt from the ledger with --repair."] : []),
    sealedInWords(result.sealed),
    `${askedInWords(asked ?? 0)} ${byHandInWords(executions.byHand)}`,
    ...(executions.pending && executions.pending.count > 0
      ? [
          `${counted(executions.pending.count, "execution is", "executions are")} pending at a provider${sinceInWords(executions.pending)}.`,
        ]
      : []),
    ...(executions.unknown.count > 0
      ? [
          `Of ${counted(executions.unknown.count, "execution")} nobody knows whether money moved${sinceInWords(executions.unknown)}.`,
        ]
      : []),
    ...(overdue.count > 0
      ? [
          `${counted(overdue.count, "job is", "jobs are")} due${sinceInWords(overdue)} and not taken up: is a worker running?`,
        ]
      : []),
  ];
}

function sealedInWords({ seals, events, waiting }: ReconciliationResult["sealed"]): string {
  const waits =
    waiting > 0
      ? ` ${counted(waiting, "event waits", "events wait")} for a seal, and can't be held against one.`
      : "";
  return `${counted(events, "event")} in ${counted(seals, "seal")} held against the rows.${waits}`;
}

function byHandInWords(byHand: Since): string {
  if (byHand.count === 0) return "Nothing waits to be carried out by hand.";
  return `${counted(byHand.count, "execution waits", "executions wait")} to be carried out by hand${sinceInWords(byHand)}.`;
}

function askedInWords(asked: number): string {
  if (asked === 0) return "There was nothing to ask a payment provider about.";
  return `Providers were asked about ${counted(asked, "execution")}.`;
}

const sinceInWords = ({ since }: Since): string => (since === null ? "" : ` since ${since}`);

function repairInWords(repair: ReconciliationResult["repair"], currency: string): string[] {
  if (!repair) return [];
  const { counters, rollups, days, left, listed } = repair;
  const hidden = counters + rollups + days - listed.length;
  return [
    `Rebuilt: ${counted(counters, "counter")}, ${counted(rollups + days, "sum of a day", "sums of days")}. Decisions and ledger are as they were.`,
    ...listed.map((rebuilt) => `- ${rebuiltInWords(rebuilt, currency)}`),
    ...(hidden > 0 ? [`- and ${counted(hidden, "more", "more")}.`] : []),
    ...(left > 0
      ? [`${counted(left, "counter")} can't be rebuilt: the entries come to less than nothing.`]
      : []),
  ];
}

function rebuiltInWords(rebuilt: Rebuilt, currency: string): string {
  switch (rebuilt.kind) {
    case "counter": {
      const { key, was, is } = rebuilt;
      return `${counterInWords(key)}: was ${was ? countsInWords(was, currency) : "missing"}, is ${countsInWords(is, currency)}.`;
    }
    case "day":
      return `${dayInWords(rebuilt.key)}: was ${sumInWords(rebuilt.was, currency)}, is ${sumInWords(rebuilt.is, currency)}.`;
    case "rollup":
      return `${rollupInWords(rebuilt.key)}: was ${sumInWords(rebuilt.was, currency)}, is ${sumInWords(rebuilt.is, currency)}.`;
    default:
      return rebuilt satisfies never;
  }
}

function differenceInWords(difference: Difference, own: string): string {
  switch (difference.kind) {
    case "counter": {
      const { key, limitIds, expected, found, currency } = difference;
      const says = found ? `it says ${countsInWords(found, currency)}` : "it is missing";
      return `${counterInWords(key, limitIds)}: its entries come to ${countsInWords(expected, currency)}, ${says}.`;
    }
    case "chain":
      return `${counterInWords(difference.key, difference.limitIds)}: it is the sum of its entries, and they don't follow one another. One is missing, or was put between.`;
    case "orphan": {
      const what =
        difference.of === "entry"
          ? counted(difference.rows, "ledger entry", "ledger entries")
          : counted(difference.rows, "job");
      return `Decision ${difference.decisionId} is missing, and ${what} of it ${difference.rows === 1 ? "is" : "are"} there.`;
    }
    case "version":
      return `Decision ${difference.decisionId} was taken under version ${difference.version} of the policy, which is missing.`;
    case "entry":
      return `Ledger entry ${difference.seq} of decision ${difference.decisionId}: what it adds is not what it says was before and after.`;
    case "status":
      return `Decision ${difference.decisionId}: its last entry says ${difference.expected}, its status ${difference.found}.`;
    case "handover":
      return `Handover of decision ${difference.decisionId}, which is ${difference.status}: it should be ${either(difference.expected)}, and is ${one(difference.found)}.`;
    case "job":
      return `Job ${difference.job} of decision ${difference.decisionId}, which is ${difference.status}: it should be ${either(difference.expected)}, and is ${one(difference.found)}.`;
    case "queue":
      return `Job ${difference.job} of decision ${difference.decisionId}: it waits, and ${difference.found === "lost" ? "is not in the worker's queue" : "the worker has given it up"}.`;
    case "day":
      return `${dayInWords(difference.key)}: its decisions come to ${sumInWords(difference.expected, own)}, it says ${sumInWords(difference.found, own)}.`;
    case "rollup":
      return `${rollupInWords(difference.key)}: its decisions come to ${sumInWords(difference.expected, own)}, it says ${sumInWords(difference.found, own)}.`;
    case "credit": {
      const { of, id, expected, found, currency } = difference;
      const amount = (minor: number) => `${formatAmount(minor, currency)} ${currency}`;
      return `Store credit of ${of === "execution" ? "decision" : of} ${id}: it should be ${amount(expected)}, and is ${amount(found)}.`;
    }
    case "provider":
      return `Decision ${difference.decisionId}: ${difference.provider} says ${difference.expected}, and we hold it as ${difference.found}.`;
    case "seal": {
      const { table, id, seal, text } = difference;
      return `Row ${id} of ${table}${seal === null ? "" : ` (seal ${seal})`}: ${text}`;
    }
    default:
      return difference satisfies never;
  }
}

const one = (status: string): string => (status === "none" ? "missing" : status);
const either = (statuses: readonly string[]): string => statuses.map(one).join(" or ");

function counterInWords({ definition, scopeKey, bucket, slot }: CounterKey, limitIds: string[] = []): string {
  const limits = limitIds.length > 0 ? ` of ${limitIds.join(", ")}` : "";
  const from = bucket === "0001-01-01" ? "" : ` from ${bucket}`;
  return `Counter${limits} (${definition}) for ${scopeKey}${from}${slot > 0 ? `, slot ${slot}` : ""}`;
}

function countsInWords(counts: Counts, currency: string): string {
  const posted = `${formatMoney(counts.postedAmount, currency)} given in ${counted(counts.postedCount, "decision")}`;
  const reserved = `${formatMoney(counts.reservedAmount, currency)} held in ${counts.reservedCount}`;
  return `${posted} and ${reserved}`;
}

function rollupInWords({ day, employeeId, remedy, verdict, status }: RollupKey): string {
  return `Sum of ${day}, employee ${employeeId}, ${remedy}, ${verdict}, ${status}`;
}

function dayInWords({ day, verdict, status }: DayKey): string {
  return `Sum of ${day}, ${verdict}, ${status}`;
}

function sumInWords({ decisions, amount }: Sum, currency: string): string {
  return `${formatMoney(amount, currency)} in ${counted(decisions, "decision")}`;
}
