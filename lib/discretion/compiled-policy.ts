import { type CompiledWhen, compileWhen } from "./applies";
import { fnv1a64 } from "./digest";
import { NO_ARITHMETIC } from "./findings";
import { type Limit, type Policy, type Rule, SCOPES, type Scope, type When, type Window } from "./schema";
import type { Check } from "./types";
import { isOnCalendar, localDay, NO_CALENDAR_BUCKET, windowStartOfDay } from "./windows";

/** What follows from a limit and its policy alone. */
export interface CompiledLimit {
  limit: Limit;
  when: CompiledWhen;
  definition: string;
  /** In the order of `SCOPES`, without an `organization` that adds nothing. */
  scope: readonly Scope[];
  /** One word for scope and case: limits of the same one have the same scope key for a request. */
  scopeName: string;
  /** The buckets to read on a local day. */
  bucketsOf(today: string): Buckets;
}

/** A rolling window is the sum of the buckets of its days; every other one is a single bucket. */
export interface Buckets {
  bucket: string;
  rollingFrom: string | null;
}

/** What follows from a rule alone. */
export interface CompiledRule {
  rule: Rule;
  when: CompiledWhen;
  /** What the rule says when its condition fails, and when it holds. Shared by all who evaluate, hence frozen. */
  passes: Readonly<Check>;
  fires: Readonly<Check>;
}

interface CompiledPolicy {
  /** The local day (ISO date) at an instant (epoch milliseconds). */
  dayAt(at: number): string;
  limits: readonly CompiledLimit[];
  rules: readonly CompiledRule[];
  byLimit: ReadonlyMap<Limit, CompiledLimit>;
}

/** Policies are never edited, so that what was worked out for one holds as long as it lives. */
const compiled = new WeakMap<Policy, CompiledPolicy>();

/** What follows from a policy alone, worked out once for each policy object. */
export function compiledPolicy(policy: Policy): CompiledPolicy {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const limits = policy.limits.map((limit) => compileLimit(limit, policy));
  const fresh = {
    dayAt: dayIn(policy.timeZone),
    limits,
    rules: policy.rules.map(compileRule),
    byLimit: new Map(limits.map((one) => [one.limit, one])),
  };
  compiled.set(policy, fresh);
  return fresh;
}

/** The same for one limit, which may also be one that the policy does not have (yet). */
export function compiledLimit(policy: Policy, limit: Limit): CompiledLimit {
  return compiledPolicy(policy).byLimit.get(limit) ?? compileLimit(limit, policy);
}

function compileLimit(limit: Limit, policy: Policy): CompiledLimit {
  const scope = canonicalScope(limit.scope);
  const { window } = limit;
  const digest = fnv1a64(
    JSON.stringify([
      scope,
      typeof window === "object" ? { rollingDays: window.rollingDays } : window,
      canonicalWhen(limit.when),
      policy.currency,
      isOnCalendar(window) ? policy.timeZone : null,
    ]),
  );
  const windowName = typeof window === "object" ? `rolling${window.rollingDays}` : window;
  return {
    limit,
    when: compileWhen(limit.when),
    scope,
    scopeName: window === "case" ? `${scope.join("+")}.case` : scope.join("+"),
    definition: `${scope.join("+")}.${windowName}.${digest}`,
    bucketsOf: bucketsByDay(window),
  };
}

function compileRule(rule: Rule): CompiledRule {
  const check = (effect: Check["effect"]): Readonly<Check> =>
    Object.freeze({
      id: rule.id,
      kind: "rule",
      ...NO_ARITHMETIC,
      effect,
      why: rule.why,
      say: rule.say,
      value: rule.value ?? null,
    });
  return { rule, when: compileWhen(rule.when), passes: check("pass"), fires: check(rule.effect) };
}

/** Remembers the last instant: one request asks for its day several times, and time zones are slow. */
function dayIn(timeZone: string): (at: number) => string {
  let instant = Number.NaN;
  let day = "";
  return (at) => {
    if (at !== instant) {
      day = localDay(at, timeZone);
      instant = at;
    }
    return day;
  };
}

/** Remembers the last day: requests come many to a day, and calendars are slow. */
function bucketsByDay(window: Window): (today: string) => Buckets {
  let day = "";
  let buckets: Buckets = { bucket: NO_CALENDAR_BUCKET, rollingFrom: null };
  return (today) => {
    if (today === day) return buckets;
    const start = windowStartOfDay(window, today);
    day = today;
    buckets =
      typeof window === "object"
        ? { bucket: today, rollingFrom: start }
        : { bucket: start ?? NO_CALENDAR_BUCKET, rollingFrom: null };
    return buckets;
  };
}

function canonicalScope(scope: readonly Scope[]): readonly Scope[] {
  const ordered = SCOPES.filter((member) => scope.includes(member));
  return ordered.length > 1 ? ordered.filter((member) => member !== "organization") : ordered;
}

/** Conditions in alphabetical order, lists as sets: writing the same thing in another order counts the same. */
function canonicalWhen(when: When | undefined): unknown[] {
  return Object.entries(when ?? {})
    .filter(([, wanted]) => wanted !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, wanted]) => [name, canonicalCondition(wanted)]);
}

function canonicalCondition(wanted: NonNullable<When[keyof When]>): unknown {
  if (typeof wanted === "boolean") return wanted;
  if (Array.isArray(wanted)) return [...new Set<string>(wanted)].sort();
  return [wanted.over ?? null, wanted.under ?? null];
}
