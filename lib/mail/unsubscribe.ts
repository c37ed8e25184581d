import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { NOTIFICATIONS } from "@/lib/mail/kinds";
import { derivedKeys, NoKey } from "@/lib/secrets/cipher";

/** Who wants what no more: somebody of the organization one kind of mail, or a customer all notices. */
const wishSchema = z.union([
  z.strictObject({ o: z.uuid(), e: z.uuid(), k: z.enum(NOTIFICATIONS) }),
  z.strictObject({ o: z.uuid(), c: z.uuid() }),
]);

export type Wish = z.output<typeof wishSchema>;

/** Signs it, so that nobody speaks for others; it is good for as long as the mail that it stands in. */
export function wishToken(wish: Wish): string {
  const text = Buffer.from(JSON.stringify(wish)).toString("base64url");
  const [signature] = signaturesOf(text);
  if (!signature) throw new NoKey("LEEWAY_ENCRYPTION_KEY is not set, so nothing can be signed.");
  return `${text}.${signature.toString("base64url")}`;
}

/** What a token says, where we wrote it; null for every other text. */
export function readWish(token: string): Wish | null {
  const [text = "", signature = "", ...more] = token.slice(0, 1_000).split(".");
  const given = Buffer.from(signature, "base64url");
  // Also by a key that was replaced since: the mail is older.
  const isOurs = signaturesOf(text).some((own) => own.length === given.length && timingSafeEqual(given, own));
  if (more.length > 0 || !isOurs) return null;
  const parsed = wishSchema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  return parsed.success ? parsed.data : null;
}

/** The signatures by each key there is, that of the newest first. */
function signaturesOf(text: string): Buffer[] {
  return derivedKeys("unsubscribe").map((key) => createHmac("sha256", key).update(text).digest());
}
