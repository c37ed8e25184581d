import type { NextRequest } from "next/server";
import { loadReconciliationProgress } from "@/lib/reconciliation/loaders";

/** How far a comparison is: `?run=`. Asked for by a page that waits for it. */
export async function GET(request: NextRequest) {
  return Response.json(await loadReconciliationProgress(request.nextUrl.searchParams.get("run")));
}
