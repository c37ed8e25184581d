import type { Policy, Remedy } from "@/lib/discretion/schema";
import { chanceOf } from "@/lib/signals/chance";
import { BY_CHANCE } from "@/lib/signals/schema";
import type { Signal } from "@/lib/signals/types";

/** An amount at which a policy begins to say something else. Minor units of its currency. */
export interface Threshold {
  amount: number;
  /** For which remedies; null for any. */
  remedies: Remedy[] | null;
  /** Whether it is held against each decision by itself, so that parts of one pass it by. */
  single: boolean;
}

/** What was counted of a span. */
export interface Counted {
  /** Gestures of each employee, and the team they are in. */
  employees: readonly { employee: string; team: string | null; given: number }[];
  /** Pairs that met so often that they are worth a look, with all gestures of the customer. */
  pairs: readonly { employee: string; customer: string; given: number; ofCustomer: number }[];
  /** How many pairs there are at all. */
  pairCount: number;
  thresholds: readonly Threshold[];
  /** For each threshold (by its place) and employee: gestures just under it, and all that it is about. */
  under: readonly { threshold: number; employee: string; near: number; all: number }[];
  /** For each threshold and employee: days on which a customer got several gestures that together pass it, and such days at all. */
  parts: readonly { threshold: number; employee: string; passing: number; days: number }[];
  /** For each customer: refusals, and those after which another employee gave it soon. */
  shopping: readonly { customer: string; refusals: number; hops: number }[];
  /** Who granted whose requests how often. */
  answers: readonly { asked: string; answered: string; times: number }[];
}

/** The least that is worth a question at all. */
const PAIR_LEAST = 5;
const UNDER_LEAST = 5;
const PARTS_LEAST = 3;
const HOPS_LEAST = 3;
const TRADE_LEAST = 3;

/** Each direction of a trade has to be as rare as this by itself. */
const ONE_WAY = 0.05;

/** The band that is "just under" an amount, as a share of it. */
export const JUST_UNDER = 0.05;

/** What nobody else does at all still happens now and then. */
const FLOOR = { under: 0.002, parts: 0.02, hops: 0.1 } as const;

/** The amounts at which a policy changes its mind, each once. */
export function thresholdsOf(policy: Policy): Threshold[] {
  const found: Threshold[] = [];
  for (const limit of policy.limits) {
    if (limit.measure !== "amount" || limit.max === 0) continue;
    found.push({
      amount: limit.max,
      remedies: limit.when?.remedies ?? null,
      single: limit.window === "decision",
    });
  }
  for (const rule of policy.rules) {
    const over = rule.when?.amount?.over;
    if (over) found.push({ amount: over, remedies: rule.when?.remedies ?? null, single: true });
  }
  const seen = new Set<string>();
  return found.filter((threshold) => {
    const key = JSON.stringify([threshold.amount, threshold.remedies, threshold.single]);
    return !seen.has(key) && seen.add(key);
  });
}

/** Every question that the counts give rise to, those that chance explains least first. */
export function findSignals(counted: Counted): Signal[] {
  const found = [
    ...findPairs(counted),
    ...findUnder(counted),
    ...findParts(counted),
    ...findShopping(counted),
    ...findTrades(counted),
  ];
  return found.sort((a, b) => a.chance - b.chance);
}

/** Whether chance would bring up something like it more rarely than once in so many looks, among so many chances to. */
function isRare(chance: number, comparisons: number): boolean {
  return chance * Math.max(1, comparisons) < BY_CHANCE;
}

/**
 * One employee and one customer who meet again and again. The rate is the employee's share of what their own team gives:
 * whoever works at night meets those who call at night.
 */
export function findPairs({ employees, pairs, pairCount }: Counted): Signal[] {
  const byId = new Map(employees.map((each) => [each.employee, each]));
  const teams = new Map<string | null, number>();
  for (const { team, given } of employees) teams.set(team, (teams.get(team) ?? 0) + given);
  return pairs.flatMap(({ employee, customer, given, ofCustomer }) => {
    const who = byId.get(employee);
    const ofTeam = teams.get(who?.team ?? null) ?? 0;
    if (!who || ofTeam === 0 || given < PAIR_LEAST) return [];
    const rate = who.given / ofTeam;
    const chance = chanceOf(given, ofCustomer, rate);
    if (!isRare(chance, pairCount)) return [];
    return [
      {
        ...{ kind: "pair" as const, seen: given, of: ofCustomer, expected: ofCustomer * rate, chance },
        ...{ amount: null, remedies: null, subjects: { employees: [employee], customers: [customer] } },
      },
    ];
  });
}

/** One employee who gives just under an amount more often than everybody else does. */
export function findUnder({ under, thresholds }: Counted): Signal[] {
  return under.flatMap((own) => {
    const threshold = thresholds[own.threshold];
    const others = rest(under, own, ({ near, all }) => [near, all]);
    if (!threshold || own.near < UNDER_LEAST || others.of === 0) return [];
    const rate = Math.max(FLOOR.under, others.seen / others.of);
    const chance = chanceOf(own.near, own.all, rate);
    if (!isRare(chance, under.length)) return [];
    return [
      {
        ...{ kind: "under" as const, seen: own.near, of: own.all, expected: own.all * rate, chance },
        ...{ amount: threshold.amount, remedies: threshold.remedies },
        subjects: { employees: [own.employee], customers: [] },
      },
    ];
  });
}

/** One employee whose several gestures to one customer on one day together pass an amount that none of them does. */
export function findParts({ parts, thresholds }: Counted): Signal[] {
  return parts.flatMap((own) => {
    const threshold = thresholds[own.threshold];
    const others = rest(parts, own, ({ passing, days }) => [passing, days]);
    if (!threshold || own.passing < PARTS_LEAST) return [];
    const rate = Math.max(FLOOR.parts, others.of === 0 ? 0 : others.seen / others.of);
    const chance = chanceOf(own.passing, own.days, rate);
    if (!isRare(chance, parts.length)) return [];
    return [
      {
        ...{ kind: "parts" as const, seen: own.passing, of: own.days, expected: own.days * rate, chance },
        ...{ amount: threshold.amount, remedies: threshold.remedies },
        subjects: { employees: [own.employee], customers: [] },
      },
    ];
  });
}

/** One customer who is refused, and soon after is given it by somebody else, again and again. */
export function findShopping({ shopping }: Counted): Signal[] {
  const all = { refusals: 0, hops: 0 };
  for (const { refusals, hops } of shopping) {
    all.refusals += refusals;
    all.hops += hops;
  }
  return shopping.flatMap(({ customer, refusals, hops }) => {
    if (hops < HOPS_LEAST) return [];
    const others = all.refusals - refusals;
    const rate = Math.max(FLOOR.hops, others === 0 ? 0 : (all.hops - hops) / others);
    const chance = chanceOf(hops, refusals, rate);
    if (!isRare(chance, shopping.length)) return [];
    return [
      {
        ...{ kind: "shopping" as const, seen: hops, of: refusals, expected: refusals * rate, chance },
        ...{ amount: null, remedies: null, subjects: { employees: [], customers: [customer] } },
      },
    ];
  });
}

/** Two who grant one another's requests more often than others would have. Nobody can answer their own. */
export function findTrades({ answers }: Counted): Signal[] {
  const people = [...new Set(answers.flatMap(({ asked, answered }) => [asked, answered]))].sort();
  const times = new Map(answers.map(({ asked, answered, times: n }) => [`${asked} ${answered}`, n]));
  const between = (asked: string, answered: string) => times.get(`${asked} ${answered}`) ?? 0;
  const found: Signal[] = [];
  for (const [index, a] of people.entries()) {
    for (const b of people.slice(index + 1)) {
      const [ab, ba] = [between(a, b), between(b, a)];
      if (ab < TRADE_LEAST || ba < TRADE_LEAST) continue;
      const [one, other] = [direction(answers, a, b), direction(answers, b, a)];
      const chances = [chanceOf(ab, one.asks, one.rate), chanceOf(ba, other.asks, other.rate)] as const;
      // That one of them answers all of the other's says nothing: they may be who is there to answer.
      if (Math.max(...chances) > ONE_WAY) continue;
      const chance = chances[0] * chances[1];
      if (!isRare(chance, (people.length * (people.length - 1)) / 2)) continue;
      found.push({
        ...{ kind: "trade", seen: ab + ba, of: one.asks + other.asks, chance },
        expected: one.asks * one.rate + other.asks * other.rate,
        ...{ amount: null, remedies: null, subjects: { employees: [a, b], customers: [] } },
      });
    }
  }
  return found;
}

/** How often somebody's requests were granted, and the share that another one has of what is granted to the rest. */
function direction(
  answers: Counted["answers"],
  asker: string,
  answerer: string,
): { asks: number; rate: number } {
  let asks = 0;
  let byOther = 0;
  let byAll = 0;
  for (const { asked, answered, times } of answers) {
    if (asked === asker) asks += times;
    // Whoever asks is nobody who could have answered.
    else if (answered !== asker && asked !== answerer) {
      byAll += times;
      if (answered === answerer) byOther += times;
    }
  }
  // Where nobody else answers anybody, there was no choice.
  return { asks, rate: byAll === 0 ? 1 : Math.max(0.05, byOther / byAll) };
}

/** What everybody but one shows under the same threshold. */
function rest<Row extends { threshold: number; employee: string }>(
  rows: readonly Row[],
  own: Row,
  read: (row: Row) => [seen: number, of: number],
): { seen: number; of: number } {
  let seen = 0;
  let of = 0;
  for (const row of rows) {
    if (row.threshold !== own.threshold || row.employee === own.employee) continue;
    const [more, among] = read(row);
    seen += more;
    of += among;
  }
  return { seen, of };
}
