// Runs one of the project's programs, after making ready what it needs. It uses nothing but Node itself, because
// on a fresh clone nothing else is there; and it runs the program in this very process, so that Ctrl-C reaches it.

const PROGRAMS = ["demo", "test", "leeway", "dev", "bench", "build", "screenshots"];

async function main() {
  // Programs that end with their starter compare with it later; it may be gone before they are loaded.
  process.env.LEEWAY_PARENT_PID = String(process.ppid);
  const [name = "", ...args] = process.argv.slice(2);
  if (!PROGRAMS.includes(name)) {
    process.stderr.write(`Usage: node scripts/start.mjs ${PROGRAMS.join("|")} [arguments]\n`);
    process.exit(2);
  }
  const { ensureReady, root, NotReady } = await import("./ensure-ready.mjs");
  const { existsSync } = await import("node:fs");
  const { join } = await import("node:path");
  const { pathToFileURL } = await import("node:url");

  const program = join(root, "scripts", `${name}.ts`);
  if (!existsSync(program)) {
    process.stderr.write(`There is no program "${name}" here: scripts/${name}.ts is missing.\n`);
    process.exit(2);
  }
  try {
    await ensureReady();
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(error.exitCode);
  }
  // Files named on the command line are meant from where the person stands, which npm keeps in INIT_CWD.
  process.env.INIT_CWD ??= process.cwd();
  process.chdir(root);
  process.argv = [process.argv[0], program, ...args];
  const { register } = await import("tsx/esm/api");
  register();
  await import(pathToFileURL(program).href);
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Leeway needs Node.js 20.19 or newer; this is ${process.versions.node}.\n` +
      "Install a newer one (https://nodejs.org, nvm, or your system's packages), then run the same command.\n",
  );
  process.exit(1);
}
main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
