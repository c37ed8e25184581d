import type { Limit, Policy, Rule, Window } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";

/**
 * A second engine, slow and simple: it keeps every past decision, counts by walking all of them, asks the runtime's
 * calendar for dates, holds exact fractions against limits, and finds the largest amount by trying each. It shares no
 * code with the engine that it judges.
 */

export interface Past {
  row: SimulationRow;
  /** A verdict, how a decision from before the replay stood, or `released` once it was given back. */
  verdict: string;
  /** The limits that looked at it and whose condition held; none where it was denied. */
  counted: string[];
  /** What it counts for, in the policy's currency. */
  worth: number;
}

export interface OracleCheck {
  id: string;
  effect: string;
  used?: number;
  /** The part of it that is held. */
  reserved?: number;
  left?: number;
}

export interface OracleAnswer {
  verdict: string;
  binding: string | null;
  checks: OracleCheck[];
  /** The limits that apply, whatever the verdict. */
  applying: string[];
  /** The amount in the policy's currency, `null` without a rate. */
  worth: number | null;
}

/** Above this every amount fares alike: generated thresholds and maxima stay well below it. */
export const BEYOND_EVERY_THRESHOLD = 400;

const SEVERITY = ["pass", "bend", "handover", "deny"];

/** What the policy says to a row, given all that was decided before. */
export function answer(policy: Policy, row: SimulationRow, past: readonly Past[]): OracleAnswer {
  return answerOn(policy, row, usageBefore(policy, row, past));
}

/** The row as it stands after its answer, for the rows to come. */
export function asPast(row: SimulationRow, { verdict, applying, worth }: OracleAnswer): Past {
  return { row, verdict, counted: verdict === "deny" ? [] : applying, worth: worth ?? 0 };
}

/** A row from before the replay, as it stood. */
export function asRemembered(policy: Policy, row: SimulationRow, as: "posted" | "reserved"): Past {
  const { applying, worth } = answer(policy, row, []);
  return { row, verdict: as, counted: applying, worth: worth ?? 0 };
}

interface Before {
  /** By limit, those that it counted in the row's window and scope. */
  byLimit: Map<string, Past[]>;
  /** Of the order, in its currency: refunded, and held for refunds. */
  refunds: [refunded: number, held: number];
}

function usageBefore(policy: Policy, row: SimulationRow, past: readonly Past[]): Before {
  const byLimit = new Map(
    policy.limits.map((limit) => [limit.id, past.filter((p) => isBefore(limit, policy, p, row))]),
  );
  return { byLimit, refunds: refundsOf(past, row) };
}

/** Whether a limit counted `p` and still does for `row`. */
export function isBefore(limit: Limit, policy: Policy, p: Past, row: SimulationRow): boolean {
  return counts(p) && p.counted.includes(limit.id) && seenBy(limit, policy, p.row, row);
}

/** What was refunded of the row's order before it, and what is held for refunds of it. */
export function refundsOf(past: readonly Past[], row: SimulationRow): [refunded: number, held: number] {
  if (!row.order) return [0, 0];
  const ofOrder = past.filter((p) => p.row.order === row.order);
  const told = [...ofOrder.map((p) => p.row), row].find((each) => typeof each.orderRefunded === "number");
  const refunds = ofOrder.filter((p) => counts(p) && p.row.remedy === "refund");
  const sum = (held: boolean) =>
    refunds.filter((p) => isHeld(p) === held).reduce((total, p) => total + p.row.amount, 0);
  return [(told?.orderRefunded ?? 0) + sum(false), sum(true)];
}

function answerOn(policy: Policy, row: SimulationRow, before: Before): OracleAnswer {
  const checks: (OracleCheck & { kind: string; measure?: string })[] = [];
  const applying: string[] = [];
  const exact = exactWorth(policy, row);

  if (row.remedy === "refund" && row.order) {
    const [refunded, reserved] = before.refunds;
    const used = refunded + reserved;
    const left = typeof row.orderPaid === "number" ? row.orderPaid - used - row.amount : undefined;
    const effect = left === undefined ? "handover" : left < 0 ? "deny" : "pass";
    checks.push({ id: "order-refundable", kind: "rule", effect, used, reserved, left });
  }
  if (exact === null) checks.push({ id: "exchange-rate", kind: "rule", effect: "handover" });

  for (const limit of policy.limits) {
    if (limit.scope.includes("order") && !row.order) continue;
    if (limit.scope.includes("team") && !row.team) continue;
    if (exact === null && limit.measure === "amount") continue;
    const truth = conditionOf(limit, row, exact);
    if (truth === "no") continue;
    const counted = before.byLimit.get(limit.id) ?? [];
    const { id, measure } = limit;
    const sum = (some: readonly Past[]) =>
      measure === "count" ? some.length : some.reduce((total, p) => total + p.worth, 0);
    const [used, reserved] = [sum(counted), sum(counted.filter(isHeld))];
    const left = measure === "count" ? limit.max - used - 1 : leftOf(limit.max - used, exact ?? ZERO);
    const effect = truth === "maybe" ? "handover" : left < 0 ? limit.over : "pass";
    checks.push({ id, kind: "limit", measure, effect, used, reserved, left });
    if (truth === "yes" && exact !== null) applying.push(id);
  }
  for (const rule of policy.rules) {
    const truth = conditionOf(rule, row, exact);
    checks.push({
      id: rule.id,
      kind: "rule",
      effect: { yes: rule.effect, maybe: "handover", no: "pass" }[truth],
    });
  }

  const worst = checks.map((c) => SEVERITY.indexOf(c.effect)).reduce((a, b) => Math.max(a, b), 0);
  const verdict = worst === 0 ? "allow" : (SEVERITY[worst] ?? "");
  const fired = checks.filter((c) => (worst === 0 ? c.measure === "amount" : c.effect === verdict));
  const byLeft = fired.filter((c) => c.kind === "limit").sort((a, b) => (a.left ?? 0) - (b.left ?? 0));
  const binding = byLeft[0]?.id ?? fired[0]?.id ?? null;
  return {
    verdict,
    binding,
    applying,
    worth: exact === null ? null : Number(countedOf(exact)),
    checks: checks.map(({ kind: _kind, measure: _measure, ...check }) => check),
  };
}

/**
 * The largest amount that is allowed or bends, by trying every amount there is up to where nothing changes any more;
 * `undefined` where a unit is worth so little that these are too many to try.
 */
export function largestByTrying(
  policy: Policy,
  row: SimulationRow,
  past: readonly Past[],
): number | null | undefined {
  const before = usageBefore(policy, row, past);
  const passes = (amount: number) =>
    ["allow", "bend"].includes(answerOn(policy, { ...row, amount }, before).verdict);
  const unit = exactWorth(policy, { ...row, amount: 1 }) ?? ONE;
  const beyond = Math.max(
    BEYOND_EVERY_THRESHOLD,
    Math.ceil((BEYOND_EVERY_THRESHOLD * Number(unit.of)) / Number(unit.parts)),
  );
  if (beyond > 15 * BEYOND_EVERY_THRESHOLD) return undefined;
  if (passes(beyond) && passes(beyond * 7)) return null;
  const smallest = ["replacement", "upgrade", "limit_extension", "gift"].includes(row.remedy) ? 0 : 1;
  for (let amount = beyond; amount >= smallest; amount--) if (passes(amount)) return amount;
  return 0;
}

export const counts = (past: Past): boolean => past.verdict !== "deny" && past.verdict !== "released";
export const isHeld = (past: Past): boolean => past.verdict === "handover" || past.verdict === "reserved";

/** `parts / of` minor units of the policy's currency. */
export interface Fraction {
  parts: bigint;
  of: bigint;
}

const ZERO: Fraction = { parts: 0n, of: 1n };
const ONE: Fraction = { parts: 1n, of: 1n };
const DECIMALS: Record<string, number> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };

/** What a row's amount is worth in the policy's currency, to the last fraction; `null` without a rate. */
export function exactWorth(policy: Policy, row: SimulationRow): Fraction | null {
  const currency = row.currency ?? policy.currency;
  if (currency === policy.currency) return { parts: BigInt(row.amount), of: 1n };
  if (!row.rate) return null;
  const [units = "", decimals = ""] = row.rate.rate.split(".");
  const minorPerMajor = (code: string) => 10n ** BigInt(DECIMALS[code] ?? Number.NaN);
  return {
    parts: BigInt(row.amount) * BigInt(`${units}${decimals}`) * minorPerMajor(policy.currency),
    of: 10n ** BigInt(decimals.length) * minorPerMajor(currency),
  };
}

/** The nearest whole number, of two that are as near the even one; never 0 for what is something. */
export function countedOf({ parts, of }: Fraction): bigint {
  const below = parts / of;
  const [toBelow, toAbove] = [parts - below * of, (below + 1n) * of - parts];
  const even = below % 2n === 0n ? below : below + 1n;
  const nearest = toBelow === toAbove ? even : toBelow < toAbove ? below : below + 1n;
  return parts > 0n && nearest === 0n ? 1n : nearest;
}

/** The least whole number that is not below it. */
export function atLeast({ parts, of }: Fraction): bigint {
  return parts % of === 0n ? parts / of : parts / of + 1n;
}

/** What is left after an amount; where only its fraction is too much, one whole unit is. */
function leftOf(available: number, exact: Fraction): number {
  const left = BigInt(available) - countedOf(exact);
  const isTooMuch = exact.parts > BigInt(available) * exact.of;
  return Number(isTooMuch && left >= 0n ? BigInt(available) - atLeast(exact) : left);
}

/** Whether two rows fall into one window and one scope of a limit. */
export function together(limit: Limit, policy: Policy, a: SimulationRow, b: SimulationRow): boolean {
  for (const member of limit.scope) if (member !== "organization" && a[member] !== b[member]) return false;
  return sameWindow(limit.window, policy.timeZone, a, b);
}

/**
 * Whether `b` has to see what `a` counted: what falls into its window and scope and, under a rolling window, also what lies
 * on a later day, where a clock stepped back: the windows that end on that day hold both.
 */
export function seenBy(limit: Limit, policy: Policy, a: SimulationRow, b: SimulationRow): boolean {
  if (together(limit, policy, a, b)) return true;
  return typeof limit.window === "object" && a.at > b.at && together(limit, policy, a, { ...b, at: a.at });
}

function sameWindow(window: Window, timeZone: string, a: SimulationRow, b: SimulationRow): boolean {
  const [then, now] = [calendar(a.at, timeZone), calendar(b.at, timeZone)];
  if (typeof window === "object") return now.day - then.day >= 0 && now.day - then.day < window.rollingDays;
  switch (window) {
    case "decision":
      return false;
    case "case":
      return Boolean(a.case) && a.case === b.case;
    case "lifetime":
      return true;
    case "day":
      return then.day === now.day;
    // 5 January 1970 was a Monday, and day 4.
    case "week":
      return Math.floor((then.day + 3) / 7) === Math.floor((now.day + 3) / 7);
    case "month":
      return then.year === now.year && then.month === now.month;
    default:
      return then.year === now.year;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();
const calendars = new Map<string, { year: number; month: number; day: number }>();

/** The wall calendar at an instant; `day` counts days since 1 January 1970. */
export function calendar(at: number, timeZone: string): { year: number; month: number; day: number } {
  const name = `${timeZone} ${at}`;
  const known = calendars.get(name);
  if (known) return known;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-u-ca-gregory", {
      timeZone,
      year: "numeric",
      month: "numeric",
      day: "numeric",
    });
    formats.set(timeZone, format);
  }
  const parts = format.formatToParts(at);
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const [year, month, day] = [part("year"), part("month"), part("day")];
  const date = { year, month, day: Math.round(Date.UTC(year, month - 1, day) / 86_400_000) };
  calendars.set(name, date);
  return date;
}

/** Whether a `when` holds: yes, no, or maybe where the answer hangs on something unknown. */
function conditionOf(
  { when = {} }: Limit | Rule,
  row: SimulationRow,
  exact: Fraction | null,
): "yes" | "no" | "maybe" {
  const days = (since: number | null | undefined) =>
    typeof since === "number" ? Math.floor((row.at - since) / 86_400_000) : undefined;
  const within = (value: number | undefined, range: { over?: number; under?: number }) =>
    value === undefined ? undefined : value > (range.over ?? -1e15) && value < (range.under ?? 1e15);
  const hasOrder = Boolean(row.order);

  const truths: (boolean | undefined)[] = [];
  if (when.roles) truths.push(when.roles.includes(row.role ?? "agent"));
  if (when.teams) truths.push(Boolean(row.team && when.teams.includes(row.team)));
  if (when.tiers) truths.push(Boolean(row.tier && when.tiers.includes(row.tier)));
  if (when.remedies) truths.push(when.remedies.includes(row.remedy));
  if (when.causes) truths.push(Boolean(row.cause && when.causes.includes(row.cause)));
  if (when.channels) truths.push(Boolean(row.channel && when.channels.includes(row.channel)));
  if (when.amount) {
    const { over = -1, under } = when.amount;
    const isOver = exact && exact.parts > BigInt(over) * exact.of;
    const isUnder = exact && (under === undefined || exact.parts < BigInt(under) * exact.of);
    truths.push(exact === null ? undefined : Boolean(isOver && isUnder));
  }
  if (when.orderAgeDays) truths.push(hasOrder ? within(days(row.orderAt), when.orderAgeDays) : false);
  if (when.tenureDays) truths.push(within(row.tenureDays ?? undefined, when.tenureDays));
  if (when.hasOrder !== undefined) truths.push(when.hasOrder === hasOrder);
  if (when.hasOpenDispute !== undefined) {
    truths.push(
      typeof row.hasOpenDispute === "boolean" ? row.hasOpenDispute === when.hasOpenDispute : undefined,
    );
  }
  if (truths.includes(false)) return "no";
  return truths.includes(undefined) ? "maybe" : "yes";
}
