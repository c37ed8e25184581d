import { type DecisionFilter, decisionFilterSchema } from "@/lib/decisions/schema";
import { addDays } from "@/lib/discretion/windows";

/** Spans that end today, in local days. */
export const PRESETS = ["1", "7", "30"] as const;
export type Preset = (typeof PRESETS)[number];

/** What the list of actions can be narrowed by, in the order in which it is said. */
export const FILTERS = [
  "days",
  "from",
  "to",
  "employee",
  "team",
  "customer",
  "verdict",
  "status",
  "remedy",
  "check",
  "cause",
  "without",
  "answer",
  "waited",
  "finding",
  "outcome",
  "under",
  "use",
  "minAmount",
  "policyVersion",
  "ids",
] as const;
export type FilterName = (typeof FILTERS)[number];

export type SearchParams = Record<string, string | string[] | undefined>;

export interface FloorSearch {
  filter: DecisionFilter;
  /** As they stand in the address, those that could be read. */
  given: Partial<Record<FilterName, string>>;
  /** Those that stand in the address and can't be read, so that they were left out. */
  faults: FilterName[];
}

/** The largest number that a version can have in the database. */
const VERSION_MAX = 2_147_483_647;
const DAY_MS = 86_400_000;
const { shape } = decisionFilterSchema;

/**
 * Reads the floor's address. Anybody may have typed it, so nothing in it is an error: what can't be read is left out
 * and named. `today` is the organization's local day, from which a preset counts back.
 */
export function readFloorSearch(params: SearchParams, today: string): FloorSearch {
  const filter: DecisionFilter = {};
  const given: FloorSearch["given"] = {};
  const faults: FilterName[] = [];
  for (const name of FILTERS) {
    const written = params[name];
    if (written === undefined || written === "") continue;
    if (typeof written === "string" && readOne(name, written, today, filter)) given[name] = written;
    else faults.push(name);
  }
  if (endsBeforeItBegins(filter)) {
    delete filter.to;
    delete given.to;
    faults.push("to");
  }
  if (given.days && (given.from || given.to)) delete given.days;
  return { filter, given, faults };
}

/** Puts one filter into `filter`; false where it can't be read. */
function readOne(name: FilterName, written: string, today: string, filter: DecisionFilter): boolean {
  // Postgres has no such character in a text, so no text matches it.
  if (written.includes("\u0000")) return false;
  if (name === "days") {
    const preset = PRESETS.find((each) => each === written);
    if (preset) filter.from ??= addDays(today, 1 - Number(preset));
    return preset !== undefined;
  }
  const parsed = shape[name].safeParse(written);
  if (!parsed.success) return false;
  if (name === "policyVersion" && Number(written) > VERSION_MAX) return false;
  Object.assign(filter, { [name]: parsed.data });
  return true;
}

function endsBeforeItBegins({ from, to }: DecisionFilter): boolean {
  if (!from || !to) return false;
  return Date.parse(from) > Date.parse(to) + (to.length === 10 ? DAY_MS - 1 : 0);
}

/** The address of the floor with these filters. */
export function floorHref(given: FloorSearch["given"]): string {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const written = given[name];
    if (written) query.set(name, written);
  }
  const text = query.toString();
  return text === "" ? "/floor" : `/floor?${text}`;
}
