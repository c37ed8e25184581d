import { z } from "zod";
import { amountSchema, caseSchema, currencySchema, requiredText } from "@/lib/decisions/schema";
import { REMEDIES } from "@/lib/discretion/schema";

/** What the desk tells of an amount that it showed a verdict on and that was not sent. Nothing that was written. */
export const unsentSchema = z.strictObject({
  /** One intent is one key, however often it is told of: 128 random bits. */
  intent: z.string().regex(/^[0-9a-f]{32}$/, "Name the intent by 32 hexadecimal digits."),
  /** When the first verdict of the intent was shown: the moment that its preview was answered with. */
  began: z.iso.datetime({ error: "Say when the first verdict was shown." }),
  customer: requiredText(200, "Name the customer by id or external reference."),
  order: requiredText(200, "Name the order by id or external reference.").nullish(),
  remedy: z.enum(REMEDIES),
  amount: amountSchema,
  currency: currencySchema,
  cause: caseSchema.shape.cause.nullish(),
  channel: caseSchema.shape.channel.nullish(),
  /** The decision of a lower amount that was sent instead; left out where nothing was. */
  sent: z.uuid("Name the decision by its id.").nullish(),
});

export type UnsentInput = z.output<typeof unsentSchema>;
