import { z } from "zod";

export const ANSWER_MINUTES_MAX = 240;
const message = `Give a whole number of minutes from 1 to ${ANSWER_MINUTES_MAX}.`;

export const answerMinutesSchema = z.strictObject({
  minutes: z.int({ error: message }).min(1, message).max(ANSWER_MINUTES_MAX, message),
});
