import { describe, expect, test } from "vitest";
import { addCounts, closingLine, countPart, countPlaywright, countVitest } from "./test-report";

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
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{}] },
      { status: "passed", assertionResults: [{}] },
    ];
    const report = { ...vitest, numPassedTests: 1, numFailedTests: 1, testResults };
    expect(countVitest(report)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });

  test("a browser test that passed only at a second try is a failed test", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 1 };
    expect(countPlaywright({ stats })).toEqual({ passed: 5, failed: 2, skipped: 1 });
  });

  test("a runner that broke down without a failed test is one", () => {
    expect(countPart({ passed: 7, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    expect(countPart(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countPart({ passed: 7, failed: 3, skipped: 0 }, 1)).toEqual({ passed: 7, failed: 3, skipped: 0 });
    expect(countPart({ passed: 7, failed: 0, skipped: 0 }, 0)).toEqual({ passed: 7, failed: 0, skipped: 0 });
  });
});
