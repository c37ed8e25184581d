import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

const WORDS_MAX = 1000;

export const precedentSchema = z.strictObject({
  /** Made by whoever asks, so that asking twice makes one. */
  id: z.uuid(),
  decisionId: z.uuid(),
  happened: requiredText(WORDS_MAX, "Say what happened, without anybody’s name."),
  done: requiredText(WORDS_MAX, "Say what was done, and why it was good."),
});

export const choosePrecedentSchema = z.strictObject({ id: z.uuid() });
