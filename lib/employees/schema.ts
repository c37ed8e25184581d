import { z } from "zod";
import { requiredText, text } from "@/lib/decisions/schema";
import { ROLES } from "@/lib/discretion/schema";

/** An address as it is kept: small letters, because people type it either way. */
export const emailSchema = text(320)
  .toLowerCase()
  .pipe(z.email("This is no email address. Write one such as robin@example.com."));

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is known of an employee besides their password. `manager` is the line manager's address. */
export const employeeInputSchema = z.strictObject({
  email: emailSchema,
  name: requiredText(200, "Say the employee's name."),
  role: z.enum(ROLES, `Use one of: ${ROLES.join(", ")}.`),
  team: text(200).nullish(),
  manager: emailSchema.nullish(),
  startedOn: z.string().regex(DAY, "Write a day such as 2026-03-31.").nullish(),
});

export type EmployeeInput = z.output<typeof employeeInputSchema>;
