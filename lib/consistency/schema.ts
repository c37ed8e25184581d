import { REMEDIES, type Remedy } from "@/lib/discretion/schema";
import type { SearchParams } from "@/lib/insights/schema";

/** Over how many days up to now. */
export const SPREAD_SPANS = [30, 90, 365] as const;
export type SpreadSpan = (typeof SPREAD_SPANS)[number];
const FIRST: SpreadSpan = 90;

/** The latest gestures of each cause that are looked at: so it costs the same in every house. */
export const OF_EACH_CAUSE = 800;

/** Fewer than this say nothing about a team. */
export const TEAM_LEAST = 8;

/** What the address asks for; anything else is as if it were not there. */
export function readSpreadSearch(params: SearchParams): { span: SpreadSpan; remedy: Remedy | null } {
  return {
    span: SPREAD_SPANS.find((days) => String(days) === params.days) ?? FIRST,
    remedy: REMEDIES.find((remedy) => remedy === params.remedy) ?? null,
  };
}
