import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./data-dir";
import { hold } from "./program";

const STOP_MS = 8_000;
const TSX = import.meta.resolve("tsx");
const DIE_WITH_PARENT = new URL("../die-with-parent.mjs", import.meta.url).href;

export type ChildOptions = {
  env?: Record<string, string | undefined>;
  /** Gets the output, standard and error, line by line; without it the child writes where this process does. */
  onLine?: (line: string) => void;
};

export type Child = { exited: Promise<number>; stop(): Promise<void> };

/** Runs a Node program of the checkout as a child that does not outlive this process, however that ends. */
export async function startNode(args: string[], options: ChildOptions = {}): Promise<Child> {
  const env = { ...options.env, LEEWAY_PARENT_PID: String(process.pid) };
  return await start(process.execPath, ["--import", DIE_WITH_PARENT, ...args], { ...options, env });
}

export type TalkingChild = Child & {
  /** Sends a message and gives the `answer` to it, or throws its `fault`; one after the other. */
  ask(message: unknown): Promise<unknown>;
};

/** Runs a TypeScript program of the checkout as a child that is talked to, which does not outlive this process either. */
export async function startTalking(program: string, options: ChildOptions = {}): Promise<TalkingChild> {
  const env = { ...options.env, LEEWAY_PARENT_PID: String(process.pid) };
  const args = ["--import", TSX, join(root, program)];
  return await hold(
    async () => {
      const { process: child, ...rest } = spawnChild(process.execPath, args, {
        ...options,
        env,
        talks: true,
      });
      const ask = (message: unknown) =>
        new Promise<unknown>((resolve, reject) => {
          const gone = () => reject(new Error(`${program} ended before it answered.`));
          child.once("exit", gone);
          child.once("message", ({ answer, fault }: { answer?: unknown; fault?: string }) => {
            child.off("exit", gone);
            if (fault === undefined) resolve(answer);
            else reject(new Error(fault));
          });
          child.send(message as object);
        });
      return { ...rest, ask };
    },
    (child) => child.stop(),
  );
}

/** Runs a Node program to its end and gives its exit code. */
export async function runNode(args: string[], options: ChildOptions = {}): Promise<number> {
  const child = await startNode(args, options);
  return await child.exited;
}

/** Runs one of the system's programs to its end and gives its exit code. */
export async function runCommand(
  command: string,
  args: string[],
  options: ChildOptions = {},
): Promise<number> {
  const child = await start(command, args, options);
  return await child.exited;
}

async function start(command: string, args: string[], options: ChildOptions): Promise<Child> {
  return await hold(
    async () => spawnChild(command, args, options),
    (child) => child.stop(),
  );
}

function spawnChild(
  command: string,
  args: string[],
  { env, onLine, talks = false }: ChildOptions & { talks?: boolean },
): Child & { process: ChildProcess } {
  const output = onLine ? "pipe" : "inherit";
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output, ...(talks ? (["ipc"] as const) : [])],
  });
  if (onLine) for (const output of [child.stdout, child.stderr]) eachLine(output, onLine);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  }).finally(() => process.off("exit", kill));
  return { process: child, exited, stop: () => stopChild(exited, (signal) => child.kill(signal)) };
}

async function stopChild(exited: Promise<number>, kill: (signal: NodeJS.Signals) => boolean): Promise<void> {
  const ended = exited.then(
    () => true,
    () => true,
  );
  kill("SIGTERM");
  if (await Promise.race([ended, sleep(STOP_MS, false)])) return;
  kill("SIGKILL");
  await ended;
}

function eachLine(output: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  output?.setEncoding("utf8");
  output?.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  output?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
