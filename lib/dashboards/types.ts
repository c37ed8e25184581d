import type { Span, SpanSearch } from "@/lib/dashboards/schema";
import type { Limit, Remedy } from "@/lib/discretion/schema";
import type { HotPart } from "@/lib/hot-spots/types";
import type { Choice } from "@/lib/insights/types";
import type { Freshness, LimitUse, Sums } from "@/lib/sums/types";

/** What every page over a span of days knows. Days are the organization's; amounts minor units of the policy's currency. */
export interface SpanPage {
  now: string;
  timeZone: string;
  currency: string;
  today: string;
  search: SpanSearch;
  teams: Choice[];
  freshness: Freshness;
}

/** What belongs to one team, remedy, cause or employee. */
export interface Line {
  /** What the floor calls it in its address; null where it has no word for it. */
  value: string | null;
  /** Null for those without one. */
  label: string | null;
  sums: Sums;
  /** In the span before; null where that is not looked at. */
  before: Sums | null;
}

/** A day, or a week that begins with it. */
export interface Stretch extends Span {
  sums: Sums;
}

/** A bend, and why. */
export interface BendReason {
  decisionId: string;
  at: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  note: string | null;
  check: string | null;
}

/** How far a limit was used; `limit` is null where the policy in force has none of that id any more. */
export interface LimitLine extends LimitUse {
  limit: Limit | null;
}

export interface DashboardsPage extends SpanPage {
  total: Sums;
  totalBefore: Sums;
  grain: "day" | "week";
  stretches: Stretch[];
  teamLines: Line[];
  remedyLines: Line[];
  causeLines: Line[];
  /** So many causes more, put together; null where all are listed. */
  otherCauses: { count: number; sums: Sums } | null;
  /** By name. */
  employeeLines: Line[];
  /** How many employees there are whom nobody finds in the list. */
  employeesLeftOut: number;
  /** What asked for a reason, the most often first. */
  bends: { check: string; part: HotPart; sums: Sums }[];
  reasons: BendReason[];
  limits: LimitLine[];
  /** Of the agents who are here, how many gave something. */
  agents: { all: number; gave: number };
}
