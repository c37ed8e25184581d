import type { ExampleOutcome } from "@/lib/discretion/examples";
import type { PolicyVersion } from "@/lib/policies/data";
import type { VersionLine, WholeVersion } from "@/lib/policies/types";

/** A version as people see it listed, with instants that survive the way to the browser. */
export function toLine(found: PolicyVersion): VersionLine {
  const { version, status, note, baseVersion, restores, revision, publishFault } = found;
  return {
    version,
    status,
    note,
    baseVersion,
    restores,
    revision,
    publishFault,
    author: found.author?.name ?? null,
    updater: found.updater?.name ?? null,
    createdAt: found.createdAt.toISOString(),
    publishedAt: found.publishedAt?.toISOString() ?? null,
    updatedAt: found.updatedAt?.toISOString() ?? null,
    publishAt: found.publishAt?.toISOString() ?? null,
  };
}

export function toWhole(found: PolicyVersion): WholeVersion {
  return { ...toLine(found), document: found.document };
}

/** A version as REST shows it: ids, no names, which stay with the people they belong to. */
export function toRest({ author, updater, publishBy, ...version }: PolicyVersion) {
  return { ...version, author: author?.id ?? null, updatedBy: updater?.id ?? null };
}

/** A draft as REST answers when it was saved: with what its examples come to. */
export function toSaved(version: PolicyVersion, examples: readonly ExampleOutcome[]) {
  return {
    ...toRest(version),
    examples: examples.map(({ id, passes, expected, actual }) => ({ id, passes, expected, actual })),
  };
}
