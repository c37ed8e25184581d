/** A seal as it is hashed, published and shown. Hashes are 64 hexadecimal digits. */
export interface SealHeader {
  organizationId: string;
  /** Counts up from 1. */
  seq: number;
  /** The hash of the seal before; null for the first. */
  previousHash: string | null;
  /** Of the tree over the leaves. */
  root: string;
  leafCount: number;
  /** ISO 8601, UTC. */
  sealedAt: string;
}

/** With its own hash, which covers all of the above. */
export interface Seal extends SealHeader {
  hash: string;
}

export const VERIFICATION_PHASES = ["seals", "leaves", "queue", "events", "entries", "decisions"] as const;

/** What a verification is looking at. */
export type VerificationPhase = (typeof VERIFICATION_PHASES)[number];

/** What is wrong with a row. */
export type BreakKind =
  /** It was there when it was sealed, or has to be there, and is not. */
  | "missing"
  /** It is there, and nothing that was sealed knows of it. */
  | "unknown"
  /** It doesn't say what was sealed. */
  | "changed"
  /** It contradicts other rows. */
  | "contradicts";

/** Where history is broken. */
export interface SealBreak {
  table: string;
  /** The row: its id, or the parts of its key with a slash between them. */
  id: string;
  kind: BreakKind;
  /** The seal that shows it; null where no seal covers the row. */
  seal: number | null;
  /** What differs, in a sentence or two. */
  text: string;
}

/** An event that claims to be older than what was sealed before it came. */
export interface SealDoubt {
  /** The audit event. */
  id: string;
  /** The seal that covers it; null while it waits. */
  seal: number | null;
  text: string;
}

/**
 * What a verification found. `whole`: nothing is wrong. `doubtful`: what was sealed stands, and events were put in later
 * that claim to be older. `broken`: history is not what was sealed; the first break is named.
 */
export interface VerificationResult {
  organizationId: string;
  state: "whole" | "doubtful" | "broken";
  break: SealBreak | null;
  /** The first few of them. */
  doubts: SealDoubt[];
  /** How many there are. */
  doubtCount: number;
  /** The newest seal that was verified; null where there is none. */
  lastSeal: { seq: number; hash: string; sealedAt: string } | null;
  seals: number;
  /** Events that a seal covers. */
  events: number;
  decisions: number;
  entries: number;
  /** Events that wait to be sealed: nothing is known of whether they were changed. */
  waiting: number;
  /** Published seals that the chain was held against; null where none were named. */
  anchors: number | null;
}

export interface VerificationProgress {
  phase: VerificationPhase;
  processed: number;
  /** Null before it is known. */
  total: number | null;
}

export type VerificationStatus = "queued" | "running" | "done" | "failed";

/** A verification that somebody asked for, or the nightly one. */
export interface Verification {
  id: string;
  status: VerificationStatus;
  phase: VerificationPhase | null;
  processed: number;
  total: number | null;
  result: VerificationResult | null;
  askedBy: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export const CHANNELS = ["file", "webhook"] as const;

/** Where seals are told outside of the database. */
export type Channel = (typeof CHANNELS)[number];

/** How far a channel is. */
export interface ChannelState {
  channel: Channel;
  /** Whether this process has it in its settings. */
  configured: boolean;
  /** The latest seal that was told; null where none was. */
  published: number | null;
  publishedAt: string | null;
  /** Why the latest attempt failed; null where it didn't. */
  fault: string | null;
  faultAt: string | null;
}

/** A seal as the page lists it. */
export interface SealLine extends Seal {
  published: Channel[];
}

/** The page of the seals. */
export interface SealsPage {
  now: string;
  timeZone: string;
  seals: SealLine[];
  /** All of them. */
  sealCount: number;
  eventCount: number;
  waiting: number;
  /** Since when the oldest one waits; ISO 8601. */
  waitingSince: string | null;
  channels: ChannelState[];
  /** The latest one that came to an end. */
  latest: Verification | null;
  /** One that waits or runs. */
  running: Verification | null;
  newestHref: string | null;
  olderHref: string | null;
}

/** Where a decision's own event is sealed. */
export interface DecisionSeal {
  seal: number;
  sealedAt: string;
}

/** That the latest verification found history not to be whole. */
export interface SealAlert {
  state: "doubtful" | "broken";
  finishedAt: string;
  timeZone: string;
}
