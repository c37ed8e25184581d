/** The command was given in a way that it does not take; says how it does. Exit code 2. */
export class WrongUsage extends Error {}

/** Failures of a zod schema as one line. */
export function problemsOf(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message))
    .join(" ");
}
