import { loadExecution } from "@/lib/execution/loaders";

/** How far it is with carrying a decision out, for the desk that has just decided it. */
export async function GET(_request: Request, { params }: { params: Promise<{ decisionId: string }> }) {
  const told = await loadExecution((await params).decisionId);
  return Response.json(told, { headers: { "Cache-Control": "no-store" } });
}
