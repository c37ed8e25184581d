import { randomUUID } from "node:crypto";
import type Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { tenantDb } from "@/lib/db/prisma";
import type { ProviderEvent } from "@/lib/execution/provider";
import { readStripeMessage } from "@/lib/execution/stripe/messages";
import { stripeProvider } from "@/lib/execution/stripe/provider";
import { type Random, randomOf } from "@/prisma/demo/random";
import { expectSound } from "../setup/books";
import { testDatabase } from "../setup/database";
import { type Driver, driveWorker, shuffled, type Written } from "../setup/execution-driver";
import { atLength, rounds } from "../setup/faults";
import { decided, limit, scenario } from "../setup/scenario";
import { type StripeFault, type StripeServer, signedEvent, startStripeServer } from "../setup/stripe-server";

const KEY = "sk_test_of_the_in_test_server";
const SECRET = "whsec_of_the_in_test_server";

/** One that failed is done again with LEEWAY_FAULT_SEED=… npm test -- faults stripe-executions, or at the length that it had. */
const SEED = process.env.LEEWAY_FAULT_SEED ?? randomUUID();
const EXECUTIONS = rounds(300, 2000);
const ROUNDS_MAX = 80;

const FAULTS: readonly (readonly [StripeFault | null, number])[] = [
  [null, 70],
  ["500_before", 4],
  ["500_after", 5],
  // After these three somebody waits: the client before it tries once more under the same key, or for the answer.
  ["reset_before", 0.2],
  ["reset_after", 0.3],
  ["timeout_after", 0.2],
  ["cut_before", 4],
  ["cut_after", 5],
  ["late", 5],
  ["429", 6],
];

let server: StripeServer;
afterEach(() => server.close());

type Scenario = Awaited<ReturnType<typeof scenario>>;

/** Nothing here is about what somebody may give. */
const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 1_000_000_000 });
const ASKED_AT = new Date(Date.now() - 60_000);

/** Payments with several decisions each, more than there is money for here and there; and credit for a few customers. */
async function decisionsOf(s: Scenario, random: Random): Promise<string[]> {
  const { organizationId } = s;
  const decisions: string[] = [];
  const ask = async (input: Parameters<Scenario["ask"]>[0]) =>
    decisions.push(decided(await s.ask(input, { now: ASKED_AT })).id ?? "");
  while (decisions.length < EXECUTIONS) {
    const customer = await s.customer();
    if (random.chance(0.15)) {
      const paymentRef = server.addCustomer("USD");
      await tenantDb(organizationId).customer.updateMany({ where: { id: customer }, data: { paymentRef } });
      for (let n = random.int(1, 3); n > 0; n -= 1) {
        await ask({ remedy: "credit", amount: random.int(1, 5000), customer });
      }
      continue;
    }
    const { intent, charge } = server.addPayment({ amount: random.int(100, 20_000) });
    // To us it was for more: what Stripe has of it is what is given back.
    const order = await s.order(customer, 100_000);
    await testDatabase().pool.query("update orders set payment_ref = $2 where id = $1", [
      order,
      random.chance(0.5) ? intent : charge,
    ]);
    for (let n = random.int(1, 4); n > 0; n -= 1) {
      await ask({ remedy: "refund", amount: random.int(1, 9000), customer, order });
    }
    if (random.chance(0.05)) server.dispute(charge);
  }
  return decisions;
}

/** What happens to refunds after they were made, and what Stripe says of it: late, twice, in any order, or not yet. */
async function liveOn(driver: Driver, decisions: readonly string[], name: string): Promise<void> {
  for (const refund of server.refunds) {
    const random = randomOf(`${name}/${decisions.indexOf(refund.metadata.leeway_decision ?? "")}`);
    const isOpen = refund.status === "pending" || refund.status === "requires_action";
    if (isOpen && random.chance(0.5)) {
      const status = random.weighted([
        ["succeeded", 7],
        ["failed", 2],
        ["canceled", 1],
      ] as const);
      server.settle(refund.id, status, status === "failed" ? "lost_or_stolen_card" : undefined);
    } else if (refund.status === "succeeded" && random.chance(0.01)) {
      server.settle(refund.id, "failed", "expired_or_canceled_card");
    }
  }
  const random = randomOf(name);
  await tell(
    driver,
    shuffled(server.events, random).filter(() => random.chance(0.3)),
  );
}

async function tell(driver: Driver, events: readonly Stripe.Event[]): Promise<void> {
  const news: ProviderEvent[] = [];
  for (const event of events) {
    const message = await readStripeMessage(SECRET, signedEvent(event, SECRET), new Date());
    if (!message.ok) throw new Error("The server's signature doesn't hold.");
    news.push(...message.events);
  }
  await driver.hear(news);
}

async function run(seed: string): Promise<{ s: Scenario; rows: Written[] }> {
  const random = randomOf(seed);
  server = await startStripeServer(KEY);
  const s = await scenario({ limits: [DAY] });
  const remedies = ["refund", "credit"] as const;
  await tenantDb(s.organizationId).remedyProvider.createMany({
    data: remedies.map((remedy) => ({
      organizationId: s.organizationId,
      remedy,
      provider: "stripe",
      setBy: s.manager.employeeId ?? "",
      setAt: new Date(),
    })),
  });
  const decisions = await decisionsOf(s, random);
  server.firstStatus = () =>
    driver.chance().weighted([
      ["succeeded", 7],
      ["pending", 2],
      ["requires_action", 1],
    ] as const);
  server.fault = () => {
    // What came late is done by the time that something else is asked, or not yet.
    if (driver.chance().chance(0.3)) server.catchUp();
    return driver.chance().weighted(FAULTS);
  };
  const provider = stripeProvider({
    secretKey: KEY,
    webhookSecret: SECRET,
    api: server.url,
    patienceMs: 1000,
  });
  const { organizationId } = s;
  const driver: Driver = driveWorker({ organizationId, provider, decisions, seed, kills: 0.1 });
  try {
    for (let round = 1; round <= ROUNDS_MAX && !isSettled(await driver.read()); round += 1) {
      await driver.round(new Date(ASKED_AT.getTime() + 60_000 + round * 1_000));
      server.catchUp();
      await liveOn(driver, decisions, `${seed}/after/${round}`);
      // Now and then long enough for Stripe to forget its keys: then only the metadata are left.
      server.advance(randomOf(`${seed}/clock/${round}`).chance(0.3) ? 25 * 60 * 60 : 600);
    }
    // In the end Stripe has said everything.
    await tell(driver, shuffled([...server.events, ...server.events], randomOf(`${seed}/end`)));
    return { s, rows: await driver.read() };
  } finally {
    driver.stop();
  }
}

function isSettled(rows: readonly Written[]): boolean {
  return rows.every(({ status }) => status === "succeeded" || status === "failed");
}

describe(`${EXECUTIONS} executions at a Stripe with faults, by workers that are killed (seed ${SEED})`, () => {
  // Risk: a refund is given twice after a time-out, or never, or the books say something else than the bank.
  it("end with one refund for each that succeeded, none for the others, and sums that are equal", {
    timeout: atLength ? 1_800_000 : 600_000,
  }, async () => {
    const { s, rows } = await run(SEED);
    const made = new Map<string, { id: string; amount: number; stands: boolean }[]>();
    for (const { id, amount, status, metadata } of server.refunds) {
      const stands = status !== "failed" && status !== "canceled";
      const decision = metadata.leeway_decision ?? "";
      made.set(decision, [...(made.get(decision) ?? []), { id, amount, stands }]);
    }
    for (const { id, amount, metadata } of server.entries) {
      const decision = metadata.leeway_decision ?? "";
      made.set(decision, [...(made.get(decision) ?? []), { id, amount: -amount, stands: true }]);
    }
    const twice = [...made].filter(([, deeds]) => deeds.length > 1);
    expect(twice, "done twice").toEqual([]);

    const open = rows.filter(({ status }) => status !== "succeeded" && status !== "failed");
    expect(open, "never settled").toEqual([]);

    const wrong = rows.filter(({ decisionId, status }) => {
      const [deed] = made.get(decisionId) ?? [];
      return status === "succeeded" ? deed?.stands !== true : deed?.stands === true;
    });
    expect(wrong, "written down as something else than what happened").toEqual([]);
    // What failed was given back to what may be given, once, and nothing else was.
    await expectSound(s.organizationId);

    const ours = rows
      .filter(({ status }) => status === "succeeded")
      .reduce((sum, { amount }) => sum + amount, 0);
    const theirs = [...made.values()]
      .flat()
      .reduce((sum, { amount, stands }) => sum + (stands ? amount : 0), 0);
    expect(theirs).toBe(ours);

    for (const refund of server.refunds) {
      const charge = server.charge(refund.charge);
      expect(charge.amount_refunded).toBeLessThanOrEqual(charge.amount_captured);
      expect(refund.reason).toBe("requested_by_customer");
    }
    // Each kind of thing happened, so that all this says something.
    const outcomes = rows.map(({ status, code }) => (status === "failed" ? code : status));
    for (const kind of ["succeeded", "more_than_paid", "disputed", "method_unavailable"]) {
      expect(outcomes, kind).toContain(kind);
    }
  });
});
