import { open } from "node:fs/promises";
import type pg from "pg";
import { withTenant } from "@/lib/db/tenant";
import { env } from "@/lib/env";
import { signedHeaders } from "@/lib/http/signed";
import { log } from "@/lib/log";
import { readSealAt } from "@/lib/seals/data";
import { CHANNELS, type Channel, type Seal } from "@/lib/seals/types";

/** How many seals a channel tells at one go, so that one that was set up late doesn't keep the others waiting. */
const AT_ONCE = 1_000;
const PATIENCE_MS = 10_000;
const FAULT_LENGTH = 300;

/** Tells of a seal outside of the database; throws where that fails. It may be told of the same one again. */
export type Tell = (seal: Seal) => Promise<void>;

/** The channels that the settings name. */
export function configuredChannels(): Partial<Record<Channel, Tell>> {
  const { LEEWAY_SEAL_FILE: file, LEEWAY_SEAL_WEBHOOK: url, LEEWAY_SEAL_WEBHOOK_SECRET: secret } = env;
  return {
    ...(file ? { file: appendTo(file) } : {}),
    ...(url && secret ? { webhook: postTo(url, secret) } : {}),
  };
}

/**
 * Tells every channel of the seals that it has not been told of, in their order, each at least once. A channel that fails
 * is tried again the next time, from the same seal on; it keeps nobody from sealing, and the others from nothing.
 */
export async function publishSeals(
  organizationId: string,
  channels: Partial<Record<Channel, Tell>> = configuredChannels(),
): Promise<{ published: number; faults: { channel: Channel; fault: string }[] }> {
  let published = 0;
  const faults: { channel: Channel; fault: string }[] = [];
  for (const channel of CHANNELS) {
    const tell = channels[channel];
    if (!tell) continue;
    for (let told = 0; told < AT_ONCE; told += 1) {
      const outcome = await publishNext(organizationId, channel, tell);
      if (outcome === "nothing") break;
      if (typeof outcome === "object") {
        log.warn(
          { organization: organizationId, channel, reason: outcome.fault },
          "a seal was not published",
        );
        faults.push({ channel, fault: outcome.fault });
        break;
      }
      published += 1;
    }
  }
  return { published, faults };
}

/** One seal, under a lock of its channel: two that publish at once would change the order. */
async function publishNext(
  organizationId: string,
  channel: Channel,
  tell: Tell,
): Promise<"told" | "nothing" | { fault: string }> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ mine: boolean; next: number }>(
      `select pg_try_advisory_xact_lock(hashtextextended('leeway.publish/' || $2 || '/' || $1, 0)) as mine,
         (select coalesce(max(p.seal_seq), 0)::int + 1 from seal_publications p
          where p.organization_id = $1::uuid and p.channel = $2 and p.published_at is not null) as next`,
      [organizationId, channel],
    );
    const { mine, next } = rows[0] ?? { mine: false, next: 1 };
    const seal = mine ? await readSealAt(client, organizationId, next) : null;
    if (!seal) return "nothing";
    const fault = await tell(seal).then(
      () => null,
      (error: unknown) => faultText(error),
    );
    await note(client, channel, seal, fault);
    return fault === null ? "told" : { fault };
  });
}

async function note(
  client: pg.PoolClient,
  channel: Channel,
  seal: Seal,
  fault: string | null,
): Promise<void> {
  await client.query(
    `insert into seal_publications (organization_id, channel, seal_seq, hash, published_at, attempts, attempted_at, fault)
     values ($1, $2, $3, $4, case when $5::text is null then clock_timestamp() end, 1, clock_timestamp(), $5)
     on conflict (organization_id, channel, seal_seq) do update
       set hash = excluded.hash, published_at = excluded.published_at, attempts = seal_publications.attempts + 1,
         attempted_at = excluded.attempted_at, fault = excluded.fault`,
    [seal.organizationId, channel, seal.seq, Buffer.from(seal.hash, "hex"), fault],
  );
}

function faultText(error: unknown): string {
  const reasons: string[] = [];
  for (let e: unknown = error; e instanceof Error; e = e.cause) reasons.push(e.message);
  return (reasons.join(": ") || String(error)).slice(0, FAULT_LENGTH) || "unknown";
}

/** A seal as it is published. */
export function publishedText({
  organizationId,
  seq,
  previousHash,
  root,
  leafCount,
  sealedAt,
  hash,
}: Seal): string {
  return JSON.stringify({ organizationId, seq, previousHash, root, leafCount, sealedAt, hash });
}

/** A line each, on the disk before it counts as told. One that was cut off by a crash gets an end first. */
function appendTo(path: string): Tell {
  return async (seal) => {
    const file = await open(path, "a+", 0o644);
    try {
      const { size } = await file.stat();
      const end = Buffer.alloc(1);
      if (size > 0) await file.read(end, 0, 1, size - 1);
      const isCutOff = size > 0 && end.toString() !== "\n";
      await file.appendFile(`${isCutOff ? "\n" : ""}${publishedText(seal)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };
}

/** Signed as Standard Webhooks are; the id is the same each time that a seal is told of, so that its receiver knows it. */
function postTo(url: string, secret: string): Tell {
  return async (seal) => {
    const id = `seal_${seal.organizationId}_${seal.seq}`;
    const at = new Date();
    const body = JSON.stringify({
      type: "seal.written",
      timestamp: seal.sealedAt,
      data: JSON.parse(publishedText(seal)),
    });
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...signedHeaders(secret, { id, at, body }),
      },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // Its words are of no interest, but the connection is free only once they are read.
    await response.arrayBuffer().catch(() => undefined);
    if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
  };
}
