import { z } from "zod";
import { isId } from "@/lib/db/ids";

const limitSchema = z
  .string()
  .regex(/^\d{1,4}$/, "Give a whole number from 1 to 200.")
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= 200, "Give a whole number from 1 to 200.")
  .default(50);

/** What every list takes: at most so many, and where the page before ended. */
export const pagingSchema = z.strictObject({
  limit: limitSchema,
  cursor: z.string().refine(isId, "This is no cursor. Take nextCursor of the page before.").optional(),
});
