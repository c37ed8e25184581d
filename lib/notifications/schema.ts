import { z } from "zod";
import { NOTIFICATIONS } from "@/lib/mail/kinds";

export const choiceSchema = z.strictObject({ kind: z.enum(NOTIFICATIONS), wanted: z.boolean() });

/** What a link in a mail carries. Whether we wrote it, its signature says. */
export const tokenSchema = z.string().min(1).max(1_000);
