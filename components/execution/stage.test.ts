import { expect, it } from "vitest";
import { EXECUTION_STATES, type ExecutionView, REVERSAL_STATES } from "@/lib/execution/types";
import { stageOf, stageOfAll } from "./stage";

const execution = (parts: Partial<ExecutionView>): ExecutionView => ({
  ...{ status: "queued", provider: null, attempt: 0, reference: null, failure: null },
  ...{ begunAt: null, movedAt: null, finishedAt: null, dueAt: null, reversal: null },
  ...parts,
});

// Risk: a heading says that it is done while nothing has moved, or after it came back.
it("says done of nothing but what was carried out and stands", () => {
  const done = EXECUTION_STATES.filter((status) => stageOf(execution({ status }), true) === "succeeded");
  expect(done).toEqual(["succeeded"]);
  for (const status of REVERSAL_STATES) {
    const reversal = { status, reference: null, failure: null };
    expect(stageOf(execution({ status: "succeeded", reversal }), true)).toMatch(
      /^(taking_back|taken_back|not_taken_back)$/,
    );
  }
});

it("says reserved until somebody begins, and only recorded of what was recorded a while ago", () => {
  expect(stageOf(null, true)).toBe("queued");
  expect(stageOf(null, false)).toBe("recorded");
  expect(stageOf(execution({ status: "queued" }), false)).toBe("queued");
  expect(stageOf(execution({ status: "pending" }), false)).toBe("moving");
  expect(stageOf(execution({ status: "cancelled" }), false)).toBe("taken_back");
});

it("says of several what is true of each, and that one failed where one did", () => {
  expect(stageOfAll(["queued", "queued"])).toBe("queued");
  expect(stageOfAll(["succeeded", "by_hand"])).toBe("recorded");
  expect(stageOfAll(["succeeded", "failed"])).toBe("failed");
  expect(stageOfAll(["succeeded", "succeeded"])).toBe("succeeded");
  expect(stageOfAll([])).toBe("recorded");
});
