import { createHash } from "node:crypto";
import type { Remedy } from "@/lib/discretion/schema";
import type { Calendar } from "./calendar";
import type { Person } from "./people";
import { type Random, randomOf } from "./random";
import type { DemoRequest } from "./requests";

/** What somebody of the demo was about to ask for, and left without sending. Amounts are minor units. */
export interface DemoLeft {
  intent: string;
  /** Epoch milliseconds. */
  at: number;
  /** The employee's address. */
  employee: string;
  customerRef: string;
  remedy: Remedy;
  amount: number;
  cause: string;
  channel: string;
}

/** A higher amount that was looked at before a request was sent. */
export interface DemoLook {
  intent: string;
  /** Epoch milliseconds. */
  at: number;
  amount: number;
}

export interface DemoUnsent {
  /** The oldest first. */
  left: DemoLeft[];
  /** By the key of the request that was sent instead. */
  looks: ReadonlyMap<string, DemoLook>;
}

/** How many of a hundred requests are followed by one that is left. */
const LEFT_SHARE = 0.011;

/** What was not sent in the demo's past: the larger gift, the credit above the limit, the refund without an order. */
export function demoUnsent(
  requests: readonly DemoRequest[],
  people: readonly Person[],
  calendar: Calendar,
): DemoUnsent {
  const random = randomOf("unsent");
  const agents = new Set(people.filter(({ role }) => role === "agent").map(({ email }) => email));
  const looks = new Map<string, DemoLook>();
  const left: DemoLeft[] = [];
  for (const request of requests) {
    const higher = lookOf(random, request);
    if (higher !== null) {
      const at = request.at - random.int(15, 90) * 1000;
      looks.set(request.key, { intent: intentOf(`look ${request.key}`), at, amount: higher });
    }
    const at = request.at + random.int(4, 45) * 60_000;
    if (!random.chance(LEFT_SHARE) || !agents.has(request.employee) || at >= calendar.now) continue;
    const { employee, customerRef } = request;
    const { cause, channel } = request.case;
    left.push({
      intent: intentOf(`left ${request.key}`),
      at,
      employee,
      customerRef,
      cause,
      channel,
      ...askOf(random),
    });
  }
  left.sort((a, b) => a.at - b.at);
  return { left, looks };
}

/** What had been looked at before a gift or a credit; null where nothing was. */
function lookOf(random: Random, { remedy, amount }: DemoRequest): number | null {
  if (remedy === "gift" && amount >= 4_500 && amount <= 10_000 && random.chance(0.28)) {
    return random.int(21, 44) * 500;
  }
  if (remedy === "credit" && amount <= 10_000 && random.chance(0.012))
    return amount + random.int(1, 4) * 1_000;
  return null;
}

function askOf(random: Random): { remedy: Remedy; amount: number } {
  switch (random.weighted([["gift", 45] as const, ["large", 33] as const, ["refund", 22] as const])) {
    case "gift":
      return { remedy: "gift", amount: random.int(21, 56) * 500 };
    case "large":
      return { remedy: "credit", amount: random.int(41, 58) * 5_000 };
    case "refund":
      return { remedy: "refund", amount: random.int(4, 24) * 500 };
  }
}

/** The same one each time, so that a seed that goes on tells of nothing twice. */
function intentOf(name: string): string {
  return createHash("md5").update(name).digest("hex");
}
