import { pool } from "@/lib/db/pool";
import { type Rounds, startRounds } from "@/lib/jobs/rounds";
import { log } from "@/lib/log";
import { deliver, giveBack, type Taken, takeDue } from "@/lib/webhooks/delivery";
import { feedAllWebhooks } from "@/lib/webhooks/feed";

const EVERY_MS = 500;
/** How many are sent to one endpoint at once, and by this process altogether. */
const PER_ENDPOINT = 8;
const ALTOGETHER = 64;

/**
 * Sends what is due to every endpoint. However slow one of them is, the others don't wait for it: each has places of its
 * own, and nobody waits for a round to end.
 */
export class Sender {
  private readonly stopping = new AbortController();
  private readonly busy = new Map<string, number>();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly patienceMs?: number) {}

  /** Begins to send what is due by then and has a place. */
  async round(now: Date): Promise<number> {
    const { rows } = await pool().query<{ organization: string; endpoint: string }>(
      "select organization, endpoint from webhook_endpoints_due($1)",
      [now],
    );
    let begun = 0;
    for (const { organization: organizationId, endpoint: endpointId } of rows) {
      const free = Math.min(PER_ENDPOINT - (this.busy.get(endpointId) ?? 0), ALTOGETHER - this.underWay.size);
      if (free <= 0 || this.stopping.signal.aborted) continue;
      const taken = await takeDue({ organizationId, endpointId, limit: free, now });
      for (const each of taken) this.begin(each, now);
      begun += taken.length;
    }
    return begun;
  }

  /** When all that was begun is over. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /** What is on its way is broken off and given back: whoever has it already gets it again, under the same id. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.settled();
  }

  private begin(taken: Taken, begunAt: Date): void {
    const { endpointId } = taken;
    const started = performance.now();
    this.busy.set(endpointId, (this.busy.get(endpointId) ?? 0) + 1);
    const now = () => new Date(begunAt.getTime() + Math.round(performance.now() - started));
    const { signal } = this.stopping;
    const sending = deliver(taken, {
      now,
      signal,
      ...(this.patienceMs ? { patienceMs: this.patienceMs } : {}),
    })
      .catch(async (error: unknown) => {
        if (!signal.aborted)
          log.warn({ err: error, endpoint: endpointId }, "a delivery could not be settled");
        await giveBack(taken).catch(() => undefined);
      })
      .finally(() => {
        const left = (this.busy.get(endpointId) ?? 1) - 1;
        if (left > 0) this.busy.set(endpointId, left);
        else this.busy.delete(endpointId);
        this.underWay.delete(sending);
      });
    this.underWay.add(sending);
  }
}

/** Reads what happens and tells endpoints of it, until it is stopped. */
export function startSender(): Rounds {
  const sender = new Sender();
  const rounds = startRounds(EVERY_MS, "webhooks could not be sent", async (now) => {
    await feedAllWebhooks(now);
    await sender.round(now);
  });
  return {
    stop: async () => {
      await Promise.all([rounds.stop(), sender.stop()]);
    },
  };
}
