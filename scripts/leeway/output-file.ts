import { createWriteStream, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { finished } from "node:stream/promises";
import { stringify } from "csv-stringify/sync";
import { CannotProceed } from "../operations/cannot-proceed";
import { hold } from "../operations/program";
import { isCode } from "../process-lock.mjs";

/** A path as the person wrote it, from where they stand: npm itself stands in the project. */
export function fromHere(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

export interface OutputFile {
  write(row: readonly (string | number | null)[]): void;
  /** Puts the file in its place, whole. */
  finish(): Promise<void>;
}

/** A CSV file to be written. It appears under its name only when it is finished. */
export async function openOutput(path: string, columns: readonly string[]): Promise<OutputFile> {
  const target = fromHere(path);
  const part = `${target}.part`;
  const handle = await open(part, "w").catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
  const stream = createWriteStream(part, { fd: handle });
  const done = finished(stream);
  let isFinished = false;
  await hold(
    async () => undefined,
    async () => {
      if (isFinished) return;
      stream.destroy();
      await done.catch(() => undefined);
      rmSync(part, { force: true });
    },
  );
  const write = (row: readonly (string | number | null)[]) => {
    stream.write(stringify([[...row]]));
  };
  write(columns);
  return {
    write,
    finish: async () => {
      stream.end();
      await done;
      renameSync(part, target);
      isFinished = true;
    },
  };
}

/** Opens a new file that only its owner may read. A file that is there is never written over: it may hold secrets. */
async function openSecret(path: string): Promise<FileHandle> {
  return open(fromHere(path), "wx", 0o600).catch((error: unknown) => {
    throw isCode(error, "EEXIST")
      ? new CannotProceed(
          `${path} is there already.`,
          "Name another file: what is in it may still be needed.",
        )
      : cannotWrite(path, error);
  });
}

/** Writes a new file of lines that only its owner may read. */
export async function writeSecretFile(
  path: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const handle = await openSecret(path);
  try {
    await handle.writeFile(stringify([[...columns], ...rows.map((row) => [...row])]));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface SecretOutput {
  write(text: string): Promise<void>;
  finish(): Promise<void>;
}

/** A new file that only its owner may read, written in pieces. One that is not finished is taken away again. */
export async function openSecretOutput(path: string): Promise<SecretOutput> {
  const handle = await openSecret(path);
  let isFinished = false;
  await hold(
    async () => undefined,
    async () => {
      if (isFinished) return;
      await handle.close();
      rmSync(fromHere(path), { force: true });
    },
  );
  return {
    write: async (text) => {
      await handle.writeFile(text).catch((error: unknown) => {
        throw cannotWrite(path, error);
      });
    },
    finish: async () => {
      await handle.sync();
      await handle.close();
      isFinished = true;
    },
  };
}

function cannotWrite(path: string, error: unknown): CannotProceed {
  return new CannotProceed(
    `${path} cannot be written: ${error instanceof Error ? error.message : error}`,
    "Name a file in a folder that exists and that you may write to.",
  );
}
