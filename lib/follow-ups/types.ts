/** What was promised a customer at the end of a case. */
export interface FollowUp {
  caseId: string;
  customer: { id: string; name: string };
  employee: { id: string; name: string };
  text: string;
  /** The day by which it is due, ISO date. */
  dueOn: string;
  /** When it was ticked, ISO 8601; null while it is open. */
  doneAt: string | null;
}

export type PromiseAnswer =
  | { ok: true; followUp: FollowUp }
  /** There is no such decision of this person's, or it belongs to no case. */
  | { ok: false; code: "case_not_found" }
  /** Something else was promised with this case already; this is it. */
  | { ok: false; code: "promised_already"; followUp: FollowUp }
  | { ok: false; code: "day_passed" };
