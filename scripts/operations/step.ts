import { CannotProceed } from "./cannot-proceed";
import { say } from "./program";

/** What to do when a step fails that nobody foresaw to fail. */
export const AGAIN = "Run the same command again; what was done so far is kept.";

const PROGRESS_MS = 5_000;

/**
 * Does one of a program's long steps and shows how it goes: its name, a word every few seconds, how long it took.
 * When it fails for an unforeseen reason, `advice` says what to do.
 */
export async function step<T>(
  name: string,
  advice: string,
  work: (log: (line: string) => void) => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(1);
  say(`${name} …`);
  const progress = setInterval(
    () => say(`  ${name}: ${Math.round((Date.now() - started) / 1000)} s`),
    PROGRESS_MS,
  );
  try {
    const result = await work((line) => say(`  ${line}`));
    say(`  done in ${seconds()} s`);
    return result;
  } catch (error) {
    if (error instanceof CannotProceed) throw error;
    throw new CannotProceed(
      `${name}: failed after ${seconds()} s.\n${error instanceof Error ? error.stack : error}`,
      advice,
    );
  } finally {
    clearInterval(progress);
  }
}
