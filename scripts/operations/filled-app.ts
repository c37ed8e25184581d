import { appendFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { CannotProceed } from "./cannot-proceed";
import { startNode } from "./child";
import { keptSecret, root } from "./data-dir";
import { hold } from "./program";
import { addDatabase, openTestDatabases } from "./test-databases";

const TSX = join(root, "node_modules", "tsx", "dist", "loader.mjs");

/** Three quarters of an hour off every hour that a developer or a server is likely to have. */
export const ODD_TIME_ZONE = "Asia/Kathmandu";

export interface FilledApp {
  url: string;
  /** What programs that look into its database are told. */
  env: {
    DATABASE_URL: string;
    NEXTAUTH_SECRET: string;
    /** Where it looks for Stripe: nothing is there before a test puts something there. */
    LEEWAY_STRIPE_API: string;
    LEEWAY_ENCRYPTION_KEY: string;
    LEEWAY_WEBHOOK_REACH: "loopback";
    NODE_ENV: "production";
    TZ: string;
  };
  /** What it wrote. */
  log: string;
  stop(): Promise<void>;
}

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the built app on a throw-away database with the demo in it; what it writes goes into `directory`. */
export async function startFilledApp(directory: string, log: (line: string) => void): Promise<FilledApp> {
  const databases = await hold(
    () => openTestDatabases(log),
    (opened) => opened.stop(),
  );
  const env = {
    DATABASE_URL: await addDatabase(databases, "browser"),
    NEXTAUTH_SECRET: keptSecret(join(directory, "session-secret")),
    LEEWAY_STRIPE_API: `http://127.0.0.1:${await freePort()}`,
    LEEWAY_ENCRYPTION_KEY: keptSecret(join(directory, "encryption-key")),
    // The receivers of its tests are on the same machine.
    LEEWAY_WEBHOOK_REACH: "loopback",
    NODE_ENV: "production",
    TZ: ODD_TIME_ZONE,
  } as const;
  const file = join(directory, "app.log");
  rmSync(file, { force: true });
  let ready: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const child = await startNode(["--import", TSX, join(root, "scripts", "serve.ts")], {
    env: { ...env, PORT: "0", LEEWAY_HOST: undefined, NEXTAUTH_URL: undefined },
    onLine: (line) => {
      appendFileSync(file, `${line}\n`);
      const address = /^Leeway is ready on (\S+)$/.exec(line)?.[1];
      if (address) ready(address);
    },
  });
  const ended = child.exited.then((code) => {
    throw new CannotProceed(`The app ended with exit code ${code}.`, `What it wrote: ${file}`);
  });
  return {
    env,
    url: await Promise.race([url, ended]),
    log: file,
    stop: async () => {
      await child.stop();
      await databases.stop();
    },
  };
}
