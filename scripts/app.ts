import { existsSync } from "node:fs";
import { join } from "node:path";
import { answerRequests } from "./operations/app";
import { EVERYBODY, takePort } from "./operations/app-server";
import { CannotProceed } from "./operations/cannot-proceed";
import { root } from "./operations/data-dir";
import { hold, nowServing, runProgram } from "./operations/program";
import { setEnvironment, wantedPort } from "./operations/settings";

/** `npm start`: serves the built app on the database of DATABASE_URL, without a worker. */
async function app(): Promise<undefined> {
  if (!existsSync(join(root, ".next", "BUILD_ID"))) {
    throw new CannotProceed("The app is not built.", "Build it first: npm run build");
  }
  setEnvironment({ NODE_ENV: "production" });
  const server = await hold(
    () => takePort(wantedPort(), EVERYBODY),
    (taken) => taken.close(),
  );
  await answerRequests(server);
  nowServing();
  process.stdout.write(`Leeway is ready on http://localhost:${server.port}\n`);
  return undefined;
}

await runProgram(app);
