import { accessSync, constants } from "node:fs";
import { CannotProceed } from "./cannot-proceed";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser for the tests: the one of CHROMIUM_PATH, or one in a usual place. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named && !isExecutable(named)) {
    throw new CannotProceed(
      `CHROMIUM_PATH=${named} is no program.`,
      "Name a Chromium or Chrome, or unset it.",
    );
  }
  return named || USUAL_PLACES.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
