import type { NextRequest } from "next/server";
import { loadMoreActions } from "@/lib/decisions/loaders";

/** The part of the list of actions that begins at `cursor`, under the filters and in the order of the address. */
export async function GET(request: NextRequest) {
  const params = Object.fromEntries(request.nextUrl.searchParams);
  return Response.json(await loadMoreActions(params), { headers: { "Cache-Control": "no-store" } });
}
