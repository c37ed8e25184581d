import { join } from "node:path";
import { fillDatabase, runWorker } from "./operations/app";
import { takePort } from "./operations/app-server";
import { startNode } from "./operations/child";
import { root } from "./operations/data-dir";
import { openDemoDatabase, refuseSecondDemo } from "./operations/demo-database";
import { nowServing, runProgram } from "./operations/program";
import { appSettings, sealSettings, setEnvironment, wantedPort } from "./operations/settings";
import { AGAIN, step } from "./operations/step";

const NEXT = join(root, "node_modules", "next", "dist", "bin", "next");

/** Runs the demo with the app in development: a change in the sources shows at once, and nothing is built ahead. */
async function dev(): Promise<number> {
  refuseSecondDemo();
  // Next takes the port itself, later; that it is free is known now.
  const { port, close } = await takePort(wantedPort());
  await close();
  const database = await step("Opening the database", AGAIN, (log) => openDemoDatabase(port, log));
  const { url } = database;
  setEnvironment({ ...appSettings(url, port), ...(await sealSettings(database)), NODE_ENV: "development" });
  await fillDatabase(url);
  await runWorker(url);
  const host = process.env.LEEWAY_HOST ?? "localhost";
  const app = await startNode([NEXT, "dev", "--port", String(port), "--hostname", host]);
  nowServing();
  return await app.exited;
}

await runProgram(dev);
