import { idempotencyKeySchema } from "@/lib/decisions/schema";
import { problem } from "@/lib/http/problem";
import { answer } from "@/lib/http/route";

/** The header's key. Throws the problem where it is missing or has no proper form. */
export function idempotencyKey(request: Request): string {
  const value = request.headers.get("idempotency-key");
  if (!value) return answer(problem("idempotency_key_required"));
  const parsed = idempotencyKeySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return answer(
    problem("idempotency_key_required", {
      errors: parsed.error.issues.map(({ message }) => ({ path: "Idempotency-Key", message })),
    }),
  );
}
