import { CannotProceed } from "../operations/cannot-proceed";
import { type OrganizationOption, openOrganization } from "./app";
import { print } from "./output";

export interface OneTimePasswordOptions extends OrganizationOption {
  email: string;
  json?: boolean;
}

export async function giveOneTimePassword(options: OneTimePasswordOptions): Promise<number> {
  const organization = await openOrganization(options);
  const employees = await import("@/lib/employees/mutations");
  const answer = await employees.giveOneTimePassword({
    organizationId: organization.id,
    email: options.email,
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  if (!answer.ok) {
    throw answer.code === "employee_not_found"
      ? new CannotProceed(
          `Nobody at ${organization.name} has the address ${options.email}.`,
          "Check the address, or name another organization with --organization <id>.",
        )
      : new CannotProceed(`${options.email} is suspended.`, "Whoever is suspended cannot sign in.");
  }
  const { employeeId, oneTimePassword } = answer;
  await print(options.json, { id: employeeId, email: options.email, oneTimePassword }, [
    `${options.email} signs in with this one-time password, which is shown only this once; all sessions have ended:`,
    oneTimePassword,
  ]);
  return 0;
}
