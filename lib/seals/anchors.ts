import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { sealHash } from "@/lib/seals/chain";
import { sealSchema } from "@/lib/seals/schema";
import type { Seal } from "@/lib/seals/types";

export interface AnchorFile {
  /** By organization and number, the hashes that were published. */
  seals: Map<string, Map<number, Set<string>>>;
  /** The numbers of the lines that are no published seal. */
  unreadable: number[];
}

/**
 * Reads seals that were published: a line each, as the worker appends them, or as a webhook received them. The lines of
 * a file that was cut off, or that say something else, are counted and left out.
 *
 * @throws what the file system says where it cannot be read.
 */
export async function readAnchorFile(path: string): Promise<AnchorFile> {
  const file: AnchorFile = { seals: new Map(), unreadable: [] };
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === "") continue;
    const seal = readPublished(line);
    if (!seal) {
      file.unreadable.push(number);
      continue;
    }
    const own = file.seals.get(seal.organizationId) ?? new Map<number, Set<string>>();
    file.seals.set(seal.organizationId, own);
    own.set(seal.seq, (own.get(seal.seq) ?? new Set()).add(seal.hash));
  }
  return file;
}

/** A published seal, where the text is one and its hash is that of what it says. */
export function readPublished(text: string): Seal | null {
  try {
    const document: unknown = JSON.parse(text);
    const body =
      typeof document === "object" && document !== null && "data" in document ? document.data : document;
    const parsed = sealSchema.safeParse(body);
    return parsed.success && sealHash(parsed.data) === parsed.data.hash ? parsed.data : null;
  } catch {
    return null;
  }
}
