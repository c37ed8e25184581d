import type { FaultProxy } from "./fault-proxy";
import type { FaultServer } from "./fault-server";

/** What the database of a server to break is called. */
export const FAULT_DATABASE = "leeway";

/** What the tests of tests/faults break. */
export const faults: { open?: { server: FaultServer; proxy: FaultProxy } } = {};

/** The server of this test file, and what stands between it and the app. */
export function faultsOfFile(): { server: FaultServer; proxy: FaultProxy } {
  if (!faults.open) throw new Error("There is a server to break only in the tests of tests/faults.");
  return faults.open;
}

/** Whether the tests run at length. */
export const atLength = process.env.LEEWAY_FAULTS === "long";

/** How many rounds a test does: few in every run of the tests, more at length. */
export function rounds(short: number, long: number): number {
  return atLength ? long : short;
}
