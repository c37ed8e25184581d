import {
  EFFECTS,
  type Effect,
  type Limit,
  type Range,
  REMEDIES,
  ROLES,
  type Rule,
  type When,
  type Window,
} from "./schema";

/**
 * When one limit or rule makes another one without consequence. Everything here is exact or says no: a `true` is a
 * proof that the verdict of no request, whatever happened before, depends on what is hidden.
 */

/** Conditions on facts that may not be known; then a limit or rule hands over. */
const UNKNOWABLE = [
  "orderAgeDays",
  "tenureDays",
  "hasOpenDispute",
] as const satisfies readonly (keyof When)[];

/** Whether a fact that the condition asks for may not be known, so that the limit or rule hands over for that. */
export function mayBeUnknown(when: When | undefined): boolean {
  return unknowableOf(when).length > 0;
}

/**
 * Whether a limit can never be the reason for a verdict because of another one: whenever it fires, the other one does,
 * and at least as hard.
 *
 * The other one measures the same; shares with at least as many (each member of its scope is one of the hidden one's);
 * remembers at least as long; counts whatever the hidden one counts, because its condition holds whenever that does; has
 * no higher maximum; and hands over for the same unknown facts.
 */
export function limitHidesLimit(wide: Limit, hidden: Limit): boolean {
  return (
    wide.measure === hidden.measure &&
    wide.max <= hidden.max &&
    isAsHard(wide.over, hidden.over) &&
    scopeOf(wide).every((member) => hidden.scope.includes(member)) &&
    windowContains(wide.window, hidden.window) &&
    holdsWhenever(wide.when, whenFired(hidden)) &&
    unknowableOf(hidden.when).every((name) => wide.when?.[name] !== undefined)
  );
}

/** Whether a limit or rule can never be the reason for a verdict because a rule always holds with it, at least as hard. */
export function ruleHides(rule: Rule, hidden: Limit | Rule): boolean {
  const effect = "over" in hidden ? hidden.over : hidden.effect;
  const coversUnknown =
    isAsHard(rule.effect, "handover") ||
    unknowableOf(hidden.when).every((name) => rule.when?.[name] !== undefined);
  return isAsHard(rule.effect, effect) && coversUnknown && holdsWhenever(rule.when, whenFired(hidden));
}

function unknowableOf(when: When | undefined) {
  return UNKNOWABLE.filter((name) => when?.[name] !== undefined);
}

function isAsHard(effect: Effect, other: Effect): boolean {
  return EFFECTS.indexOf(effect) >= EFFECTS.indexOf(other);
}

/** All of an organization is what everything is in; it adds nothing to another scope. */
function scopeOf({ scope }: Limit) {
  return scope.filter((member) => member !== "organization");
}

/** The days that a calendar window has at most. */
const LONGEST_DAYS = { day: 1, week: 7, month: 31, year: 366 } as const;

/** Whether every decision that counts in one window counts in the other, at whatever instant. */
export function windowContains(wide: Window, narrow: Window): boolean {
  // A decision by itself remembers nothing, and everything remembers that.
  if (narrow === "decision" || wide === "lifetime") return true;
  if (wide === "decision") return false;
  if (wide === "case" || narrow === "case") return wide === narrow;
  if (typeof wide === "object") return longestDays(narrow) <= wide.rollingDays;
  switch (wide) {
    case "day":
      return longestDays(narrow) === 1;
    // No other one than a day begins with a week, and rolling days reach back over its Monday.
    case "week":
      return longestDays(narrow) === 1 || narrow === "week";
    case "month":
      return longestDays(narrow) === 1 || narrow === "month";
    case "year":
      return longestDays(narrow) === 1 || narrow === "month" || narrow === "year";
    default:
      return wide satisfies never;
  }
}

function longestDays(window: Exclude<Window, "decision" | "case">): number {
  if (typeof window === "object") return window.rollingDays;
  return window === "lifetime" ? Number.POSITIVE_INFINITY : LONGEST_DAYS[window];
}

/** What is certain of a request that a limit or rule fires for, or whose unknown facts it hands over. */
interface Certain {
  when: When;
  hasOrder: boolean;
}

function whenFired(part: Limit | Rule): Certain {
  const when = part.when ?? {};
  const hasOrder =
    when.hasOrder === true ||
    when.orderAgeDays !== undefined ||
    ("scope" in part && part.scope.includes("order"));
  return { when: { ...when, amount: amountWhenFired(part) }, hasOrder };
}

/** A limit on single decisions fires for none that it is not below of, unless it hands over what it does not know. */
function amountWhenFired(part: Limit | Rule): Range | undefined {
  const { amount } = part.when ?? {};
  const isAboveMax =
    "max" in part && part.measure === "amount" && part.window === "decision" && !mayBeUnknown(part.when);
  return isAboveMax ? { ...amount, over: Math.max(amount?.over ?? 0, part.max) } : amount;
}

type Implication<Name extends keyof When> = (wide: NonNullable<When[Name]>, certain: Certain) => boolean;

const includesAll = (wide: readonly string[], narrow: readonly string[] | undefined) =>
  narrow?.every((member) => wide.includes(member)) ?? false;

/** Bounds are compared as they are written: an amount in another currency may be worth a fraction between two. */
const isWithin = (wide: Range, narrow: Range | undefined) =>
  (wide.over === undefined || (narrow?.over !== undefined && narrow.over >= wide.over)) &&
  (wide.under === undefined || (narrow?.under !== undefined && narrow.under <= wide.under));

/** One for each condition: a condition that nobody can compare does not compile. */
const IMPLIED: { [Name in keyof Required<When>]: Implication<Name> } = {
  roles: (wide, { when }) => includesAll(wide, when.roles ?? ROLES),
  teams: (wide, { when }) => includesAll(wide, when.teams),
  tiers: (wide, { when }) => includesAll(wide, when.tiers),
  remedies: (wide, { when }) => includesAll(wide, when.remedies ?? REMEDIES),
  causes: (wide, { when }) => includesAll(wide, when.causes),
  channels: (wide, { when }) => includesAll(wide, when.channels),
  amount: (wide, { when }) => isWithin(wide, when.amount),
  orderAgeDays: (wide, { when }) => isWithin(wide, when.orderAgeDays),
  tenureDays: (wide, { when }) => isWithin(wide, when.tenureDays),
  hasOrder: (wide, certain) => (wide ? certain.hasOrder : certain.when.hasOrder === false),
  hasOpenDispute: (wide, { when }) => when.hasOpenDispute === wide,
};

/** Whether a condition holds for every request of which that much is certain. */
function holdsWhenever(wide: When | undefined, certain: Certain): boolean {
  return (Object.keys(wide ?? {}) as (keyof When)[]).every((name) => {
    const wanted = wide?.[name];
    if (wanted === undefined) return true;
    // Which implication takes which condition is settled by the type of IMPLIED, but the compiler cannot follow a loop.
    return (IMPLIED[name] as (wanted: unknown, certain: Certain) => boolean)(wanted, certain);
  });
}
