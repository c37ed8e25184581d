import { createHash } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CannotProceed } from "../operations/cannot-proceed";
import { makeDirectory, root } from "../operations/data-dir";
import { runAs, type ServerUser, serverUser } from "./binaries";

/** Where one embedded server keeps its files. */
export type Place = {
  base: string;
  /** The database cluster itself, which belongs to the server's user. */
  data: string;
  /** One file for each process that uses the server. */
  users: string;
  /** What the server writes: the first thing to read when it does not start. */
  log: string;
  password: string;
  /** Where the server listened last; whoever still uses it expects it there. */
  port: string;
  lock: string;
};

function layOut(base: string): Place {
  return {
    base,
    data: join(base, "data"),
    users: join(base, "users"),
    log: join(base, "server.log"),
    password: join(base, "password"),
    port: join(base, "port"),
    lock: join(base, "lock"),
  };
}

/** The place of a data folder as it is now, also when nothing has been made there yet. */
export function placeOf(dataDir: string): Place {
  const usual = join(dataDir, "postgres");
  const pointer = join(usual, "moved-to");
  const base = existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : usual;
  return layOut(existsSync(base) ? realpathSync(base) : base);
}

/**
 * Makes the place ready for the user whom the server runs as. Started by root, that is somebody else, who may be
 * unable to reach the checkout (`/root` is closed to everybody); then the files go under `/var/lib/leeway`, and a file
 * `moved-to` in the usual place says where.
 */
export function preparePlace(
  dataDir: string,
  log: (line: string) => void,
): { place: Place; user: ServerUser } {
  const usual = join(dataDir, "postgres");
  makeDirectory(usual);
  const place = prepare(placeOf(dataDir).base);
  const user = ownerOf(place) ?? serverUser();
  if (user.uid === undefined || isReachable(place.base, user)) return { place, user };
  const elsewhere = prepare(elsewhereFor(dataDir));
  if (!isReachable(elsewhere.base, user)) {
    throw new CannotProceed(
      `PostgreSQL runs as the user postgres here, who can reach neither ${usual} nor ${elsewhere.base}.`,
      "Name a folder that this user can reach: LEEWAY_DATA_DIR=/some/folder",
    );
  }
  writeFileSync(join(usual, "moved-to"), `${elsewhere.base}\n`);
  log(`The user postgres cannot reach ${usual}; the database is kept in ${elsewhere.base}.`);
  return { place: elsewhere, user };
}

function prepare(base: string): Place {
  makeDirectory(base);
  makeDirectory(join(base, "users"));
  return layOut(realpathSync(base));
}

/** A cluster runs as the user to whom it belongs, so root can run one that an ordinary user made. */
function ownerOf({ data }: Place): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : undefined;
}

/** The server's user need not write into `base` itself, only pass through it to a folder of its own. */
function isReachable(base: string, user: ServerUser): boolean {
  const probe = join(base, `probe-${process.pid}`);
  mkdirSync(probe, { recursive: true });
  try {
    give(probe, user);
    return runAs(user, "/bin/sh", ["-c", 'cd -- "$1" && test -w .', "sh", probe]).status === 0;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function elsewhereFor(dataDir: string): string {
  const checkout = createHash("sha256").update(`${root}\n${dataDir}`).digest("hex").slice(0, 12);
  return join("/var/lib/leeway", checkout);
}

export function give(path: string, { uid, gid }: ServerUser): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
