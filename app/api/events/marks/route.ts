import { readMarks } from "@/lib/events/data";
import { answerPage } from "@/lib/events/loaders";
import { problem } from "@/lib/http/problem";
import { deskRoute } from "@/lib/http/route";

export const dynamic = "force-dynamic";

const marksOf = async (organizationId: string) =>
  Response.json(await readMarks(organizationId, new Date()), { headers: { "Cache-Control": "no-store" } });

/** The same for a desk in a frame of another site, which no stream ever reaches: a stream takes no pass. */
const inFrames = deskRoute("decisions:read", async ({ actor }) =>
  actor.kind === "employee" ? marksOf(actor.organizationId) : problem("not_allowed"),
);

/** How everything stands, for pages that no stream reaches. */
export function GET(
  request: Request,
  context: { params: Promise<Record<string, never>> },
): Promise<Response> {
  if (request.headers.has("authorization")) return inFrames(request, context);
  return answerPage(request, ({ organizationId }) => marksOf(organizationId));
}
