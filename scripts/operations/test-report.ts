import { stripVTControlCharacters } from "node:util";

/** How many tests of a run passed, failed and were skipped. */
export type Counts = { passed: number; failed: number; skipped: number };

/** A test that did not pass, by its file and its own name, and what was said of it. */
export type Failure = { test: string; message: string };

/** What is read of Vitest's JSON report. */
export type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] | null }[];
  }[];
};

type PlaywrightSuite = {
  title: string;
  suites?: PlaywrightSuite[];
  specs?: { title: string; tests: { status: string; results: { error?: { message?: string } }[] }[] }[];
};

/** What is read of Playwright's JSON report. */
export type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites?: PlaywrightSuite[];
};

/** A file that could not even be loaded holds no test that could fail, so it counts as one. */
export function countVitest(report: VitestReport): Counts {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A test that passed only at a second try passed; `playwrightSecondTries` names it. */
export function countPlaywright({ stats }: PlaywrightReport): Counts {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/**
 * What a part comes to. A runner that ended in failure without a failed test (it broke down, or its report is missing)
 * counts as one failed test, so that the closing line never says that all is well when it is not.
 */
export function countPart(counts: Counts | undefined, exitCode: number): Counts {
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const brokeDown = failed === 0 && (exitCode !== 0 || counts === undefined);
  return { passed, failed: brokeDown ? 1 : failed, skipped };
}

export function addCounts(parts: Counts[]): Counts {
  return parts.reduce(
    (sum, part) => ({
      passed: sum.passed + part.passed,
      failed: sum.failed + part.failed,
      skipped: sum.skipped + part.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** What failed in a run of Vitest. `root` is taken off the files' names. */
export function vitestFailures(report: VitestReport, root: string): Failure[] {
  return report.testResults.flatMap(({ name, status, message = "", assertionResults }) => {
    const file = name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name;
    if (status === "failed" && assertionResults.length === 0) return [{ test: file, message }];
    return assertionResults
      .filter((assertion) => assertion.status === "failed")
      .map(({ fullName, failureMessages }) => ({
        test: `${file} › ${fullName}`,
        message: (failureMessages ?? []).join("\n"),
      }));
  });
}

/** What failed in a run of Playwright, at its second try too. */
export function playwrightFailures(report: PlaywrightReport): Failure[] {
  return saidOf(report, "unexpected");
}

/** What failed in a run of Playwright and passed when it was tried again: a race, in the test or in the app. */
export function playwrightSecondTries(report: PlaywrightReport): Failure[] {
  return saidOf(report, "flaky");
}

function saidOf({ suites = [] }: PlaywrightReport, wanted: "unexpected" | "flaky"): Failure[] {
  const within = (suite: PlaywrightSuite, above: string[]): Failure[] => {
    const titles = [...above, suite.title];
    const own = (suite.specs ?? []).flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === wanted)
        .map(({ results }) => ({
          test: [...titles, title].join(" › "),
          message: results.flatMap(({ error }) => error?.message ?? []).join("\n"),
        })),
    );
    return [...own, ...(suite.suites ?? []).flatMap((inner) => within(inner, titles))];
  };
  return suites.flatMap((suite) => within(suite, []));
}

const LINES_OF_A_FAILURE = 12;

/** What failed, said once more where a run ends: its parts before the last are far up by then. */
export function failuresAgain(failures: Failure[]): string {
  return failures
    .map(({ test, message }) => {
      const lines = stripVTControlCharacters(message)
        .split("\n")
        .filter((line) => line.trim() && !line.includes("/node_modules/"))
        .slice(0, LINES_OF_A_FAILURE);
      return [`✗ ${test}`, ...lines.map((line) => `    ${line}`)].join("\n");
    })
    .join("\n");
}

/** The last line of a run, alone on its line. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
