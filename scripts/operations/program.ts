import { setTimeout as sleep } from "node:timers/promises";
import "../die-with-parent.mjs";
import { CannotProceed } from "./cannot-proceed";

/** One Ctrl-C reaches a program twice when npm started it: from the terminal, and passed on by npm. */
const SAME_KEYSTROKE_MS = 1_000;
const PATIENCE_MS = 15_000;

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Undo = () => Promise<unknown>;

const held: Promise<Undo | undefined>[] = [];
let stopping: Promise<never> | undefined;
let firstSignalAt: number | undefined;
let serving = false;

/**
 * Runs a program to its end. A signal, the end of the process that started it, or a failure undoes what it holds, the
 * latest first; a second Ctrl-C waits for nothing.
 */
export async function runProgram(main: () => Promise<number | undefined>): Promise<void> {
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => onSignal(signal, code));
  for (const stream of [process.stdout, process.stderr]) {
    // A reader that went away (`| head`, a closed terminal) must not keep the program from stopping cleanly.
    stream.on("error", () => undefined);
  }
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", (reason) => {
    // One request's stray failure must not end the service for everybody.
    if (serving && !stopping) say(String(reason instanceof Error ? reason.stack : reason));
    else void fail(reason);
  });
  try {
    const code = await main();
    if (code !== undefined) await stop(code);
  } catch (error) {
    await fail(error);
  }
}

/** From here on the program serves: being told to stop is then its ordinary end and no failure. */
export function nowServing(): void {
  serving = true;
}

/**
 * Starts something that must be undone before the program ends. A start under way is waited for and then undone.
 * Once the program is stopping, nothing new starts.
 */
export async function hold<T>(start: () => Promise<T>, undo: (held: T) => Promise<unknown>): Promise<T> {
  if (stopping) return await stopping;
  const started = start();
  held.push(
    started.then(
      (value) => () => undo(value),
      () => undefined,
    ),
  );
  const value = await started;
  return stopping ? await stopping : value;
}

/** Undoes everything and ends the process. */
export function stop(code: number): Promise<never> {
  stopping ??= undoAll().then(() => process.exit(code));
  return stopping;
}

async function undoAll(): Promise<void> {
  for (const starting of held.reverse()) {
    const undone = starting.then((undo) => undo?.());
    await Promise.race([undone, sleep(PATIENCE_MS)]).catch((error) => say(`While stopping: ${error}`));
  }
}

function onSignal(signal: string, code: number): void {
  const now = Date.now();
  firstSignalAt ??= now;
  if (now - firstSignalAt > SAME_KEYSTROKE_MS) process.exit(code);
  if (stopping) return;
  say(signal === "SIGINT" ? "\nStopping (Ctrl-C again to stop at once)." : "\nStopping.");
  void stop(serving ? 0 : code);
}

async function fail(error: unknown): Promise<void> {
  // What was cut off by the stop itself fails as it should.
  if (stopping) return;
  // A child that got the same Ctrl-C may report its end before this process hears of the signal.
  await sleep(200);
  if (stopping) return;
  if (error instanceof CannotProceed) say(`\n${error.message}\n${error.advice}`);
  else say(`\n${error instanceof Error ? error.stack : error}`);
  await stop(1);
}

/** Says how things go. Results go to standard output; everything else goes here, to standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
