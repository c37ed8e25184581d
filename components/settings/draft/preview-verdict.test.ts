import { describe, expect, it } from "vitest";
import { runExample } from "@/lib/discretion/examples";
import { aLimit, aPolicy, aRule } from "@/lib/discretion/fixtures";
import { readExample } from "./example-draft";
import {
  exampleOfQuestion,
  FIRST_QUESTION,
  type PreviewDraft,
  previewVerdict,
  readQuestion,
} from "./preview-verdict";

const DRAFT: PreviewDraft = { ...FIRST_QUESTION, amount: "25.00", paid: "100.00" };
const POLICY = aPolicy({
  limits: [aLimit({ max: 20_000 })],
  rules: [aRule({ id: "old", effect: "bend", when: { orderAgeDays: { over: 90 } } })],
});

function ask(change: Partial<PreviewDraft> = {}) {
  const read = readQuestion({ ...DRAFT, ...change }, POLICY.currency);
  if (!read.ok) throw new Error(`Unreadable: ${read.unreadable.join(", ")}`);
  return previewVerdict(POLICY, read.question);
}

// The risk: an admin is shown another verdict than an agent will see.
describe("the answer to a question", () => {
  it("is the engine's, at a limit, just above it, and below it after what was given today", () => {
    expect(ask({ amount: "200.00" }).verdict).toBe("allow");
    expect(ask({ amount: "200.01" }).verdict).toBe("handover");
    expect(ask({ amount: "50.00", given: "150.00" }).verdict).toBe("allow");
    expect(ask({ amount: "50.01", given: "150.00" })).toMatchObject({
      verdict: "handover",
      explanation: { binding: "guest-day", maxAmount: 5000 },
    });
  });

  it("counts what was given before also where the policy would have denied it", () => {
    const strict = aPolicy({ limits: [aLimit({ max: 10_000, over: "deny" })] });
    const read = readQuestion({ ...DRAFT, given: "150.00" }, "USD");
    if (!read.ok) throw new Error("It can be read.");
    expect(previewVerdict(strict, read.question).verdict).toBe("deny");
  });

  it("knows the order, its age, and that its age is not known", () => {
    expect(ask({ hasOrder: true, ageDays: "91" }).verdict).toBe("bend");
    expect(ask({ hasOrder: true, ageDays: "" }).verdict).toBe("handover");
    expect(ask({ hasOrder: true, ageDays: "3", remedy: "refund", paid: "20.00" }).verdict).toBe("deny");
  });

  it("names every number that can't be read", () => {
    const broken = { ...DRAFT, amount: "0", given: "x", hasOrder: true, paid: "", ageDays: "old" };
    expect(readQuestion(broken, "USD")).toEqual({
      ok: false,
      unreadable: ["amount", "given", "paid", "ageDays"],
    });
    expect(readQuestion({ ...DRAFT, amount: "0", remedy: "gift" }, "USD").ok).toBe(true);
  });

  it("can be kept as an example, which passes then", () => {
    const draft = { ...DRAFT, amount: "50.01", given: "150.00", hasOrder: true, tier: "gold" };
    const faults: never[] = [];
    const kept = readExample(exampleOfQuestion(draft, ask(draft)), "USD", "examples.0", faults);
    expect(faults).toEqual([]);
    expect(kept.then).toEqual({ verdict: "handover", binding: "guest-day" });
    expect(runExample(POLICY, kept).passes).toBe(true);
  });
});
