import { answerRequests } from "../operations/app";
import { takePort } from "../operations/app-server";
import { hold, nowServing, runProgram } from "../operations/program";

/** Serves the built app as `npm start` does, and tells its starter the port. */
await runProgram(async () => {
  const server = await hold(
    () => takePort(0),
    (taken) => taken.close(),
  );
  await answerRequests(server);
  nowServing();
  process.on("message", () => process.send?.({ answer: server.port }));
  return undefined;
});
