import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { keysOf } from "@/lib/secrets/schema";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORM = "v1";

/** Thrown where no key is set, or none that this was encrypted with. */
export class NoKey extends Error {
  override name = "NoKey";
}

interface Key {
  /** Names a key without telling anything of it. */
  id: string;
  bytes: Buffer;
}

function keys(): Key[] {
  return keysOf(env.LEEWAY_ENCRYPTION_KEY ?? "").map((bytes) => ({
    id: createHash("sha256").update(bytes).digest("hex").slice(0, 8),
    bytes,
  }));
}

/** Whether secrets can be kept here at all. */
export function canKeepSecrets(): boolean {
  return keys().length > 0;
}

/**
 * Encrypts a text for the database by AES-256-GCM, with the newest key. `place` says where it belongs (an organization and what it
 * is for): it can be read in that place alone, so that copying it to another row gains nobody anything.
 *
 * @throws NoKey where none is set.
 */
export function encrypt(text: string, place: string): string {
  const key = keys()[0];
  if (!key) throw new NoKey("LEEWAY_ENCRYPTION_KEY is not set, so no secret can be kept.");
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [FORM, key.id, sealed.toString("base64")].join(":");
}

/**
 * The text that was encrypted for a place.
 *
 * @throws NoKey where the key that it was encrypted with is none of those that are set.
 * @throws Error where it was tampered with, or belongs to another place.
 */
export function decrypt(stored: string, place: string): string {
  const [form, id, sealed = ""] = stored.split(":");
  if (form !== FORM) throw new Error("This was not encrypted by Leeway.");
  const key = keys().find((each) => each.id === id);
  if (!key)
    throw new NoKey(
      `It was encrypted with the key ${id}, which LEEWAY_ENCRYPTION_KEY doesn't hold any more.`,
    );
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  return text.toString("utf8");
}

/** Whether it was encrypted with another key than the newest, so that it ought to be encrypted anew. */
export function isOutdated(stored: string): boolean {
  return stored.split(":")[1] !== keys()[0]?.id;
}

/** A key for something else than encrypting, of each key that is set: the newest first, and none where none is set. */
export function derivedKeys(purpose: string): Buffer[] {
  return keys().map(({ bytes }) => createHmac("sha256", bytes).update(`leeway ${purpose}`).digest());
}

/** What may be shown of a secret: its last four characters, and of a short one nothing. */
export function lastFour(secret: string): string {
  return secret.length < 16 ? "" : secret.slice(-4);
}
