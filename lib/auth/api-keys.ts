import { createHash, randomBytes } from "node:crypto";
import { audit } from "@/lib/audit/mutations";
import { type ApiKeyActor, type ApiScope, SCOPES } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { inTenant } from "@/lib/db/prisma";

/** `lwy_`, 8 characters that people may read to each other, and 32 random bytes. */
const FORM = /^lwy_[0-9a-z]{8}_[A-Za-z0-9_-]{43}$/;

function digest(key: string): string {
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
        keyHash: digest(key),
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

interface FoundKey extends Omit<ApiKeyActor, "kind"> {}

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
  const { rows } = await pool().query<{ found: FoundKey | null }>({
    name: "find_api_key",
    text: "select find_api_key($1, $2, $3, $4) as found",
    values: [digest(key), employee.id, employee.email, at],
  });
  const found = rows[0]?.found;
  return found ? { kind: "api_key", ...found } : null;
}
