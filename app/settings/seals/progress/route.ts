import type { NextRequest } from "next/server";
import { loadVerification } from "@/lib/seals/loaders";

/** How far a verification is: `?run=`. Asked for by a page that waits for it. */
export async function GET(request: NextRequest) {
  return Response.json(await loadVerification(request.nextUrl.searchParams.get("run")));
}
