import type { NotInPlace } from "@/lib/auth/place";
import type { Remedy } from "@/lib/discretion/schema";
import type { SignalKind, SignalSpan } from "@/lib/signals/schema";

/** What a question is about, by ids. Never put on a page before somebody asks for it. */
export interface SignalSubjects {
  employees: string[];
  customers: string[];
}

/** Something that chance alone would rarely bring up. It is a question and says nothing about anybody. */
export interface Signal {
  kind: SignalKind;
  /** How often it was seen, and among how many that could have been so. */
  seen: number;
  of: number;
  /** How often it would be seen at the rate of everybody else. */
  expected: number;
  /** The chance of as much or more at that rate; of one in particular, not of any. */
  chance: number;
  /** The amount it is about, minor units of the policy's currency; null where it is about none. */
  amount: number | null;
  /** The remedies it is about; null for any. */
  remedies: Remedy[] | null;
  subjects: SignalSubjects;
}

/** A signal as the page has it: without whom it is about, under a key that says nothing. */
export type ToldSignal = Omit<Signal, "subjects"> & { key: string };

export interface SignalsPage {
  now: string;
  timeZone: string;
  currency: string;
  span: SignalSpan;
  /** The first moment that was looked at, ISO 8601; null where there was nothing. */
  since: string | null;
  decisions: number;
  handovers: number;
  signals: ToldSignal[];
}

/** Whom a signal is about, and where its rows are. */
export interface NamedSignal {
  employees: { id: string; name: string }[];
  customers: { id: string; name: string }[];
  /** The list of actions, narrowed to it. */
  href: string;
}

export type NameSignalAnswer = { ok: true; named: NamedSignal } | { ok: false; code: "gone" } | NotInPlace;
