import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

/** What is typed into the palette. */
export const paletteSchema = z.strictObject({
  search: requiredText(200, "Type a name, an order number or what happened."),
});
