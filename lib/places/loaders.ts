import { mayEnter, PLACES, type Place } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import type { Role } from "@/lib/discretion/schema";

export interface ShellFacts {
  name: string;
  role: Role;
  /** The organization's name. */
  organization: string;
  /** The places that this role may enter, in the order of the bar. */
  places: Place[];
}

/** What the frame of every place shows of the person in it. Each page proves the role for its own place again. */
export async function loadShell(): Promise<ShellFacts> {
  const actor = await requireActor();
  const places = (Object.keys(PLACES) as Place[]).filter((place) => mayEnter(actor.role, place));
  return { name: actor.name, role: actor.role, organization: actor.organizationName, places };
}
