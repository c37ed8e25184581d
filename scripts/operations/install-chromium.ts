import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { CannotProceed } from "./cannot-proceed";
import { runCommand } from "./child";
import { findChromium } from "./chromium";

/** Installs Debian's Chromium where there is no browser and this user may install one. */
export async function ensureChromium(log: (line: string) => void): Promise<string> {
  const present = findChromium();
  if (present) return present;
  const apt = aptGet();
  if (apt) {
    log("There is no Chromium; installing the system's package.");
    const install = () => runApt(apt, ["install", "-y", "chromium"], log);
    if ((await install()) !== 0) {
      log("Fetching the list of packages first.");
      await runApt(apt, ["update"], log);
      await install();
    }
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new CannotProceed(
    "The browser tests need Chromium or Chrome, and there is none.",
    "Install it (Debian: apt-get install chromium), or say where one is: CHROMIUM_PATH=/path/to/chromium npm test\n" +
      "The other tests run without it: npm test -- unit, npm test -- database",
  );
}

/** How this user runs apt-get, if they may. */
function aptGet(): string[] | undefined {
  if (!existsSync("/usr/bin/apt-get")) return undefined;
  const command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"];
  if (process.getuid?.() === 0) return command;
  return spawnSync("sudo", ["-n", "true"]).status === 0 ? ["sudo", "-n", ...command] : undefined;
}

async function runApt(apt: string[], args: string[], log: (line: string) => void): Promise<number> {
  const [command = "apt-get", ...before] = apt;
  const lines: string[] = [];
  const code = await runCommand(command, [...before, ...args], {
    onLine: (line) => {
      lines.push(line);
      if (/^(Need to get|Setting up chromium|Get:\d+ .* chromium )/.test(line)) log(line);
    },
  });
  if (code !== 0) log(lines.slice(-8).join("\n  "));
  return code;
}
