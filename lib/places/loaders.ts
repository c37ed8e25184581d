import { mayEnter, PLACES, type Place } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import type { Role } from "@/lib/discretion/schema";
import { readDuty } from "@/lib/duty/data";
import { readMarks } from "@/lib/events/data";
import type { Marks } from "@/lib/events/types";
import { hasQueue } from "@/lib/handovers/ability";
import { countWaitingFor } from "@/lib/handovers/data";

export interface ShellFacts {
  name: string;
  role: Role;
  /** The organization's name. */
  organization: string;
  /** The places that this role may enter, in the order of the bar. */
  places: Place[];
  /** How everything stood just before the page was made. */
  marks: Marks;
  employeeId: string;
  /** Whether the person is on duty; null for whoever is never asked. */
  onDuty: boolean | null;
  /** What waits for the person; null where they have no queue of their own and nothing waits. */
  waiting: number | null;
}

/** What the frame of every place shows of the person in it. Each page proves the role for its own place again. */
export async function loadShell(): Promise<ShellFacts> {
  const actor = await requireActor();
  const places = (Object.keys(PLACES) as Place[]).filter((place) => mayEnter(actor.role, place));
  const { organizationId, employeeId, role } = actor;
  const marks = await readMarks(organizationId, new Date());
  const isAsked = role !== "auditor";
  const [duty, waiting] = await Promise.all([
    isAsked ? readDuty(organizationId, employeeId) : null,
    isAsked ? countWaitingFor(organizationId, employeeId) : 0,
  ]);
  return {
    name: actor.name,
    role,
    organization: actor.organizationName,
    places,
    marks,
    employeeId,
    onDuty: duty?.onDuty ?? null,
    waiting: hasQueue(role) || waiting > 0 ? waiting : null,
  };
}
