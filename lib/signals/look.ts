import { createHash } from "node:crypto";
import { policyDocument, publishedVersion } from "@/lib/policies/data";
import { countSpan } from "@/lib/signals/data";
import { findSignals } from "@/lib/signals/find";
import type { Signal } from "@/lib/signals/types";

interface Look {
  since: string | null;
  decisions: number;
  handovers: number;
  signals: (Signal & { key: string })[];
}

/** Looks through the last days of an organization; each signal under a key that only the server can lead back. */
export async function lookForSignals(options: {
  organizationId: string;
  days: number;
  timeZone: string;
  now: Date;
}): Promise<Look> {
  const { organizationId, days, timeZone, now } = options;
  const version = await publishedVersion(organizationId);
  if (version === null) return { since: null, decisions: 0, handovers: 0, signals: [] };
  const policy = await policyDocument(organizationId, version);
  const { counted, ...looked } = await countSpan(organizationId, { policy, days, timeZone, now });
  const signals = findSignals(counted).map((signal) => ({ ...signal, key: keyOf(organizationId, signal) }));
  return { ...looked, signals };
}

function keyOf(organizationId: string, { kind, subjects, amount, remedies }: Signal): string {
  return createHash("sha256")
    .update(JSON.stringify([organizationId, kind, subjects, amount, remedies]))
    .digest("hex")
    .slice(0, 24);
}
