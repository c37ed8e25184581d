import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { databaseTrouble } from "@/lib/db/health";
import { testDatabase } from "../setup/database";
import { rounds } from "../setup/faults";
import { decided, limit, scenario } from "../setup/scenario";
import { expectKept } from "../setup/traffic";

const GUEST = limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 9_000_000 });
const WHOLE = limit({ id: "whole-day", scope: ["organization"], window: "day", max: 9_000_000 });

/**
 * Somebody who takes an organization's counters from the hottest to the coldest, which nobody of the app does. They have
 * patience: whoever waits in a circle and looks first is the one who is undone.
 */
async function backwards(organizationId: string) {
  const client = await testDatabase().pool.connect();
  await client.query("begin");
  await client.query("set local deadlock_timeout = '60s'");
  const take = (scope: string) =>
    client.query("select 1 from counters where organization_id = $1 and scope_key like $2 for update", [
      organizationId,
      scope,
    ]);
  return {
    takeHottest: () => take("organization%"),
    takeColdest: async () => {
      await client.query("savepoint coldest");
      await take("employee:%");
    },
    giveColdest: () => client.query("rollback to savepoint coldest"),
    leave: async () => {
      await client.query("commit");
      client.release();
    },
  };
}

/** Waits until the app waits for a lock, or until it is too late for that. */
async function untilWaiting(tooLate: () => boolean = () => false): Promise<void> {
  for (const end = Date.now() + 30_000; !tooLate(); await sleep(5)) {
    const { rowCount } = await testDatabase().pool.query(
      "select 1 from pg_stat_activity where application_name = 'leeway' and wait_event_type = 'Lock'",
    );
    if (rowCount) return;
    if (Date.now() > end) throw new Error("It never came to that.");
  }
}

describe("two who wait for one another in a circle", () => {
  // Risk: the database undoes one of the two, and the app answers with a fault, or has done the half of it.
  it("are parted, and the decision that was undone is taken again and recorded once", async () => {
    const s = await scenario({ limits: [GUEST, WHOLE] });
    const customer = await s.customer();
    const acknowledged = new Map<string, string>();
    acknowledged.set("first", decided(await s.ask({ customer, amount: 5 }, { key: "first" })).id ?? "");
    for (let round = 0; round < rounds(2, 10); round++) {
      const other = await backwards(s.organizationId);
      await other.takeHottest();
      const key = `round ${round}`;
      const asked = s.ask({ customer, amount: 5 }, { key });
      await untilWaiting();
      await other.takeColdest();
      await other.leave();
      acknowledged.set(key, decided(await asked).id ?? "");
    }
    const { rows } = await testDatabase().pool.query<{ deadlocks: string }>(
      "select deadlocks from pg_stat_database where datname = current_database()",
    );
    expect(Number(rows[0]?.deadlocks)).toBeGreaterThan(0);
    await expectKept(s, acknowledged);
  });

  it("again and again are told that the app is busy, and nothing is half done", async () => {
    const s = await scenario({ limits: [GUEST, WHOLE] });
    const customer = await s.customer();
    const acknowledged = new Map<string, string>();
    acknowledged.set("first", decided(await s.ask({ customer, amount: 5 }, { key: "first" })).id ?? "");
    const other = await backwards(s.organizationId);
    await other.takeHottest();
    let answered = false;
    const outcome = s
      .ask({ customer, amount: 5 }, { key: "unlucky" })
      .then(
        (answer) => answer,
        (error: unknown) => databaseTrouble(error),
      )
      .finally(() => {
        answered = true;
      });
    while (!answered) {
      await untilWaiting(() => answered);
      await other.takeColdest();
      // Whoever was undone comes again, and finds the one free and the other one taken.
      await other.giveColdest();
    }
    await other.leave();
    expect(await outcome).toBe("busy");
    await expectKept(s, acknowledged);
    acknowledged.set("unlucky", decided(await s.ask({ customer, amount: 5 }, { key: "unlucky" })).id ?? "");
    await expectKept(s, acknowledged);
  });
});
