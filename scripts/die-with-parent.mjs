// Preloaded (`node --import`) into a long-running child, so that it ends when the process that started it is
// gone, also when that one was killed and could pass nothing on.

import { isMainThread } from "node:worker_threads";

const POLL_MS = 500;
const GRACE_MS = 10_000;
// The starter's id comes through the environment, because it may be gone before this line runs.
const parent = Number(process.env.LEEWAY_PARENT_PID ?? process.ppid);
delete process.env.LEEWAY_PARENT_PID;

if (isMainThread && parent > 0) {
  setInterval(() => {
    if (process.ppid === parent) return;
    process.kill(process.pid, "SIGTERM");
    // A program that handles the signal gets a moment to clean up.
    setTimeout(() => process.exit(143), GRACE_MS).unref();
  }, POLL_MS).unref();
}
