import { z } from "zod";
import { text } from "@/lib/decisions/schema";
import { FAILURE_CODES, type Outcome } from "@/lib/execution/provider";

const STATUSES = ["succeeded", "pending", "failed"] as const;

const fields = {
  /** What it came of: carrying it out, or taking it back. */
  of: z.enum(["execution", "reversal"], { error: "Write execution or reversal." }).nullish(),
  status: z.enum(STATUSES, { error: "Write succeeded, pending or failed." }),
  /** What the other system calls it. */
  reference: text(200).nullish(),
  /** Why it failed, where it did. */
  code: z.enum(FAILURE_CODES, { error: `Write one of: ${FAILURE_CODES.join(", ")}.` }).nullish(),
  detail: text(300).nullish(),
};

/** What the other system tells by REST. */
export const executionResultSchema = z.strictObject(fields);

/** The same in an answer, where whatever else stands in it is of no interest. */
export const answeredResultSchema = z.object(fields);

export type ExecutionResult = z.output<typeof answeredResultSchema>;

export function outcomeOf({ status, reference, code, detail }: ExecutionResult): Outcome {
  const ref = reference || null;
  if (status !== "failed") return { outcome: status, reference: ref };
  return {
    outcome: "failed",
    code: code ?? "refused",
    detail: detail || "The other system says that it failed.",
    reference: ref,
  };
}
