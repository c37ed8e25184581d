import { describe, expect, test } from "vitest";
import {
  addCounts,
  closingLine,
  countPart,
  countPlaywright,
  countVitest,
  failuresAgain,
  playwrightFailures,
  playwrightSecondTries,
  vitestFailures,
} from "./test-report";

const vitest = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

describe("the closing line", () => {
  test("names skipped tests only when there are any", () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
    expect(closingLine({ passed: 12, failed: 1, skipped: 2 })).toBe("12 passed, 1 failed, 2 skipped");
  });

  test("sums over the parts", () => {
    const parts = [
      { passed: 1, failed: 2, skipped: 3 },
      { passed: 10, failed: 20, skipped: 30 },
    ];
    expect(addCounts(parts)).toEqual({ passed: 11, failed: 22, skipped: 33 });
    expect(addCounts([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe("a part that is not well never counts as passed", () => {
  test("a file that cannot be loaded is a failed test", () => {
    const testResults = [
      { name: "a", status: "failed", assertionResults: [] },
      { name: "b", status: "failed", assertionResults: [{ status: "failed", fullName: "one" }] },
      { name: "c", status: "passed", assertionResults: [{ status: "passed", fullName: "two" }] },
    ];
    const report = { ...vitest, numPassedTests: 1, numFailedTests: 1, testResults };
    expect(countVitest(report)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });

  test("a browser test that failed twice is a failed test, one that passed at its second try is not", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 1 };
    expect(countPlaywright({ stats })).toEqual({ passed: 6, failed: 1, skipped: 1 });
  });

  test("a runner that broke down without a failed test is one", () => {
    expect(countPart({ passed: 7, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    expect(countPart(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countPart({ passed: 7, failed: 3, skipped: 0 }, 1)).toEqual({ passed: 7, failed: 3, skipped: 0 });
    expect(countPart({ passed: 7, failed: 0, skipped: 0 }, 0)).toEqual({ passed: 7, failed: 0, skipped: 0 });
  });
});

describe("what failed is said once more at the end", () => {
  test("of Vitest: a test by file and name, a file that could not be loaded by its own", () => {
    const testResults = [
      { name: "/house/a.test.ts", status: "failed", message: "no such module", assertionResults: [] },
      {
        name: "/house/b.test.ts",
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "well" },
          { status: "failed", fullName: "money is lost", failureMessages: ["expected 1 to be 2\n  at b:3"] },
        ],
      },
    ];
    expect(vitestFailures({ ...vitest, testResults }, "/house")).toEqual([
      { test: "a.test.ts", message: "no such module" },
      { test: "b.test.ts › money is lost", message: "expected 1 to be 2\n  at b:3" },
    ]);
  });

  test("of Playwright: however deep it stands, and apart from it what went well at a second try", () => {
    const passed = { status: "expected", results: [{}] };
    const failed = { status: "unexpected", results: [{ error: { message: "not visible" } }] };
    const flaky = { status: "flaky", results: [{ error: { message: "too late" } }, {}] };
    const suites = [
      {
        title: "desk.spec.ts",
        specs: [{ title: "opens", tests: [passed] }],
        suites: [
          {
            title: "a case",
            specs: [
              { title: "is found", tests: [failed] },
              { title: "is kept", tests: [flaky] },
            ],
          },
        ],
      },
    ];
    const report = { stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 }, suites };
    expect(playwrightFailures(report)).toEqual([
      { test: "desk.spec.ts › a case › is found", message: "not visible" },
    ]);
    expect(playwrightSecondTries(report)).toEqual([
      { test: "desk.spec.ts › a case › is kept", message: "too late" },
    ]);
  });

  test("with the first lines of what was said", () => {
    const message = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join("\n");
    const said = failuresAgain([
      { test: "one", message },
      { test: "two", message: "" },
    ]).split("\n");
    expect(said.slice(0, 2)).toEqual(["✗ one", "    line 0"]);
    expect(said).toHaveLength(14);
    expect(said.at(-1)).toBe("✗ two");
  });
});
