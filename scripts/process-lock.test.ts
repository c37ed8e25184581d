import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, isAlive, processStart, thisProcess } from "./process-lock.mjs";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a process is known by its start as well as its id", () => {
  expect(isAlive(thisProcess())).toBe(true);
  expect(isAlive({ ...thisProcess(), startedAt: "before the last reboot" })).toBe(false);
  expect(isAlive({ pid: 2_147_483_646, startedAt: undefined })).toBe(false);
  expect(isAlive(undefined)).toBe(false);
  expect(processStart(2_147_483_646)).toBeUndefined();
});

test("a lock is held by one at a time, and the next one gets it when it is given back", async () => {
  const order: string[] = [];
  const first = await acquireLock(path);
  const waiting = acquireLock(path, { onWait: (pid) => order.push(`waits for ${pid}`) }).then((release) => {
    order.push("has it");
    release();
  });
  while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  order.push("given back");
  first();
  await waiting;
  expect(order).toEqual([`waits for ${process.pid}`, "given back", "has it"]);
});

test("giving a lock back twice does not take it from its next holder", async () => {
  const first = await acquireLock(path);
  first();
  const second = await acquireLock(path);
  first();
  expect(readdirSync(folder)).toEqual(["lock"]);
  second();
  expect(readdirSync(folder)).toEqual([]);
});

// A killed holder gives nothing back, and after a reboot its id may be another program's.
test.each([
  ["of a dead process", JSON.stringify({ pid: 2_147_483_646, startedAt: "once" })],
  ["whose process id went to another program", JSON.stringify({ pid: process.pid, startedAt: "once" })],
  ["that broke off while it was written", ""],
])("a lock %s does not block", async (_what, content) => {
  writeFileSync(path, content);
  let holders = 0;
  const contenders = Array.from({ length: 8 }, async () => {
    const release = await acquireLock(path);
    holders += 1;
    expect(holders).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    holders -= 1;
    release();
  });
  await Promise.all(contenders);
  expect(readdirSync(folder)).toEqual([]);
});
