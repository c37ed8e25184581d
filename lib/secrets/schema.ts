import { z } from "zod";

const KEY_BYTES = 32;

/** One key as it is written: 32 bytes in base64, or in hexadecimal digits. */
function readKey(text: string): Buffer | null {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  if (!isHex && !/^[A-Za-z0-9+/]{43}=?$/.test(text)) return null;
  const bytes = Buffer.from(text, isHex ? "hex" : "base64");
  return bytes.length === KEY_BYTES ? bytes : null;
}

function written(text: string): string[] {
  return text
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
}

/** The keys of a setting, the newest first. */
export function keysOf(text: string): Buffer[] {
  return written(text).flatMap((key) => readKey(key) ?? []);
}

/** One key or several with commas between them. The first encrypts; the others only read what they once encrypted. */
export const encryptionKeysSchema = z
  .string()
  .refine((text) => written(text).length > 0 && written(text).every((key) => readKey(key) !== null), {
    error:
      "Write 32 bytes in base64, or several such keys with commas, the newest first: openssl rand -base64 32",
  });
