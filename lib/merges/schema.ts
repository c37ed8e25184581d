import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

/** The body of a merge: into whom, and why they are the same. */
export const mergeSchema = z.strictObject({
  into: requiredText(200, "Name the customer that stays, by id or external reference."),
  reason: requiredText(500, "Say how you know that they are the same."),
});
