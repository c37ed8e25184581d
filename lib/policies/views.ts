import type { PolicyVersion } from "@/lib/policies/data";
import type { VersionLine } from "@/lib/policies/types";

/** A version as people see it listed, with instants that survive the way to the browser. */
export function toLine({
  version,
  status,
  note,
  author,
  createdAt,
  publishedAt,
}: PolicyVersion): VersionLine {
  return {
    version,
    status,
    note,
    author: author?.name ?? null,
    createdAt: createdAt.toISOString(),
    publishedAt: publishedAt?.toISOString() ?? null,
  };
}
