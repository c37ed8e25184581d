import { requireActor } from "@/lib/auth/actor";
import { readDutyPage } from "@/lib/duty/data";
import type { DutyPage } from "@/lib/duty/types";

/** Whether the person is on duty, who stands in for them, and who is there whom their requests go to. */
export async function loadDuty(): Promise<DutyPage> {
  const { organizationId, employeeId } = await requireActor("desk");
  return readDutyPage(organizationId, employeeId);
}
