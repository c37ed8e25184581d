import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createApiKey } from "@/lib/auth/api-keys";
import { pool } from "@/lib/db/pool";
import { findPolicy } from "@/lib/policies/data";
import { testDatabase } from "../setup/database";
import { rounds } from "../setup/faults";
import { decided, limit, scenario } from "../setup/scenario";
import { expectKept } from "../setup/traffic";

const DAY = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 9_000_000 });
const CALLERS = 400;

/** The route itself, as the server calls it. */
async function post(headers: Record<string, string>, body: object): Promise<Response> {
  const { POST } = await import("@/app/api/v1/decisions/route");
  const request = new Request("http://localhost:3000/api/v1/decisions", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return POST(request, { params: Promise.resolve({}) });
}

describe("a pool that runs dry", () => {
  // Risk: requests pile up behind a slow database until the process is out of memory, and those who gave up long ago are
  // served before those who still wait.
  it("answers 503 with Retry-After to those for whom there is no place, keeps the queue short, and recovers", async () => {
    const s = await scenario({ limits: [DAY] });
    const customer = await s.customer();
    const { key: token } = await createApiKey({
      organizationId: s.organizationId,
      name: "a till",
      scopes: ["decisions:write"],
      createdBy: null,
      at: new Date(),
    });
    const ask = (key: string) =>
      post(
        {
          Authorization: `Bearer ${token}`,
          "Leeway-Employee": s.agent.employeeId,
          "Idempotency-Key": key,
        },
        { customer, remedy: "credit", amount: 3, currency: "USD" },
      );
    const acknowledged = new Map<string, string>();
    const note = async (key: string, response: Response) => {
      if (response.status === 201) acknowledged.set(key, (await response.json()).id);
      return response.status;
    };

    for (let round = 0; round < rounds(1, 5); round++) {
      // Somebody holds every connection of the pool: what runs on it waits for a lock.
      const blocker = await testDatabase().pool.connect();
      await blocker.query("begin");
      await blocker.query("lock table api_keys in access exclusive mode");
      const keys = Array.from({ length: CALLERS }, () => randomUUID());
      let longest = 0;
      const answers = Promise.all(
        keys.map(async (key) => {
          const response = await ask(key);
          longest = Math.max(longest, pool().waitingCount);
          if (response.status === 503) {
            expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
            expect(response.headers.get("Content-Type")).toBe("application/problem+json");
            expect(["busy", "unavailable"]).toContain((await response.json()).code);
            return 503;
          }
          return note(key, response);
        }),
      );
      const statuses = await answers;
      expect(new Set(statuses)).toEqual(new Set([503]));
      expect(longest).toBeLessThanOrEqual(16 * 8);
      await blocker.query("rollback");
      blocker.release();

      // Each of them comes back with its key, eight at a time, and nobody is turned away any more.
      const again = [...keys];
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let key = again.pop(); key; key = again.pop())
            expect(await note(key, await ask(key))).toBe(201);
        }),
      );
      expect(pool().waitingCount).toBe(0);
    }
    await expectKept(s, acknowledged);
  });

  it("is said to be busy, and not to be broken, by everything that reads and writes", async () => {
    const s = await scenario({ limits: [DAY] });
    const clients = await Promise.all(Array.from({ length: 8 }, () => pool().connect()));
    const waiting = Array.from({ length: 16 * 8 }, () =>
      pool()
        .query("select 1")
        .then(
          () => "served",
          () => "refused",
        ),
    );
    const { databaseTrouble } = await import("@/lib/db/health");
    const trouble = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: unknown) => databaseTrouble(error),
      );
    expect(await trouble(pool().query("select 1"))).toBe("busy");
    expect(await trouble(findPolicy(s.organizationId, 1))).toBe("busy");
    expect(await trouble(s.publish(1, { limits: [] }))).toBe("busy");
    for (const client of clients) client.release();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["served"]));
    expect(decided(await s.ask({ customer: await s.customer(), amount: 3 })).verdict).toBe("allow");
  });
});
