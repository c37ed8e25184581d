import { z } from "zod";

/** What is looked for, in the order in which it is shown. */
export const SIGNAL_KINDS = ["pair", "under", "parts", "shopping", "trade"] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** Over how many days up to now. */
export const SIGNAL_SPANS = [7, 30, 90] as const;
export type SignalSpan = (typeof SIGNAL_SPANS)[number];
export const FIRST_SPAN: SignalSpan = 30;

/** The latest decisions that are looked at, however many there were in the span: so it costs the same in every house. */
export const LOOKED_AT_MOST = 20_000;

/**
 * How often chance alone may bring up something of a kind in a whole look: what would happen more often is not told. One
 * look in a hundred.
 */
export const BY_CHANCE = 0.01;

export const nameSignalSchema = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{24}$/, "There is no such signal."),
  span: z.union(SIGNAL_SPANS.map((days) => z.literal(days))),
});
