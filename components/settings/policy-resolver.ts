import { toNestErrors } from "@hookform/resolvers";
import type { FieldErrors, Resolver } from "react-hook-form";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { type DraftFault, type PolicyDraft, type ReadDraft, readDraft } from "./policy-draft";

/** Says a fault that only the draft knows, or that an amount or a number is missing. */
export type SayFault = (
  reason: DraftFault["reason"] | "amountMissing" | "countMissing",
  path: string,
) => string;

/** Holds a draft against the schema of policies; every fault at once, each at its place in the draft. */
export function policyResolver(say: SayFault): Resolver<PolicyDraft, unknown, Policy> {
  return (draft, _context, options) => {
    const read = readDraft(draft);
    const messages = new Map<string, string>();
    for (const fault of read.faults) messages.set(fault.path, say(fault.reason, fault.path));
    const parsed = policySchema.safeParse(read.document);
    for (const issue of parsed.error?.issues ?? []) {
      const path = draftPath(issue.path.map(String), read.places);
      // What the draft says of a place is nearer to what was typed.
      if (!messages.has(path)) messages.set(path, missingNumber(path, draft, say) ?? issue.message);
    }
    if (parsed.success && messages.size === 0) return { values: parsed.data, errors: {} };
    const errors: FieldErrors = Object.fromEntries(
      [...messages].map(([path, message]) => [path, { type: "policy", message }]),
    );
    return { values: {}, errors: toNestErrors<PolicyDraft>(errors, options) };
  };
}

/** Where a part of the document stands in the draft. */
export function draftPath(path: readonly string[], places: ReadDraft["places"]): string {
  const [list, index, ...rest] = path;
  if (list !== "values" && list !== "limits" && list !== "rules") return path.join(".");
  const place = places[list][Number(index)];
  return [list, place ?? index, ...rest].join(".");
}

/** The schema counts in minor units, which nobody types here. */
function missingNumber(path: string, draft: PolicyDraft, say: SayFault): string | null {
  if (path.endsWith(".rollingDays")) return null;
  const limit = /^limits\.(\d+)\.max$/.exec(path)?.[1];
  if (limit === undefined) return null;
  const measure = draft.limits[Number(limit)]?.measure;
  return say(measure === "count" ? "countMissing" : "amountMissing", path);
}
