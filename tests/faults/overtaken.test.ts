import { afterEach, describe, expect, it } from "vitest";
import { mergeCustomers } from "@/lib/merges/mutations";
import { splitLimit } from "@/lib/slots/mutations";
import { expectNothingWrong } from "../setup/aftermath";
import { faultsOfFile } from "../setup/faults";
import { decided, limit, scenario } from "../setup/scenario";

const ALL = limit({ id: "all-day", scope: ["organization"], window: "day", max: 100 });
const GUEST = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 100 });

type Scenario = Awaited<ReturnType<typeof scenario>>;

afterEach(() => {
  faultsOfFile().proxy.onCall = undefined;
});

/** Asks for an amount and, between what is read for it and its record, has something else happen. */
async function askOvertakenBy(s: Scenario, customer: string, amount: number, what: () => Promise<unknown>) {
  const { proxy } = faultsOfFile();
  proxy.onCall = ({ text }) => {
    if (!/record_decision/.test(text)) return undefined;
    proxy.onCall = undefined;
    return { until: what() };
  };
  return decided(await s.ask({ customer, amount }));
}

// Risk: the verdict was true when it was worked out, and is not any more when it is written down.
describe("a verdict that is overtaken before it is recorded is worked out again", () => {
  it("when somebody took what was left", async () => {
    const s = await scenario({ limits: [GUEST] });
    const customer = await s.customer();
    const decision = await askOvertakenBy(s, customer, 60, () => s.ask({ customer, amount: 50 }));
    expect(decision.verdict).toBe("handover");
    await expectNothingWrong(s.organizationId);
  });

  it("when somebody was handed over for more than a split limit leaves", async () => {
    const s = await scenario({ limits: [ALL] });
    const { organizationId } = s;
    const customer = await s.customer();
    await splitLimit({ organizationId, limitId: ALL.id, slots: 4, now: new Date() });
    // Every slot has its share of what is left.
    for (let turn = 0; turn < 4; turn++) await s.ask({ customer, amount: 1 });
    const overtaking = () =>
      Promise.all(Array.from({ length: 3 }, () => s.ask({ customer, amount: 200 }))).then((answers) => {
        for (const answer of answers) expect(decided(answer).verdict).toBe("handover");
      });
    for (let turn = 0; turn < 6; turn++) {
      const decision = await askOvertakenBy(s, customer, 2, turn === 0 ? overtaking : async () => undefined);
      expect(decision.verdict).toBe("handover");
    }
    await expectNothingWrong(organizationId);
  });

  it("when the limit was lowered, and when the customer was merged with one who got more", async () => {
    const s = await scenario({ limits: [GUEST] });
    const [customer, other] = [await s.customer(), await s.customer()];
    await s.ask({ customer: other, amount: 70 });
    const merged = await askOvertakenBy(s, customer, 40, () =>
      mergeCustomers({
        organizationId: s.organizationId,
        duplicateId: customer,
        customerId: other,
        reason: "The same address.",
        writer: { actor: { kind: "system", id: null }, employeeId: null },
        now: new Date(),
      }),
    );
    expect([merged.verdict, merged.customer]).toEqual(["handover", other]);
    const third = await s.customer();
    const lowered = await askOvertakenBy(s, third, 40, () =>
      s.publish(1, { limits: [{ ...GUEST, max: 30 }] }),
    );
    expect([lowered.verdict, lowered.policyVersion]).toEqual(["handover", 2]);
    await expectNothingWrong(s.organizationId);
  });
});
