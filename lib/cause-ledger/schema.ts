import { z } from "zod";
import { requiredText, text } from "@/lib/decisions/schema";

export const CAUSE_NOTE_MAX = 2000;

/** What is said of a cause. Without an owner and without words it says that nobody sees to it. */
export const causeNoteSchema = z.strictObject({
  cause: requiredText(200, "Name the cause."),
  ownerId: z.uuid("Choose somebody of the list.").nullable(),
  note: text(CAUSE_NOTE_MAX),
  /** The note that its writer saw; null where there was none. */
  after: z.uuid().nullable(),
});
