import { setImmediate } from "node:timers/promises";
import type pg from "pg";
import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import type { FieldError } from "@/lib/decisions/types";
import { type ExampleOutcome, runExample } from "@/lib/discretion/examples";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { fieldErrors } from "@/lib/http/problem";
import { backfillOf } from "@/lib/policies/backfill";
import { findPolicy, sawPolicy } from "@/lib/policies/data";
import type { PolicyStatus } from "@/lib/policies/types";

/** The document doesn't fit; every fault at once. */
export type Invalid = { ok: false; code: "invalid"; errors: FieldError[] };
/** Another version than the author saw is in force; `current` is its number. */
export type Stale = { ok: false; code: "stale"; current: number | null };
/** Examples say otherwise than the policy. */
export type ExamplesFailed = { ok: false; code: "examples_failed"; failed: ExampleOutcome[] };
/** What can be said of a version that somebody wants to change, schedule, try or publish. */
export type VersionRefusal =
  | { ok: false; code: "not_found" }
  /** Nobody edits what was in force, or what was discarded. */
  | { ok: false; code: "not_draft"; status: PolicyStatus }
  /** Somebody saved the draft meanwhile; `revision` is where it is now. */
  | { ok: false; code: "draft_changed"; revision: number }
  /** A draft that is to be published at a time is left alone until then. */
  | { ok: false; code: "scheduled" };

export type PublishAnswer = { ok: true; version: number } | Invalid | Stale | ExamplesFailed;
export type PublishVersionAnswer = PublishAnswer | VersionRefusal;

/** Who does it: what history writes down, and the person behind it where there is one. */
export interface Author {
  actor: AuditActor;
  employeeId: string | null;
}

const SYSTEM: Author = { actor: { kind: "system", id: null }, employeeId: null };

/** Somebody who signed in. */
export function personAuthor(employeeId: string): Author {
  return { actor: { kind: "employee", id: employeeId }, employeeId };
}

/**
 * Puts a document in force as the organization's next version, at once.
 *
 * `base` is the version that the author started from, null for the first. Its examples must pass. Limits that no
 * version in force knows count what happened before in their window, under one lock with the publication: no decision
 * falls between.
 */
export async function publishPolicy(options: {
  organizationId: string;
  base: number | null;
  document: unknown;
  note: string | null;
  authorId: string | null;
  now: Date;
}): Promise<PublishAnswer> {
  const { organizationId, authorId } = options;
  const checked = await checkDocument(organizationId, options.document);
  if (!checked.ok) return checked;
  const answer = await publish({
    organizationId,
    base: options.base,
    policy: checked.policy,
    source: null,
    restores: null,
    note: options.note,
    author: authorId === null ? SYSTEM : personAuthor(authorId),
    now: options.now,
  });
  if (answer.ok || !isAboutVersion(answer)) return answer;
  throw new Error(`A new document was refused as a version: ${answer.code}.`);
}

/**
 * Puts a version in force, at once: a draft, or the one that is on trial, as it is; one that was in force before as a
 * new version with the same document.
 *
 * @param options.revision the draft's, as its reader saw it; null publishes it as it is.
 * @param options.base the version in force that was compared with; left out, the one that the draft was made from.
 */
export async function publishVersion(options: {
  organizationId: string;
  version: number;
  revision?: number | null;
  base?: number | null;
  note?: string | null;
  author: Author;
  now: Date;
}): Promise<PublishVersionAnswer> {
  const { organizationId, version, author, now } = options;
  const found = await findPolicy(organizationId, version);
  if (!found) return { ok: false, code: "not_found" };
  const { status } = found;
  if (status === "published" || status === "discarded") return { ok: false, code: "not_draft", status };
  const revision = options.revision ?? found.revision;
  if (revision !== found.revision) return { ok: false, code: "draft_changed", revision: found.revision };

  const restores = status === "superseded";
  const checked = await checkDocument(organizationId, found.document);
  if (!checked.ok) return checked;
  return publish({
    organizationId,
    base: options.base ?? (restores ? await versionInForce(organizationId) : found.baseVersion),
    policy: checked.policy,
    source: restores ? null : { version, revision },
    restores: restores ? version : null,
    note: options.note ?? null,
    author,
    now,
  });
}

/** Keeps a document as a draft: a new one where `version` is null, else in the place of what it was at `revision`. */
export async function saveDraft(options: {
  organizationId: string;
  version: number | null;
  revision: number | null;
  /** The version in force that it was made from; null before an organization's first. */
  base: number | null;
  document: unknown;
  note: string | null;
  author: Author;
  now: Date;
}): Promise<
  { ok: true; version: number; revision: number; examples: ExampleOutcome[] } | Invalid | VersionRefusal
> {
  const { organizationId, author, now } = options;
  const parsed = await checkDraft(organizationId, options.document, options.base);
  if (!parsed.ok) return parsed;
  const answer = await call<
    | { outcome: "saved"; version: number; revision: number }
    | { outcome: "stale"; revision: number }
    | { outcome: "not_draft"; status: PolicyStatus }
    | { outcome: "scheduled" | "missing" }
  >("save_draft", [
    organizationId,
    options.version,
    options.revision,
    options.base,
    JSON.stringify(parsed.policy),
    options.note,
    JSON.stringify(author.actor),
    author.employeeId,
    newId(now),
    now,
  ]);
  if (answer.outcome === "saved") {
    const { version, revision } = answer;
    return { ok: true, version, revision, examples: await runExamplesInTurns(parsed.policy) };
  }
  return refusalOf(answer);
}

/**
 * Keeps a document as the draft that a handover led to, once for each handover: where there is one already that nobody threw
 * away, that one is the answer. `limits` is what it raises.
 */
export async function proposeDraft(options: {
  organizationId: string;
  handoverId: string;
  limits: readonly object[];
  base: number;
  document: unknown;
  note: string;
  author: Author;
  now: Date;
}): Promise<{ ok: true; version: number; isNew: boolean } | Invalid> {
  const { organizationId, author, now } = options;
  const parsed = await checkDraft(organizationId, options.document, options.base);
  if (!parsed.ok) return parsed;
  const { outcome, version } = await call<{ outcome: "saved" | "proposed"; version: number }>(
    "propose_draft",
    [
      organizationId,
      options.handoverId,
      JSON.stringify(options.limits),
      options.base,
      JSON.stringify(parsed.policy),
      options.note,
      JSON.stringify(author.actor),
      author.employeeId,
      newId(now),
      now,
    ],
  );
  return { ok: true, version, isNew: outcome === "saved" };
}

/** Whether a document can be a draft that was made from `base`. */
async function checkDraft(
  organizationId: string,
  document: unknown,
  base: number | null,
): Promise<Awaited<ReturnType<typeof checkForm>>> {
  const parsed = await checkForm(organizationId, document);
  if (!parsed.ok || base === null || (await findPolicy(organizationId, base))) return parsed;
  return {
    ok: false,
    code: "invalid",
    errors: [{ path: "base", message: "There is no such version. Name one that was in force." }],
  };
}

/** Takes a draft away, or (`discard: false`) back. */
export async function discardDraft(options: {
  organizationId: string;
  version: number;
  discard: boolean;
  author: Author;
  now: Date;
}): Promise<{ ok: true } | VersionRefusal> {
  const { organizationId, version, discard, author, now } = options;
  const answer = await call<{ outcome: "done" | "missing" } | { outcome: "not_draft"; status: PolicyStatus }>(
    "discard_draft",
    [organizationId, version, discard, JSON.stringify(author.actor), newId(now), now],
  );
  return answer.outcome === "done" ? { ok: true } : refusalOf(answer);
}

/**
 * Has a draft published at a moment to come; `at: null` takes that back. Until then it can't be edited. What is wrong
 * with it is said now, and looked at once more at the moment itself.
 */
export async function schedulePolicy(options: {
  organizationId: string;
  version: number;
  revision: number | null;
  at: Date | null;
  note?: string | null;
  author: Author;
  now: Date;
}): Promise<{ ok: true } | Invalid | Stale | ExamplesFailed | VersionRefusal> {
  const { organizationId, version, at, author, now } = options;
  const found = await findPolicy(organizationId, version);
  if (!found) return { ok: false, code: "not_found" };
  if (at !== null) {
    if (found.status !== "draft") return { ok: false, code: "not_draft", status: found.status };
    const checked = await checkDocument(organizationId, found.document);
    if (!checked.ok) return checked;
    const current = await versionInForce(organizationId);
    if (current !== found.baseVersion) return { ok: false, code: "stale", current };
  }
  const answer = await call<
    | { outcome: "done" | "missing" }
    | { outcome: "stale"; revision: number }
    | { outcome: "not_draft"; status: PolicyStatus }
  >("schedule_policy", [
    organizationId,
    version,
    options.revision ?? found.revision,
    at,
    options.note ?? null,
    JSON.stringify(author.actor),
    author.employeeId,
    newId(now),
    now,
  ]);
  return answer.outcome === "done" ? { ok: true } : refusalOf(answer);
}

/**
 * Publishes a draft whose time has come, in the name of who scheduled it. Does nothing when it is not scheduled any
 * more, or not yet; what keeps it from being published is written to it, and it can be edited again.
 */
export async function publishScheduled(options: {
  organizationId: string;
  version: number;
  now: Date;
}): Promise<void> {
  const { organizationId, version, now } = options;
  const found = await findPolicy(organizationId, version);
  if (found?.status !== "draft" || found.publishAt === null || found.publishAt > now) return;
  const author = found.publishBy === null ? SYSTEM : personAuthor(found.publishBy);
  const answer = await publishVersion({ organizationId, version, revision: found.revision, author, now });
  if (answer.ok) return;
  await pool().query("select refuse_scheduled($1, $2, $3, $4, $5)", [
    organizationId,
    version,
    faultInWords(answer),
    newId(now),
    now,
  ]);
}

function faultInWords(answer: Exclude<PublishVersionAnswer, { ok: true }>): string {
  switch (answer.code) {
    case "stale":
      return `Version ${answer.current ?? "none"} came into force meanwhile. Compare with it, then publish again.`;
    case "examples_failed":
      return `Examples fail: ${answer.failed.map(({ id }) => id).join(", ")}.`;
    case "invalid":
      return answer.errors.map(({ path, message }) => `${path}: ${message}`).join(" ");
    case "draft_changed":
    case "not_draft":
    case "not_found":
    case "scheduled":
      return "The draft was changed at the same moment. Publish it again.";
    default:
      return answer satisfies never;
  }
}

/** The next version, or why not, under the lock that keeps decisions out. */
async function publish(entry: {
  organizationId: string;
  base: number | null;
  policy: Policy;
  /** The draft or the version on trial that it is; null for a new version. */
  source: { version: number; revision: number } | null;
  restores: number | null;
  note: string | null;
  author: Author;
  now: Date;
}): Promise<PublishVersionAnswer> {
  const { organizationId, base, policy, source, author, now } = entry;
  const answer = await withTenant(organizationId, async (client) => {
    const inForce = await lockPolicies(client, organizationId, now);
    const current = inForce.find(({ status }) => status === "published")?.version ?? null;
    if (current !== base) return { outcome: "stale" as const, version: current };
    const documents = inForce.map(({ document }) => document);
    const backfill = await backfillOf(client, organizationId, policy, documents, now);
    const { rows } = await client.query<{
      answer:
        | { outcome: "published" | "stale"; version: number }
        | { outcome: "draft_changed"; revision: number }
        | { outcome: "not_draft"; status: PolicyStatus }
        | { outcome: "missing" };
    }>("select publish_policy($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as answer", [
      organizationId,
      base,
      source?.version ?? null,
      source?.revision ?? null,
      entry.restores,
      JSON.stringify(policy),
      entry.note,
      JSON.stringify(backfill),
      JSON.stringify(author.actor),
      author.employeeId,
      [newId(now), newId(now)],
      now,
    ]);
    const published = rows[0]?.answer;
    if (!published) throw new Error("publish_policy gave no row.");
    return published;
  });
  switch (answer.outcome) {
    case "published":
      sawPolicy(organizationId, answer.version);
      return { ok: true, version: answer.version };
    case "stale":
      return { ok: false, code: "stale", current: answer.version };
    default:
      return refusalOf(answer);
  }
}

/**
 * Keeps decisions out until the transaction ends, and answers every version that somebody decides under, with its
 * document.
 */
export async function lockPolicies(
  client: pg.PoolClient,
  organizationId: string,
  at: Date,
): Promise<{ version: number; status: PolicyStatus; document: Policy }[]> {
  await client.query("select pg_advisory_xact_lock(policy_lock_key($1))", [organizationId]);
  const { rows } = await client.query<{ version: number; status: PolicyStatus; document: unknown }>(
    `select version, status, document from policies
     where organization_id = $1 and version = any (policies_in_force($1, $2))`,
    [organizationId, at],
  );
  return rows.map((row) => ({ ...row, document: policySchema.parse(row.document) }));
}

async function versionInForce(organizationId: string): Promise<number | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      "select version from policies where organization_id = $1 and status = 'published'",
      [organizationId],
    );
    return rows[0]?.version ?? null;
  });
}

/** The document as a policy of this organization whose examples pass, or what keeps it from being one. */
export async function checkDocument(
  organizationId: string,
  document: unknown,
): Promise<{ ok: true; policy: Policy } | Invalid | ExamplesFailed> {
  const checked = await checkForm(organizationId, document);
  if (!checked.ok) return checked;
  const outcomes = await runExamplesInTurns(checked.policy);
  const failed = outcomes.filter((example) => !example.passes);
  return failed.length > 0 ? { ok: false, code: "examples_failed", failed } : checked;
}

/** Lets others come in between: hundreds of examples with long histories take seconds. */
async function runExamplesInTurns(policy: Policy): Promise<ExampleOutcome[]> {
  const outcomes: ExampleOutcome[] = [];
  for (const example of policy.examples ?? []) {
    outcomes.push(runExample(policy, example));
    await setImmediate();
  }
  return outcomes;
}

async function checkForm(
  organizationId: string,
  document: unknown,
): Promise<{ ok: true; policy: Policy } | Invalid> {
  const parsed = policySchema.safeParse(document);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  const policy = parsed.data;
  // Postgres keeps no NUL in a document, wherever in it somebody has pasted one.
  if (JSON.stringify(policy).includes("\\u0000")) {
    return { ok: false, code: "invalid", errors: [{ path: "", message: "Leave out the NUL character." }] };
  }
  const errors = await organizationFaults(organizationId, policy);
  return errors.length > 0 ? { ok: false, code: "invalid", errors } : { ok: true, policy };
}

/** What doesn't fit this organization, though it is a policy. */
async function organizationFaults(organizationId: string, policy: Policy): Promise<FieldError[]> {
  const organization = await withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ currency: string; time_zone: string }>(
      "select currency, time_zone from organizations where id = $1",
      [organizationId],
    );
    return rows[0];
  });
  if (!organization) throw new Error("A policy of no organization.");
  const faults: FieldError[] = [];
  if (policy.currency !== organization.currency) {
    faults.push({
      path: "currency",
      message: `The organization counts in ${organization.currency}. Write the policy in ${organization.currency}.`,
    });
  }
  if (policy.timeZone !== organization.time_zone) {
    faults.push({
      path: "timeZone",
      message: `The organization's days begin in ${organization.time_zone}. Write that time zone.`,
    });
  }
  return faults;
}

/** Calls one of the functions that write policies. */
async function call<Answer>(name: string, values: unknown[]): Promise<Answer> {
  const places = values.map((_, index) => `$${index + 1}`).join(", ");
  const { rows } = await pool().query<{ answer: Answer }>(`select ${name}(${places}) as answer`, values);
  const answer = rows[0]?.answer;
  if (!answer) throw new Error(`${name} gave no row.`);
  return answer;
}

function refusalOf(
  answer:
    | { outcome: "stale" | "draft_changed"; revision: number }
    | { outcome: "not_draft"; status: PolicyStatus }
    | { outcome: string },
): VersionRefusal {
  if ("revision" in answer) return { ok: false, code: "draft_changed", revision: answer.revision };
  if ("status" in answer) return { ok: false, code: "not_draft", status: answer.status };
  if (answer.outcome === "scheduled") return { ok: false, code: "scheduled" };
  if (answer.outcome === "missing") return { ok: false, code: "not_found" };
  throw new Error(`An answer that nobody expects: ${answer.outcome}.`);
}

function isAboutVersion(answer: Exclude<PublishVersionAnswer, { ok: true }>): answer is VersionRefusal {
  return ["not_found", "not_draft", "draft_changed", "scheduled"].includes(answer.code);
}
