import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./operations/data-dir";

type Packages = Record<string, { optionalDependencies?: Record<string, string> }>;

/** Where Node would look for a package that the one at `from` asks for. */
function places(from: string, name: string): string[] {
  const folders = from.split("/node_modules/");
  return folders.map(
    (_, depth) => `${folders.slice(0, depth + 1).join("/node_modules/")}/node_modules/${name}`,
  );
}

// A native package for another system that the registry did not have when the lock file was written is left out of it,
// and then `npm ci` refuses the lock file on every system: a fresh clone cannot be installed.
test("the lock file holds the native packages of every system", () => {
  const lock: { packages: Packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const missing = Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) => ![`node_modules/${name}`, ...places(from, name)].some((path) => path in lock.packages),
      )
      .map((name) => `${from} → ${name}`),
  );
  expect(missing).toEqual([]);
});
