import { type ConditionFacts, readCondition, stateAt } from "./applies";
import { builtInFindings } from "./built-in-findings";
import { compiledPolicy } from "./compiled-policy";
import { conversionOf } from "./conversion";
import { type CounterFacts, counterKeysFor } from "./counters";
import { bindingOf, largestOutside, verdictOf } from "./explain";
import type { FactsOfRecord, Finding, Subject } from "./findings";
import { limitFinding } from "./limit-findings";
import { ruleFinding } from "./rule-findings";
import { NOTE_MIN_LENGTH, type Policy } from "./schema";
import type { DecisionRequest, Evaluation, Explanation, Hold, Usage } from "./types";

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
 * @throws RangeError when an amount is not a safe whole number of zero or more, `at` is no instant, or the rate that an
 * amount in another currency comes with is none.
 */
export function evaluate(
  policy: Policy,
  request: DecisionRequest,
  facts: FactsOfRecord,
  usage: Usage,
): Evaluation {
  const subject = subjectOf(policy, request, facts, usage);
  const findings = findAll(subject);
  const checks = present(findings, "check");
  const verdict = verdictOf(checks);
  const explanation: Explanation = {
    binding: bindingOf(verdict, checks),
    maxAmount: largestOf(findings),
    checks,
  };
  const exchange = exchangeOf(subject);
  if (exchange !== undefined) explanation.exchange = exchange;
  return {
    verdict,
    counted: subject.amount?.counted ?? null,
    noteRequired: verdict === "bend" && !isReason(request.note),
    explanation,
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
  return largestOf(findAll(subjectOf(policy, request, facts, usage)));
}

/**
 * What a policy has to count for a decision that another one decided: a hold without a guard for every limit that
 * applies and keeps usage. A policy that is in force beside the deciding one, or will be later, knows by it what was
 * spent.
 *
 * The same limits hold the same as in `evaluate`, whatever the verdict was; what was paid on the order is the deciding
 * policy's to hold. Empty where the amount cannot be brought into this policy's currency.
 *
 * @param request its rate, if it needs one, is the one into this policy's currency.
 * @throws RangeError as `evaluate` does for the request.
 */
export function countingHolds(
  policy: Policy,
  request: DecisionRequest,
  facts: ConditionFacts & CounterFacts,
): Hold[] {
  requireAmount("amount", request.amount);
  const conversion = conversionOf(request, policy.currency);
  if (conversion === null) return [];
  const counted = conversion.counted(request.amount);
  const counterKeyOf = counterKeysFor(policy, request, facts);

  const holds: Hold[] = [];
  for (const compiled of compiledPolicy(policy).limits) {
    const { id, measure } = compiled.limit;
    const reading = readCondition(compiled.when, request, facts, conversion);
    const counter = stateAt(reading, request.amount) === "holds" ? counterKeyOf(compiled) : null;
    if (counter === null) continue;
    holds.push({ limitId: id, counter, measure, asked: measure === "count" ? 1 : counted, guardMax: null });
  }
  return holds;
}

function subjectOf(policy: Policy, request: DecisionRequest, facts: FactsOfRecord, usage: Usage): Subject {
  requireAmounts(request, facts);
  const conversion = conversionOf(request, policy.currency);
  return {
    policy,
    request,
    facts,
    usage,
    counterKeyOf: counterKeysFor(policy, request, facts),
    conversion,
    amount: conversion && {
      counted: conversion.counted(request.amount),
      roundedUp: conversion.roundedUp(request.amount),
    },
  };
}

/** How the amount was brought into the policy's currency, where that took a rate. */
function exchangeOf({ policy, request, amount }: Subject): Explanation["exchange"] {
  if (request.currency === policy.currency || !request.rate || amount === null) return undefined;
  const { rate, day } = request.rate;
  return { currency: policy.currency, rate, day, counted: amount.counted };
}

function findAll(subject: Subject): Finding[] {
  const { limits, rules } = compiledPolicy(subject.policy);
  const findings = builtInFindings(subject);
  for (const limit of limits) {
    const finding = limitFinding(limit, subject);
    if (finding !== null) findings.push(finding);
  }
  for (const rule of rules) findings.push(ruleFinding(rule, subject));
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
export function isReason(note: string | null | undefined): boolean {
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
