import type { ListedRate } from "@/lib/rates/types";

const NAMES = new Intl.DisplayNames("en", { type: "currency" });

/** "Euro" for EUR; the code itself where it has no name. */
export function currencyName(currency: string): string {
  return NAMES.of(currency) ?? currency;
}

/** Where all dates of a currency are, or those before a day. */
export function ratesHref(currency: string, before?: string): string {
  return `/settings/rates?currency=${currency}${before === undefined ? "" : `&before=${before}`}`;
}

/** A rate as REST shows it. */
export function toRateView({ updatedBy, ...rate }: ListedRate) {
  return { ...rate, updatedBy: updatedBy?.id ?? null };
}
