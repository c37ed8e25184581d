import type { FieldError } from "@/lib/decisions/types";
import type { ExampleOutcome } from "@/lib/discretion/examples";
import type { Policy } from "@/lib/discretion/schema";
import type { Roster } from "@/lib/discretion/warnings";
import type { SimulationView } from "@/lib/simulations/types";
import type { Trial } from "@/lib/trials/types";

/**
 * Where a version is in its life: edited, in force for one team beside the published one, in force, in force no more,
 * or thrown away before it ever was.
 */
export type PolicyStatus = "draft" | "trial" | "published" | "superseded" | "discarded";

/** A version as the list of versions shows it. Instants are ISO 8601. */
export interface VersionLine {
  version: number;
  status: PolicyStatus;
  note: string | null;
  /** Null where no person made it. */
  author: string | null;
  createdAt: string;
  publishedAt: string | null;
  /** The version in force that it was made from; null for an organization's first. */
  baseVersion: number | null;
  /** The version whose document it put in force again. */
  restores: number | null;
  /** Counts the times that the draft was saved, and who saved it last. */
  revision: number;
  updatedAt: string | null;
  updater: string | null;
  /** When the draft is to be published, and why it was not. */
  publishAt: string | null;
  publishFault: string | null;
}

/** A version with its document. */
export interface WholeVersion extends VersionLine {
  document: Policy;
}

/** The policy in force, what is being drafted, and what is being tried. */
export interface PolicyPage {
  mayEdit: boolean;
  /** Null before an organization's first. */
  current: WholeVersion | null;
  drafts: ListedVersion[];
  trials: Trial[];
  /** What a first version is written in. */
  currency: string;
  timeZone: string;
  now: string;
}

/** What the organization has that conditions can name. */
export interface KnownNames {
  teams: string[];
  tiers: string[];
  causes: string[];
}

/** A draft with all that its editor needs. */
export interface DraftPage {
  kind: "draft";
  mayEdit: boolean;
  draft: WholeVersion;
  /** The version that the draft was made from, and the one in force; the same one unless somebody published since. */
  base: WholeVersion | null;
  current: WholeVersion | null;
  known: KnownNames;
  /** Who works here, for the warnings. */
  roster: Roster;
  teams: { id: string; key: string; name: string }[];
  /** Trials that run, of any version. */
  running: Trial[];
  latestSimulation: SimulationView | null;
  currency: string;
  timeZone: string;
  now: string;
}

/** A version that nobody edits any more, and the one before it, to tell what changed. */
export interface VersionPage {
  kind: "version";
  mayEdit: boolean;
  version: WholeVersion;
  before: WholeVersion | null;
  /** The version in force. */
  current: WholeVersion | null;
  /** The trials that it was in, the newest first. */
  trials: Trial[];
  teams: { id: string; key: string; name: string }[];
  now: string;
  timeZone: string;
}

/** A version in the list, with the one before it in force, to tell what changed. */
export interface ListedVersion extends WholeVersion {
  before: WholeVersion | null;
}

export interface VersionsPage {
  mayEdit: boolean;
  versions: ListedVersion[];
  /** Where the pages on either side begin; null where there is none. */
  newerHref: string | null;
  olderHref: string | null;
  now: string;
  timeZone: string;
}

/** Why whoever asks for a change of a policy is not listened to. */
export type NotEditor =
  | { ok: false; code: "signed_out" | "not_allowed" }
  /** Every fault at once, by the path in the document or in the request. */
  | { ok: false; code: "invalid"; errors: FieldError[] };

/** Why nothing of a version was changed. Whatever it is, what was typed is still with who typed it. */
export type EditRefusal =
  | NotEditor
  | { ok: false; code: "not_found" | "scheduled" }
  /** It is not a draft any more. */
  | { ok: false; code: "not_draft"; status: PolicyStatus }
  /** Somebody saved the draft meanwhile: what they made of it. */
  | { ok: false; code: "draft_changed"; theirs: WholeVersion };

export type CreateAnswer = { ok: true; version: number } | EditRefusal;

export type SaveAnswer = { ok: true; revision: number; examples: ExampleOutcome[] } | EditRefusal;

export type DoneAnswer = { ok: true } | EditRefusal;

/** What keeps a version from being put in force, for everybody or for a team. */
export type PublishRefusal =
  | EditRefusal
  | { ok: false; code: "examples_failed"; failed: ExampleOutcome[] }
  /** Somebody published meanwhile; `current` is what is in force. */
  | { ok: false; code: "stale"; current: WholeVersion | null };

export type PublishAnswer = { ok: true; version: number } | PublishRefusal;

export type ScheduleAnswer = { ok: true } | PublishRefusal;

export type TrialAnswer =
  | { ok: true; trialId: string }
  | PublishRefusal
  | { ok: false; code: "no_policy" | "team_not_found" }
  | { ok: false; code: "team_on_trial"; version: number };
