import { REMEDIES, type Remedy } from "@/lib/discretion/schema";
import { addDays } from "@/lib/discretion/windows";
import { floorHref, type SearchParams } from "@/lib/insights/schema";
import type { SumsFilter } from "@/lib/sums/types";

/** Spans that end today, in local days. */
export const SPANS = ["7", "30", "90", "365"] as const;
export type SpanPreset = (typeof SPANS)[number];
const USUAL: SpanPreset = "30";

/** The longest span that is looked at. */
export const SPAN_DAYS_MAX = 366;
/** Above so many days a chart shows weeks. */
const DAYS_SHOWN = 92;

/** What a dashboard can be narrowed by, as it stands in its address. */
export const SPAN_FILTERS = ["days", "from", "to", "team", "remedy"] as const;
export type SpanFilterName = (typeof SPAN_FILTERS)[number];

const DAY_MS = 86_400_000;
/** Nothing was decided before, and nobody looks further ahead. */
const DAY = /^(19[7-9]\d|2\d{3})-\d{2}-\d{2}$/;

export interface Span {
  /** ISO dates, both included. */
  from: string;
  to: string;
  days: number;
}

export interface SpanSearch {
  span: Span;
  /** As many days right before it. */
  before: Span;
  /** Null where two days were named. */
  preset: SpanPreset | null;
  team: string | null;
  remedy: Remedy | null;
  /** As they stand in the address, those that could be read. */
  given: Partial<Record<SpanFilterName, string>>;
  /** Those that stand in the address and can't be read, so that they were left out. */
  faults: SpanFilterName[];
}

/**
 * Reads the address of a dashboard. Anybody may have typed it, so nothing in it is an error: what can't be read is left out
 * and named.
 *
 * @param today the organization's local day.
 */
export function readSpanSearch(params: SearchParams, today: string): SpanSearch {
  const given: SpanSearch["given"] = {};
  const faults: SpanFilterName[] = [];
  for (const name of SPAN_FILTERS) {
    const written = params[name];
    if (written === undefined || written === "") continue;
    if (typeof written === "string" && isReadable(name, written)) given[name] = written;
    else faults.push(name);
  }
  let span = named(given, today);
  if (span && (span.days < 1 || span.days > SPAN_DAYS_MAX)) {
    // Of two days that are no span together the last one stays.
    if (given.from) faults.push("from");
    delete given.from;
    span = named(given, today);
  }
  if (span) delete given.days;
  const preset = span ? null : (SPANS.find((each) => each === given.days) ?? USUAL);
  const looked = span ?? spanOf(addDays(today, 1 - Number(preset)), today);
  return {
    span: looked,
    before: spanOf(addDays(looked.from, -looked.days), addDays(looked.from, -1)),
    preset,
    team: given.team ?? null,
    remedy: REMEDIES.find((each) => each === given.remedy) ?? null,
    given,
    faults,
  };
}

function isReadable(name: SpanFilterName, written: string): boolean {
  switch (name) {
    case "days":
      return SPANS.some((each) => each === written);
    case "from":
    case "to":
      return DAY.test(written) && new Date(`${written}T00:00:00Z`).toJSON()?.slice(0, 10) === written;
    case "remedy":
      return REMEDIES.some((each) => each === written);
    case "team":
      return written.length <= 200 && !written.includes("\u0000");
    default:
      return name satisfies never;
  }
}

/** The days that are named; one that is left out is thirty days away, or today. */
function named({ from, to }: SpanSearch["given"], today: string): Span | null {
  if (!from && !to) return null;
  const last = to ?? (from && from > today ? from : today);
  return spanOf(from ?? addDays(last, 1 - Number(USUAL)), last);
}

function spanOf(from: string, to: string): Span {
  return { from, to, days: Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1 };
}

/** Whether a chart shows each day, or each week. */
export function grainOf({ days }: Span): "day" | "week" {
  return days > DAYS_SHOWN ? "week" : "day";
}

/** A page with the same span and filters. */
export function spanHref(path: string, given: SpanSearch["given"]): string {
  const query = new URLSearchParams();
  for (const name of SPAN_FILTERS) {
    const written = given[name];
    if (written) query.set(name, written);
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The rows behind a figure, on the floor. `more` narrows them further than the dashboard does. */
export function rowsHref(
  { span, team, remedy }: Pick<SpanSearch, "span" | "team" | "remedy">,
  more: Parameters<typeof floorHref>[0] = {},
): string {
  return floorHref({
    from: span.from,
    to: span.to,
    ...(team ? { team } : {}),
    ...(remedy ? { remedy } : {}),
    ...more,
  });
}

export function sumsFilter(span: Span, search: SpanSearch, teamId: string | null): SumsFilter {
  return { from: span.from, to: span.to, teamId: teamId ?? undefined, remedy: search.remedy ?? undefined };
}
