import pg from "pg";
import { appConnection } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { notificationSchema } from "@/lib/events/schema";
import type { ChangeEvent } from "@/lib/events/types";
import { log } from "@/lib/log";

const CHANNEL = "leeway";

/** How long to wait before connecting again: twice as long each time, up to this. */
const RETRY_MS = 250;
const RETRY_MAX_MS = 10_000;

/** A connection that went away without a word is found out by asking on it. */
const PING_MS = 30_000;
const PING_PATIENCE_MS = 5_000;

/** Pages come and go; the connection outlives the moment between two of them. */
const LINGER_MS = 10_000;

/** Who hears what happens in one organization. Neither function may throw. */
export interface Subscriber {
  onEvent(event: ChangeEvent): void;
  /**
   * From here on nothing is missed. Called once the connection listens, and again each time that it was lost and is
   * back: what happened in between nobody has heard.
   */
  onListening(): void;
}

/**
 * One connection of this process that listens for all of its subscribers. It is opened for the first of them, opened
 * again for as long as there is one, and closed after the last.
 */
class Listener {
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  #client: pg.Client | null = null;
  #listening = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #ping: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;

  subscribe(organizationId: string, subscriber: Subscriber): () => void {
    const heard = this.#subscribers.get(organizationId) ?? new Set();
    this.#subscribers.set(organizationId, heard.add(subscriber));
    clearTimeout(this.#linger);
    if (this.#listening) queueMicrotask(() => heard.has(subscriber) && subscriber.onListening());
    else if (!this.#client && !this.#retry) this.#connect();
    return () => {
      if (!heard.delete(subscriber)) return;
      if (heard.size === 0 && this.#subscribers.get(organizationId) === heard) {
        this.#subscribers.delete(organizationId);
      }
      if (this.#subscribers.size > 0) return;
      clearTimeout(this.#linger);
      this.#linger = setTimeout(() => this.close(), LINGER_MS).unref();
    };
  }

  /** Ends the connection. A later subscriber opens another one. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    clearTimeout(this.#linger);
    this.#retry = undefined;
    const client = this.#forget();
    await client?.end().catch(() => undefined);
  }

  #connect(): void {
    this.#retry = undefined;
    const client = new pg.Client(connection());
    this.#client = client;
    client.on("error", (error) => this.#lose(client, error));
    client.on("end", () => this.#lose(client, new Error("the connection was ended")));
    client.on("notification", ({ payload }) => this.#tell(payload ?? ""));
    client
      .connect()
      .then(() => client.query(`listen ${CHANNEL}`))
      .then(
        () => this.#listen(client),
        (error: Error) => this.#lose(client, error),
      );
  }

  #listen(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#listening = true;
    this.#failures = 0;
    this.#ping = setInterval(() => {
      client.query("select 1").catch((error: Error) => this.#lose(client, error));
    }, PING_MS).unref();
    for (const subscriber of this.#everybody()) subscriber.onListening();
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#client !== client) return;
    this.#forget();
    client.end().catch(() => undefined);
    const level = this.#failures === 0 ? "warn" : "debug";
    log[level]({ reason: error.message }, "the connection that listens for changes broke");
    if (this.#subscribers.size === 0) return;
    const wait = Math.min(RETRY_MS * 2 ** this.#failures, RETRY_MAX_MS);
    this.#failures += 1;
    // Not all processes at the same moment, when the database is just back.
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random())).unref();
  }

  #forget(): pg.Client | null {
    const client = this.#client;
    this.#client = null;
    this.#listening = false;
    clearInterval(this.#ping);
    return client;
  }

  #tell(payload: string): void {
    const notification = readNotification(payload);
    if (!notification) return;
    const { organizationId, kind, id, whose } = notification;
    for (const subscriber of [...(this.#subscribers.get(organizationId) ?? [])]) {
      subscriber.onEvent({ kind, id: id ?? null, ...(whose ? { whose } : {}) });
    }
  }

  #everybody(): Subscriber[] {
    return [...this.#subscribers.values()].flatMap((heard) => [...heard]);
  }
}

/** As the app connects, past a pooler that hands out connections by the transaction: those hear nothing. */
function connection(): pg.ClientConfig {
  const { DATABASE_URL, LEEWAY_APP_DATABASE_URL, LEEWAY_LISTEN_DATABASE_URL } = env;
  const config = LEEWAY_LISTEN_DATABASE_URL
    ? appConnection(LEEWAY_LISTEN_DATABASE_URL)
    : appConnection(DATABASE_URL, LEEWAY_APP_DATABASE_URL);
  return { ...config, application_name: "leeway events", query_timeout: PING_PATIENCE_MS };
}

/** A version of Leeway that is newer or older may speak of kinds that this one doesn't know. */
function readNotification(payload: string) {
  try {
    const parsed = notificationSchema.safeParse(JSON.parse(payload));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON, so nothing of Leeway's.
  }
  log.debug({ payload }, "a notification that says nothing to this version");
  return null;
}

const held = globalThis as unknown as { leewayListener?: Listener };

/** Hears what happens in an organization until the answered function is called. */
export function subscribe(organizationId: string, subscriber: Subscriber): () => void {
  held.leewayListener ??= new Listener();
  return held.leewayListener.subscribe(organizationId, subscriber);
}

/** Closes the connection that listens; a later `subscribe` opens another one. */
export async function closeListener(): Promise<void> {
  const open = held.leewayListener;
  held.leewayListener = undefined;
  await open?.close();
}
