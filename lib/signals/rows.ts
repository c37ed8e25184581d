import { tableHref } from "@/lib/floor/schema";
import { findSeen } from "@/lib/signals/data";
import type { Signal } from "@/lib/signals/types";

/** The list of actions, narrowed to just what a signal has seen. */
export async function rowsOfSignal(
  organizationId: string,
  signal: Signal,
  /** The first moment that was looked at. */
  since: string | null,
  looked: { days: number; timeZone: string; now: Date },
): Promise<string> {
  const { kind, subjects } = signal;
  if (kind !== "pair") {
    const ids = await findSeen(organizationId, { ...signal, kind }, looked);
    return tableHref({ ids: ids.join(",") });
  }
  const [employee = ""] = subjects.employees;
  const [customer = ""] = subjects.customers;
  return tableHref({ employee, customer, status: "posted", ...(since === null ? {} : { from: since }) });
}
