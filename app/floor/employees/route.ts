import type { NextRequest } from "next/server";
import { loadEmployeeHits } from "@/lib/employees/loaders";

/** What the filter by employee offers while typing: `?search=`. */
export async function GET(request: NextRequest) {
  return Response.json({ data: await loadEmployeeHits(request.nextUrl.searchParams.get("search") ?? "") });
}
