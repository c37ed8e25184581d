import type { AuditActor } from "@/lib/audit/mutations";
import type { DatedRate } from "@/lib/discretion/rates";
import { compareRates, readRateFrame } from "@/lib/rates/data";
import { setRates } from "@/lib/rates/mutations";
import { frameFaults } from "@/lib/rates/schema";
import type { RateCounts } from "@/lib/rates/types";
import { readRates } from "./rates";
import type { CsvFile, FaultListener, ImportRequest } from "./types";

export interface RatesReport extends RateCounts {
  /** How much of the file has to be corrected; with any of it nothing was written. */
  faults: number;
}

/**
 * Reads the rates of a file for an organization, and tells of everything in it that keeps it from being imported. The
 * rates are good for use only where nothing was told.
 *
 * @throws UnusableFile when the file cannot be used as a whole.
 */
export async function readRatesFor(
  organizationId: string,
  file: CsvFile,
  options: { map?: ReadonlyMap<string, string>; at: Date; onFault: FaultListener },
): Promise<DatedRate[]> {
  const frame = await readRateFrame(organizationId, options.at);
  return readRates(file, options.onFault, {
    map: options.map,
    check: (rate) => frameFaults(rate, frame),
  });
}

/**
 * Imports a file of exchange rates, whole or not at all. The same file again changes nothing.
 *
 * @throws UnusableFile when the file cannot be used as a whole.
 */
export async function importRates(request: ImportRequest & { writer: AuditActor }): Promise<RatesReport> {
  const { organizationId, file, map, at, writer, dryRun } = request;
  let faults = 0;
  const rates = await readRatesFor(organizationId, file, {
    map,
    at,
    onFault: (fault) => {
      faults += 1;
      request.onFault(fault);
    },
  });
  if (faults > 0) return { created: 0, updated: 0, unchanged: 0, faults };
  if (dryRun) return { ...(await countChanges(organizationId, rates)), faults };
  const answer = await setRates({ organizationId, rates, writer, at });
  if (!answer.ok) throw new Error(`Rates that were checked before were refused: ${answer.code}.`);
  const { created, updated, unchanged } = answer;
  return { created, updated, unchanged, faults };
}

async function countChanges(organizationId: string, rates: readonly DatedRate[]): Promise<RateCounts> {
  const compared = await compareRates(organizationId, rates);
  const created = compared.filter(({ before }) => before === null).length;
  const unchanged = compared.filter(({ before, rate }) => before === rate).length;
  return { created, updated: compared.length - created - unchanged, unchanged };
}

/** What most likely divides the columns of a file that nobody said it of: spreadsheets of many countries write `;`. */
export function likelyDelimiter(content: Uint8Array): string {
  const [top = ""] = new TextDecoder().decode(content.subarray(0, 1000)).split(/[\r\n]/, 1);
  return [",", ";", "\t"].find((sign) => top.includes(sign)) ?? ",";
}
