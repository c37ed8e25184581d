import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { toMajorString } from "@/lib/discretion/money";
import { type SettleInput, settleSchema, UPLOAD_LINES_MAX } from "@/lib/execution/schema";
import type { OpenExecution } from "@/lib/execution/types";
import { cellText } from "@/lib/floor/csv";

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
