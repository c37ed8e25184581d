import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { previewTogether } from "@/lib/decisions/decide";
import { type DecisionInput, decisionInputSchema } from "@/lib/decisions/schema";
import { answerHandover } from "@/lib/handovers/mutations";
import { mergeCustomers } from "@/lib/merges/mutations";
import { expectBalanced } from "../setup/books";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const CASE = {
  channel: "chat",
  happened: "The lamp came broken.",
  need: "Light by Friday.",
  cause: "damaged",
};

type Scenario = Awaited<ReturnType<typeof scenario>>;

async function casesOf(s: Scenario) {
  const { rows } = await testDatabase().pool.query<{ cases: number; decisions: number; causes: string[] }>(
    `select (select count(*)::integer from cases where organization_id = $1) as cases,
       count(case_id)::integer as decisions, array_agg(distinct cause || '/' || channel) as causes
     from decisions where organization_id = $1`,
    [s.organizationId],
  );
  return rows[0];
}

function request(customer: string, parts: Partial<DecisionInput> = {}): DecisionInput {
  return { customer, remedy: "credit", amount: 1000, currency: "USD", ...parts };
}

describe("several decisions of one case", () => {
  // Risk: one complaint with three remedies is three complaints in every number.
  it("are of the same case, told once, whatever remedy and verdict each has", async () => {
    const s = await scenario({
      limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
    });
    const customer = await s.customer();
    const first = decided(await s.ask(request(customer, { case: CASE })));
    const caseOf = first.id ?? "";
    const gift = decided(await s.ask(request(customer, { remedy: "gift", amount: 0, caseOf })));
    const more = decided(await s.ask(request(customer, { amount: 4001, caseOf: gift.id ?? "" })));
    expect([first.verdict, gift.verdict, more.verdict]).toEqual(["allow", "allow", "handover"]);
    expect(await casesOf(s)).toEqual({ cases: 1, decisions: 3, causes: ["damaged/chat"] });
    await expectBalanced(s.organizationId);
  });

  // Risk: a limit "in a case" is passed by deciding twice.
  it("count together on a limit of the case, to the last cent", async () => {
    const s = await scenario({
      limits: [limit({ id: "per-case", scope: ["employee"], window: "case", max: 5000, over: "deny" })],
    });
    const customer = await s.customer();
    const first = decided(await s.ask(request(customer, { amount: 3000, case: CASE })));
    const caseOf = first.id ?? "";
    const over = decided(await s.ask(request(customer, { amount: 2001, caseOf })));
    expect(over).toMatchObject({ verdict: "deny", explanation: { binding: "per-case", maxAmount: 2000 } });
    expect(decided(await s.ask(request(customer, { amount: 2000, caseOf }))).verdict).toBe("allow");
    expect(decided(await s.ask(request(customer, { amount: 1, caseOf }))).verdict).toBe("deny");
    // Another case begins anew.
    expect(decided(await s.ask(request(customer, { amount: 5000, case: CASE }))).verdict).toBe("allow");
    await expectBalanced(s.organizationId);
  });

  it("never pass a limit of the case together, from eight at once", async () => {
    const s = await scenario({
      limits: [limit({ id: "per-case", scope: ["customer"], window: "case", max: 5000, over: "deny" })],
    });
    const customer = await s.customer();
    const first = decided(await s.ask(request(customer, { case: CASE })));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => s.ask(request(customer, { caseOf: first.id ?? "" }))),
    );
    const verdicts = answers.map((answer) => decided(answer).verdict);
    expect(verdicts.filter((verdict) => verdict === "allow")).toHaveLength(4);
    await expectBalanced(s.organizationId);
  });

  // Risk: what waits for an answer is in its own way when it is answered, or forgets the rest of its case.
  it("are answered with what the others of the case hold, and without what they hold themselves", async () => {
    const s = await scenario({
      limits: [
        limit({
          id: "agent-case",
          scope: ["employee", "customer"],
          window: "case",
          max: 2000,
          when: { roles: ["agent"] },
        }),
        limit({ id: "house-case", scope: ["customer"], window: "case", max: 6000, over: "deny" }),
      ],
    });
    const customer = await s.customer();
    const first = decided(await s.ask(request(customer, { amount: 2000, case: CASE })));
    const held = decided(await s.ask(request(customer, { amount: 4000, caseOf: first.id ?? "" })));
    expect(held.verdict).toBe("handover");
    const { rows } = await testDatabase().pool.query<{ id: string }>(
      "select id from handovers where decision_id = $1",
      [held.id],
    );
    const answer = await answerHandover({
      actor: s.manager,
      handoverId: rows[0]?.id ?? "",
      input: { answer: "approve", note: "Gladly, for once." },
      now: new Date(),
    });
    expect(answer).toMatchObject({ ok: true, handover: { status: "approved", grantedAmount: 4000 } });
    await expectBalanced(s.organizationId);
  });

  it("are done once under one key, however often they are sent", async () => {
    const s = await scenario();
    const customer = await s.customer();
    const first = decided(await s.ask(request(customer, { case: CASE })));
    const second = request(customer, { amount: 700, caseOf: first.id ?? "" });
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => s.ask(second, { key })));
    expect(new Set(answers.map((answer) => decided(answer).id)).size).toBe(1);
    expect(await s.ask({ ...second, amount: 701 }, { key })).toMatchObject({ code: "idempotency_mismatch" });
    expect(await casesOf(s)).toMatchObject({ cases: 1, decisions: 2 });
  });

  // Risk: somebody hangs their gifts on the case of a colleague, or of another customer.
  it("are the same person's for the same customer", async () => {
    const s = await scenario();
    const stranger = await scenario();
    const customer = await s.customer();
    const first = decided(await s.ask(request(customer, { case: CASE })));
    const without = decided(await s.ask(request(customer)));
    const refused = { ok: false, code: "case_not_found" };
    const ask = (target: string, caseOf: string | null, actor = s.agent) =>
      s.ask(request(target, { caseOf: caseOf ?? "" }), { actor });
    expect(await ask(await s.customer(), first.id)).toMatchObject(refused);
    expect(await ask(customer, without.id)).toMatchObject(refused);
    expect(await ask(customer, randomUUID())).toMatchObject(refused);
    expect(await ask(customer, first.id, await s.employee("agent"))).toMatchObject(refused);
    const theirs = await stranger.customer();
    expect(await stranger.ask(request(theirs, { caseOf: first.id ?? "" }))).toMatchObject(refused);
    expect(
      decisionInputSchema.safeParse({ ...request(customer), case: CASE, caseOf: randomUUID() }).success,
    ).toBe(false);
  });

  it("go on when the customer's record is merged into another one in between", async () => {
    const s = await scenario();
    const [duplicate, stays] = [await s.customer(), await s.customer()];
    const first = decided(await s.ask(request(duplicate, { case: CASE })));
    const merged = await mergeCustomers({
      organizationId: s.organizationId,
      duplicateId: duplicate,
      customerId: stays,
      reason: "The same person.",
      writer: { actor: { kind: "system", id: null }, employeeId: null },
      now: new Date(),
    });
    expect(merged.ok).toBe(true);
    for (const customer of [duplicate, stays]) {
      const next = decided(await s.ask(request(customer, { caseOf: first.id ?? "" })));
      expect(next.customer).toBe(stays);
    }
    expect(await casesOf(s)).toMatchObject({ cases: 1, decisions: 3 });
  });
});

describe("a preview of several remedies", () => {
  // Risk: each passes by itself, the page says so, and the second one is handed over all the same.
  it("says of each what becomes of it after the ones before it, and writes nothing", async () => {
    const s = await scenario({
      limits: [
        limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 }),
        limit({
          id: "per-case",
          scope: ["customer"],
          window: "case",
          measure: "count",
          max: 3,
          over: "deny",
        }),
      ],
    });
    const customer = await s.customer();
    const order = await s.order(customer, 2000);
    const inputs = [
      request(customer, { remedy: "refund", order, amount: 1500, case: CASE }),
      request(customer, { remedy: "refund", order, amount: 501, case: CASE }),
      request(customer, { amount: 3000, case: CASE }),
      request(customer, { amount: 600, case: CASE }),
      request(customer, { amount: 1, case: CASE }),
    ];
    const answer = await previewTogether({ actor: s.agent, inputs, now: new Date() });
    if (!answer.ok) throw new Error(answer.code);
    expect(answer.decisions.map(({ verdict, explanation }) => [verdict, explanation.binding])).toEqual([
      ["allow", "guest-day"],
      ["deny", "order-refundable"],
      ["allow", "guest-day"],
      ["handover", "guest-day"],
      ["deny", "per-case"],
    ]);
    expect(await casesOf(s)).toMatchObject({ cases: 0, decisions: 0 });

    // What is then decided, one after the other, is what was said.
    const [told, ...others] = inputs.map(({ case: _case, ...rest }) => rest);
    if (!told) throw new Error("Nothing was asked for.");
    const first = decided(await s.ask({ ...told, case: CASE }));
    const rest = [];
    for (const each of others) rest.push(decided(await s.ask({ ...each, caseOf: first.id ?? "" })));
    const verdicts = [first, ...rest].map(({ verdict }) => verdict);
    expect(verdicts).toEqual(answer.decisions.map(({ verdict }) => verdict));
  });
});
