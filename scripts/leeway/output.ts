import type { LineFault } from "@/lib/imports/types";
import { CannotProceed } from "../operations/cannot-proceed";
import { isCode } from "../process-lock.mjs";

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

/** Characters to be written at once: enough to call the system rarely. */
const PIECES_LENGTH = 65_536;

/**
 * Writes a result that is too long to be held as one text. It is made no faster than its reader takes it; whoever goes
 * away (`| head`) does not want the rest.
 *
 * @throws CannotProceed when it cannot be written, as on a full disk.
 */
export async function printPieces(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  let waiting = "";
  /** Whether it is time to write, with one piece more. */
  const isEnough = (piece: string) => {
    waiting += piece;
    return waiting.length >= PIECES_LENGTH;
  };
  /** Whether anybody still reads. */
  const flush = () => {
    const text = waiting;
    waiting = "";
    return write(text);
  };
  if (Symbol.asyncIterator in pieces) {
    for await (const piece of pieces) if (isEnough(piece) && !(await flush())) return;
  } else {
    for (const piece of pieces) if (isEnough(piece) && !(await flush())) return;
  }
  await flush();
}

/** Resolves once it is taken; answers whether anybody still reads. */
function write(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve(true);
      else if (isCode(error, "EPIPE")) resolve(false);
      else reject(cannotWrite(error));
    });
  });
}

function cannotWrite({ message }: Error): CannotProceed {
  return new CannotProceed(
    `The result cannot be written: ${message}`,
    "What is written is not whole. Make room for it, or write it elsewhere.",
  );
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
