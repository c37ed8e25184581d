import { loadWaiting } from "@/lib/handovers/loaders";

/** How many requests wait for whoever is signed in, and the newest of them. */
export async function GET() {
  return Response.json(await loadWaiting(), { headers: { "Cache-Control": "no-store" } });
}
