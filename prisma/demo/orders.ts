import type { Calendar } from "./calendar";
import type { DemoCustomer } from "./customers";
import { type Random, randomOf } from "./random";

export interface DemoOrder {
  ref: string;
  customer: DemoCustomer;
  /** Minor units. */
  amountPaid: number;
  /** Epoch milliseconds. */
  placedAt: number;
}

const ORDERS = 6_000;
const OLDEST_DAYS = 365;

/** A year of orders: most people have a few, some have many, some have none yet. The oldest first. */
export function demoOrders(customers: readonly DemoCustomer[], calendar: Calendar): DemoOrder[] {
  const random = randomOf("orders");
  const shoppers = customers.map((customer) => [customer, shoppingWeight(random)] as const);
  const pickShopper = cumulative(shoppers, random);
  const placed = Array.from({ length: ORDERS }, () => ({
    customer: pickShopper(),
    amountPaid: amountOf(random),
    placedAt: placedAt(random, calendar),
  }));
  placed.sort((a, b) => a.placedAt - b.placedAt);
  return placed.map((order, i) => ({ ref: `AF-${40_001 + i}`, ...order }));
}

function shoppingWeight(random: Random): number {
  return random.chance(0.06) ? 0 : Math.min(3.5, Math.exp(random.normal() * 0.7));
}

/** As `random.weighted`, for long lists. */
function cumulative<T>(choices: readonly (readonly [value: T, weight: number])[], random: Random): () => T {
  let total = 0;
  const ends = choices.map(([, weight]) => {
    total += weight;
    return total;
  });
  return () => {
    const wanted = random.next() * total;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    const choice = choices[low];
    if (!choice) throw new RangeError("Nothing to choose from.");
    return choice[0];
  };
}

/** Most baskets are small, a few hold a sofa; prices end as prices do. */
function amountOf(random: Random): number {
  const dollars = Math.min(2_400, Math.max(12, Math.round(84 * Math.exp(random.normal() * 0.9))));
  return dollars * 100 + random.pick([0, 0, 49, 50, 90, 95, 99]);
}

function placedAt(random: Random, calendar: Calendar): number {
  const daysAgo = random.int(0, OLDEST_DAYS - 1);
  const at = calendar.at(daysAgo, random.int(7, 22), random.int(0, 59), random.int(0, 59));
  // Nobody has ordered later today yet.
  return at < calendar.now ? at : at - 86_400_000;
}
