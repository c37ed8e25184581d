import type { NextRequest } from "next/server";
import { loadNews } from "@/lib/handovers/loaders";

/** What was answered of what the person handed over, `?since=` a moment. */
export async function GET(request: NextRequest) {
  const data = await loadNews(request.nextUrl.searchParams.get("since"));
  return Response.json({ data }, { headers: { "Cache-Control": "no-store" } });
}
