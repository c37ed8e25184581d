import type { CauseNames } from "@/lib/causes/naming";
import type { DecisionDetail } from "@/lib/decisions/data";
import type { DecisionStatus, FieldError } from "@/lib/decisions/types";
import type { CompanyValue, Remedy, Verdict } from "@/lib/discretion/schema";
import type { Explanation } from "@/lib/discretion/types";

export const HANDOVER_STATUSES = [
  "waiting",
  "approved",
  "adjusted",
  "declined",
  "expired",
  "withdrawn",
] as const;
export type HandoverStatus = (typeof HANDOVER_STATUSES)[number];

/** A handover as REST shows it: ids, no names. Amounts are minor units of `currency`. */
export interface HandoverView {
  id: string;
  decision: string;
  status: HandoverStatus;
  askedBy: string;
  waitingFor: string | null;
  deadlineAt: string;
  createdAt: string;
  remedy: string;
  /** What was asked for. */
  amount: number;
  currency: string;
  customer: string;
  answeredBy: string | null;
  answeredAt: string | null;
  /** What the answerer wrote. */
  note: string | null;
  /** What was granted; null while nothing is. */
  grantedAmount: number | null;
  /** When the next in line is asked; null where nobody is, or while the clock stands. */
  standInAt: string | null;
  /** Whether more facts were asked for: the clock stands until they are given. */
  clockStands: boolean;
  /** Why nobody may answer it; null where somebody may. */
  unanswerable: Unanswerable | null;
  /** What was said besides the note: questions, facts, and what the customer may be told. */
  words: HandoverWords[];
}

/** Why nobody may answer a handover. */
export interface Unanswerable {
  /** `away`: those who could are not on duty. `policy`: nobody's own limits pass it, which is a hole in the policy. */
  reason: "away" | "policy";
  /** The limit or rule that binds for whoever comes nearest. */
  binding: string | null;
  /** The most that anybody may grant of it, minor units of the request's currency. */
  maxAmount: number | null;
}

/** Something that was said about a handover. */
export interface HandoverWords {
  kind: "question" | "facts" | "customer";
  text: string;
  by: string;
  at: string;
}

/** What an answer would come to, as whoever is about to give it sees it. Nothing is written. */
export interface AnswerPreview {
  /** The answerer's own verdict on the amount; only `allow` and `bend` grant it. */
  verdict: Verdict;
  /** Whether it is granted only with a note of some length. */
  noteRequired: boolean;
  amount: number;
  currency: string;
  policyVersion: number;
  explanation: Explanation;
  /** Whether a guardrail of the policy in force now refuses it to whoever asked, whoever grants it. */
  deniedToAsker: boolean;
}

/** Why a handover was not answered, or not taken back. Each is expected, so it is returned, not thrown. */
export type HandoverRefusal =
  | { ok: false; code: "handover_not_found" | "own_handover" | "not_allowed" | "handover_expired" | "busy" }
  /** Facts were asked for already, or nobody asked for any. */
  | { ok: false; code: "asked_already" | "not_asked" }
  /** Somebody answered first. */
  | { ok: false; code: "handover_answered"; handover: HandoverView }
  /** The answerer's own evaluation passes it no more than the asker's did. */
  | { ok: false; code: "beyond_own_limits"; explanation: Explanation }
  /** A guardrail of the policy in force now refuses it to the asker, whoever approves. */
  | { ok: false; code: "denied_now"; explanation: Explanation }
  | { ok: false; code: "note_required" | "amount_required" | "invalid"; errors: FieldError[] };

export type AnswerHandover = { ok: true; handover: HandoverView } | HandoverRefusal;

/** A handover as a decision tells it, with the names of the people. */
export interface HandoverStory {
  id: string;
  status: HandoverStatus;
  waitingFor: { id: string; name: string } | null;
  deadlineAt: string;
  answeredAt: string | null;
  answeredBy: { id: string; name: string } | null;
  /** What the answerer wrote. */
  note: string | null;
  /** What was granted; null while nothing is. */
  grantedAmount: number | null;
  /** The answerer's own evaluation, where something was granted. */
  explanation: Explanation | null;
  clockStands: boolean;
  unanswerable: Unanswerable | null;
  words: SpokenWords[];
}

/** What was said, with the name of who said it. */
export interface SpokenWords extends Omit<HandoverWords, "by"> {
  by: { id: string; name: string };
}

/** More than anybody works off in a day; the ones whose deadline is nearest are among them. */
export const QUEUE_MAX = 200;

interface Person {
  id: string;
  name: string;
}

/** A handover as the queue lists it. Amounts are minor units of `currency`. */
export interface QueueLine {
  id: string;
  decision: string;
  status: HandoverStatus;
  remedy: Remedy;
  amount: number;
  currency: string;
  /** What it is on record as. */
  cause: string | null;
  customer: Person;
  askedBy: Person;
  waitingFor: Person | null;
  createdAt: string;
  deadlineAt: string;
  clockStands: boolean;
  unanswerable: Unanswerable | null;
}

/** What became of something that a person handed over. */
export interface HandoverNews extends QueueLine {
  grantedAmount: number | null;
  /** Who answered, or asks. */
  by: Person | null;
  movedAt: string;
}

/** What was done in a case like it. */
export interface SimilarCase {
  id: string;
  amount: number;
  currency: string;
  status: DecisionStatus;
  employee: string;
  createdAt: string;
}

/** The request that is open in the queue, waiting still or answered meanwhile. */
export interface OpenRequest {
  line: QueueLine;
  decision: DecisionDetail;
  handover: HandoverStory;
  /** What an answer would be based on; null where the person may not answer it, or it is over. */
  answering: AnswerPreview | null;
  /** What the checks serve, under the version that it was asked under and the one that an answer is given under. */
  values: readonly CompanyValue[];
  answeringValues: readonly CompanyValue[];
  similar: SimilarCase[];
  /** What else waits for the same customer, asked for by the same person. */
  others: QueueLine[];
}

export interface QueuePage {
  now: string;
  timeZone: string;
  currency: string;
  employeeId: string;
  /** What the causes of the lines are called. */
  causeNames: CauseNames;
  /** Waits for the person. */
  own: QueueLine[];
  /** Waits for somebody else. */
  others: QueueLine[];
  /** Nobody may answer these. */
  holes: QueueLine[];
  open: OpenRequest | null;
  /** Whether the address named the request, or it is only the first one. */
  isChosen: boolean;
  /** Whether the floor, and the desk, are places of theirs, so that things there can be gone to. */
  seesFloor: boolean;
  seesDesk: boolean;
  mayPropose: boolean;
  mayEditPolicy: boolean;
}
