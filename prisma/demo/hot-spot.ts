import type { Calendar } from "./calendar";
import type { DemoOrder } from "./orders";
import type { Person } from "./people";
import { STORE_FEES } from "./policy";
import { randomOf } from "./random";
import { type DemoRequest, recentOrder } from "./requests";
import { ANSWERS, STORIES, tell } from "./stories";

/** So many fee waivers of the stores are handed over, and so many of them approved. */
export const HANDED_OVER = 100;
export const APPROVED = 97;

/** Since when the limit that they pass is in force, in days; the days that are looked at by themselves lie within. */
const SINCE_DAYS = 28;

const [TEAM] = STORE_FEES.when?.teams ?? [];
const FEES = [495, 795, 995, 995, 1_495, 1_995, 2_900, 3_900, 4_900, 4_900] as const;

/** One answer in so many is no. */
const EVERY = Math.floor(HANDED_OVER / (HANDED_OVER - APPROVED));

/**
 * Puts a hot spot into what is asked for: the stores waive a hundred fees up to 50, hand each of them over, and three are
 * declined. Other fees of theirs are credited instead, so that it is just these hundred.
 */
export function withHotSpot(
  requests: readonly DemoRequest[],
  people: readonly Person[],
  orders: readonly DemoOrder[],
  calendar: Calendar,
  days: number,
): DemoRequest[] {
  const random = randomOf("hot spot");
  const agents = people.filter(({ role, team }) => role === "agent" && team === TEAM);
  const isFee = ({ employee, remedy }: DemoRequest) =>
    remedy === "fee_waiver" && agents.some(({ email }) => email === employee);
  const others = requests.map(
    (request): DemoRequest => (isFee(request) ? { ...request, remedy: "credit" } : request),
  );
  const reach = Math.max(1, Math.min(SINCE_DAYS, days - 1));
  const fees = Array.from({ length: HANDED_OVER }, (_, turn): DemoRequest => {
    const daysAgo = 1 + (turn % reach);
    const at = calendar.at(daysAgo, random.int(9, 17), random.int(0, 59), random.int(0, 59));
    const person = random.pick(agents);
    const order = recentOrder(random, orders, at);
    const amount = random.pick(FEES);
    const declined = turn % EVERY === EVERY - 1;
    return {
      key: "",
      at,
      employee: person.email,
      customerRef: order.customer.ref,
      orderRef: order.ref,
      remedy: "fee_waiver",
      amount,
      note: null,
      case: {
        channel: "in_person",
        ...tell(random, STORIES["billing error"].plots),
        cause: "billing error",
      },
      answer: {
        by: person.manager ?? "",
        minutes: random.int(3, 45),
        amount: declined ? null : amount,
        note: declined ? "The fee was named before they ordered." : random.pick(ANSWERS.approve),
      },
    };
  });
  return [...others, ...fees];
}
