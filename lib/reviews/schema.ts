import { z } from "zod";
import { requiredText, text } from "@/lib/decisions/schema";
import { MAX_MINOR_UNITS } from "@/lib/discretion/schema";

/** What a look back says, in the order in which it is offered. */
export const REVIEW_VERDICTS = ["great", "fine", "rule_unclear", "limit_wrong", "talk"] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

const WORDS_MAX = 2000;

export const reviewSchema = z
  .strictObject({
    decisionId: z.uuid(),
    verdict: z.enum(REVIEW_VERDICTS, { error: "Say how it looks." }),
    /** Words for the employee. */
    note: text(WORDS_MAX).nullable(),
  })
  .refine(({ verdict, note }) => verdict !== "talk" || Boolean(note), {
    path: ["note"],
    message: "Say what you would like to talk about: they read it before you meet.",
  });

export const replySchema = z.strictObject({
  reviewId: z.uuid(),
  text: requiredText(WORDS_MAX, "Write what you want to say to it."),
});

/** By what rule decisions are put before those who review. */
export const reviewRuleSchema = z.strictObject({
  /** So many of a hundred, whosever they are. */
  sharePercent: z
    .number("Give a whole number from 0 to 100.")
    .int("Give a whole number from 0 to 100.")
    .min(0, "Give a whole number from 0 to 100.")
    .max(100, "Give a whole number from 0 to 100."),
  /** Every decision that bent a guideline. */
  bends: z.boolean(),
  /** From this amount on, minor units of the policy's currency. */
  fromAmount: z
    .number("Write an amount, or leave it out.")
    .int("Write an amount, or leave it out.")
    .min(1, "Write an amount above nothing, or leave it out.")
    .max(MAX_MINOR_UNITS, "Nothing was ever this much.")
    .nullable(),
  /** All of somebody who began no longer ago than so many days. */
  newDays: z
    .number("Give a whole number of days from 1 to 366, or leave it out.")
    .int("Give a whole number of days from 1 to 366, or leave it out.")
    .min(1, "Give a whole number of days from 1 to 366, or leave it out.")
    .max(366, "Give a whole number of days from 1 to 366, or leave it out.")
    .nullable(),
});

export type ReviewRule = z.output<typeof reviewRuleSchema>;

/** What holds until somebody sets something else: a few of everybody's, and whatever was bent. */
export const FIRST_RULE: ReviewRule = { sharePercent: 3, bends: true, fromAmount: null, newDays: 30 };

/** How far back decisions are put before anybody: what is older is over. */
export const QUEUE_DAYS = 30;
