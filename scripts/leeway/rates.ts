import type { DatedRate } from "@/lib/discretion/rates";
import { CannotProceed } from "../operations/cannot-proceed";
import { type OrganizationOption, openOrganization } from "./app";
import { dryRunNote, type ImportOptions, outcomes, withFaults } from "./import";
import { counted, print } from "./output";

/** Reads a file of rates into the table: every line of it or, where one has to be corrected, none. */
export async function importFile(file: string, options: ImportOptions): Promise<number> {
  const organization = await openOrganization(options);
  const { importRates } = await import("@/lib/imports/import-rates");
  const report = await withFaults(file, options, organization.id, (request) =>
    importRates({ ...request, writer: { kind: "system", id: null } }),
  );
  const { faults, ...counts } = report;
  if (faults > 0) {
    throw new CannotProceed(
      `Nothing was imported: ${counted(faults, "value has", "values have")} to be corrected.`,
      "Correct the file and import it again.",
    );
  }
  const all = counts.created + counts.updated + counts.unchanged;
  await print(options.json, counts, [
    `${counted(all, "rate")}: ${outcomes(counts)}.`,
    ...dryRunNote(options),
  ]);
  return 0;
}

export interface ListOptions extends OrganizationOption {
  currency?: string;
  json?: boolean;
}

const PAGE = 1000;

/** Prints the table. As JSON it is the body that sets the same rates by REST. */
export async function listAll(options: ListOptions): Promise<number> {
  const organization = await openOrganization(options);
  const { listRates } = await import("@/lib/rates/data");
  const rates: DatedRate[] = [];
  for (let after: DatedRate | undefined, more = true; more; after = rates.at(-1)) {
    const page = await listRates(organization.id, { limit: PAGE, currency: options.currency, after });
    rates.push(...page.data.map(({ currency, day, rate }) => ({ currency, day, rate })));
    more = page.nextCursor !== null;
  }
  await print(options.json, { rates }, inWords(rates, organization.currency));
  return 0;
}

/** "1 EUR = 1.0842 USD from 2026-03-01 on" */
function inWords(rates: readonly DatedRate[], own: string): string[] {
  if (rates.length === 0) return ["There are no rates: an amount in another currency is handed over."];
  return rates.map(({ currency, day, rate }) => `1 ${currency} = ${rate} ${own} from ${day} on`);
}
