import { fillDatabase, serveApp } from "./operations/app";
import { takePort } from "./operations/app-server";
import { CannotProceed } from "./operations/cannot-proceed";
import { hold, nowServing, runProgram } from "./operations/program";
import { appSettings, setEnvironment, wantedPort } from "./operations/settings";

/** Serves the built app on the database of DATABASE_URL, filled first; the browser tests run it as a child. */
async function serve(): Promise<undefined> {
  const url = process.env.DATABASE_URL;
  if (!url)
    throw new CannotProceed("There is no DATABASE_URL.", "npm run demo brings a database of its own.");
  const server = await hold(
    () => takePort(wantedPort()),
    (taken) => taken.close(),
  );
  setEnvironment({ ...appSettings(url, server.port), NODE_ENV: "production" });
  await fillDatabase(url);
  await serveApp(server, url);
  nowServing();
  process.stdout.write(`Leeway is ready on http://localhost:${server.port}\n`);
  return undefined;
}

await runProgram(serve);
