import { existsSync, readFileSync } from "node:fs";
import { readAnchorFile } from "@/lib/seals/anchors";
import type { Proven } from "@/lib/seals/proof";
import type { VerificationPhase, VerificationResult } from "@/lib/seals/types";
import type { Anchors } from "@/lib/seals/verify";
import { CannotProceed } from "../operations/cannot-proceed";
import { say } from "../operations/program";
import { type OrganizationOption, openOrganization } from "./app";
import { counted, print } from "./output";
import { fromHere } from "./output-file";
import { WrongUsage } from "./usage";

const PROGRESS_MS = 1_000;
const DOUBTS_SHOWN = 5;

interface Common extends OrganizationOption {
  json?: boolean;
}

/** Seals what waits, now, and publishes the seals where the settings say so. */
export async function seal(options: Common): Promise<number> {
  const organization = await openOrganization(options);
  const { sealHistory } = await import("@/lib/seals/sealer");
  const { publishSeals } = await import("@/lib/seals/publish");
  const { seals, events, busy, last } = await sealHistory({ organizationId: organization.id });
  const { published, faults } = await publishSeals(organization.id);
  for (const { channel, fault } of faults) say(`Not published (${channel}), to be tried again: ${fault}`);
  await print(options.json, { seals, events, busy, last, published }, [
    busy
      ? "Another sealer is at work: what waits is sealed by that one."
      : events === 0
        ? "Nothing waits: every event is sealed."
        : `Sealed ${counted(events, "event")} in ${counted(seals, "seal")}.`,
    ...(last ? [`Seal ${last.seq} has the hash ${last.hash}.`] : []),
    ...(published > 0 ? [`Published ${counted(published, "seal")}.`] : []),
  ]);
  return 0;
}

const PHASES: Record<VerificationPhase, string> = {
  seals: "the chain of seals",
  leaves: "rows against seals",
  queue: "what waits",
  events: "events without a seal",
  decisions: "decisions without an event",
  entries: "entries without an event",
};

/** Holds all of history against its seals. Exit code 1 where it isn't whole. */
export async function verify(options: Common & { anchors?: string }): Promise<number> {
  const organization = await openOrganization(options);
  const anchors = await anchorsFor(organization.id, options.anchors);
  const { verifyHistory } = await import("@/lib/seals/verify");
  let nextWordAt = Date.now() + PROGRESS_MS;
  const result = await verifyHistory({
    organizationId: organization.id,
    anchors,
    onProgress: ({ phase, processed, total }) => {
      if (Date.now() < nextWordAt) return;
      nextWordAt = Date.now() + PROGRESS_MS;
      say(`  ${PHASES[phase]}: ${percent(processed, total)}`);
    },
  });
  await print(options.json, result, inWords(result));
  return result.state === "whole" ? 0 : 1;
}

function percent(processed: number, total: number | null): string {
  return total
    ? `${Math.floor((100 * processed) / total)} % of all looked at`
    : `${processed} rows looked at`;
}

/** The seals that were published: of the file that is named, else of the one that the worker writes, where there is one. */
async function anchorsFor(organizationId: string, named: string | undefined): Promise<Anchors | null> {
  const kept = process.env.LEEWAY_SEAL_FILE;
  const path = named === undefined ? kept : fromHere(named);
  if (!path || (named === undefined && !existsSync(path))) return null;
  const { seals, unreadable } = await openAnchors(path);
  const own = seals.get(organizationId);
  if (named !== undefined && !own) {
    throw new CannotProceed(
      `${path} holds no seal of this organization.`,
      "Name the file that the seals were published to, and the organization with --organization.",
    );
  }
  if (own) say(`Held against ${counted(own.size, "published seal")} in ${path}.`);
  if (unreadable.length > 0) {
    say(`${counted(unreadable.length, "line")} of it are no seals, line ${unreadable[0]} to begin with.`);
  }
  return own ?? null;
}

async function openAnchors(path: string) {
  try {
    return await readAnchorFile(path);
  } catch (error) {
    throw new CannotProceed(
      `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
      "Name a file with published seals, a line of JSON each.",
    );
  }
}

function inWords(result: VerificationResult): string[] {
  return [...verdict(result), ...doubts(result), ...tail(result)];
}

function verdict(result: VerificationResult): string[] {
  const { break: found, lastSeal } = result;
  if (found) {
    return [
      `BROKEN at ${found.table} ${found.id}${found.seal === null ? "" : ` (seal ${found.seal})`}`,
      found.text,
      "This is the first break that was found; what comes after it was not looked at.",
    ];
  }
  const covered = `${counted(result.events, "event")} in ${counted(result.seals, "seal")}, with ${counted(result.decisions, "decision")} and ${counted(result.entries, "ledger entry", "ledger entries")}`;
  if (!lastSeal) return ["Nothing is sealed yet, so nothing can be said of what was changed."];
  return [
    `${result.state === "whole" ? "Whole" : "What was sealed stands"}: ${covered}.`,
    `Seal ${lastSeal.seq}, of ${lastSeal.sealedAt}, has the hash ${lastSeal.hash}.`,
  ];
}

function doubts({ doubts: named, doubtCount }: VerificationResult): string[] {
  if (doubtCount === 0) return [];
  return [
    `DOUBTFUL: ${counted(doubtCount, "event")} claim to be older than what was sealed before they came.`,
    ...named
      .slice(0, DOUBTS_SHOWN)
      .map(
        ({ id, seal: seq, text }) =>
          `audit_events ${id} (${seq === null ? "waits" : `seal ${seq}`}): ${text}`,
      ),
  ];
}

function tail({ waiting, anchors, break: found }: VerificationResult): string[] {
  if (found) return [];
  return [
    ...(waiting > 0
      ? [
          `${counted(waiting, "event")} ${waiting === 1 ? "waits" : "wait"} to be sealed: a change before that can't be seen. Seal now: npm run -s leeway -- audit seal`,
        ]
      : []),
    anchors === null
      ? "Not held against published seals: whoever can write everything in this database could have made the chain anew."
      : `The chain holds all ${counted(anchors, "published seal")}.`,
  ];
}

/** Prints what proves that a decision was sealed. */
export async function prove(decision: string, options: Common & { to?: number }): Promise<number> {
  const organization = await openOrganization(options);
  const { proveDecision } = await import("@/lib/seals/prover");
  const answer = await proveDecision({
    organizationId: organization.id,
    decisionId: decision,
    ...(options.to === undefined ? {} : { upTo: options.to }),
  });
  if (answer.ok) {
    await print(true, answer.proof, []);
    return 0;
  }
  switch (answer.code) {
    case "not_found":
      throw new CannotProceed(
        `There is no decision ${decision} in this organization.`,
        "Check the id, and name the organization with --organization.",
      );
    case "waiting":
      throw new CannotProceed(
        "The decision is not sealed yet.",
        "The worker seals every minute. Seal now: npm run -s leeway -- audit seal",
      );
    case "no_such_seal":
      throw new CannotProceed(
        `The chain from this decision on holds no seal ${options.to}.`,
        "Name a seal that is there and not older than the decision, or leave --to out.",
      );
    case "broken":
      throw new CannotProceed(
        `What is there isn't what was sealed: ${answer.reason}`,
        "See what is broken: npm run -s leeway -- audit verify",
      );
    default:
      return answer satisfies never;
  }
}

/** Checks a proof by itself: no database is asked. */
export async function checkProofFile(
  file: string,
  options: { anchor?: string; json?: boolean },
): Promise<number> {
  const { checkProof } = await import("@/lib/seals/proof");
  const anchors = options.anchor === undefined ? null : await readAnchor(options.anchor);
  const answer = checkProof(readJson(file), anchors);
  if (!answer.ok) {
    await print(options.json, answer, ["This proof does not hold.", answer.reason]);
    return 1;
  }
  await print(options.json, answer, provenInWords(answer.proven));
  return 0;
}

/** A hash, or the hashes of all seals in a file. */
async function readAnchor(anchor: string): Promise<ReadonlySet<string>> {
  if (/^[0-9a-f]{64}$/i.test(anchor)) return new Set([anchor.toLowerCase()]);
  if (!existsSync(fromHere(anchor))) {
    throw new WrongUsage(`--anchor ${anchor} is neither a hash of 64 hexadecimal digits nor a file.`);
  }
  const { seals } = await openAnchors(fromHere(anchor));
  return new Set([...seals.values()].flatMap((own) => [...own.values()].flatMap((hashes) => [...hashes])));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path === "-" ? 0 : fromHere(path), "utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    throw new CannotProceed(
      `${path === "-" ? "Standard input" : path} cannot be read: ${error instanceof Error ? error.message : error}`,
      "Give a proof as `audit prove` prints it.",
    );
  }
}

function provenInWords(proven: Proven): string[] {
  const { decision: d, events, first, last, anchor, note, waiting } = proven;
  return [
    "This proof holds: what stands below was sealed, and is as it was then.",
    "",
    `Decision ${proven.decisionId} of organization ${proven.organizationId}`,
    `  ${d.remedy} of ${d.amount} (smallest units of ${d.currency}), ${d.verdict}, now ${proven.status}`,
    `  for customer ${d.customer_id}, by employee ${d.employee_id}, under policy version ${d.policy_version}, at ${d.created_at}`,
    ...(note === "none" ? [] : [`  with a note${note === "erased" ? ", which was erased since" : ""}`]),
    "",
    ...events.map(
      ({ action, at, seal: seq, sealedAt, entries }) =>
        `  ${action} at ${at}, with ${counted(entries, "ledger entry", "ledger entries")}: in seal ${seq}, sealed at ${sealedAt}`,
    ),
    ...(waiting > 0
      ? [`  ${counted(waiting, "more event")} waited to be sealed when the proof was made`]
      : []),
    "",
    first.seq === last.seq
      ? `Seal ${last.seq} has the hash ${last.hash}.`
      : `The chain leads from seal ${first.seq} to seal ${last.seq}, which has the hash ${last.hash}.`,
    anchor
      ? `Seal ${anchor.seq} is the one that is known from elsewhere: none of this was made later than that.`
      : "No seal that is known from elsewhere was named (--anchor), so this says no more than that the proof fits together: compare the hash with one that was published.",
    "Whether anything became of the decision after its last event here, a proof can't tell.",
  ];
}
