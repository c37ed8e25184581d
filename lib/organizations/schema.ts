import { z } from "zod";
import { currencySchema, requiredText } from "@/lib/decisions/schema";
import { isTimeZone } from "@/lib/discretion/windows";
import { emailSchema } from "@/lib/employees/schema";

/** What a new organization is made of, its first admin included. */
export const newOrganizationSchema = z.strictObject({
  name: requiredText(200, "Say the organization's name."),
  currency: currencySchema,
  timeZone: z.string().refine(isTimeZone, "This is no time zone. Use its IANA name, such as Europe/London."),
  adminEmail: emailSchema,
  adminName: requiredText(200, "Say the admin's name.").nullish(),
});

export type NewOrganization = z.output<typeof newOrganizationSchema>;
