import { mayEnter } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import { problem } from "@/lib/http/problem";
import { findPolicy } from "@/lib/policies/data";
import { readVersion } from "@/lib/policies/loaders";

/**
 * The document of a version as a file that can be read, kept, compared and imported again. Whoever may not enter the
 * settings isn't told whether there is such a version.
 */
export async function exportPolicy(number: string): Promise<Response> {
  const actor = await currentActor();
  if (!actor) return problem("unauthorized");
  if (actor.passwordOneTime) return problem("password_one_time");
  const version = mayEnter(actor.role, "settings") ? readVersion(number) : null;
  const found = version === null ? null : await findPolicy(actor.organizationId, version);
  if (!found) return problem("not_found");
  return new Response(`${JSON.stringify(found.document, null, 2)}\n`, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="policy-${found.version}.json"`,
      "Cache-Control": "no-store",
    },
  });
}
