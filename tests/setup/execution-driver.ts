import { withTenant } from "@/lib/db/tenant";
import { applyProviderEvents } from "@/lib/execution/inbound";
import { applyNews } from "@/lib/execution/news";
import type { Outcome, Provider, ProviderEvent } from "@/lib/execution/provider";
import { replaceSource } from "@/lib/execution/registry";
import { workOn } from "@/lib/execution/work";
import type { Random } from "@/prisma/demo/random";

/** How an execution stands in the database. */
export interface Written {
  decisionId: string;
  amount: number;
  status: string;
  code: string | null;
}

export interface Driver {
  read(): Promise<Written[]>;
  /** One go of the worker's at everything that isn't settled. */
  round(at: Date): Promise<void>;
  /** What the provider says by itself. */
  hear(events: readonly ProviderEvent[]): Promise<void>;
  stop(): void;
}

const KILLED = new Error("The worker was killed.");

/**
 * Has the worker's own steps carry decisions out by a provider of theirs, and kills it: before it calls, and after the call has
 * done what it does, so that what came of it is written down by nobody. Now and then a job is given up for dead while
 * somebody still works on it, and two are at it.
 */
export function driveWorker(options: {
  organizationId: string;
  provider: Provider;
  decisions: readonly string[];
  random: Pick<Random, "chance" | "next">;
  /** How often somebody is killed at either end of a call, 0 to 1. */
  kills: number;
}): Driver {
  const { organizationId, provider, decisions, random, kills } = options;
  let dying = new AbortController();

  async function mortal<T extends Outcome | { outcome: "absent" }>(call: () => Promise<T>): Promise<T> {
    const { signal } = dying;
    signal.throwIfAborted();
    if (random.chance(kills)) dying.abort(KILLED);
    signal.throwIfAborted();
    const answer = await call();
    if (random.chance(kills)) dying.abort(KILLED);
    signal.throwIfAborted();
    return answer;
  }

  const watched: Provider = {
    ...provider,
    execute: (instruction, { signal }) => mortal(() => provider.execute(instruction, { signal })),
    lookup: (instruction, { signal }) => mortal(() => provider.lookup(instruction, { signal })),
  };
  const stop = replaceSource("stripe", async () => watched);

  async function workAt(decisionId: string, at: Date): Promise<void> {
    const { signal } = dying;
    await workOn({ organizationId, decisionId, signal, clock: () => at }).catch((error: unknown) => {
      if (error !== KILLED) throw error;
    });
  }

  async function read(): Promise<Written[]> {
    const { rows } = await withTenant(organizationId, (client) =>
      client.query<Written>(
        `select d.id as "decisionId", d.amount::float8 as amount, coalesce(x.status, 'queued') as status, x.failure_code as code
         from decisions d left join executions x on x.organization_id = d.organization_id and x.decision_id = d.id
         where d.organization_id = $1 and d.id = any ($2)`,
        [organizationId, decisions],
      ),
    );
    return rows;
  }

  return {
    read,
    stop,
    async round(at) {
      const open = (await read()).filter(({ status }) => status !== "succeeded" && status !== "failed");
      for (const { decisionId } of shuffled(open, random)) {
        dying = new AbortController();
        await Promise.all(Array.from({ length: random.chance(0.1) ? 2 : 1 }, () => workAt(decisionId, at)));
      }
    },
    async hear(events) {
      await applyProviderEvents(organizationId, "stripe", events);
      await applyNews(organizationId);
    },
  };
}

/** The same rows in any order. */
export function shuffled<T>(rows: readonly T[], random: Pick<Random, "next">): T[] {
  return rows
    .map((row) => ({ row, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}
