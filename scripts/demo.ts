import { fillDatabase, serveApp } from "./operations/app";
import { takePort } from "./operations/app-server";
import { openDemoDatabase, refuseSecondDemo } from "./operations/demo-database";
import { ensureBuild } from "./operations/next-build";
import { hold, nowServing, runProgram } from "./operations/program";
import { appSettings, sealSettings, setEnvironment, wantedPort } from "./operations/settings";
import { AGAIN, step } from "./operations/step";

/** Runs a whole Leeway with invented people and history: database, app and worker, in one process and one child. */
async function demo(): Promise<undefined> {
  refuseSecondDemo();
  const server = await hold(
    () => takePort(wantedPort()),
    (taken) => taken.close(),
  );
  const database = await step("Opening the database", AGAIN, (log) => openDemoDatabase(server.port, log));
  const { url } = database;
  setEnvironment({
    ...appSettings(url, server.port),
    ...(await sealSettings(database)),
    NODE_ENV: "production",
  });
  await fillDatabase(url);
  await step("Building the app", AGAIN, ensureBuild);
  await serveApp(server, url);
  nowServing();
  process.stdout.write(welcome(server.port));
  return undefined;
}

function welcome(port: number): string {
  return `
Leeway is ready on http://localhost:${port}

  Sign in as                 to see
  agent@demo.leeway.test     the desk: put things right for a customer
  manager@demo.leeway.test   the floor: every action taken
  admin@demo.leeway.test     settings: limits, rules and their reasons
  auditor@demo.leeway.test   all of it, read-only

  Password of all four: leeway-demo

Ctrl-C stops it.
`;
}

await runProgram(demo);
