import { readMarks } from "@/lib/events/data";
import { subscribe } from "@/lib/events/listener";
import type { ChangeEvent, Marks } from "@/lib/events/types";
import { log } from "@/lib/log";

/** A sign of life, and a look whether whoever listens may still. Proxies give up what is silent for a minute. */
const PULSE_MS = 25_000;

/** A stream ends by itself, so that none outlives its page for long; the browser opens the next one. */
const LIFETIME_MS = 10 * 60_000;

/** How long the browser waits before it opens the next one. */
const RETRY_MS = 1_000;

interface StreamOptions {
  organizationId: string;
  /** Aborted when whoever listens is gone. */
  signal: AbortSignal;
  /** Whether whoever listens may still. Asked again and again; while it throws nobody is sent away. */
  mayStay(): Promise<boolean>;
  pulseMs?: number;
  lifetimeMs?: number;
}

/**
 * What happens in an organization, as server-sent events.
 *
 * `ready` comes once nothing is missed any more, and again after a gap, with the marks of how everything stands then;
 * after it each change is a message. `over` is the last event where whoever listens was signed out.
 */
export function eventStream(options: StreamOptions): ReadableStream<Uint8Array> {
  const { organizationId, signal, mayStay, pulseMs = PULSE_MS, lifetimeMs = LIFETIME_MS } = options;
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let stopped = false;
      const say = (text: string) => {
        if (!stopped) controller.enqueue(ENCODER.encode(text));
      };
      const end = () => {
        if (stopped) return;
        stop();
        controller.close();
      };
      const leave = subscribe(organizationId, {
        onEvent: (event) => say(message(event)),
        onListening: () => {
          readMarks(organizationId, new Date()).then(
            (marks) => say(message(marks, "ready")),
            // Who waited on would be told nothing: the next stream tries again.
            end,
          );
        },
      });
      const pulse = setInterval(async () => {
        say(":\n\n");
        if (await stays(mayStay)) return;
        say(message({ reason: "signed_out" }, "over"));
        end();
      }, pulseMs);
      // Streams that began together, because the app was started anew, don't end together.
      const lifetime = setTimeout(end, lifetimeMs * (0.8 + 0.4 * Math.random()));
      stop = () => {
        stopped = true;
        leave();
        clearInterval(pulse);
        clearTimeout(lifetime);
        signal.removeEventListener("abort", end);
      };
      signal.addEventListener("abort", end);
      say(`retry: ${RETRY_MS}\n\n`);
      // An abort that came before this is not told again.
      if (signal.aborted) end();
    },
    cancel: () => stop(),
  });
}

const ENCODER = new TextEncoder();

/** What the event source of a browser reads: an event of a name, or without one a plain message. */
function message(data: ChangeEvent | Marks | { reason: "signed_out" }, name?: "ready" | "over"): string {
  return `${name ? `event: ${name}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
}

async function stays(mayStay: () => Promise<boolean>): Promise<boolean> {
  try {
    return await mayStay();
  } catch (error) {
    log.debug({ err: error }, "a session could not be looked at");
    return true;
  }
}
