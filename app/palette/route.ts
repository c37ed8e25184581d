import { problem } from "@/lib/http/problem";
import { readQuery, route } from "@/lib/http/route";
import { findForPalette } from "@/lib/palette/data";
import { paletteSchema } from "@/lib/palette/schema";

/** What somebody may mean who types this into the palette. */
export const GET = route("customers:read", async ({ actor, url }) => {
  if (actor.kind !== "employee") return problem("not_allowed");
  const { search } = readQuery(url, paletteSchema);
  return Response.json({ data: await findForPalette(actor, search, new Date()) });
});
