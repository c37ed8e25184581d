import { z } from "zod";
import { amountSchema, requiredText, text } from "@/lib/decisions/schema";
import { HANDOVER_STATUSES } from "@/lib/handovers/types";

/** The body of an answer: `amount` belongs to `adjust` alone. */
export const answerSchema = z
  .strictObject({
    answer: z.enum(["approve", "adjust", "decline"]),
    amount: amountSchema.optional(),
    note: requiredText(2000, "Say something to who asked: why, or what to do."),
    /** What the customer may be told. */
    customerWords: text(2000).optional(),
  })
  .superRefine(({ answer, amount }, context) => {
    if (answer === "adjust" && amount === undefined) {
      context.addIssue({ code: "custom", path: ["amount"], message: "Say the amount that you grant." });
    }
    if (answer !== "adjust" && amount !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["amount"],
        message: `Leave the amount out, or answer "adjust".`,
      });
    }
  });

export type AnswerInput = z.output<typeof answerSchema>;

/** The body of a look at what an answer would come to: the whole, or another amount. */
export const answerPreviewSchema = z.strictObject({ amount: amountSchema.optional() });

/** The body of a question to whoever handed over. */
export const questionSchema = z.strictObject({
  question: requiredText(2000, "Say what you need to know."),
});

/** The body of the facts that were asked for. */
export const factsSchema = z.strictObject({ facts: requiredText(2000, "Say what was asked for.") });

/** The body of a handover's withdrawal: nothing, or an empty object. */
export const withdrawalSchema = z.strictObject({});

const whom = requiredText(200, "Say whom, by id or email, or leave it out.").optional();

/** The filters of the list of handovers. */
export const handoverFilterSchema = z.strictObject({
  status: z.enum(HANDOVER_STATUSES).optional(),
  askedBy: whom,
  /** Whose answer it waits for, or waited for. */
  waitingFor: whom,
  decision: z.uuid("Name the decision by its id.").optional(),
});

export type HandoverFilter = z.output<typeof handoverFilterSchema>;
