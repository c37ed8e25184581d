import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { upsertCustomer } from "@/lib/customers/mutations";
import { readSimilar } from "@/lib/precedents/data";
import type { SimilarQuery } from "@/lib/precedents/schema";
import { reverseDecision } from "@/lib/reversals/mutations";
import { recordSurveyAnswer } from "@/lib/surveys/mutations";
import { createCustomer } from "../factories/customers";
import { decided, limit, scenario } from "../setup/scenario";

const told = (cause: string) => ({ channel: "phone", happened: "Zenobia's parcel came late.", cause });

async function house() {
  const s = await scenario({
    limits: [
      limit({
        id: "agent-day",
        scope: ["employee", "customer"],
        window: "day",
        max: 5000,
        when: { roles: ["agent"] },
      }),
    ],
  });
  const { id: customer } = await createCustomer(s, { name: "Zenobia Quill", tier: "gold" });
  return {
    ...s,
    customer: customer,
    async give(amount: number, parts: { tier?: string; cause?: string; remedy?: "credit" | "gift" } = {}) {
      const { id } = await createCustomer(s, { name: "Zenobia Other", tier: parts.tier ?? "gold" });
      const { remedy = "credit", cause = "late" } = parts;
      return decided(
        await s.ask({ customer: id, remedy, amount, note: "A note of mine.", case: told(cause) }),
      );
    },
    similar: (parts: Partial<SimilarQuery> = {}) =>
      readSimilar(
        s.organizationId,
        { customer, cause: "late", remedy: "credit", currency: "USD", ...parts },
        { now: new Date(), timeZone: s.agent.timeZone },
      ),
  };
}

describe("what is usual for a cause", () => {
  // Risk: what two people once gave is told to everybody as what is done here.
  it("is silent until five were given, then the middle half of them", async () => {
    const h = await house();
    for (const amount of [1000, 2000, 3000, 4000]) await h.give(amount);
    expect((await h.similar()).usual).toEqual({});
    await h.give(5000);
    expect((await h.similar()).usual).toEqual({ credit: { from: 2000, to: 4000 } });
    await h.give(100, { cause: "damaged" });
    await h.give(100, { remedy: "gift" });
    expect((await h.similar()).usual).toEqual({ credit: { from: 2000, to: 4000 } });
    expect((await h.similar({ cause: "damaged" })).usual).toEqual({});
    expect((await h.similar({ currency: "EUR" })).usual).toEqual({});
  });

  it("leaves out what was taken back, and what had to be asked for", async () => {
    const h = await house();
    for (const amount of [1000, 2000, 3000, 4000]) await h.give(amount);
    const taken = await h.give(4500);
    await h.give(9000);
    expect((await h.similar()).usual).toMatchObject({ credit: { to: 4000 } });
    const answer = await reverseDecision({
      actor: h.manager,
      decisionId: taken.id ?? "",
      reason: "It had come after all.",
      idempotencyKey: randomUUID(),
      now: new Date(),
    });
    expect(answer.ok).toBe(true);
    expect((await h.similar()).usual).toEqual({});
  });
});

describe("precedents", () => {
  it("are the nearest few of the same cause and remedy, with how they turned out", async () => {
    const h = await house();
    await h.give(4000, { tier: "basic" });
    await h.give(400);
    const held = await h.give(5200);
    const near = await h.give(4100);
    await h.give(2000, { cause: "damaged" });
    expect(held.verdict).toBe("handover");
    const { precedents } = await h.similar({ amount: 4000 });
    expect(precedents.map(({ amount, sameTier, status }) => [amount, sameTier, status])).toEqual([
      [4100, true, "posted"],
      [4000, false, "posted"],
      [400, true, "posted"],
    ]);
    expect(near.verdict).toBe("allow");
  });

  it("say what the customer said of it, where a survey tool told", async () => {
    const h = await house();
    const asked = await h.give(1000);
    await h.give(1100);
    const at = new Date();
    const told = await recordSurveyAnswer({
      organizationId: h.organizationId,
      input: {
        ...{ decision: asked.id ?? "", reference: "Zenobia's ticket" },
        ...{ score: 2, answeredAt: at.toISOString() },
      },
      writer: { kind: "system", id: null },
      at,
    });
    expect(told.ok).toBe(true);
    const similar = await h.similar({ amount: 1000 });
    expect(similar.precedents.map(({ amount, score }) => [amount, score])).toEqual([
      [1000, 2],
      [1100, null],
    ]);
    expect(JSON.stringify(similar)).not.toContain("Zenobia");
  });

  // Risk: one customer's name, or who gave in, is shown to whoever has a similar case.
  it("name nobody: no customer, nobody who decided, no word of what was written", async () => {
    const h = await house();
    for (const amount of [1000, 2000]) await h.give(amount);
    const said = JSON.stringify(await h.similar());
    for (const word of ["Zenobia", "parcel", "note of mine", h.agent.employeeId, h.agent.name]) {
      expect(said).not.toContain(word);
    }
    const ids = said.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g);
    expect(ids).toBeNull();
  });

  it("are never the customer's own, nor another organization's", async () => {
    const h = await house();
    const other = await house();
    await other.give(1000);
    decided(await h.ask({ customer: h.customer, amount: 1000, case: told("late") }));
    expect((await h.similar()).precedents).toEqual([]);
    expect((await h.similar({ customer: other.customer })).precedents).toHaveLength(1);
  });

  it("are of the same tier also where neither has one", async () => {
    const h = await house();
    await upsertCustomer({
      organizationId: h.organizationId,
      externalRef: "bare",
      input: { name: "Nobody in particular", kind: "external" },
      writer: { kind: "system", id: null },
      at: new Date(),
    });
    const bare = (await createCustomer(h, { ref: "bare-2", name: "Bare" })).id;
    decided(await h.ask({ customer: "bare", amount: 1000, case: told("late") }));
    const { precedents } = await h.similar({ customer: bare });
    expect(precedents).toMatchObject([{ sameTier: true, amount: 1000 }]);
  });
});
