import { readWish } from "@/lib/mail/unsubscribe";
import { fulfil } from "@/lib/notifications/mutations";
import { tokenSchema } from "@/lib/notifications/schema";

/**
 * What a mailbox's own button posts to (RFC 8058): no page, no session and no question. The signature of the link is the
 * proof that the mail was ours.
 */
export async function answerOneClick(url: URL, at: Date): Promise<Response> {
  const parsed = tokenSchema.safeParse(url.searchParams.get("token"));
  const wish = parsed.success ? readWish(parsed.data) : null;
  const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  if (!wish) return new Response("This link is not whole.\n", { status: 400, headers });
  await fulfil(wish, at);
  return new Response("Done.\n", { headers });
}
