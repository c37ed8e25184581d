"use server";

import { createHash } from "node:crypto";
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { EmployeeActor } from "@/lib/auth/types";
import type { DatedRate } from "@/lib/discretion/rates";
import { likelyDelimiter, readRatesFor } from "@/lib/imports/import-rates";
import { type LineFault, UnusableFile } from "@/lib/imports/types";
import { asEditor } from "@/lib/policies/editor";
import { compareRates } from "@/lib/rates/data";
import * as table from "@/lib/rates/mutations";
import { datedRateSchema, RATES_FILE_MAX_BYTES, ratePlaceSchema } from "@/lib/rates/schema";
import type {
  FilePreview,
  FileRefusal,
  ImportFileAnswer,
  RateChange,
  ReadFileAnswer,
  RemoveRateAnswer,
  SetRateAnswer,
} from "@/lib/rates/types";

/** How much of a file is told line by line. */
const TOLD = 100;

/** With `seen`, only where that still stands there: a rate, or null for nothing. */
const setSchema = datedRateSchema.extend({ seen: z.string().nullable() });
const removeSchema = ratePlaceSchema.extend({ seen: z.string() });
const fileSchema = z.strictObject({
  file: z
    .file()
    .max(RATES_FILE_MAX_BYTES, "The file is too large for this page. Import it on the command line."),
});
const importSchema = fileSchema.extend({ mark: z.string() });

/** Puts one rate into the table, for decisions from then on. */
export async function setRate(request: z.input<typeof setSchema>): Promise<SetRateAnswer> {
  return asEditor(request, setSchema, async (actor, rate): Promise<SetRateAnswer> => {
    const answer = await table.setRates({ ...writeOf(actor), rates: [rate] });
    if (!answer.ok && answer.code === "invalid") {
      const errors = answer.faults.map(({ field, message }) => ({ path: field, message }));
      return { ok: false, code: "invalid", errors };
    }
    if (!answer.ok) return answer;
    revalidatePath("/settings/rates");
    const { seen, ...set } = rate;
    return { ok: true, change: answer.changes[0] ?? { ...set, before: seen } };
  });
}

/** Takes one rate out of the table; the one before it holds then. */
export async function removeRate(request: z.input<typeof removeSchema>): Promise<RemoveRateAnswer> {
  return asEditor(request, removeSchema, async (actor, place): Promise<RemoveRateAnswer> => {
    const answer = await table.removeRate({ ...writeOf(actor), ...place });
    if (!answer.ok) return answer.code === "moved" ? answer : { ok: false, code: "moved", current: null };
    revalidatePath("/settings/rates");
    return { ok: true };
  });
}

/** Says what a CSV file would change, or everything in it that has to be corrected. Writes nothing. */
export async function readRatesFile(request: z.input<typeof fileSchema>): Promise<ReadFileAnswer> {
  return asEditor(request, fileSchema, async ({ organizationId }, { file }): Promise<ReadFileAnswer> => {
    const read = await readFile(organizationId, file);
    if (!read.ok) return read;
    return { ok: true, preview: toPreview(await compareRates(organizationId, read.rates)) };
  });
}

/** Imports a CSV file whole, if it still changes exactly what was shown under `mark`. */
export async function importRatesFile(request: z.input<typeof importSchema>): Promise<ImportFileAnswer> {
  return asEditor(request, importSchema, async (actor, { file, mark }): Promise<ImportFileAnswer> => {
    const { organizationId } = actor;
    const read = await readFile(organizationId, file);
    if (!read.ok) return read;
    const changes = await compareRates(organizationId, read.rates);
    if (toPreview(changes).mark !== mark) return { ok: false, code: "moved", preview: toPreview(changes) };
    const rates = changes.map(({ before, ...rate }) => ({ ...rate, seen: before }));
    const answer = await table.setRates({ ...writeOf(actor), rates });
    if (!answer.ok && answer.code === "invalid")
      throw new Error("Rates that were checked before were refused.");
    if (!answer.ok) {
      return { ok: false, code: "moved", preview: toPreview(await compareRates(organizationId, read.rates)) };
    }
    revalidatePath("/settings/rates");
    const { created, updated, unchanged } = answer;
    return { ok: true, created, updated, unchanged };
  });
}

function writeOf({ organizationId, employeeId }: EmployeeActor) {
  return { organizationId, writer: { kind: "employee", id: employeeId }, at: new Date() } as const;
}

async function readFile(
  organizationId: string,
  file: File,
): Promise<{ ok: true; rates: DatedRate[] } | FileRefusal> {
  const faults: LineFault[] = [];
  let count = 0;
  const onFault = (fault: LineFault) => {
    count += 1;
    if (count <= TOLD) faults.push(fault);
  };
  const content = new Uint8Array(await file.arrayBuffer());
  const named = { path: file.name, content, delimiter: likelyDelimiter(content) };
  try {
    const rates = await readRatesFor(organizationId, named, { at: new Date(), onFault });
    return count === 0 ? { ok: true, rates } : { ok: false, code: "faults", count, faults };
  } catch (error) {
    // Its advice is for the command line.
    if (error instanceof UnusableFile) return { ok: false, code: "unusable", message: error.message };
    throw error;
  }
}

function toPreview(compared: readonly RateChange[]): FilePreview {
  const changes = compared.filter(({ before, rate }) => before !== rate);
  const created = changes.filter(({ before }) => before === null).length;
  return {
    created,
    updated: changes.length - created,
    unchanged: compared.length - changes.length,
    changes: changes.slice(0, TOLD),
    mark: createHash("sha256").update(JSON.stringify(changes)).digest("hex"),
  };
}
