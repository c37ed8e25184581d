import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import { toMajorString } from "@/lib/discretion/money";
import { takeExecutionStep } from "@/lib/execution/mutations";
import { type SettleInput, settleSchema, UPLOAD_LINES_MAX } from "@/lib/execution/schema";
import type { OpenExecution } from "@/lib/execution/types";
import { cellText } from "@/lib/floor/csv";

interface Who {
  organizationId: string;
  actor: AuditActor;
  now: Date;
}

/**
 * Writes down what somebody says of what is done by hand: done, with where it can be found, or that it can't be done, which
 * gives the allowance back. `gone`: somebody said so before, or it was reversed.
 */
export async function settleByHand(
  input: SettleInput,
  { organizationId, actor, now }: Who,
): Promise<{ ok: true } | { ok: false; code: "gone" }> {
  const { decisionId, of } = input;
  const noted = await takeExecutionStep({
    organizationId,
    decisionId,
    of,
    to: input.outcome === "done" ? "succeeded" : "failed",
    via: "person",
    ...(input.outcome === "done"
      ? { reference: input.reference }
      : { code: "cannot_be_done" as const, detail: input.reason }),
    actor,
    now,
  });
  return noted.outcome === "noted" ? { ok: true } : { ok: false, code: "gone" };
}

/** Says who sees to something that is done by hand; null: nobody yet. */
export async function setOwner(
  about: Who & { decisionId: string; ownerId: string | null },
): Promise<{ ok: true } | { ok: false; code: "gone" }> {
  const { organizationId, decisionId, ownerId, actor, now } = about;
  const { answer } = await callRecording<{ answer: { outcome: "set" | "missing" } }>({
    text: "select own_execution($1, $2, $3, $4, $5, $6) as answer",
    values: [organizationId, decisionId, ownerId, JSON.stringify(actor), newId(now), now],
  });
  return answer.outcome === "set" ? { ok: true } : { ok: false, code: "gone" };
}

/** Has a provider told again of what it is told of no more by itself. */
export async function sendAgain(
  about: Who & { decisionId: string },
): Promise<{ ok: true } | { ok: false; code: "gone" }> {
  const { organizationId, decisionId, actor, now } = about;
  const { answer } = await callRecording<{ answer: { outcome: "sent" | "missing" } }>({
    text: "select send_execution_again($1, $2, $3, $4, $5) as answer",
    values: [organizationId, decisionId, JSON.stringify(actor), newId(now), now],
  });
  return answer.outcome === "sent" ? { ok: true } : { ok: false, code: "gone" };
}

const COLUMNS = [
  "decision",
  "what",
  "remedy",
  "amount",
  "currency",
  "customer",
  "due",
  "owner",
  "outcome",
  "reference",
  "reason",
] as const;

/** The list as a file to be filled in: one line each, with what is to be said of it left empty. */
export function byHandCsv(items: readonly OpenExecution[]): string {
  const rows = items.map((item) => [
    item.decisionId,
    item.of === "reversal" ? "take back" : "do",
    item.remedy,
    toMajorString(item.amount, item.currency),
    item.currency,
    cellText(item.customer.name),
    item.dueAt ?? "",
    cellText(item.owner?.name ?? ""),
    "",
    "",
    "",
  ]);
  return `\uFEFF${stringify([[...COLUMNS], ...rows], { quoted: true, quoted_empty: true, record_delimiter: "\r\n" })}`;
}

export type ReadList =
  | { ok: true; lines: { line: number; input: SettleInput }[]; errors: { line: number; message: string }[] }
  | { ok: false; code: "unreadable" | "too_long" };

/** Reads the list as somebody filled it in. A line without an outcome says nothing; one that is wrong says what to mend. */
export function readByHandCsv(text: string): ReadList {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      columns: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch {
    return { ok: false, code: "unreadable" };
  }
  if (records.length > UPLOAD_LINES_MAX) return { ok: false, code: "too_long" };
  const first = records[0]?.record;
  if (!first || !("decision" in first) || !("outcome" in first)) return { ok: false, code: "unreadable" };
  const lines: { line: number; input: SettleInput }[] = [];
  const errors: { line: number; message: string }[] = [];
  for (const { record, info } of records) {
    const outcome = (record.outcome ?? "").toLowerCase();
    if (outcome === "") continue;
    const parsed = settleSchema.safeParse({
      decisionId: record.decision,
      of: record.what === "take back" ? "reversal" : "execution",
      outcome,
      ...(outcome === "cannot" ? { reason: record.reason ?? "" } : { reference: record.reference ?? "" }),
    });
    if (parsed.success) lines.push({ line: info.lines, input: parsed.data });
    else errors.push({ line: info.lines, message: faultOf(outcome, parsed.error.issues[0]) });
  }
  return { ok: true, lines, errors };
}

function faultOf(outcome: string, issue: { path: PropertyKey[]; message: string } | undefined): string {
  if (outcome !== "done" && outcome !== "cannot") return `“${outcome}” is no outcome: write done or cannot.`;
  if (issue?.path[0] === "decisionId") return "The decision's id is not one.";
  return issue?.message ?? "It can't be read.";
}

/** Writes down all that a list says, line by line. */
export async function settleList(
  list: Extract<ReadList, { ok: true }>,
  who: Who,
): Promise<{ applied: number; errors: { line: number; message: string }[] }> {
  const errors = [...list.errors];
  let applied = 0;
  for (const { line, input } of list.lines) {
    if ((await settleByHand(input, who)).ok) applied++;
    else errors.push({ line, message: "It isn't to be done any more." });
  }
  return { applied, errors: errors.toSorted((a, b) => a.line - b.line) };
}
