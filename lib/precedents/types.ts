import type { UsualAmount } from "@/lib/customers/types";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { Precedent as Taught } from "@/lib/teachable/types";

/** A similar case, without anybody in it. Amounts are minor units of `currency`. */
export interface Precedent {
  remedy: Remedy;
  amount: number;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  /** What was granted of a handover; null where it was none, or nothing is granted. */
  granted: number | null;
  /** What the customer said of how it turned out, 1 to 5; null where nobody told. */
  score: number | null;
  /** Whether the customer was of the same tier, or of none as well. */
  sameTier: boolean;
  /** The day on which it was decided, ISO date. */
  day: string;
}

/** What others did when the same went wrong. */
export interface Similar {
  /** What they were asked about. */
  cause: string;
  /** By remedy: what is usually given for this cause, where it was given often enough. */
  usual: Partial<Record<Remedy, UsualAmount>>;
  /** The nearest few; empty where no remedy was named. */
  precedents: Precedent[];
  /** What somebody who looked back made a precedent of, under this cause, the newest first. */
  taught: Taught[];
}
