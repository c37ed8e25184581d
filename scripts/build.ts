import { ensureBuild } from "./operations/next-build";
import { runProgram } from "./operations/program";
import { step } from "./operations/step";

await runProgram(async () => {
  await step("Building the app", "Run the same command again.", ensureBuild);
  return 0;
});
