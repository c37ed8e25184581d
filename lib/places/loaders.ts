import { mayEnter, PLACES, type Place } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import type { Role } from "@/lib/discretion/schema";
import { readMarks } from "@/lib/events/data";
import type { Marks } from "@/lib/events/types";

export interface ShellFacts {
  name: string;
  role: Role;
  /** The organization's name. */
  organization: string;
  /** The places that this role may enter, in the order of the bar. */
  places: Place[];
  /** How everything stood just before the page was made. */
  marks: Marks;
}

/** What the frame of every place shows of the person in it. Each page proves the role for its own place again. */
export async function loadShell(): Promise<ShellFacts> {
  const actor = await requireActor();
  const places = (Object.keys(PLACES) as Place[]).filter((place) => mayEnter(actor.role, place));
  const marks = await readMarks(actor.organizationId, new Date());
  return { name: actor.name, role: actor.role, organization: actor.organizationName, places, marks };
}
