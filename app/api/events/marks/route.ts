import { readMarks } from "@/lib/events/data";
import { answerPage } from "@/lib/events/loaders";

export const dynamic = "force-dynamic";

/** How everything stands, for pages that no stream reaches. */
export function GET(request: Request): Promise<Response> {
  return answerPage(request, async ({ organizationId }) =>
    Response.json(await readMarks(organizationId, new Date()), { headers: { "Cache-Control": "no-store" } }),
  );
}
