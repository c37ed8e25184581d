import { causeOf, isAtCost } from "@/components/desk/draft";
import type { DecisionBody } from "@/components/desk/requests";
import type { OfferedCause } from "@/lib/causes/types";
import type { CustomerOrder } from "@/lib/customers/types";
import type { Remedy } from "@/lib/discretion/schema";
import { type AmountFault, parseAmount } from "@/lib/format/money";

/** What is to be given, as it was typed. */
export interface Wish {
  remedy: Remedy;
  amount: string;
  orderId: string | null;
  happened: string;
  cause: string;
  channel: string;
  note: string;
}

export const EMPTY_WISH: Wish = {
  remedy: "credit",
  amount: "",
  orderId: null,
  happened: "",
  cause: "",
  // Tickets are written.
  channel: "email",
  note: "",
};

/** What a wish is about: minor units of the organization's currency, unless an order says another one. */
export interface WishContext {
  customerId: string;
  currency: string;
  orders: readonly CustomerOrder[];
  /** The catalogue: what is typed by the name of one of them is that one. */
  causes: readonly OfferedCause[];
}

export type WishFault = AmountFault | "zero" | "happenedMissing" | "causeMissing";
export type WishFaults = Partial<Record<keyof Wish, WishFault>>;

export function orderOf(wish: Wish, { orders }: WishContext): CustomerOrder | null {
  return orders.find(({ id }) => id === wish.orderId) ?? null;
}

/** A refund goes back in the money that was paid. */
export function currencyOf(wish: Wish, context: WishContext): string {
  const order = wish.remedy === "refund" ? orderOf(wish, context) : null;
  return order?.currency ?? context.currency;
}

/** What has to be mended before it can be sent, by field. */
export function faultsOf(wish: Wish, context: WishContext): WishFaults {
  const faults: WishFaults = {};
  const amount = parseAmount(wish.amount, currencyOf(wish, context));
  if (!amount.ok) faults.amount = amount.reason;
  else if (amount.minor === 0 && !isAtCost(wish.remedy)) faults.amount = "zero";
  const [happened, cause] = [wish.happened.trim() !== "", wish.cause.trim() !== ""];
  if (cause && !happened) faults.happened = "happenedMissing";
  if (happened && !cause) faults.cause = "causeMissing";
  return faults;
}

/** The request that the wish stands for, as far as it can be decided on; null until there is an amount. */
export function bodyOf(wish: Wish, context: WishContext): DecisionBody | null {
  const currency = currencyOf(wish, context);
  const amount = parseAmount(wish.amount, currency);
  if (!amount.ok || (amount.minor === 0 && !isAtCost(wish.remedy))) return null;
  const order = orderOf(wish, context);
  const [happened, note] = [wish.happened.trim(), wish.note.trim()];
  const cause = causeOf(wish, context.causes);
  return {
    customer: context.customerId,
    ...(order ? { order: order.id } : {}),
    remedy: wish.remedy,
    amount: amount.minor,
    currency,
    ...(note ? { note } : {}),
    ...(happened && cause ? { case: { channel: wish.channel, happened, cause } } : {}),
  };
}

/** What was typed, and the key of what was sent and not answered yet: the next try is the same intent. */
export interface KeptWish {
  wish: Wish;
  sent: { said: string; key: string } | null;
}

function storageKey(employeeId: string, customerId: string): string {
  return `leeway.wish.${employeeId}.${customerId}`;
}

/** What is kept where a browser has no storage for frames: gone with the page, and not before. */
const inMemory = new Map<string, string>();

/** What was typed for the customer before, in this tab; null where nothing was. */
export function readWish(employeeId: string, customerId: string): KeptWish | null {
  const key = storageKey(employeeId, customerId);
  try {
    const kept = JSON.parse(inMemory.get(key) ?? sessionStorage.getItem(key) ?? "null") as KeptWish | null;
    const isWhole = Object.keys(EMPTY_WISH).every((field) => kept !== null && field in kept.wish);
    return isWhole ? kept : null;
  } catch {
    // Storage that is switched off, or that something else wrote into, is as good as empty.
    return null;
  }
}

/** Keeps it for as long as the tab is open; one that nothing was typed into is forgotten, and so is null. */
export function keepWish(employeeId: string, customerId: string, kept: KeptWish | null): void {
  const key = storageKey(employeeId, customerId);
  const { amount, happened, cause, note } = kept?.wish ?? EMPTY_WISH;
  const text = [amount, happened, cause, note].some((typed) => typed !== "") ? JSON.stringify(kept) : null;
  if (text === null) inMemory.delete(key);
  else inMemory.set(key, text);
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Then it lives as long as its page.
  }
}
