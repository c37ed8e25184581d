import { randomUUID } from "node:crypto";
import type { Limit } from "@/lib/discretion/schema";
import { type PolicyInput, REMEDIES_AT_COST } from "@/lib/discretion/schema";
import { randomOf } from "@/prisma/demo/random";

/** Whom a bench decides as and for. */
export interface House {
  organizationId: string;
  timeZone: string;
  apiKeyId: string;
  key: string;
  /** One for each of as many teams. */
  spread: string[];
  /** As many in one team. */
  together: string[];
  customers: string[];
}

const DECIDERS = 50;
const CUSTOMERS = 1_000;
/** How many of the past's decisions are really taken; a long past is made after their pattern. */
const PATTERNS = 600;

const LIMIT = {
  measure: "amount",
  max: 4_000_000_000_000,
  over: "handover",
  why: "So much may be given without anybody's help.",
  say: "I can put this right for you now.",
} as const satisfies Partial<Limit>;

/** One limit that nobody shares, one for each customer, and a team's budget; the maxima are never met in earnest. */
const POLICY: Partial<PolicyInput> = {
  limits: [
    { ...LIMIT, id: "guest-day", scope: ["employee", "customer"], window: "day" },
    { ...LIMIT, id: "customer-30", scope: ["customer"], window: { rollingDays: 30 } },
    { ...LIMIT, id: "team-week", scope: ["team"], window: "week" },
  ],
  rules: [
    {
      ...{ id: "large-gift", effect: "deny", when: { remedies: ["gift"], amount: { over: 9_000 } } },
      ...{ why: "A credit lets them choose.", say: "I would rather put this on your account." },
    },
    {
      ...{ id: "large-upgrade", effect: "bend", when: { remedies: ["upgrade"], amount: { over: 9_000 } } },
      ...{ why: "Say what it is for.", say: "This one is from all of us." },
    },
  ],
};

/** Makes an organization in the database of the app's pool, with people, customers, a key and something decided. */
export async function makeHouse(): Promise<House> {
  const { createOrganization } = await import("@/tests/factories/organizations");
  const { createEmployee } = await import("@/tests/factories/employees");
  const { createCustomer } = await import("@/tests/factories/customers");
  const { createApiKey } = await import("@/lib/auth/api-keys");
  const organization = await createOrganization({ policy: POLICY });
  const { organizationId, timeZone } = organization;
  const employees = async (team: (turn: number) => string) => {
    const ids: string[] = [];
    for (let turn = 0; turn < DECIDERS; turn++) {
      const { id } = await createEmployee(organization, { team: team(turn), startedOn: "2024-03-01" });
      ids.push(id);
    }
    return ids;
  };
  const spread = await employees((turn) => `team-${turn}`);
  const together = await employees(() => "everybody");
  const customers: string[] = [];
  while (customers.length < CUSTOMERS) {
    // A few at a time: the app's pool turns away whoever would wait for long.
    const some = await Promise.all(Array.from({ length: 10 }, () => createCustomer(organization)));
    customers.push(...some.map(({ id }) => id));
  }
  const { id: apiKeyId, key } = await createApiKey({
    organizationId,
    name: "Bench",
    scopes: ["decisions:write"],
    createdBy: null,
    at: new Date(),
  });
  const house = { organizationId, timeZone, apiKeyId, key, spread, together, customers };
  await decidePatterns(house);
  return house;
}

/** Some of everything but what is waiting, so that a long past has what a past has. */
async function decidePatterns(house: House): Promise<void> {
  const { decide } = await import("@/lib/decisions/decide");
  const random = randomOf("bench patterns");
  for (let turn = 0; turn < PATTERNS; turn++) {
    const remedy = random.pick(["credit", "fee_waiver", ...REMEDIES_AT_COST] as const);
    const answer = await decide({
      actor: actorOf(house, house.spread, turn),
      input: {
        ...{ customer: customerOf(house, turn), remedy, amount: random.int(100, 12_000), currency: "USD" },
        note: "It took three calls and a week to find out where the parcel was.",
      },
      idempotencyKey: randomUUID(),
      now: new Date(),
    });
    if (!answer.ok) throw new Error(`A pattern was refused: ${answer.code}`);
  }
}

/** The key, acting for one of the employees, a new one each turn. */
export function actorOf(house: House, employees: readonly string[], turn: number) {
  const id = employees[turn % employees.length];
  if (id === undefined) throw new Error("Nobody decides.");
  return {
    kind: "api_key" as const,
    organizationId: house.organizationId,
    apiKeyId: house.apiKeyId,
    scopes: ["decisions:write"] as const,
    employee: { id, role: "agent" as const, status: "active" as const },
  };
}

/** Another customer each turn; with as many employees as there are, it takes long until the two meet again. */
export function customerOf(house: House, turn: number): string {
  const customer = house.customers[(turn * 7) % house.customers.length];
  if (customer === undefined) throw new Error("Nobody is decided for.");
  return customer;
}
