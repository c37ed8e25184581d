import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/log";

/** Something that goes round until it is stopped. */
export interface Rounds {
  /** Lets the round under way end, and begins no other. */
  stop(): Promise<void>;
}

/** Does something over and over, with a pause after each round. A round that fails is told as `failure`, and tried again. */
export function startRounds(pauseMs: number, failure: string, work: (now: Date) => Promise<unknown>): Rounds {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await work(new Date()).catch((error: Error) => log.warn({ reason: error.message }, failure));
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
