import { CannotProceed } from "../operations/cannot-proceed";
import { type OrganizationOption, openOrganization } from "./app";
import { counted, print } from "./output";

const REFUSED = {
  no_such_limit: "The policy in force has no such limit.",
  keeps_nothing: "It looks at each decision alone, so nobody ever waits at it.",
  rolling:
    "A limit over rolling days is counted at one place, so it can't be split. Use a day, a week or a month.",
  narrow: "Only limits over a team or the whole organization are so hot that splitting them helps.",
} as const;

/** Splits the counter of a limit into slots, so that very many can decide at once. */
export async function split(
  limitId: string,
  options: OrganizationOption & { slots: number; json?: boolean },
): Promise<number> {
  const organization = await openOrganization(options);
  const { splitLimit } = await import("@/lib/slots/mutations");
  const { slots } = options;
  const answer = await splitLimit({ organizationId: organization.id, limitId, slots, now: new Date() });
  if (!answer.ok) throw new CannotProceed(`"${limitId}" can't be split.`, REFUSED[answer.code]);
  await print(options.json, { limit: limitId, slots, definition: answer.definition }, [
    `"${limitId}" is counted in ${counted(slots, "slot")} from now on.`,
  ]);
  return 0;
}
