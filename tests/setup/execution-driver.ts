import { withTenant } from "@/lib/db/tenant";
import { applyProviderEvents } from "@/lib/execution/inbound";
import { applyNews } from "@/lib/execution/news";
import type { Outcome, Provider, ProviderEvent } from "@/lib/execution/provider";
import { replaceSource } from "@/lib/execution/registry";
import { workOn } from "@/lib/execution/work";
import { type Random, randomOf } from "@/prisma/demo/random";

/** How an execution stands in the database. */
export interface Written {
  decisionId: string;
  amount: number;
  status: string;
  code: string | null;
}

export interface Driver {
  /** How they stand, in the order in which they were decided. */
  read(): Promise<Written[]>;
  /** What chance says in the turn that is being taken: also of what the provider does in it. */
  chance(): Random;
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
 *
 * Each turn at a decision draws from a source of its own, named by `seed`, the round and the decision's place: the same seed tells the
 * same story, and where two at once come in another order, or a connection takes its time, only that turn is another one.
 */
export function driveWorker(options: {
  organizationId: string;
  provider: Provider;
  decisions: readonly string[];
  seed: string;
  /** How often somebody is killed at either end of a call, 0 to 1. */
  kills: number;
}): Driver {
  const { organizationId, provider, decisions, seed, kills } = options;
  const places = new Map(decisions.map((id, place) => [id, place]));
  let dying = new AbortController();
  let turn = randomOf(seed);
  let rounds = 0;

  async function mortal<T extends Outcome | { outcome: "absent" }>(call: () => Promise<T>): Promise<T> {
    const { signal } = dying;
    signal.throwIfAborted();
    if (turn.chance(kills)) dying.abort(KILLED);
    signal.throwIfAborted();
    const answer = await call();
    if (turn.chance(kills)) dying.abort(KILLED);
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
         where d.organization_id = $1 and d.id = any ($2) order by array_position($2, d.id)`,
        [organizationId, decisions],
      ),
    );
    return rows;
  }

  return {
    read,
    stop,
    chance: () => turn,
    async round(at) {
      rounds += 1;
      const open = (await read()).filter(({ status }) => status !== "succeeded" && status !== "failed");
      for (const { decisionId } of shuffled(open, randomOf(`${seed}/${rounds}`))) {
        turn = randomOf(`${seed}/${rounds}/${places.get(decisionId)}`);
        dying = new AbortController();
        await Promise.all(Array.from({ length: turn.chance(0.1) ? 2 : 1 }, () => workAt(decisionId, at)));
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
