import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";
import { FILTERS } from "@/lib/insights/schema";

/** How many views somebody may keep: more than anybody finds anything in. */
export const VIEWS_EACH = 40;

/** As long as the longest filter is: a hundred decisions, one by one. */
const written = z.string().min(1).max(4000);

/** What a view keeps, as the address of the list has it. */
const viewQuerySchema = z.partialRecord(z.enum([...FILTERS, "sort", "columns"]), written);

export const saveViewSchema = z.strictObject({
  /** The one that is kept anew; null for another one. */
  id: z.uuid().nullable(),
  name: requiredText(80, "Give the view a name."),
  /** Whether everybody on the floor sees it. */
  shared: z.boolean(),
  /** Whether whoever saves it begins with it. */
  first: z.boolean(),
  query: viewQuerySchema,
});

export type SaveViewInput = z.output<typeof saveViewSchema>;

export const chooseViewSchema = z.strictObject({ id: z.uuid() });

/** Null: with every action. */
export const firstViewSchema = z.strictObject({ id: z.uuid().nullable() });
