import type { ExecutionView } from "@/lib/execution/types";

/** What is true of a gesture that was given, in the words of a heading. */
export const STAGES = [
  "recorded",
  "queued",
  "moving",
  "unknown",
  "by_hand",
  "succeeded",
  "failed",
  "taking_back",
  "taken_back",
  "not_taken_back",
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * How far it is with what was given. Without an execution nothing is known but that it was recorded; and a moment after that
 * nobody can have begun, which `isNew` says.
 */
export function stageOf(execution: ExecutionView | null, isNew: boolean): Stage {
  if (execution === null) return isNew ? "queued" : "recorded";
  switch (execution.reversal?.status) {
    case undefined:
      break;
    case "succeeded":
      return "taken_back";
    case "failed":
      return "not_taken_back";
    default:
      return "taking_back";
  }
  switch (execution.status) {
    case "processing":
    case "pending":
      return "moving";
    case "cancelled":
      return "taken_back";
    default:
      return execution.status;
  }
}

/** The one stage that is true of several gestures at once; `recorded` where they stand differently. */
export function stageOfAll(stages: readonly Stage[]): Stage {
  const [first = "recorded"] = stages;
  if (stages.includes("failed")) return "failed";
  return stages.every((stage) => stage === first) ? first : "recorded";
}
