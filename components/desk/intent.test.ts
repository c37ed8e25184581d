import { describe, expect, it } from "vitest";
import type { DecidedView, DecisionView } from "@/lib/decisions/types";
import { bodyToSend, type Intent, nextPart, withRecorded } from "./intent";

const body = (amount: number) => ({
  customer: "c1",
  remedy: "credit" as const,
  amount,
  currency: "USD",
  case: { channel: "phone", happened: "It broke.", cause: "damaged" },
});
const preview = {} as DecisionView;
const intent: Intent = {
  parts: [1, 2, 3].map((amount) => ({
    body: body(amount),
    preview,
    idempotencyKey: `k${amount}`,
    recorded: null,
  })),
  promise: null,
};
const recorded = (id: string) => ({ decision: { id } as DecidedView, replayed: false, answeredAt: 0 });

describe("several remedies of one case", () => {
  // Risk: the second remedy tells the case anew, and one complaint becomes two in every number.
  it("tell the case once, and name the first decision afterwards", () => {
    expect(bodyToSend(intent, 0)).toEqual(body(1));
    expect(bodyToSend(intent, 1)).toBeNull();
    const begun = withRecorded(intent, 0, recorded("d1"));
    const { case: _told, ...rest } = body(2);
    expect(bodyToSend(begun, 1)).toEqual({ ...rest, caseOf: "d1" });
  });

  // Risk: what was recorded is sent again after a fault in the middle.
  it("go on with the first that is not recorded", () => {
    expect(nextPart(intent)).toBe(0);
    const begun = withRecorded(withRecorded(intent, 0, recorded("d1")), 1, recorded("d2"));
    expect(nextPart(begun)).toBe(2);
    expect(nextPart(withRecorded(begun, 2, recorded("d3")))).toBeNull();
    expect(begun.parts.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["k1", "k2", "k3"]);
  });
});
