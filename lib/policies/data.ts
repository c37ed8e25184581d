import { tenantDb } from "@/lib/db/prisma";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import type { PolicyStatus } from "@/lib/policies/types";

/** A version of a policy as people see it listed. */
export interface PolicyVersion {
  version: number;
  status: PolicyStatus;
  document: Policy;
  note: string | null;
  author: { id: string; name: string } | null;
  createdAt: Date;
  publishedAt: Date | null;
  /** The version in force that it was made from; null for an organization's first. */
  baseVersion: number | null;
  /** The version whose document it puts in force again. */
  restores: number | null;
  /** Counts the times that the draft was saved. */
  revision: number;
  updatedAt: Date | null;
  updater: { id: string; name: string } | null;
  /** When the draft is to be published, by whom, and why it was not. */
  publishAt: Date | null;
  publishBy: string | null;
  publishFault: string | null;
}

const VERSION = {
  version: true,
  status: true,
  document: true,
  note: true,
  createdAt: true,
  publishedAt: true,
  baseVersion: true,
  restores: true,
  revision: true,
  updatedAt: true,
  updater: { select: { id: true, name: true } },
  publishAt: true,
  publishBy: true,
  publishFault: true,
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

/** What is listed unless somebody asks for more: everything but what was thrown away. */
const LISTED: readonly PolicyStatus[] = ["draft", "trial", "published", "superseded"];

/** The newest versions first. `before` is the version that the page before ended with. */
export async function listPolicies(
  organizationId: string,
  page: { limit: number; before?: number | null; status?: readonly PolicyStatus[] },
): Promise<{ data: PolicyVersion[]; nextCursor: string | null }> {
  const rows = await tenantDb(organizationId).policy.findMany({
    where: {
      organizationId,
      status: { in: [...(page.status ?? LISTED)] },
      ...(page.before ? { version: { lt: page.before } } : {}),
    },
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

/**
 * For each version the one in force that it was made from, by its own number: what changed is told against it. Versions
 * of an earlier time say nothing of it, and followed one another; what never was in force precedes nothing.
 */
export async function precedingPolicies(
  organizationId: string,
  versions: readonly Pick<PolicyVersion, "version" | "baseVersion">[],
): Promise<Map<number, PolicyVersion>> {
  const wanted = new Map(versions.map(({ version, baseVersion }) => [version, baseVersion ?? version - 1]));
  const rows = await tenantDb(organizationId).policy.findMany({
    where: {
      organizationId,
      version: { in: [...new Set(wanted.values())] },
      publishedAt: { not: null },
    },
    select: VERSION,
  });
  const found = new Map(rows.map((row) => [row.version, toVersion(row)]));
  return new Map(
    [...wanted].flatMap(([version, before]) => {
      const precedes = found.get(before);
      return precedes ? [[version, precedes] as const] : [];
    }),
  );
}

/** The version in force, or null before an organization's first. */
export async function currentPolicy(organizationId: string): Promise<PolicyVersion | null> {
  const row = await tenantDb(organizationId).policy.findFirst({
    where: { organizationId, status: "published" },
    select: VERSION,
  });
  return row ? toVersion(row) : null;
}

/** Documents of versions that were ever in force never change, so a process keeps the ones it has parsed. */
const KEPT = 200;
const parsed = new Map<string, Promise<Policy>>();

/**
 * The document of a version that is or was in force, on trial too, parsed once a process. Throws where there is none:
 * whoever asks read the number from the database.
 */
export function policyDocument(organizationId: string, version: number): Promise<Policy> {
  const key = `${organizationId}/${version}`;
  const known = parsed.get(key);
  if (known) return known;
  const oldest = parsed.keys().next().value;
  if (parsed.size >= KEPT && oldest !== undefined) parsed.delete(oldest);
  // Kept before it is there, so that many who ask at once read it once; what could not be read is not kept.
  const document = readDocument(organizationId, version);
  parsed.set(key, document);
  document.catch(() => parsed.delete(key));
  return document;
}

async function readDocument(organizationId: string, version: number): Promise<Policy> {
  const found = await findPolicy(organizationId, version);
  if (!found || found.status === "draft" || found.status === "discarded") {
    throw new Error(`Policy ${version} was never in force.`);
  }
  return found.document;
}

/** The version that this process last saw an employee, or anybody of the organization, decide under. */
const lastSeen = new Map<string, number>();

/** How many employees are remembered whose version is another one than the organization's. */
const REMEMBERED = 10_000;

/** A guess at the version that an employee decides under, which the database confirms. */
export async function likelyPolicy(
  organizationId: string,
  employeeId: string,
): Promise<{ version: number; document: Policy } | null> {
  const version =
    lastSeen.get(`${organizationId}/${employeeId}`) ??
    lastSeen.get(organizationId) ??
    (await publishedVersion(organizationId));
  return version === null ? null : { version, document: await policyDocument(organizationId, version) };
}

/** The version in force for everybody who is on no trial; null before an organization's first. */
export async function publishedVersion(organizationId: string): Promise<number | null> {
  const row = await tenantDb(organizationId).policy.findFirst({
    where: { organizationId, status: "published" },
    select: { version: true },
  });
  if (row) lastSeen.set(organizationId, row.version);
  return row?.version ?? null;
}

/**
 * Remembers which version the database says is in force: for an employee, or for all where none is named. What an
 * employee decides under is remembered only while it is another one than the organization's.
 */
export function sawPolicy(organizationId: string, version: number, employeeId?: string): void {
  if (employeeId === undefined) {
    lastSeen.set(organizationId, version);
    return;
  }
  const key = `${organizationId}/${employeeId}`;
  lastSeen.delete(key);
  if (lastSeen.get(organizationId) === version) return;
  const oldest = lastSeen.keys().next().value;
  if (lastSeen.size >= REMEMBERED && oldest !== undefined) lastSeen.delete(oldest);
  lastSeen.set(key, version);
}
