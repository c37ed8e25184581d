import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { messages } from "@/lib/copy/messages";
import { type PolicyCopy, policyWords, scopeOf } from "./policy-words";

const speak = <Place extends string>(namespace: Place) =>
  createTranslator({ locale: "en", messages, namespace: namespace as never }) as unknown;
const copy = { policy: speak("settings.policy"), windows: speak("common.window") } as PolicyCopy;
const words = policyWords(copy, "USD");
const reasons = { why: "It is right.", say: "Gladly." };

describe("the sentence of a limit", () => {
  it("says who may give whom", () => {
    const said = (scope: Parameters<typeof words.who>[0], roles?: Parameters<typeof words.who>[1]) =>
      `${words.who(scope, roles)} … ${words.whom(scope)}`;
    expect(said(["employee", "customer"], ["agent"])).toBe("An agent … one customer");
    expect(said(["employee"], ["manager", "agent"])).toBe("An agent or a manager … all customers together");
    expect(said(["customer"], ["agent"])).toBe("Agents together … one customer");
    expect(said(["team"])).toBe("Everyone of one team together … all customers together");
    expect(said(["order"])).toBe("Everyone together … on one order");
    expect(said(["organization"], ["agent", "manager", "admin"])).toBe(
      "Agents, managers, and admins together … all customers together",
    );
  });

  it("keeps a scope as it was written when the same is chosen again", () => {
    expect(scopeOf("each", "customer", ["customer", "employee"])).toEqual(["customer", "employee"]);
    expect(scopeOf("team", "customer", ["customer", "employee"])).toEqual(["customer", "team"]);
    expect(scopeOf("all", "all", ["customer"])).toEqual(["organization"]);
    expect(scopeOf("each", "all", ["organization"])).toEqual(["employee"]);
  });

  it("is the same sentence whether it is read or told", () => {
    expect(
      words.limit({
        id: "guest-day",
        scope: ["employee", "customer"],
        window: "day",
        measure: "amount",
        max: 20000,
        over: "handover",
        when: { roles: ["agent"], remedies: ["gift"] },
        ...reasons,
      }),
    ).toBe(
      "An agent may give one customer 200.00 USD a day; above it, hand over. Counts only when it is a gift.",
    );
    expect(
      words.rule({
        id: "no-order",
        effect: "bend",
        when: { remedies: ["refund"], hasOrder: false },
        ...reasons,
      }),
    ).toBe("When it is a refund and there is no order, ask for a written reason.");
    expect(words.rule({ id: "never", effect: "deny", ...reasons })).toBe("Always deny.");
  });

  it("says that a number is not there yet", () => {
    expect(words.max({ measure: "amount", max: Number.NaN })).toBe("…");
    expect(words.window({ rollingDays: Number.NaN })).toBe("…");
  });
});
