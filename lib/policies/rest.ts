import type { FieldError } from "@/lib/decisions/types";
import type { ExampleOutcome } from "@/lib/discretion/examples";
import type { Policy } from "@/lib/discretion/schema";
import { problem } from "@/lib/http/problem";
import { answer, type RequestActor, writerOf } from "@/lib/http/route";
import { findPolicy } from "@/lib/policies/data";
import { readVersion } from "@/lib/policies/loaders";
import type { Author, ExamplesFailed, Invalid, Stale, VersionRefusal } from "@/lib/policies/mutations";
import type { PolicyStatus } from "@/lib/policies/types";

/** The number of a version in an address. Ends the request where no version can have it. */
export function versionOf(params: { version: string }): number {
  return readVersion(params.version) ?? answer(problem("not_found"));
}

/** Who is written down as the author. */
export function authorOf(actor: RequestActor): Author {
  return writerOf(actor);
}

/** What is wrong with naming a version as the one that a draft was made from. Ends the request where something is. */
export async function requireBase(organizationId: string, base: number | null): Promise<void> {
  if (base === null) return;
  const found = await findPolicy(organizationId, base);
  if (found && found.status !== "draft" && found.status !== "discarded") return;
  const message = found ? `Version ${base} was never in force.` : `There is no version ${base}.`;
  answer(problem("invalid", { errors: [{ path: "base", message }] }));
}

export type PolicyRefusal = VersionRefusal | Invalid | Stale | ExamplesFailed;

/**
 * What the core refused, as a problem.
 *
 * @param about.document as it was published or tried: failed examples are named by their place in it.
 * @param about.path where the document stands in the body; it stands alone when left out.
 */
export function policyProblem(
  refusal: PolicyRefusal,
  about: { document?: Policy | undefined; path?: string } = {},
): Response {
  switch (refusal.code) {
    case "not_found":
    case "scheduled":
      return problem(refusal.code);
    case "not_draft":
      return problem("not_draft", { detail: NOT_DRAFT[refusal.status] });
    case "draft_changed":
      return problem("draft_changed", {
        errors: [
          {
            path: "revision",
            message: `The draft is at revision ${refusal.revision} by now. Read it, bring in your change, and send that revision.`,
          },
        ],
      });
    case "stale":
      return problem("stale", {
        errors: [
          {
            path: "base",
            message:
              refusal.current === null
                ? "No version is in force, and this one was made from one."
                : `Version ${refusal.current} is in force by now. Compare with it, then send it as the base.`,
          },
        ],
      });
    case "examples_failed":
      return problem("examples_failed", {
        errors: refusal.failed.map((failed) => exampleError(failed, about.document)),
      });
    case "invalid": {
      const { path: at } = about;
      const errors = refusal.errors.map(({ path, message }) => ({
        path: [at, path].filter(Boolean).join("."),
        message,
      }));
      return problem("invalid", { errors });
    }
    default:
      return refusal satisfies never;
  }
}

/** What is said to somebody who wants to change a version that is none to be changed. */
const NOT_DRAFT: Record<PolicyStatus, string> = {
  draft: "This draft was changed at the same moment. Try again.",
  trial: "This version is on trial, and is never edited again. Publish it, or make a new draft.",
  published: "This version is in force, and is never edited again. Make a new draft.",
  superseded: "This version was in force, and is never edited again. Publish it again, or make a new draft.",
  discarded: "This draft was thrown away. Make a new one.",
};

function exampleError(failed: ExampleOutcome, document: Policy | undefined): FieldError {
  const { id, expected, actual } = failed;
  const index = document?.examples?.findIndex((example) => example.id === id) ?? -1;
  const wanted = expected.binding === undefined ? expected.verdict : decidedBy(expected);
  return {
    path: index < 0 ? "examples" : `examples.${index}`,
    message: `"${id}" expects ${wanted}, and the policy says ${decidedBy(actual)}.`,
  };
}

function decidedBy({ verdict, binding }: { verdict: string; binding?: string | null | undefined }): string {
  return binding ? `${verdict} by ${binding}` : `${verdict} by no check`;
}
