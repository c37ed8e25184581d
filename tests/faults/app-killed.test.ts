import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { startProcess } from "../setup/fault-process";
import { atLength, faultsOfFile, rounds } from "../setup/faults";
import { limit, scenario } from "../setup/scenario";
import { expectKept, expectNeverPassed, type Send, traffic, untilAcknowledged } from "../setup/traffic";

const TIGHT = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 40_000, over: "deny" });

/** At length the app as it is served in earnest; else the one route of it. */
const SERVER = atLength ? "scripts/serve.ts" : "tests/setup/serve-decisions.ts";

// Risk: the process dies between the commit and the answer, or with half of the work done.
it("an acknowledged decision is there once, and nothing else is, though the app is killed under load", async () => {
  const s = await scenario({ limits: [TIGHT] });
  const agents = await Promise.all(Array.from({ length: 3 }, () => s.employee("agent")));
  const customers = await Promise.all(Array.from({ length: 4 }, () => s.customer()));
  const { key } = await createApiKey({
    organizationId: s.organizationId,
    name: "a till",
    scopes: ["decisions:write"],
    createdBy: null,
    at: new Date(),
  });
  const { server } = faultsOfFile();
  const serve = () =>
    startProcess([SERVER], {
      env: {
        DATABASE_URL: server.url,
        PORT: "0",
        LEEWAY_HOST: undefined,
        NODE_ENV: atLength ? "production" : "test",
      },
      ready: /^Leeway is ready on (\S+)$/,
    });

  let app = await serve();
  const send: Send = async ({ key: intent, actor, input }) => {
    let response: Response;
    let body: string;
    try {
      response = await fetch(`${app.said[1]}/api/v1/decisions`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${key}`,
          "Leeway-Employee": actor.employeeId,
          "Idempotency-Key": intent,
          "Content-Type": "application/json",
        },
        body: JSON.stringify({ remedy: "credit", currency: "USD", ...input }),
      });
      body = await response.text();
    } catch {
      return null;
    }
    if (response.status === 503) return null;
    expect([response.status, body]).toEqual([201, body]);
    return JSON.parse(body);
  };
  const load = traffic(s, { send, agents, customers });
  for (let round = 0; round < rounds(2, 5); round++) {
    await untilAcknowledged(load, load.acknowledged.size + 30);
    await sleep(Math.random() * 100);
    app.kill();
    await app.ended;
    app = await serve();
  }
  await load.settle();
  await app.stop();
  expect(load.missing()).toBeGreaterThan(0);
  await expectKept(s, load.acknowledged);
  await expectNeverPassed(s.organizationId, TIGHT.id, TIGHT.max);
});
