import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** OWASP's recommendation for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2ID);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password belongs to the hash. Takes the same time where there is no hash (an unknown person, or one who
 * has no password yet), so that the answer's delay tells nothing.
 */
export async function verifyPassword(hashed: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword("the password of nobody");
  const known = hashed !== null;
  const matches = await verify(hashed ?? (await decoy), password);
  return known && matches;
}

/** No letters or digits that are taken for one another when read aloud. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

/** A password to be handed over once and replaced at the first sign-in: 20 characters, about 99 bits. */
export function oneTimePassword(): string {
  const groups = Array.from({ length: 4 }, () =>
    Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""),
  );
  return groups.join("-");
}
