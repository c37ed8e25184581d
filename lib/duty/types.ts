/** Whether somebody is there to be asked, and who is asked in their place while they are away. */
export interface DutyView {
  employee: string;
  onDuty: boolean;
  deputy: string | null;
  /** When they last said so, ISO 8601; null where they never did, and then they count as on duty. */
  since: string | null;
}

/** Somebody whom the person may see on duty, or name as a deputy. */
export interface DutyColleague {
  id: string;
  name: string;
  role: string;
  team: string | null;
  onDuty: boolean;
  deputy: { id: string; name: string } | null;
  /** Why they are shown: who is nearest first. */
  isLineManager: boolean;
  isOfTeam: boolean;
}

export interface DutyPage {
  own: { onDuty: boolean; deputy: { id: string; name: string } | null };
  colleagues: DutyColleague[];
}

export type SetDuty = { ok: true; duty: DutyView } | { ok: false; code: "deputy_not_found" | "own_deputy" };
