import type { DatedRate } from "@/lib/discretion/rates";
import type { LineFault } from "@/lib/imports/types";
import type { NotEditor } from "@/lib/policies/types";

/** A rate of the table, with who wrote it last. */
export interface ListedRate extends DatedRate {
  /** ISO 8601. */
  updatedAt: string;
  /** Null where no person wrote it: a key, the command line. */
  updatedBy: { id: string; name: string } | null;
}

/** What rates of an organization have to fit. Days are local ones, ISO dates. */
export interface RateFrame {
  /** The organization's own, which needs no rate. */
  currency: string;
  today: string;
}

/** What setting a rate does to the table: `before` is what stands there, null where nothing does. */
export interface RateChange extends DatedRate {
  before: string | null;
}

/** How many rates were new, were replaced, and stood there already. */
export interface RateCounts {
  created: number;
  updated: number;
  unchanged: number;
}

/** A fault of one rate in a list of them. */
export interface RateFault {
  /** Its place in the list, from 0. */
  index: number;
  field: "currency" | "day" | "rate";
  message: string;
}

/** One currency of the page: what holds today, and the dates, the latest first. */
export interface CurrencyRates {
  currency: string;
  name: string;
  inForce: DatedRate | null;
  rates: ListedRate[];
  /** Whether there are more dates than these. */
  more: boolean;
}

/** A currency that was used lately and has no rate today. */
export interface UnratedCurrency {
  currency: string;
  name: string;
  decisions: number;
  orders: number;
}

/** The table of exchange rates, to read or to keep. */
export interface RatesPage {
  mayEdit: boolean;
  /** The organization's own. */
  currency: string;
  today: string;
  currencies: CurrencyRates[];
  unrated: UnratedCurrency[];
  /** What can be given a rate, by its code. */
  choices: { currency: string; name: string }[];
  /** All dates of one currency, a page of them; null on the page of all currencies. */
  only: { currency: string; name: string; newestHref: string | null; olderHref: string | null } | null;
  now: string;
  timeZone: string;
}

/** Something else stands there than whoever asked saw; `current` is null where nothing does. */
export type RateMoved = { ok: false; code: "moved"; current: string | null };

/** What became of one rate that was to be set. */
export type SetRateAnswer = { ok: true; change: RateChange } | RateMoved | NotEditor;

/** What became of one rate that was to be removed. */
export type RemoveRateAnswer = { ok: true } | RateMoved | NotEditor;

/** What a file would change. Lists are cut, counts are not. */
export interface FilePreview extends RateCounts {
  changes: RateChange[];
  /** Names this preview: nothing else is ever written than what was shown under it. */
  mark: string;
}

export type FileRefusal =
  /** Every line that has to be corrected. */
  | { ok: false; code: "faults"; count: number; faults: LineFault[] }
  /** The file as a whole is none of this kind. */
  | { ok: false; code: "unusable"; message: string }
  | NotEditor;

export type ReadFileAnswer = { ok: true; preview: FilePreview } | FileRefusal;

export type ImportFileAnswer =
  | ({ ok: true } & RateCounts)
  /** The table moved meanwhile: this is what the file would change now. */
  | { ok: false; code: "moved"; preview: FilePreview }
  | FileRefusal;
