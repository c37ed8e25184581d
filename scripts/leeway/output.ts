import type { LineFault } from "@/lib/imports/types";

/**
 * Writes a command's result: JSON and nothing else, or lines for people. Resolves once it is out, because the end of a
 * process cuts off what a slow reader has not taken yet.
 */
export async function print(
  json: boolean | undefined,
  value: unknown,
  lines: readonly string[],
): Promise<void> {
  const text = json ? JSON.stringify(value) : lines.join("\n");
  await new Promise<void>((resolve) => {
    // Whoever reads may go away (`| head`); then the rest is not wanted.
    process.stdout.write(`${text}\n`, () => resolve());
  });
}

const counts = new Intl.NumberFormat("en");

/** "1 broken line", "1,340 orders". */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${counts.format(count)} ${count === 1 ? one : many}`;
}

/** "Line 4, Price: This is no number with a decimal point. (1,5)" */
export function faultInWords({ line, column, problem, value }: LineFault): string {
  return `Line ${line}${column ? `, ${column}` : ""}: ${problem}${value ? ` (${value})` : ""}`;
}
