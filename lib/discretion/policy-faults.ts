import type { z } from "zod";

/** What this module needs of zod's refinement context. */
type Report = Pick<z.RefinementCtx, "addIssue">;

interface Named {
  id: string;
  path: [list: string, index: number];
}

/**
 * A refinement that reports what is wrong between the parts of a policy: ids that are used twice or reserved, values
 * that nobody declared, and examples that expect what the policy does not have.
 *
 * It runs on documents that other checks have already refused, so that an author sees every fault at once; hence it
 * takes nothing about the document's shape for granted.
 */
export function faultsBetweenParts(reservedIds: readonly string[]) {
  return (document: unknown, report: Report): void => {
    const policy = isRecord(document) ? document : {};
    const values = namedIn(policy, "values");
    reportRepeatedIds(values, "value", report);

    const limitsAndRules = [...namedIn(policy, "limits"), ...namedIn(policy, "rules")];
    reportRepeatedIds(limitsAndRules, "limit and rule", report);
    reportReservedIds(limitsAndRules, reservedIds, report);
    reportUnknownValues(policy, new Set(values.map((value) => value.id)), report);

    reportRepeatedIds(namedIn(policy, "examples"), "example", report);
    const checkIds = [...limitsAndRules.map((check) => check.id), ...reservedIds];
    reportUnknownBindings(policy, new Set(checkIds), report);
    reportIdleRates(policy, report);
    reportMissingOrders(policy, report);
  };
}

function reportRepeatedIds(parts: readonly Named[], kind: string, report: Report): void {
  const firstPaths = new Map<string, string>();
  for (const { id, path } of parts) {
    const first = firstPaths.get(id);
    if (first === undefined) {
      firstPaths.set(id, path.join("."));
      continue;
    }
    report.addIssue({
      code: "custom",
      path: [...path, "id"],
      message: `The id "${id}" is taken by ${first}. Give every ${kind} an id of its own.`,
    });
  }
}

function reportReservedIds(parts: readonly Named[], reservedIds: readonly string[], report: Report): void {
  for (const { id, path } of parts) {
    if (!reservedIds.includes(id)) continue;
    report.addIssue({
      code: "custom",
      path: [...path, "id"],
      message: `The id "${id}" belongs to a check that is built in. Choose another one.`,
    });
  }
}

function reportUnknownValues(
  policy: Record<string, unknown>,
  valueIds: ReadonlySet<string>,
  report: Report,
): void {
  for (const list of ["limits", "rules"]) {
    for (const [index, part] of entriesOf(policy[list])) {
      const value = isRecord(part) ? part.value : undefined;
      if (typeof value !== "string" || valueIds.has(value)) continue;
      const choice = valueIds.size === 0 ? "declare it under values" : `use ${[...valueIds].join(", ")}`;
      report.addIssue({
        code: "custom",
        path: [list, index, "value"],
        message: `"${value}" is none of the policy's values: ${choice}, or leave the value out.`,
      });
    }
  }
}

function reportUnknownBindings(
  policy: Record<string, unknown>,
  checkIds: ReadonlySet<string>,
  report: Report,
): void {
  for (const [index, example] of entriesOf(policy.examples)) {
    const { binding } = memberOf(example, "then");
    if (typeof binding !== "string" || checkIds.has(binding)) continue;
    report.addIssue({
      code: "custom",
      path: ["examples", index, "then", "binding"],
      message: `"${binding}" names no limit or rule. Use the id of one, or leave the binding out.`,
    });
  }
}

/** A rate that converts nothing would look as if it did. */
function reportIdleRates(policy: Record<string, unknown>, report: Report): void {
  const reportOf = ({ rate, currency }: Record<string, unknown>, path: (string | number)[]) => {
    if (rate === undefined || (currency !== undefined && currency !== policy.currency)) return;
    report.addIssue({
      code: "custom",
      path: [...path, "rate"],
      message: "A rate is for another currency than the policy's. Name that currency, or leave the rate out.",
    });
  };
  for (const [index, example] of entriesOf(policy.examples)) {
    reportOf(memberOf(example, "when"), ["examples", index, "when"]);
    for (const [place, past] of entriesOf(memberOf(example, "given").history)) {
      if (isRecord(past)) reportOf(past, ["examples", index, "given", "history", place]);
    }
  }
}

function reportMissingOrders(policy: Record<string, unknown>, report: Report): void {
  for (const [index, example] of entriesOf(policy.examples)) {
    const { order, history } = memberOf(example, "given");
    if (order !== undefined) continue;
    for (const [place, past] of entriesOf(history)) {
      if (!isRecord(past) || past.sameOrder !== true) continue;
      report.addIssue({
        code: "custom",
        path: ["examples", index, "given", "history", place, "sameOrder"],
        message: "The example names no order that this could be of. Give it one, or leave this out.",
      });
    }
  }
}

/** An object within an object; empty where there is none. */
function memberOf(part: unknown, name: string): Record<string, unknown> {
  const member = isRecord(part) ? part[name] : undefined;
  return isRecord(member) ? member : {};
}

function namedIn(policy: Record<string, unknown>, list: string): Named[] {
  return entriesOf(policy[list]).flatMap(([index, part]): Named[] =>
    isRecord(part) && typeof part.id === "string" ? [{ id: part.id, path: [list, index] }] : [],
  );
}

function entriesOf(list: unknown): [number, unknown][] {
  return Array.isArray(list) ? [...list.entries()] : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
