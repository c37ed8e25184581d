import { runCommandLine } from "./leeway/command-line";
import { runProgram } from "./operations/program";

await runProgram(() => runCommandLine(process.argv.slice(2)));
