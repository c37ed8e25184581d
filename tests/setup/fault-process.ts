import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "@/scripts/operations/data-dir";

const TSX = join(root, "node_modules", "tsx", "dist", "loader.mjs");
const DIE_WITH_PARENT = join(root, "scripts", "die-with-parent.mjs");

/** A process of the app's own, which may be killed at any moment. */
export interface FaultProcess {
  /** Ends it at once, as the system does that is out of memory. */
  kill(): void;
  ended: Promise<void>;
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a program of the checkout, and waits until it says that it is ready; answers what it said then. */
export async function startProcess(
  args: string[],
  options: { env: Record<string, string | undefined>; ready: RegExp },
): Promise<FaultProcess & { said: RegExpExecArray }> {
  const child = spawn(process.execPath, ["--import", DIE_WITH_PARENT, "--import", TSX, ...args], {
    cwd: root,
    env: {
      ...process.env,
      LEEWAY_LOG_LEVEL: "silent",
      ...options.env,
      LEEWAY_PARENT_PID: String(process.pid),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(() => undefined);
  const lines: string[] = [];
  const said = await Promise.race([
    saying(child, options.ready, lines),
    ended.then(() => {
      throw new Error(`${args.join(" ")} ended before it was ready:\n${lines.join("\n")}`);
    }),
  ]);
  return {
    said,
    ended,
    kill: () => child.kill("SIGKILL"),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function saying(child: ChildProcess, ready: RegExp, lines: string[]): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    for (const output of [child.stdout, child.stderr]) {
      if (!output) continue;
      createInterface(output).on("line", (line) => {
        lines.push(line);
        const match = ready.exec(line);
        if (match) resolve(match);
      });
    }
  });
}
