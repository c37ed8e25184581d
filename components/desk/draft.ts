import type { CustomerOrder } from "@/lib/customers/types";
import type { FieldError } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import { type AmountFault, parseAmount } from "@/lib/format/money";
import type { DecisionBody } from "./requests";

/** What stands in the form, as it was typed. */
export interface Draft {
  happened: string;
  cause: string;
  need: string;
  channel: string;
  remedy: Remedy;
  amount: string;
  note: string;
}

export type DraftField = keyof Draft | "order";

export const CHANNELS = ["phone", "email", "chat", "in_person", "social", "other"] as const;

export const EMPTY_DRAFT: Draft = {
  happened: "",
  cause: "",
  need: "",
  channel: "phone",
  remedy: "credit",
  amount: "",
  note: "",
};

/** A written reason shorter than this is none. */
export const NOTE_MIN = 10;

export interface DraftContext {
  customerId: string;
  /** The organization's. */
  currency: string;
  order: CustomerOrder | null;
}

export type Fault = AmountFault | "zero" | "happenedMissing" | "causeMissing";
export type Faults = Partial<Record<DraftField, Fault>>;

/** These carry a cost, and may cost nothing. */
const AT_COST: readonly Remedy[] = ["replacement", "upgrade", "limit_extension", "gift"];

export function isAtCost(remedy: Remedy): boolean {
  return AT_COST.includes(remedy);
}

/** A refund goes back in the money that was paid. */
export function currencyOf(draft: Draft, context: DraftContext): string {
  return draft.remedy === "refund" && context.order ? context.order.currency : context.currency;
}

/**
 * The request that the form stands for, as far as it can be decided on: null until there is an amount. What happened
 * and its cause only go together, so a half told case is left out, and `faultsOf` asks for the rest.
 */
export function bodyOf(draft: Draft, context: DraftContext): DecisionBody | null {
  const currency = currencyOf(draft, context);
  const amount = parseAmount(draft.amount, currency);
  if (!amount.ok || (amount.minor === 0 && !isAtCost(draft.remedy))) return null;
  const happened = draft.happened.trim();
  const cause = draft.cause.trim();
  const need = draft.need.trim();
  const note = draft.note.trim();
  return {
    customer: context.customerId,
    ...(context.order ? { order: context.order.id } : {}),
    remedy: draft.remedy,
    amount: amount.minor,
    currency,
    ...(note ? { note } : {}),
    ...(happened && cause
      ? { case: { channel: draft.channel, happened, cause, ...(need ? { need } : {}) } }
      : {}),
  };
}

/** What has to be mended before the request can be reviewed, by field. */
export function faultsOf(draft: Draft, context: DraftContext): Faults {
  const faults: Faults = {};
  const amount = parseAmount(draft.amount, currencyOf(draft, context));
  if (!amount.ok) faults.amount = amount.reason;
  else if (amount.minor === 0 && !isAtCost(draft.remedy)) faults.amount = "zero";
  const happened = draft.happened.trim() !== "";
  const cause = draft.cause.trim() !== "";
  const told = happened || cause || draft.need.trim() !== "";
  if (told && !happened) faults.happened = "happenedMissing";
  if (told && !cause) faults.cause = "causeMissing";
  return faults;
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
