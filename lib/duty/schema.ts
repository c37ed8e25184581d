import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

/** The body of coming and going. `deputy` is left as it is where it is left out, and taken away with null. */
export const dutySchema = z.strictObject({
  onDuty: z.boolean("Say true or false."),
  deputy: requiredText(200, "Name the deputy by id or email, or say null.").nullish(),
});

export type DutyInput = z.output<typeof dutySchema>;
