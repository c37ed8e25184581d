export const dynamic = "force-dynamic";

/** Whether this process runs at all; says nothing of the database. */
export function GET(): Response {
  return Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } });
}
