import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";
import { SCORE_MOST } from "@/lib/surveys/types";

/** What a survey tool tells. */
export const surveyAnswerSchema = z.strictObject({
  decision: z
    .uuid("Name the decision by its id.")
    .describe("A decision of the case that the customer was asked about; whichever of them is named."),
  reference: requiredText(200, "Say what your tool calls this answer.").describe(
    "Your own name for the answer, such as the id of the response: the same on every retry.",
  ),
  score: z
    .int("Give a whole number from 1 to 5.")
    .min(1, "Give a whole number from 1 to 5.")
    .max(SCORE_MOST, "Give a whole number from 1 to 5."),
  answeredAt: z.iso
    .datetime({ offset: true, error: "Give the instant with its offset, such as 2026-03-31T18:00:00Z." })
    .describe("When the customer answered. Of two answers of one case the later one stands."),
});

export type SurveyAnswerInput = z.output<typeof surveyAnswerSchema>;
