import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

/** The body of a reversal. */
export const reversalSchema = z.strictObject({
  reason: requiredText(2000, "Say why it is reversed."),
});

/** The body of an undo: nothing, or an empty object. */
export const undoSchema = z.strictObject({});
