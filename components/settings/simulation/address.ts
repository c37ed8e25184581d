import type { DifferenceFilter } from "@/lib/simulations/types";

/** Where a replay is shown, and which of its differences. */
export function simulationHref(
  version: number,
  { run, filter }: { run?: string | undefined; filter?: DifferenceFilter } = {},
): string {
  const query = new URLSearchParams();
  if (run) query.set("run", run);
  if (filter) query.set("against", filter.against);
  if (filter?.from) query.set("from", filter.from);
  if (filter?.to) query.set("to", filter.to);
  const text = query.toString();
  return `/settings/policies/${version}/simulation${text ? `?${text}` : ""}`;
}

/** Where the decisions of a stream are listed. */
export const DIFFERENCES_ID = "differences";
