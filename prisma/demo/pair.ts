import type { Calendar } from "./calendar";
import type { DemoOrder } from "./orders";
import type { Person } from "./people";
import { randomOf } from "./random";
import type { DemoRequest } from "./requests";
import { STORIES, tell } from "./stories";

/** So many gestures of one employee to one customer, in so many days. It is there to be found. */
export const PAIR_GESTURES = 11;
const PAIR_DAYS = 14;

const TEAM = "written";

/**
 * One employee and one customer who meet again and again: small credits, each for something else. With them the signals
 * have something to ask about.
 */
export function pairRequests(
  people: readonly Person[],
  orders: readonly DemoOrder[],
  calendar: Calendar,
): DemoRequest[] {
  const random = randomOf("pair");
  const person = people.filter(({ role, team }) => role === "agent" && team === TEAM).at(-1);
  const order = orders[orders.length >> 1];
  if (!person || !order) throw new RangeError("There is nobody to make a pair of.");
  return Array.from({ length: PAIR_GESTURES }, (_, turn): DemoRequest => {
    const daysAgo = PAIR_DAYS - Math.floor((turn * (PAIR_DAYS - 1)) / (PAIR_GESTURES - 1));
    const cause = random.pick(["late delivery", "service failure", "misunderstanding", "other"] as const);
    return {
      key: "",
      at: calendar.at(daysAgo, random.int(9, 17), random.int(0, 59), random.int(0, 59)) + random.int(0, 999),
      employee: person.email,
      customerRef: order.customer.ref,
      orderRef: null,
      remedy: "credit",
      amount: random.int(4, 9) * 500,
      note: null,
      case: { channel: "chat", ...tell(random, STORIES[cause].plots), cause },
    };
  }).sort((a, b) => a.at - b.at);
}
