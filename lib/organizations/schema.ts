import { z } from "zod";
import { currencySchema, requiredText } from "@/lib/decisions/schema";
import { isTimeZone } from "@/lib/discretion/windows";
import { emailSchema } from "@/lib/employees/schema";
import { retentionSchema } from "@/lib/retention/schema";

/** What a new organization is made of, its first admin included. */
export const newOrganizationSchema = z.strictObject({
  name: requiredText(200, "Say the organization's name."),
  currency: currencySchema,
  timeZone: z.string().refine(isTimeZone, "This is no time zone. Use its IANA name, such as Europe/London."),
  adminEmail: emailSchema,
  adminName: requiredText(200, "Say the admin's name.").nullish(),
});

export type NewOrganization = z.output<typeof newOrganizationSchema>;

/** What an admin sets for the whole organization, besides its policy. */
export const organizationSettingsSchema = z.strictObject({
  /** How long a decision can be undone before anybody begins to carry it out. */
  undoSeconds: z
    .number("Give a whole number of seconds; 0 for no undo.")
    .int("Give a whole number of seconds; 0 for no undo.")
    .min(0, "Give 0 for no undo, or more.")
    .max(3600, "An hour is the longest: 3,600 seconds."),
  /** How long a handover may wait before its amount is given back. */
  handoverMinutes: z
    .number("Give a whole number of minutes.")
    .int("Give a whole number of minutes.")
    .min(1, "Give a minute at least.")
    .max(43_200, "Thirty days are the longest: 43,200 minutes."),
  retention: retentionSchema,
});

export type OrganizationSettings = z.output<typeof organizationSettingsSchema>;
