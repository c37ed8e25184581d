import type { CauseNames } from "@/lib/causes/naming";
import type { Remedy } from "@/lib/discretion/schema";

/** A decision that others can learn from, without whose it was. Amounts are minor units of `currency`. */
export interface Precedent {
  id: string;
  cause: string | null;
  remedy: Remedy;
  amount: number;
  currency: string;
  tier: string | null;
  happened: string;
  done: string;
  /** The day on which it was made one, ISO 8601. */
  createdAt: string;
}

export interface PrecedentsPage {
  now: string;
  timeZone: string;
  items: Precedent[];
  causes: string[];
  /** What those are called. */
  causeNames: CauseNames;
  /** The cause that they are narrowed to. */
  cause: string | null;
  mayChange: boolean;
}
