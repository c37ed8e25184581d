import { mayEnter } from "@/lib/auth/ability";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import type { PolicyStatus } from "@/lib/policies/types";

/** What somebody decides under, or once did. */
const EVER_IN_FORCE: readonly PolicyStatus[] = ["trial", "published", "superseded"];

/** Whether somebody may see what is only being written, and what is tried out on it: it may never come to anything. */
export function maySeeDrafts(actor: EmployeeActor | ApiKeyActor): boolean {
  return actor.kind === "api_key" || mayEnter(actor.role, "settings");
}

/** Whether somebody may see a version of that status at all. */
export function maySeeVersion(actor: EmployeeActor | ApiKeyActor, status: PolicyStatus): boolean {
  return EVER_IN_FORCE.includes(status) || maySeeDrafts(actor);
}
