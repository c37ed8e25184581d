import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";

export type MergeAnswer =
  | { ok: true; mergeId: string; moved: number }
  | { ok: false; code: "customer_not_found" | "same_customer" | "merged_already" };

export type UnmergeAnswer =
  | { ok: true; moved: number }
  | { ok: false; code: "not_found" | "unmerged_already" };

interface Writer {
  actor: AuditActor;
  employeeId: string | null;
}

/**
 * Merges a duplicate record into the one that stays: what was spent on the one counts on the other from this moment on, in
 * every window, so that a limit can't be walked around by a second record. Nothing is undone where that comes to more
 * than a limit, and nothing more passes. Both must stand for themselves. `moved` counts the decisions.
 */
export async function mergeCustomers(options: {
  organizationId: string;
  duplicateId: string;
  customerId: string;
  reason: string;
  writer: Writer;
  now: Date;
}): Promise<MergeAnswer> {
  const { organizationId, writer, now } = options;
  const mergeId = newId(now);
  const { answer } = await callRecording<{
    answer: { outcome: "merged"; moved: number } | { outcome: "missing" | "same" | "merged_already" };
  }>({
    text: "select merge_customers($1, $2, $3, $4, $5, $6, $7, $8, $9) as answer",
    values: [
      organizationId,
      mergeId,
      options.duplicateId,
      options.customerId,
      options.reason,
      writer.employeeId,
      JSON.stringify(writer.actor),
      newId(now),
      now,
    ],
  });
  switch (answer.outcome) {
    case "merged":
      return { ok: true, mergeId, moved: answer.moved };
    case "missing":
      return { ok: false, code: "customer_not_found" };
    case "same":
      return { ok: false, code: "same_customer" };
    case "merged_already":
      return { ok: false, code: "merged_already" };
    default:
      throw new Error(`merge_customers answered ${JSON.stringify(answer satisfies never)}.`);
  }
}

/** Takes a merge back, once: what was decided for the duplicate before it was merged counts on it again. */
export async function unmergeCustomers(options: {
  organizationId: string;
  mergeId: string;
  writer: Writer;
  now: Date;
}): Promise<UnmergeAnswer> {
  const { organizationId, writer, now } = options;
  const { answer } = await callRecording<{
    answer: { outcome: "undone"; moved: number } | { outcome: "missing" | "undone_already" };
  }>({
    text: "select unmerge_customers($1, $2, $3, $4, $5, $6) as answer",
    values: [
      organizationId,
      options.mergeId,
      writer.employeeId,
      JSON.stringify(writer.actor),
      newId(now),
      now,
    ],
  });
  switch (answer.outcome) {
    case "undone":
      return { ok: true, moved: answer.moved };
    case "missing":
      return { ok: false, code: "not_found" };
    case "undone_already":
      return { ok: false, code: "unmerged_already" };
    default:
      throw new Error(`unmerge_customers answered ${JSON.stringify(answer satisfies never)}.`);
  }
}
