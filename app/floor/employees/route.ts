import type { NextRequest } from "next/server";
import { loadEmployeeHits } from "@/lib/employees/loaders";

/** What is offered of employees while typing: `?search=`; with `able=yes` only whom something can be given to do. */
export async function GET(request: NextRequest) {
  const { searchParams } = request.nextUrl;
  const isAble = searchParams.get("able") === "yes";
  return Response.json({ data: await loadEmployeeHits(searchParams.get("search") ?? "", { isAble }) });
}
