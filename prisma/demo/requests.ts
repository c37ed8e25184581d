import type { Remedy } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";
import type { Calendar } from "./calendar";
import { withHotSpot } from "./hot-spot";
import type { DemoOrder } from "./orders";
import { pairRequests } from "./pair";
import { AGENT, type Person, TEAMS } from "./people";
import { type Random, randomOf } from "./random";
import { ANSWERS, CAUSES, type Cause, LARGE_PLOTS, REASONS, STORIES, tell } from "./stories";

/** What an employee of the demo once asked for. Amounts are minor units. */
export interface DemoRequest {
  key: string;
  /** Epoch milliseconds. */
  at: number;
  /** The employee's address. */
  employee: string;
  customerRef: string;
  orderRef: string | null;
  remedy: Remedy;
  amount: number;
  note: string | null;
  case: { channel: string; happened: string; need: string | null; cause: Cause };
  /** What somebody says to it, if it is handed over; left out, its deadline passes, or it waits still. */
  answer?: DemoAnswer;
}

export interface DemoAnswer {
  /** The manager's address. */
  by: string;
  minutes: number;
  /** What is granted; null declines it. */
  amount: number | null;
  note: string;
}

export const HISTORY_DAYS = 90;

/** Of a hundred large requests so many are answered before their deadline. */
const ANSWERED = 0.8;

/** Decisions a day, Sunday first. */
const A_DAY = [28, 90, 78, 76, 74, 76, 54] as const;

/** The hours of a day by how much happens in them. */
const HOURS: readonly (readonly [hour: number, weight: number])[] = [
  [0, 1],
  [6, 1],
  [7, 2],
  [8, 6],
  [9, 10],
  [10, 12],
  [11, 12],
  [12, 9],
  [13, 10],
  [14, 11],
  [15, 11],
  [16, 10],
  [17, 8],
  [18, 6],
  [19, 5],
  [20, 3],
  [21, 3],
  [22, 2],
  [23, 1],
];

/** Requests that end in each of the verdicts, about as often as they do in a good company. */
const SHAPES = [
  ["ordinary", 890],
  ["old_refund", 40],
  ["large_gift", 22],
  ["large", 22],
  ["over_refund", 11],
  ["refund_without_order", 9],
  ["huge_gift", 6],
] as const;

type Shape = (typeof SHAPES)[number][0];

/** Minutes before the demo's now at which the handovers were asked for that still wait for an answer. */
const WAITING_MINUTES = [9, 38, 74, 131, 212] as const;

/** So many days of requests up to now, the oldest first. */
export function demoRequests(
  people: readonly Person[],
  orders: readonly DemoOrder[],
  calendar: Calendar,
  days: number = HISTORY_DAYS,
  { planted = true }: { planted?: boolean } = {},
): DemoRequest[] {
  const random = randomOf("requests");
  const draw = createDraw(random, people, orders);
  const hourOf = createClock(calendar);
  const moments: number[] = [];
  for (let daysAgo = days - 1; daysAgo >= 0; daysAgo--) {
    const usual = A_DAY[calendar.weekday(daysAgo)] ?? 0;
    const today = Math.round(usual * (0.85 + random.next() * 0.3));
    for (let i = 0; i < today; i++) {
      moments.push(
        calendar.at(daysAgo, random.weighted(HOURS), random.int(0, 59), random.int(0, 59)) +
          random.int(0, 999),
      );
    }
  }
  const past = moments.filter((at) => at < calendar.now - 60_000).sort((a, b) => a - b);
  const answer = createAnswers(people);
  const requests = past.map((at) => {
    const shape = random.weighted(SHAPES);
    const request = draw(at, shape, hourOf(at));
    return shape === "large" ? answer(request) : request;
  });
  for (const [i, minutes] of WAITING_MINUTES.entries()) {
    const at = calendar.now - minutes * 60_000;
    const waiting = draw(at, "large", hourOf(at));
    // One of them is the demo agent's own, so that their manager has somebody waiting.
    requests.push(i === 1 ? { ...waiting, employee: AGENT } : waiting);
  }
  if (planted) requests.push(...pairRequests(people, orders, calendar));
  const all = planted ? withHotSpot(requests, people, orders, calendar, days) : requests;
  all.sort((a, b) => a.at - b.at);
  return all.map((request, i) => ({ ...request, key: `demo-${i + 1}` }));
}

/** Their line manager answers most large requests, with yes more often than not. */
function createAnswers(people: readonly Person[]): (request: DemoRequest) => DemoRequest {
  const random = randomOf("answers");
  return (request) => {
    const by = people.find(({ email }) => email === request.employee)?.manager;
    if (!by || !random.chance(ANSWERED)) return request;
    const minutes = random.weighted([
      [random.int(1, 5), 3],
      [random.int(5, 15), 4],
      [random.int(15, 60), 4],
      [random.int(60, 400), 2],
    ]);
    const kind = random.weighted([
      ["approve", 60],
      ["adjust", 22],
      ["decline", 18],
    ] as const);
    const part = Math.round((request.amount * random.int(45, 80)) / 500_000) * 5_000;
    const amount = { approve: request.amount, adjust: part, decline: null }[kind];
    return { ...request, answer: { by, minutes, amount, note: random.pick(ANSWERS[kind]) } };
  };
}

function createClock({ timeZone }: Calendar): (at: number) => number {
  const hours = new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", hourCycle: "h23" });
  return (at) => Number(hours.format(at));
}

function createDraw(random: Random, people: readonly Person[], orders: readonly DemoOrder[]) {
  const pickPerson = createShifts(random, people);
  /** What is left to refund of each order, so that only those meant to pass it do. */
  const left = new Map<string, number>();

  return (at: number, shape: Shape, hour: number): DemoRequest => {
    const person = pickPerson(hour, shape);
    const team = TEAMS.find(({ key }) => key === person.team);
    const cause = random.weighted(CAUSES.map((name) => [name, STORIES[name].weight] as const));
    const order = pickOrder(random, orders, at, shape);
    const refundable = left.get(order.ref) ?? order.amountPaid;
    const asked = ask(random, shape, cause, refundable, order.amountPaid);
    if (asked.remedy === "refund" && shape !== "over_refund" && asked.withOrder) {
      left.set(order.ref, refundable - asked.amount);
    }
    const large = shape === "large";
    return {
      key: "",
      at,
      employee: person.email,
      customerRef: order.customer.ref,
      orderRef: asked.withOrder ? order.ref : null,
      remedy: asked.remedy,
      amount: asked.amount,
      note: asked.note,
      case: {
        channel: random.weighted(team?.channels ?? [["phone", 1]]),
        ...tell(random, large ? LARGE_PLOTS : STORIES[cause].plots),
        cause: large ? "damaged" : cause,
      },
    };
  };
}

/** Who is at work: the night team by night, everybody else by day, now and then a manager. */
function createShifts(random: Random, people: readonly Person[]) {
  const agents = (night: boolean) =>
    people.filter((person) => person.role === "agent" && (person.team === "nights") === night);
  const day = agents(false);
  const night = agents(true);
  const managers = people.filter((person) => person.role === "manager");
  return (hour: number, shape: Shape): Person => {
    if (shape !== "large" && random.chance(0.06)) return random.pick(managers);
    return random.pick(hour >= 20 || hour < 8 ? night : day);
  };
}

/** An order that something may have gone wrong with at that moment. */
export function recentOrder(random: Random, orders: readonly DemoOrder[], at: number): DemoOrder {
  return pickOrder(random, orders, at, "ordinary");
}

/** Mostly something goes wrong with what was ordered in the last weeks. */
function pickOrder(random: Random, orders: readonly DemoOrder[], at: number, shape: Shape): DemoOrder {
  const [newest, oldest] = shape === "old_refund" ? [92, 240] : random.chance(0.93) ? [1, 60] : [60, 88];
  const from = firstSince(orders, at - oldest * DAY_MS);
  const to = Math.max(from, firstSince(orders, at - newest * DAY_MS) - 1);
  const order = orders[random.int(from, to)] ?? orders[0];
  if (!order) throw new RangeError("There is no order.");
  return order;
}

/** The place of the first order that was placed at that moment or later. */
function firstSince(orders: readonly DemoOrder[], moment: number): number {
  let low = 0;
  let high = orders.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((orders[middle]?.placedAt ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Asked {
  remedy: Remedy;
  amount: number;
  withOrder: boolean;
  note: string | null;
}

function ask(random: Random, shape: Shape, cause: Cause, refundable: number, paid: number): Asked {
  switch (shape) {
    case "ordinary":
      return ordinary(random, cause, refundable, paid);
    case "old_refund":
      return refundable < 500
        ? ordinary(random, "other", refundable, paid)
        : {
            remedy: "refund",
            amount: partOf(random, refundable),
            withOrder: true,
            note: random.pick(REASONS.oldOrder),
          };
    case "large_gift":
      return {
        remedy: "gift",
        amount: random.int(22, 60) * 500,
        withOrder: random.chance(0.5),
        note: random.pick(REASONS.gift),
      };
    case "huge_gift":
      return {
        remedy: "gift",
        amount: random.int(11, 18) * 5_000,
        withOrder: false,
        note: random.pick(REASONS.gift),
      };
    case "large":
      return { remedy: "credit", amount: random.int(42, 76) * 5_000, withOrder: true, note: null };
    case "over_refund":
      return {
        remedy: "refund",
        amount: paid + random.pick([495, 995, 1_495, 2_900]),
        withOrder: true,
        note: null,
      };
    case "refund_without_order":
      return { remedy: "refund", amount: random.int(4, 30) * 500, withOrder: false, note: null };
    default:
      return shape satisfies never;
  }
}

const CREDITS = [
  [1_000, 12],
  [1_500, 18],
  [2_000, 17],
  [2_500, 18],
  [3_000, 10],
  [4_000, 8],
  [5_000, 9],
  [7_500, 4],
  [10_000, 2],
  [15_000, 1],
] as const;

function ordinary(random: Random, cause: Cause, refundable: number, paid: number): Asked {
  const wanted = random.weighted(STORIES[cause].remedies);
  // Nothing is left to refund: what remains is a credit.
  const remedy = wanted === "refund" && refundable < 500 ? "credit" : wanted;
  const plain = { remedy, withOrder: random.chance(0.72), note: null };
  switch (remedy) {
    case "refund":
      return { ...plain, withOrder: true, amount: partOf(random, refundable) };
    case "credit":
      return { ...plain, amount: random.weighted(CREDITS) };
    case "fee_waiver":
      return { ...plain, amount: random.pick([495, 795, 995, 995, 1_495, 1_995, 2_900, 4_900]) };
    case "upgrade":
      return { ...plain, amount: random.pick([900, 1_500, 1_500, 1_900, 2_500, 3_900]) };
    case "limit_extension":
      return { ...plain, amount: random.pick([0, 0, 500, 1_000, 2_500]) };
    case "replacement":
      return {
        ...plain,
        withOrder: true,
        amount: Math.max(800, Math.round((paid * random.int(30, 60)) / 100)),
      };
    case "gift":
      return { ...plain, amount: random.pick([1_500, 2_000, 2_500, 2_500, 3_500, 4_500, 6_000, 8_000]) };
    default:
      return remedy satisfies never;
  }
}

/** Now and then all of it, else a share, rounded as one would say it aloud. */
function partOf(random: Random, refundable: number): number {
  if (random.chance(0.24)) return refundable;
  const share = (refundable * random.int(12, 60)) / 100;
  return Math.max(500, Math.min(refundable, Math.round(share / 500) * 500));
}
