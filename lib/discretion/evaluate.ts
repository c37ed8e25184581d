import { builtInFindings } from "./built-in-findings";
import { bindingOf, largestOutside, verdictOf } from "./explain";
import type { FactsOfRecord, Finding, Subject } from "./findings";
import { limitFinding } from "./limit-findings";
import { ruleFinding } from "./rule-findings";
import { NOTE_MIN_LENGTH, type Policy } from "./schema";
import type { DecisionRequest, Evaluation, Usage } from "./types";
import { localDay } from "./windows";

/**
 * What a policy says to a request. Pure: the same input gives the same answer, and nothing is read or written.
 *
 * Everything is evaluated and nothing stops at the first: the verdict is the most severe effect of all checks, and the
 * explanation lists each of them, the built-in ones first, then limits and rules in the document's order. What cannot
 * be evaluated hands over.
 *
 * An amount of 0 is evaluated for every remedy, so that an allowance can be asked for; that most remedies need more
 * than that is for the request's own form to say.
 *
 * @param request its amount is in minor units of its own currency.
 * @param usage what the limits had seen before this request, by limit id; a limit that is missing was not used.
 * @throws RangeError when an amount is not a safe whole number of zero or more, or `at` is no instant.
 */
export function evaluate(
  policy: Policy,
  request: DecisionRequest,
  facts: FactsOfRecord,
  usage: Usage,
): Evaluation {
  const findings = findAll(policy, request, facts, usage);
  const checks = present(findings, "check");
  const verdict = verdictOf(checks);
  return {
    verdict,
    noteRequired: verdict === "bend" && !isReason(request.note),
    explanation: {
      binding: bindingOf(verdict, checks),
      maxAmount: largestOf(findings),
      checks,
    },
    holds: verdict === "deny" ? [] : present(findings, "hold"),
  };
}

/**
 * The largest amount of this remedy, for these facts, that would be `allow` or `bend` right now, in minor units of the
 * request's currency; 0 when none would, `null` when nothing bounds it. The amount asked for makes no difference.
 *
 * @throws RangeError as `evaluate` does.
 */
export function largestAmount(
  policy: Policy,
  request: DecisionRequest,
  facts: FactsOfRecord,
  usage: Usage,
): number | null {
  return largestOf(findAll(policy, request, facts, usage));
}

function findAll(policy: Policy, request: DecisionRequest, facts: FactsOfRecord, usage: Usage): Finding[] {
  requireAmounts(request, facts);
  const subject: Subject = {
    policy,
    request,
    facts,
    usage,
    today: localDay(request.at, policy.timeZone),
    isForeign: request.currency !== policy.currency,
  };
  const findings = builtInFindings(subject);
  for (const limit of policy.limits) {
    const finding = limitFinding(limit, subject);
    if (finding !== null) findings.push(finding);
  }
  for (const rule of policy.rules) findings.push(ruleFinding(rule, subject));
  return findings;
}

function largestOf(findings: readonly Finding[]): number | null {
  return largestOutside(present(findings, "blocked"));
}

/** One part of all findings that have it. */
function present<Part extends keyof Finding>(
  findings: readonly Finding[],
  part: Part,
): NonNullable<Finding[Part]>[] {
  const parts: NonNullable<Finding[Part]>[] = [];
  for (const finding of findings) {
    const value = finding[part];
    if (value !== null && value !== undefined) parts.push(value);
  }
  return parts;
}

/** Whether a note is the written reason that a bend needs. Blanks around it are none. */
function isReason(note: string | null | undefined): boolean {
  return [...(note ?? "").trim()].length >= NOTE_MIN_LENGTH;
}

function requireAmounts({ amount }: DecisionRequest, { order }: FactsOfRecord): void {
  requireAmount("amount", amount);
  if (order !== null && order.paid !== null) requireAmount("order.paid", order.paid);
}

function requireAmount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} is ${value}; it must be a safe whole number of minor units.`);
  }
}
