import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { faultsOfFile, rounds } from "../setup/faults";
import { limit, scenario } from "../setup/scenario";
import { expectKept, expectNeverPassed, traffic, untilAcknowledged, untilMissing } from "../setup/traffic";

const TIGHT = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 40_000, over: "deny" });
const ROLLING = limit({ id: "rolling", scope: ["employee"], window: { rollingDays: 7 }, max: 90_000_000 });

async function crowd() {
  const s = await scenario({ limits: [TIGHT, ROLLING] });
  const agents = await Promise.all(Array.from({ length: 3 }, () => s.employee("agent")));
  const customers = await Promise.all(Array.from({ length: 4 }, () => s.customer()));
  return { s, agents, customers };
}

describe("a decision that was acknowledged", () => {
  // Risk: the server's power fails after the answer and before the disk has it, or between commit and answer.
  it.each([
    ["the server and all its processes are", undefined],
    ["the server alone is", "postmaster"],
  ] as const)("is there once, and nothing else is, when %s killed under load", async (_, only) => {
    const { s, agents, customers } = await crowd();
    const { server } = faultsOfFile();
    const load = traffic(s, { agents, customers });
    for (let round = 0; round < rounds(2, 12); round++) {
      await untilAcknowledged(load, load.acknowledged.size + 30);
      await sleep(Math.random() * 100);
      const missed = load.missing();
      server.kill(only);
      await untilMissing(load, missed + 1);
      await server.back();
    }
    await load.settle();
    expect(load.missing()).toBeGreaterThan(0);
    await expectKept(s, load.acknowledged);
    await expectNeverPassed(s.organizationId, TIGHT.id, TIGHT.max);
  });
});
