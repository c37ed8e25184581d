import type { SpreadSpan } from "@/lib/consistency/schema";
import type { Remedy } from "@/lib/discretion/schema";

/** How far amounts lie apart. Minor units of the policy's currency. */
export interface Spread {
  count: number;
  /** One in twenty is less, and one in twenty more. */
  low: number;
  high: number;
  /** The middle half lies between these. */
  from: number;
  to: number;
  middle: number;
}

/** What was given for one cause, by everybody and by each team that gave it often enough. */
export interface CauseSpread extends Spread {
  /** What it is on record as, and what it is called. */
  cause: string;
  name: string;
  /** Where only the latest gestures were looked at, the moment of the first of them, ISO 8601; null where all were. */
  since: string | null;
  teams: (Spread & { team: string; key: string })[];
}

export interface ConsistencyPage {
  currency: string;
  span: SpreadSpan;
  /** The first day that was looked at. */
  from: string;
  remedy: Remedy | null;
  /** Those with the widest middle half first. */
  causes: CauseSpread[];
}
