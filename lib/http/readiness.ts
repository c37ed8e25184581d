import { isDatabaseUp } from "@/lib/db/health";
import { problem } from "@/lib/http/problem";

/** Whether this process can serve: 200 when its database answers, 503 with Retry-After when it doesn't. */
export async function readiness(): Promise<Response> {
  if (!(await isDatabaseUp())) return problem("unavailable");
  return Response.json({ status: "ok", database: "ok" }, { headers: { "Cache-Control": "no-store" } });
}
