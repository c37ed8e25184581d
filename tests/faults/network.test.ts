import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { databaseTrouble, isDatabaseUp } from "@/lib/db/health";
import { testDatabase } from "../setup/database";
import { faultsOfFile, rounds } from "../setup/faults";
import { decided, limit, scenario } from "../setup/scenario";
import {
  expectKept,
  expectNeverPassed,
  sendTo,
  traffic,
  untilAcknowledged,
  untilMissing,
} from "../setup/traffic";

const TIGHT = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 30_000, over: "deny" });
const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 9_000_000 });
const RECORDS = /record_decision/;

async function crowd() {
  const s = await scenario({ limits: [TIGHT, DAY] });
  const agents = await Promise.all(Array.from({ length: 3 }, () => s.employee("agent")));
  const customers = await Promise.all(Array.from({ length: 4 }, () => s.customer()));
  return { s, agents, customers };
}

afterEach(() => {
  const { proxy } = faultsOfFile();
  proxy.onCall = undefined;
  proxy.heal();
});

describe("when the network to the database is cut in the middle of a call", () => {
  // Risk: the answer to a commit is lost, the caller tries again, and the customer is paid twice; or the call never
  // arrived, and the caller believes that it did.
  it.each(["before", "after"] as const)(
    "%s the server has done it, the same key brings the one decision",
    async (cut) => {
      const { s, agents, customers } = await crowd();
      const { proxy } = faultsOfFile();
      const load = traffic(s, { agents, customers });
      let calls = 0;
      proxy.onCall = ({ text }) => (RECORDS.test(text) && ++calls % 5 === 0 ? { cut } : undefined);
      await untilMissing(load, rounds(25, 300));
      proxy.onCall = undefined;
      await load.settle();
      await expectKept(s, load.acknowledged);
      await expectNeverPassed(s.organizationId, TIGHT.id, TIGHT.max);
    },
  );

  it("and every call's is, at random, nothing is lost, doubled or half done", async () => {
    const { s, agents, customers } = await crowd();
    const { proxy } = faultsOfFile();
    const load = traffic(s, { agents, customers });
    proxy.onCall = () =>
      Math.random() < 0.06 ? { cut: Math.random() < 0.5 ? "before" : "after" } : undefined;
    for (let round = 1; round <= rounds(2, 20); round++) {
      await untilMissing(load, round * 12);
      proxy.cut();
    }
    proxy.onCall = undefined;
    await load.settle();
    await expectKept(s, load.acknowledged);
    await expectNeverPassed(s.organizationId, TIGHT.id, TIGHT.max);
  });
});

describe("when the network to the database swallows", () => {
  // Risk: nobody is told anything, so everybody waits, and what was held while waiting stays held.
  it("everything, callers are answered in time, readiness says so, and all goes on once it is mended", async () => {
    const { s, agents, customers } = await crowd();
    const { proxy } = faultsOfFile();
    const load = traffic(s, { agents, customers });
    await untilAcknowledged(load, 20);
    const before = load.acknowledged.size;
    proxy.stall();
    const answer = await sendTo(s)({
      key: "stalled",
      actor: s.agent,
      input: { customer: customers[0] ?? "", amount: 1 },
    });
    expect(answer).toBeNull();
    await sleep(1_100);
    expect(await isDatabaseUp()).toBe(false);
    proxy.heal();
    await load.settle();
    expect(load.acknowledged.size).toBeGreaterThan(before);
    const late = await s.ask({ customer: customers[0] ?? "", amount: 1 }, { key: "stalled" });
    load.acknowledged.set("stalled", decided(late).id ?? "");
    await expectKept(s, load.acknowledged);
  });

  it("the answers alone, what was committed unheard is there once", async () => {
    const { s, agents, customers } = await crowd();
    const { proxy } = faultsOfFile();
    const load = traffic(s, { agents, customers });
    for (let round = 0; round < rounds(1, 6); round++) {
      await untilAcknowledged(load, 20 * (round + 1));
      proxy.loseAnswers();
      await sleep(600);
      proxy.heal();
      await untilMissing(load, round + 1);
    }
    await load.settle();
    await expectKept(s, load.acknowledged);
  });

  // Risk: a publication holds everybody's lock, its process is cut off without a word, and nobody decides for hours.
  it("a publication that holds the lock, everybody decides again once the server gives it up", async () => {
    const { s, customers } = await crowd();
    const { server, proxy } = faultsOfFile();
    const customer = customers[0] ?? "";
    await s.ask({ customer, amount: 5 });
    let isHeld = false;
    proxy.onCall = ({ text }) => {
      if (!/publish_policy/.test(text)) return undefined;
      isHeld = true;
      // The app's connections go silent; its last words, the rollback among them, never arrive.
      proxy.stall();
      return undefined;
    };
    const published = s.publish(1, { limits: [DAY] }).then(
      () => null,
      (error: unknown) => databaseTrouble(error),
    );
    for (const until = Date.now() + 10_000; !isHeld && Date.now() < until; ) await sleep(10);
    const locked = async () => {
      const { rows } = await testDatabase().pool.query(
        `select 1 from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and granted`,
      );
      return rows.length > 0;
    };
    expect(await locked()).toBe(true);
    for (const until = Date.now() + 20_000; (await locked()) && Date.now() < until; ) await sleep(100);
    expect(await locked(), server.said()).toBe(false);
    expect(await published).toBe("away");
    proxy.cut();
    proxy.onCall = undefined;
    proxy.heal();
    let answer = null;
    for (const until = Date.now() + 10_000; answer === null && Date.now() < until; ) {
      answer = await sendTo(s)({ key: "after", actor: s.agent, input: { customer, amount: 6 } });
    }
    expect(answer?.policyVersion).toBe(1);
  });
});
