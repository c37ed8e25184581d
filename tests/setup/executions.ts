import { inTenant } from "@/lib/db/prisma";
import type { Remedy } from "@/lib/discretion/schema";
import { beginExecution, noteOutcome } from "@/lib/execution/mutations";
import type { Outcome, ProviderKind } from "@/lib/execution/provider";
import type { scenario } from "./scenario";

type House = Pick<Awaited<ReturnType<typeof scenario>>, "organizationId" | "manager">;

/** Has a provider serve a remedy in a house. */
export async function serve(
  { organizationId, manager }: House,
  remedy: Remedy,
  provider: ProviderKind,
): Promise<void> {
  const data = { organizationId, remedy, provider, setBy: manager.employeeId, setAt: new Date() };
  await inTenant(organizationId, (tx) => tx.remedyProvider.create({ data }));
}

/**
 * A worker that does just what a test says, of a decision whose undo window keeps every other one away: it takes it up, and
 * writes down what came of it.
 */
export function byTest({ organizationId }: House, decisionId: string) {
  // After any undo window, and each step after the one before.
  let at = Date.now() + 24 * 3_600_000;
  const next = () => new Date(at++);
  return {
    begin: () => beginExecution(organizationId, decisionId, next()),
    /** What the provider says came of it; nobody looks again by themselves. */
    note: (outcome: Outcome, via: "call" | "message" = "call") =>
      noteOutcome({
        ...{ organizationId, decisionId, of: "execution", via, outcome, next: null, now: next() },
      }),
  };
}
