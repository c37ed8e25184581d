import { expect } from "vitest";
import { requestReconciliation, runReconciliation } from "@/lib/reconciliation/mutations";
import { DIFFERENCE_KINDS, type ReconciliationResult } from "@/lib/reconciliation/types";

/** Compares everything of an organization, as the command does. */
export async function reconcile(
  organizationId: string,
  { repairs = false }: { repairs?: boolean } = {},
): Promise<ReconciliationResult> {
  const now = new Date();
  const asked = await requestReconciliation({
    organizationId,
    origin: "command",
    repairs,
    askedBy: null,
    now,
  });
  if (!asked.ok) throw new Error("Another run is under way.");
  const result = await runReconciliation({ organizationId, id: asked.id, now });
  if (!result) throw new Error("The run broke; the log says why.");
  return result;
}

/** Nothing that is kept twice differs. */
export async function expectReconciled(organizationId: string): Promise<void> {
  const { counted, listed } = await reconcile(organizationId);
  expect(listed).toEqual([]);
  expect(counted).toEqual(Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])));
}
