import { expect } from "vitest";
import { requestReconciliation, runReconciliation } from "@/lib/reconciliation/mutations";
import { sealHistory } from "@/lib/seals/sealer";
import { verifyHistory } from "@/lib/seals/verify";
import { expectSound } from "./books";

/**
 * What the app itself finds when it looks for what is wrong, after all that happened: nothing. Its own books agree, and its
 * history is whole under the seals that were made meanwhile and the one that is made now.
 */
export async function expectNothingWrong(organizationId: string): Promise<void> {
  await expectSound(organizationId);

  const now = new Date();
  const asked = { organizationId, origin: "command", repairs: false, askedBy: null, now } as const;
  const { id } = await requestReconciliation(asked);
  const compared = await runReconciliation({ organizationId, id, now, throws: true });
  if (!compared) throw new Error("Nothing was compared.");
  // A test that has a time of its own leaves doubts about when things were written; seals are looked at below.
  const { seal: _doubts, ...differences } = compared.counted;
  const listed = compared.listed.filter(({ kind }) => kind !== "seal");
  expect([Object.values(differences).filter((count) => count !== 0), listed]).toEqual([[], []]);

  await sealHistory({ organizationId, eventsPerSeal: 200 });
  const { break: broken, waiting } = await verifyHistory({ organizationId });
  expect({ broken, waiting }).toEqual({ broken: null, waiting: 0 });
}
