import { loadStory } from "@/lib/handovers/loaders";

/** How a decision's handover stands, for the desk that waits for its answer. */
export async function GET(_request: Request, { params }: { params: Promise<{ decisionId: string }> }) {
  const told = await loadStory((await params).decisionId);
  return Response.json(told, { headers: { "Cache-Control": "no-store" } });
}
