import { causeMeant } from "@/lib/causes/naming";
import type { OfferedCause } from "@/lib/causes/types";
import type { CustomerOrder } from "@/lib/customers/types";
import type { FieldError } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import { type AmountFault, parseAmount } from "@/lib/format/money";
import type { DecisionBody } from "./requests";

/** One remedy of a case, as it was typed. */
export interface DraftLine {
  remedy: Remedy;
  amount: string;
  note: string;
  /** The order that it is about; null where it is about none. */
  orderId: string | null;
}

/** What stands in the form, as it was typed. */
export interface Draft {
  happened: string;
  cause: string;
  need: string;
  channel: string;
  remedy: Remedy;
  amount: string;
  note: string;
  /** Remedies of the same case that were set aside to add another one. */
  lines: readonly DraftLine[];
  /** What was promised, and by which day (ISO date); empty where nothing was. */
  promise: string;
  dueOn: string;
}

export type DraftField = Exclude<keyof Draft, "lines"> | "order";

export const CHANNELS = ["phone", "email", "chat", "in_person", "social", "other"] as const;

export const EMPTY_DRAFT: Draft = {
  happened: "",
  cause: "",
  need: "",
  channel: "phone",
  remedy: "credit",
  amount: "",
  note: "",
  lines: [],
  promise: "",
  dueOn: "",
};

/** A written reason shorter than this is none. */
export const NOTE_MIN = 10;

/** How long each text may be. What is pasted stays whole, and is told to be too long. */
export const TEXT_MAX = { happened: 2000, need: 2000, note: 2000, promise: 500 } as const;

export type LongField = keyof typeof TEXT_MAX;

/** So many remedies one case has at most: more are no longer read before they are confirmed. */
export const LINES_MAX = 5;

export interface DraftContext {
  customerId: string;
  /** The organization's. */
  currency: string;
  order: CustomerOrder | null;
  /** Those that can be chosen from, for the remedies that were set aside. */
  orders?: readonly CustomerOrder[];
  /** The catalogue of causes. */
  causes?: readonly OfferedCause[];
  /** The organization's local day, ISO date. */
  today?: string;
}

export type Fault =
  | AmountFault
  | "zero"
  | "happenedMissing"
  | "causeMissing"
  | "happenedNeeded"
  | "causeNeeded"
  | "causeNote"
  | "tooLong"
  | "dueMissing"
  | "duePassed";
export type Faults = Partial<Record<DraftField, Fault>>;

/** These carry a cost, and may cost nothing. */
const AT_COST: readonly Remedy[] = ["replacement", "upgrade", "limit_extension", "gift"];

export function isAtCost(remedy: Remedy): boolean {
  return AT_COST.includes(remedy);
}

/** A refund goes back in the money that was paid. */
export function currencyOf(
  { remedy }: Pick<Draft, "remedy">,
  context: Pick<DraftContext, "currency" | "order">,
): string {
  return remedy === "refund" && context.order ? context.order.currency : context.currency;
}

/** The cause that is meant, as decisions carry it: what the catalogue calls it, or the words themselves. */
export function causeOf({ cause }: Pick<Draft, "cause">, causes: readonly OfferedCause[] = []): string {
  return causeMeant(cause, causes)?.key ?? cause.trim();
}

/** The case as it is told so far; null until it is told whole. What is too long is asked about as far as it goes. */
function caseOf(draft: Draft, context: DraftContext): DecisionBody["case"] | null {
  const happened = draft.happened.trim().slice(0, TEXT_MAX.happened);
  const need = draft.need.trim().slice(0, TEXT_MAX.need);
  const cause = causeOf(draft, context.causes);
  return happened && cause ? { channel: draft.channel, happened, cause, ...(need ? { need } : {}) } : null;
}

/**
 * The request that the form stands for, as far as it can be decided on: null until there is an amount. What happened
 * and its cause only go together, so a half told case is left out, and `faultsOf` asks for the rest.
 */
export function bodyOf(draft: Draft, context: DraftContext): DecisionBody | null {
  const orderId = context.order?.id ?? null;
  return lineBody({ remedy: draft.remedy, amount: draft.amount, note: draft.note, orderId }, draft, context);
}

function lineBody(line: DraftLine, draft: Draft, context: DraftContext): DecisionBody | null {
  const order =
    context.order?.id === line.orderId
      ? context.order
      : (context.orders?.find(({ id }) => id === line.orderId) ?? null);
  const currency = currencyOf(line, { ...context, order });
  const amount = parseAmount(line.amount, currency);
  if (!amount.ok || (amount.minor === 0 && !isAtCost(line.remedy))) return null;
  const note = line.note.trim().slice(0, TEXT_MAX.note);
  const theCase = caseOf(draft, context);
  return {
    customer: context.customerId,
    ...(order ? { order: order.id } : {}),
    remedy: line.remedy,
    amount: amount.minor,
    currency,
    ...(note ? { note } : {}),
    ...(theCase ? { case: theCase } : {}),
  };
}

/** Everything that the form asks for, in the order in which it is sent: what was set aside, then what is being typed. */
export function bodiesOf(draft: Draft, context: DraftContext): DecisionBody[] {
  const all = [
    ...draft.lines.map((line) => lineBody(line, draft, context)),
    ...(isLineEmpty(draft) ? [] : [bodyOf(draft, context)]),
  ];
  return all.filter((body) => body !== null);
}

/** Whether nothing was typed of the remedy that is at hand. */
export function isLineEmpty(draft: Pick<Draft, "amount" | "note">): boolean {
  return draft.amount.trim() === "" && draft.note.trim() === "";
}

/** What has to be mended before the request can be reviewed, by field. */
export function faultsOf(draft: Draft, context: DraftContext): Faults {
  const faults: Faults = {};
  const isFirst = draft.lines.length === 0;
  // What was set aside is enough: nothing has to be typed besides.
  if (isFirst || !isLineEmpty(draft)) Object.assign(faults, amountFaults(draft, context));
  Object.assign(faults, caseFaults(draft), promiseFaults(draft, context));
  const noteLength = [...draft.note.trim()].length;
  const asksForNote = causeMeant(draft.cause, context.causes ?? [])?.needsNote ?? false;
  if (isFirst && asksForNote && noteLength < NOTE_MIN) faults.note = "causeNote";
  for (const field of Object.keys(TEXT_MAX) as LongField[]) {
    if (draft[field].trim().length > TEXT_MAX[field]) faults[field] = "tooLong";
  }
  return faults;
}

function amountFaults(draft: Draft, context: DraftContext): Faults {
  const amount = parseAmount(draft.amount, currencyOf(draft, context));
  if (!amount.ok) return { amount: amount.reason };
  return amount.minor === 0 && !isAtCost(draft.remedy) ? { amount: "zero" } : {};
}

/** A case is told whole or not at all; what is tied together by it needs one. */
function caseFaults(draft: Draft): Faults {
  const happened = draft.happened.trim() !== "";
  const cause = draft.cause.trim() !== "";
  const tied = draft.lines.length > 0 || draft.promise.trim() !== "";
  if (!tied && !happened && !cause && draft.need.trim() === "") return {};
  return {
    ...(happened ? {} : { happened: tied ? ("happenedNeeded" as const) : ("happenedMissing" as const) }),
    ...(cause ? {} : { cause: tied ? ("causeNeeded" as const) : ("causeMissing" as const) }),
  };
}

function promiseFaults(draft: Draft, { today = "" }: DraftContext): Faults {
  if (draft.promise.trim() === "") return {};
  if (draft.dueOn === "") return { dueOn: "dueMissing" };
  return draft.dueOn < today ? { dueOn: "duePassed" } : {};
}

const FIELD_OF_PATH: Record<string, DraftField> = {
  amount: "amount",
  currency: "amount",
  remedy: "remedy",
  order: "order",
  note: "note",
  "case.channel": "channel",
  "case.happened": "happened",
  "case.need": "need",
  "case.cause": "cause",
};

/** A problem's messages, beside the field that each is about; `rest` are those about none. */
export function placeErrors(errors: readonly FieldError[]): {
  fields: Partial<Record<DraftField, string>>;
  rest: string[];
} {
  const fields: Partial<Record<DraftField, string>> = {};
  const rest: string[] = [];
  for (const { path, message } of errors) {
    const field = FIELD_OF_PATH[path];
    if (field && !fields[field]) fields[field] = message;
    else if (!field) rest.push(message);
  }
  return { fields, rest };
}
