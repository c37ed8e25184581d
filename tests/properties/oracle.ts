import type { Limit, Policy, Rule, Window } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";

/**
 * A second engine, slow and simple: it keeps every past decision, counts by walking all of them, asks the runtime's
 * calendar for dates, and finds the largest amount by trying each. It shares no code with the engine that it judges.
 */

export interface Past {
  row: SimulationRow;
  verdict: string;
  /** The limits that looked at it and whose condition held. */
  counted: string[];
}

export interface OracleCheck {
  id: string;
  effect: string;
  used?: number;
  left?: number;
}

export interface OracleAnswer {
  verdict: string;
  binding: string | null;
  checks: OracleCheck[];
  counted: string[];
}

/** Above this every amount fares alike: generated thresholds and maxima stay well below it. */
export const BEYOND_EVERY_THRESHOLD = 400;

const SEVERITY = ["pass", "bend", "handover", "deny"];

/** What the policy says to a row, given all that was decided before. */
export function answer(policy: Policy, row: SimulationRow, past: readonly Past[]): OracleAnswer {
  const checks: (OracleCheck & { kind: string; measure?: string })[] = [];
  const counted: string[] = [];
  const foreign = row.currency && row.currency !== policy.currency;

  if (row.remedy === "refund" && row.order) {
    const refunds = past.filter((p) => p.row.order === row.order && p.row.remedy === "refund" && counts(p));
    const used = refunds.reduce((sum, p) => sum + p.row.amount, 0);
    const left = typeof row.orderPaid === "number" ? row.orderPaid - used - row.amount : undefined;
    const effect = left === undefined ? "handover" : left < 0 ? "deny" : "pass";
    checks.push({ id: "order-refundable", kind: "rule", effect, used, left });
  }
  if (foreign) checks.push({ id: "exchange-rate", kind: "rule", effect: "handover" });

  for (const limit of policy.limits) {
    if (limit.scope.includes("order") && !row.order) continue;
    if (limit.scope.includes("team") && !row.team) continue;
    if (foreign && limit.measure === "amount") continue;
    const truth = conditionOf(limit, policy, row);
    if (truth === "no") continue;
    const before = past.filter(
      (p) => counts(p) && p.counted.includes(limit.id) && together(limit, policy, p.row, row),
    );
    const used = limit.measure === "count" ? before.length : before.reduce((sum, p) => sum + p.row.amount, 0);
    const left = limit.max - used - (limit.measure === "count" ? 1 : row.amount);
    const effect = truth === "maybe" ? "handover" : left < 0 ? limit.over : "pass";
    checks.push({ id: limit.id, kind: "limit", measure: limit.measure, effect, used, left });
    if (truth === "yes" && !foreign) counted.push(limit.id);
  }
  for (const rule of policy.rules) {
    const truth = conditionOf(rule, policy, row);
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
    counted: verdict === "deny" ? [] : counted,
    checks: checks.map(({ kind: _kind, measure: _measure, ...check }) => check),
  };
}

/** The largest amount that is allowed or bends, by trying every amount there is up to where nothing changes any more. */
export function largestByTrying(policy: Policy, row: SimulationRow, past: readonly Past[]): number | null {
  const passes = (amount: number) =>
    ["allow", "bend"].includes(answer(policy, { ...row, amount }, past).verdict);
  if (passes(BEYOND_EVERY_THRESHOLD) && passes(BEYOND_EVERY_THRESHOLD * 7)) return null;
  const smallest = ["replacement", "upgrade", "limit_extension", "gift"].includes(row.remedy) ? 0 : 1;
  for (let amount = BEYOND_EVERY_THRESHOLD; amount >= smallest; amount--) if (passes(amount)) return amount;
  return 0;
}

export const counts = (past: Past): boolean => past.verdict !== "deny";

/** Whether two rows fall into one window and one scope of a limit. */
export function together(limit: Limit, policy: Policy, a: SimulationRow, b: SimulationRow): boolean {
  for (const member of limit.scope) if (member !== "organization" && a[member] !== b[member]) return false;
  return sameWindow(limit.window, policy.timeZone, a, b);
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

/** The wall calendar at an instant; `day` counts days since 1 January 1970. */
export function calendar(at: number, timeZone: string): { year: number; month: number; day: number } {
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
  const part = (type: string) => Number(format.formatToParts(at).find((p) => p.type === type)?.value);
  const [year, month, day] = [part("year"), part("month"), part("day")];
  return { year, month, day: Math.round(Date.UTC(year, month - 1, day) / 86_400_000) };
}

/** Whether a `when` holds: yes, no, or maybe where the answer hangs on something unknown. */
function conditionOf(
  { when = {} }: Limit | Rule,
  policy: Policy,
  row: SimulationRow,
): "yes" | "no" | "maybe" {
  const days = (since: number | null | undefined) =>
    typeof since === "number" ? Math.floor((row.at - since) / 86_400_000) : undefined;
  const within = (value: number | undefined, range: { over?: number; under?: number }) =>
    value === undefined ? undefined : value > (range.over ?? -1e15) && value < (range.under ?? 1e15);
  const amount = row.currency && row.currency !== policy.currency ? undefined : row.amount;
  const hasOrder = Boolean(row.order);

  const truths: (boolean | undefined)[] = [];
  if (when.roles) truths.push(when.roles.includes(row.role ?? "agent"));
  if (when.teams) truths.push(Boolean(row.team && when.teams.includes(row.team)));
  if (when.tiers) truths.push(Boolean(row.tier && when.tiers.includes(row.tier)));
  if (when.remedies) truths.push(when.remedies.includes(row.remedy));
  if (when.causes) truths.push(Boolean(row.cause && when.causes.includes(row.cause)));
  if (when.channels) truths.push(Boolean(row.channel && when.channels.includes(row.channel)));
  if (when.amount) truths.push(within(amount, when.amount));
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
