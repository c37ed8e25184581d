import { type AmountSpan, type ConditionReading, readCondition, scopeIsPresent, stateAt } from "./applies";
import { counterKeyOfDay } from "./counters";
import { type Finding, leftAfter, type Subject, saturatingSum } from "./findings";
import type { Limit } from "./schema";
import type { Check, CounterKey, Hold, Used } from "./types";

/**
 * What a limit says. `null` when it cannot concern this request whatever the amount: it is not looked at, its
 * condition fails, or it counts money in a currency that the amount cannot be brought into.
 */
export function limitFinding(limit: Limit, subject: Subject): Finding | null {
  const { policy, request, facts } = subject;
  if (!scopeIsPresent(limit, facts) || (subject.isForeign && limit.measure === "amount")) return null;
  const reading = readCondition(limit.when, request, facts, policy.currency);
  if (reading.besidesAmount === "fails") return null;

  const counter = counterKeyOfDay(limit, policy, subject.today, request.caseId, facts);
  const usage = usageOf(limit, subject, counter);
  const blocked = blockedAmounts(limit, reading, usage.used);
  const state = stateAt(reading, request.amount);
  if (state === "fails") return { check: null, blocked, hold: null };

  const asked = limit.measure === "count" ? 1 : request.amount;
  const check = checkOf(limit, usage, asked);
  if (state === "unknown") {
    return { check: { ...check, effect: "handover", unknown: reading.unknown }, blocked, hold: null };
  }
  return { check, blocked, hold: subject.isForeign ? null : holdOf(check, counter) };
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
  const [posted, reserved] =
    limit.measure === "count" ? [postedCount, reservedCount] : [postedAmount, reservedAmount];
  const what = `The usage of ${limit.id}`;
  return { used: saturatingSum([posted, reserved], what), reserved: saturatingSum([reserved], what) };
}

function checkOf(limit: Limit, { used, reserved }: LimitUsage, asked: number): Check {
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
    left,
    effect: left < 0 ? limit.over : "pass",
    why: limit.why,
    say: limit.say,
    value: limit.value ?? null,
  };
}

/** A limit that was passed still counts, but no longer guards: the verdict is what follows from passing it. */
function holdOf(check: Check, counter: CounterKey | null): Hold | null {
  if (counter === null || check.measure === null || check.asked === null) return null;
  return {
    limitId: check.id,
    counter,
    measure: check.measure,
    asked: check.asked,
    guardMax: check.effect === "pass" ? check.max : null,
  };
}

/** The amounts that the limit hands over or denies: of those its condition holds for, the ones that do not fit. */
function blockedAmounts(limit: Limit, reading: ConditionReading, used: number): AmountSpan | null {
  if (reading.besidesAmount === "unknown") return reading.amounts;
  if (limit.over === "bend") return null;
  const left = limit.max - used;
  if (limit.measure === "count") return left < 1 ? reading.amounts : null;
  return { from: Math.max(reading.amounts.from, left + 1), to: reading.amounts.to };
}
