import type { NextRequest } from "next/server";
import { loadProgress } from "@/lib/simulations/loaders";

/** How far a replay is: `?run=`. Asked for by a page that waits for it. */
export async function GET(
  request: NextRequest,
  { params }: RouteContext<"/settings/policies/[version]/simulation/progress">,
) {
  const { version } = await params;
  return Response.json(await loadProgress(version, request.nextUrl.searchParams.get("run")));
}
