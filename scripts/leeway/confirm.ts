import { createInterface } from "node:readline/promises";
import { WrongUsage } from "./usage";

/**
 * Lets the person say a word before something that can't be undone; answers whether they did. Where nobody can be asked,
 * `--yes` has to have been given.
 */
export async function confirmed(question: string, word: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new WrongUsage("This can't be undone, and nobody can be asked here. Add --yes if it is meant.");
  }
  // Standard output belongs to the command's result.
  const line = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await line.question(`${question} Type "${word}" to go on: `)).trim() === word;
  } finally {
    line.close();
  }
}
