import { pool } from "@/lib/db/pool";
import { tenantDb } from "@/lib/db/prisma";
import { type Policy, policySchema } from "@/lib/discretion/schema";

/** A version of a policy as people see it listed. */
export interface PolicyVersion {
  version: number;
  status: "draft" | "published" | "superseded";
  document: Policy;
  note: string | null;
  author: { id: string; name: string } | null;
  createdAt: Date;
  publishedAt: Date | null;
}

const VERSION = {
  version: true,
  status: true,
  document: true,
  note: true,
  createdAt: true,
  publishedAt: true,
  author: { select: { id: true, name: true } },
} as const;

interface VersionRow extends Omit<PolicyVersion, "status" | "document"> {
  status: string;
  document: unknown;
}

function toVersion(row: VersionRow): PolicyVersion {
  return {
    ...row,
    status: row.status as PolicyVersion["status"],
    document: policySchema.parse(row.document),
  };
}

/** The newest versions first, drafts too. `before` is the version that the page before ended with. */
export async function listPolicies(
  organizationId: string,
  page: { limit: number; before?: number | null },
): Promise<{ data: PolicyVersion[]; nextCursor: string | null }> {
  const rows = await tenantDb(organizationId).policy.findMany({
    where: { organizationId, ...(page.before ? { version: { lt: page.before } } : {}) },
    orderBy: { version: "desc" },
    take: page.limit + 1,
    select: VERSION,
  });
  const data = rows.slice(0, page.limit).map(toVersion);
  return { data, nextCursor: rows.length > page.limit ? String(data.at(-1)?.version) : null };
}

/** One version, or null where the organization has none of that number. */
export async function findPolicy(organizationId: string, version: number): Promise<PolicyVersion | null> {
  const row = await tenantDb(organizationId).policy.findUnique({
    where: { organizationId_version: { organizationId, version } },
    select: VERSION,
  });
  return row ? toVersion(row) : null;
}

/** The version in force, or null before an organization's first. */
export async function currentPolicy(organizationId: string): Promise<PolicyVersion | null> {
  const row = await tenantDb(organizationId).policy.findFirst({
    where: { organizationId, status: "published" },
    select: VERSION,
  });
  return row ? toVersion(row) : null;
}

/** Documents of published versions never change, so a process keeps the ones it has parsed. */
const KEPT = 200;
const parsed = new Map<string, Policy>();

/**
 * The document of a version that was published, parsed once a process. Throws where there is none: whoever asks read
 * the number from the database.
 */
export async function policyDocument(organizationId: string, version: number): Promise<Policy> {
  const key = `${organizationId}/${version}`;
  const known = parsed.get(key);
  if (known) return known;
  const found = await findPolicy(organizationId, version);
  if (!found || found.status === "draft") throw new Error(`Policy ${version} was never published.`);
  const oldest = parsed.keys().next().value;
  if (parsed.size >= KEPT && oldest !== undefined) parsed.delete(oldest);
  parsed.set(key, found.document);
  return found.document;
}

/** The published version that this process saw last; a guess that the database confirms. */
const lastSeen = new Map<string, number>();

export async function likelyPolicy(
  organizationId: string,
): Promise<{ version: number; document: Policy } | null> {
  let version = lastSeen.get(organizationId);
  if (version === undefined) {
    const { rows } = await pool().query<{ inputs: { policyVersion: number | null } }>(
      "select read_decision_inputs($1, null, null, null, null, null, null, '[]') as inputs",
      [organizationId],
    );
    version = rows[0]?.inputs.policyVersion ?? undefined;
    if (version === undefined) return null;
    lastSeen.set(organizationId, version);
  }
  return { version, document: await policyDocument(organizationId, version) };
}

/** Remembers which version the database says is in force. */
export function sawPolicy(organizationId: string, version: number): void {
  lastSeen.set(organizationId, version);
}
