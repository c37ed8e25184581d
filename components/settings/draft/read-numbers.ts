import { type AmountFault, parseMajor } from "@/lib/discretion/money";

/** Why something that was typed could not be read, and where in the draft it stands. */
export interface DraftFault {
  path: string;
  reason: Exclude<AmountFault, "empty"> | "not_whole" | "id_taken" | "value_gone";
}

/** An amount in minor units. `NaN` where there is none; the schema then says what belongs there, or the fault does. */
export function readAmount(text: string, currency: string, path: string, faults: DraftFault[]): number {
  const amount = parseMajor(text, currency);
  if (amount.ok) return amount.minor;
  if (amount.reason !== "empty") faults.push({ path, reason: amount.reason });
  return Number.NaN;
}

/** A whole number, thousands grouped or not; `NaN` as for an amount. */
export function readCount(text: string, path: string, faults: DraftFault[]): number {
  const plain = text.trim().replace(/,(?=\d{3}(,|$))/g, "");
  if (/^\d{1,15}$/.test(plain)) return Number(plain);
  if (plain !== "") faults.push({ path, reason: "not_whole" });
  return Number.NaN;
}
