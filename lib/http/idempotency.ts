import { idempotencyKeySchema } from "@/lib/decisions/schema";
import { answer } from "@/lib/http/answer";
import type { Incoming } from "@/lib/http/incoming";
import { problem } from "@/lib/http/problem";

/** The header's key. Throws the problem where it is missing or has no proper form. */
export function idempotencyKey(request: Incoming): string {
  const value = request.header("idempotency-key");
  if (!value) return answer(problem("idempotency_key_required"));
  const parsed = idempotencyKeySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return answer(
    problem("idempotency_key_required", {
      errors: parsed.error.issues.map(({ message }) => ({ path: "Idempotency-Key", message })),
    }),
  );
}
