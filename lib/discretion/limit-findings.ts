import { type AmountSpan, type ConditionReading, readCondition, scopeIsPresent, stateAt } from "./applies";
import type { CompiledLimit } from "./compiled-policy";
import type { Conversion } from "./conversion";
import { type Finding, leftAfter, type Subject, saturatingSum } from "./findings";
import type { Limit } from "./schema";
import type { Check, CounterKey, Hold, Used } from "./types";

/**
 * What a limit says. `null` when it cannot concern this request whatever the amount: it is not looked at, its
 * condition fails, or it counts money in a currency that the amount cannot be brought into.
 */
export function limitFinding(compiled: CompiledLimit, subject: Subject): Finding | null {
  const { limit } = compiled;
  const { request, facts, conversion } = subject;
  if (!scopeIsPresent(compiled, facts) || (conversion === null && limit.measure === "amount")) return null;
  const reading = readCondition(compiled.when, request, facts, conversion);
  if (reading.besidesAmount === "fails") return null;

  const counter = subject.counterKeyOf(compiled);
  const usage = usageOf(limit, subject, counter);
  const blocked = blockedAmounts(limit, reading, usage.used, conversion);
  const state = stateAt(reading, request.amount);
  if (state === "fails") return { check: null, blocked, hold: null };

  const asked = askedOf(limit, subject);
  const check = checkOf(limit, usage, asked);
  if (state === "unknown") {
    return { check: { ...check, effect: "handover", unknown: reading.unknown }, blocked, hold: null };
  }
  return { check, blocked, hold: conversion === null ? null : holdOf(limit, check, counter, asked) };
}

/** What a request adds to a limit: as it is counted, and as much as it may exactly be. */
interface Asked {
  counted: number;
  roundedUp: number;
}

const ONE: Asked = { counted: 1, roundedUp: 1 };

function askedOf(limit: Limit, { amount }: Subject): Asked {
  return limit.measure === "count" || amount === null ? ONE : amount;
}

interface LimitUsage {
  used: number;
  reserved: number;
}

const UNUSED: Used = { postedAmount: 0, reservedAmount: 0, postedCount: 0, reservedCount: 0 };

/** Where no counter is kept, a decision stands alone: nothing was used before it. */
function usageOf(limit: Limit, { usage }: Subject, counter: CounterKey | null): LimitUsage {
  // An id may be any word, "constructor" too: only what was put there counts.
  const kept = counter !== null && Object.hasOwn(usage, limit.id) ? usage[limit.id] : undefined;
  const { postedAmount, reservedAmount, postedCount, reservedCount } = kept ?? UNUSED;
  return limit.measure === "count"
    ? sumOf(postedCount, reservedCount, limit.id)
    : sumOf(postedAmount, reservedAmount, limit.id);
}

function sumOf(posted: number, reserved: number, id: string): LimitUsage {
  return { used: saturatingSum(posted, reserved, id), reserved: saturatingSum(0, reserved, id) };
}

/**
 * The exact amount decides whether a limit is passed, and where rounding would hide that it is, the amount rounded up
 * is what was asked.
 */
function checkOf(limit: Limit, { used, reserved }: LimitUsage, { counted, roundedUp }: Asked): Check {
  const leftBefore = limit.max - used;
  const isPassed = roundedUp > leftBefore;
  const isHidden = isPassed && counted <= leftBefore;
  const asked = isHidden ? Math.min(roundedUp, Number.MAX_SAFE_INTEGER) : counted;
  const left = leftAfter(limit.max, used, asked);
  return {
    id: limit.id,
    kind: "limit",
    scope: limit.scope,
    window: limit.window,
    measure: limit.measure,
    max: limit.max,
    used,
    reserved,
    asked,
    // What is asked for may be more than a number carries; it is then still more than was left.
    left: isPassed ? Math.min(left, -1) : left,
    effect: isPassed ? limit.over : "pass",
    why: limit.why,
    say: limit.say,
    value: limit.value ?? null,
  };
}

/**
 * A limit that was passed still counts, but no longer guards: the verdict is what follows from passing it. One that was
 * not keeps free what rounding took off the exact amount. What is added is the same for all that share a counter.
 */
function holdOf(
  limit: Limit,
  { effect }: Check,
  counter: CounterKey | null,
  { counted, roundedUp }: Asked,
): Hold | null {
  if (counter === null) return null;
  return {
    limitId: limit.id,
    counter,
    measure: limit.measure,
    asked: counted,
    guardMax: effect === "pass" ? limit.max - (roundedUp - counted) : null,
  };
}

/** The amounts that the limit hands over or denies: of those its condition holds for, the ones that do not fit. */
function blockedAmounts(
  limit: Limit,
  reading: ConditionReading,
  used: number,
  conversion: Conversion | null,
): AmountSpan | null {
  if (reading.besidesAmount === "unknown") return reading.amounts;
  if (limit.over === "bend") return null;
  const left = limit.max - used;
  if (limit.measure === "count" || conversion === null) return left < 1 ? reading.amounts : null;
  return { from: Math.max(reading.amounts.from, conversion.firstAbove(left)), to: reading.amounts.to };
}
