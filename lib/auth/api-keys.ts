import { createHash, randomBytes } from "node:crypto";
import { audit } from "@/lib/audit/mutations";
import { type ApiKeyActor, type ApiScope, SCOPES } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { inTenant } from "@/lib/db/prisma";

/** `lwy_`, 8 characters that people may read to each other, and 32 random bytes. */
const FORM = /^lwy_[0-9a-z]{8}_[A-Za-z0-9_-]{43}$/;

/** What the database knows a key by. */
export function keyDigest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** Whether every word is a scope; the ones that are not are named. */
export function parseScopes(
  words: readonly string[],
): { ok: true; scopes: ApiScope[] } | { ok: false; unknown: string[] } {
  const known = new Set<string>(SCOPES);
  const unknown = words.filter((word) => !known.has(word));
  return unknown.length > 0 || words.length === 0
    ? { ok: false, unknown }
    : { ok: true, scopes: [...new Set(words)] as ApiScope[] };
}

/** Makes a key. Its text is returned once and kept nowhere. */
export async function createApiKey(input: {
  organizationId: string;
  name: string;
  scopes: readonly ApiScope[];
  createdBy: string | null;
  /** When it stops to open anything; never by itself when left out. */
  expiresAt?: Date | null;
  at: Date;
}): Promise<{ id: string; key: string }> {
  const id = newId(input.at);
  const prefix = `lwy_${randomBytes(4).toString("hex")}`;
  const key = `${prefix}_${randomBytes(32).toString("base64url")}`;
  await inTenant(input.organizationId, async (tx) => {
    await tx.apiKey.create({
      data: {
        organizationId: input.organizationId,
        id,
        name: input.name,
        prefix,
        keyHash: keyDigest(key),
        scopes: [...input.scopes],
        createdBy: input.createdBy,
        createdAt: input.at,
        expiresAt: input.expiresAt ?? null,
      },
    });
    await audit(tx, {
      organizationId: input.organizationId,
      actor: { kind: input.createdBy ? "employee" : "system", id: input.createdBy },
      action: "api_key.created",
      subjectId: id,
      data: { scopes: [...input.scopes] },
      at: input.at,
    });
  });
  return { id, key };
}

export interface FoundKey extends Omit<ApiKeyActor, "kind"> {}

/** The organization that a key was last seen to open, by the key's digest: a guess that the database confirms or not. */
const lastOpened = new Map<string, string>();
const REMEMBERED = 10_000;

/** The organization that a key most likely belongs to; null for one that this process has not seen, or that is none. */
export function likelyOrganization(key: string): { digest: string; organizationId: string } | null {
  if (!FORM.test(key)) return null;
  const digest = keyDigest(key);
  const organizationId = lastOpened.get(digest);
  return organizationId === undefined ? null : { digest, organizationId };
}

/** Remembers what the database said of a key, and gives it as an actor. */
export function sawKey(digest: string, found: FoundKey | null): ApiKeyActor | null {
  lastOpened.delete(digest);
  if (!found) return null;
  const oldest = lastOpened.keys().next().value;
  if (lastOpened.size >= REMEMBERED && oldest !== undefined) lastOpened.delete(oldest);
  lastOpened.set(digest, found.organizationId);
  return { kind: "api_key", ...found };
}

/**
 * The actor behind a bearer key, or null for a key that is none (unknown, revoked, expired). `employee` is the id or
 * address of whom it acts for; the actor's `employee` is null when nobody of the organization answers to it.
 */
export async function findApiKeyActor(
  key: string,
  employee: { id: string | null; email: string | null },
  at: Date,
): Promise<ApiKeyActor | null> {
  if (!FORM.test(key)) return null;
  const digest = keyDigest(key);
  const { rows } = await pool().query<{ found: FoundKey | null }>({
    name: "find_api_key",
    text: "select find_api_key($1, $2, $3, $4) as found",
    values: [digest, employee.id, employee.email, at],
  });
  return sawKey(digest, rows[0]?.found ?? null);
}
