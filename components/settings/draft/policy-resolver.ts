import { toNestErrors } from "@hookform/resolvers";
import type { FieldErrors, Resolver } from "react-hook-form";
import type { z } from "zod";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import type { PolicyDraft } from "./policy-draft";
import { type Places, readDraft } from "./read-draft";
import type { DraftFault } from "./read-numbers";

/** What is wrong in words of the form, which speaks of no minor units and asks for more than the document needs. */
export type FaultReason =
  | DraftFault["reason"]
  | "amountMissing"
  | "amountZero"
  | "countMissing"
  | "daysMissing"
  | "dayMissing"
  | "valueMissing";

/** Says a fault that the form words itself. */
export type SayFault = (reason: FaultReason, path: string) => string;

/**
 * Holds a draft against the schema of policies, and against what the editor asks for besides: that every limit and rule
 * names the value that it serves. Every fault at once, each at its place in the draft.
 */
export function policyResolver(say: SayFault): Resolver<PolicyDraft, unknown, Policy> {
  return (draft, _context, options) => {
    const read = readDraft(draft);
    const messages = new Map<string, string>();
    for (const fault of read.faults) messages.set(fault.path, say(fault.reason, fault.path));
    for (const path of withoutValue(draft)) messages.set(path, say("valueMissing", path));
    const parsed = policySchema.safeParse(read.document);
    for (const issue of parsed.error?.issues ?? []) {
      const path = draftPath(issue.path.map(String), read.places);
      // What the draft says of a place is nearer to what was typed.
      if (messages.has(path)) continue;
      const reason = ownReason(path, issue, draft);
      messages.set(path, reason === null ? issue.message : say(reason, path));
    }
    if (parsed.success && messages.size === 0) return { values: parsed.data, errors: {} };
    const errors: FieldErrors = Object.fromEntries(
      [...messages].map(([path, message]) => [path, { type: "policy", message }]),
    );
    return { values: {}, errors: toNestErrors<PolicyDraft>(errors, options) };
  };
}

/** Where a part of the document stands in the draft. */
export function draftPath(path: readonly string[], places: Places): string {
  const [list, index, ...rest] = path;
  if (list === undefined || !(list in places)) return path.join(".");
  const place = places[list as keyof Places][Number(index)];
  return [list, place ?? index, ...rest].join(".");
}

function withoutValue(draft: PolicyDraft): string[] {
  return (["limits", "rules"] as const).flatMap((list) =>
    draft[list].flatMap((part, index) =>
      part.removed || part.value !== "" ? [] : [`${list}.${index}.value`],
    ),
  );
}

/** Numbers that are missing; of some the schema speaks in minor units, which nobody types here. */
function ownReason(path: string, issue: z.core.$ZodIssue, draft: PolicyDraft): FaultReason | null {
  const limit = /^limits\.(\d+)\.max$/.exec(path)?.[1];
  if (limit !== undefined) {
    return draft.limits[Number(limit)]?.measure === "count" ? "countMissing" : "amountMissing";
  }
  if (!path.startsWith("examples.")) return null;
  if (/\.(amount|paid|refunded)$/.test(path)) return issue.code === "custom" ? "amountZero" : "amountMissing";
  if (path.endsWith(".given.at")) return "dayMissing";
  return /\.(tenureDays|ageDays|daysAgo)$/.test(path) ? "daysMissing" : null;
}
