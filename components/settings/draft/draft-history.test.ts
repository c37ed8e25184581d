import { describe, expect, it } from "vitest";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { beginHistory, changesBetween, type DraftHistory, follow, record, redo, undo } from "./draft-history";
import { type PolicyDraft, toDraft } from "./policy-draft";

const first = () => toDraft(startingPolicy({ currency: "USD", timeZone: "UTC" }));

/** One change after another, each so many milliseconds after the one before. */
function changed(history: DraftHistory, gap: number, ...changes: ((draft: PolicyDraft) => void)[]) {
  return changes.reduce((now, change, index) => {
    const draft = structuredClone(now.now);
    change(draft);
    return record(now, draft, 1_000_000 + gap * (index + 1));
  }, history);
}

const max = (text: string) => (draft: PolicyDraft) => {
  for (const limit of draft.limits.slice(0, 1)) limit.max = text;
};
const why = (text: string) => (draft: PolicyDraft) => {
  for (const limit of draft.limits.slice(0, 1)) limit.why = text;
};

// The risk: undoing loses more than the last change, or what was typed can't be had back.
describe("the history of a draft", () => {
  it("goes back step by step, and forth again", () => {
    const start = beginHistory(first());
    const end = changed(start, 5000, max("1"), why("Because."), (draft) => void draft.rules.pop());
    const back = undo(undo(end));
    expect(back.now.limits[0]).toMatchObject({ max: "1", why: start.now.limits[0]?.why });
    expect(back.now.rules).toEqual(start.now.rules);
    expect(undo(back).now).toEqual(start.now);
    expect(redo(redo(back)).now).toEqual(end.now);
  });

  it("takes typing on in one field for one step, and a pause or another field for the next", () => {
    const start = beginHistory(first());
    const typed = changed(start, 100, max("3"), max("30"), max("30."), why("a"), why("ab"));
    expect(typed.past).toHaveLength(2);
    expect(undo(typed).now.limits[0]?.max).toBe("30.");
    expect(changed(start, 2000, max("3"), max("30")).past).toHaveLength(2);
  });

  it("adds no step for what changes nothing, nor for what follows by itself", () => {
    const start = changed(beginHistory(first()), 5000, max("1"));
    expect(record(start, structuredClone(start.now), 9_000_000)).toBe(start);
    const named = structuredClone(start.now);
    for (const limit of named.limits.slice(0, 1)) limit.id = "suggested";
    const after = follow(start, named);
    expect(after.past).toBe(start.past);
    expect(after.now.limits[0]?.id).toBe("suggested");
  });

  it("forgets what was undone once something else is changed", () => {
    const undone = undo(changed(beginHistory(first()), 5000, max("1")));
    expect(undone.future).toHaveLength(1);
    expect(changed(undone, 5000, max("2")).future).toEqual([]);
  });

  it("stays where it is at both ends", () => {
    const start = beginHistory(first());
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
  });

  it("shares what stayed the same and nothing with the form, which is changed in place", () => {
    const form = first();
    const start = beginHistory(form);
    max("1")(form);
    const next = record(start, form, 1);
    expect(start.now.limits[0]?.max).not.toBe("1");
    expect(next.now.rules).toBe(start.now.rules);
    expect(next.now.limits[1]).toBe(start.now.limits[1]);
    max("2")(form);
    expect(next.now.limits[0]?.max).toBe("1");
  });
});

describe("where two drafts differ", () => {
  it("is the field, as long as both have the same parts, and else the whole list", () => {
    const before = first();
    const after = structuredClone(before);
    max("1")(after);
    after.rules.pop();
    after.mission = "Well.";
    expect(changesBetween(before, after).map(({ path }) => path)).toEqual([
      "mission",
      "limits.0.max",
      "rules",
    ]);
  });

  it("is a whole list of words, and a whole condition where there was none", () => {
    const before = first();
    const after = structuredClone(before);
    for (const limit of after.limits.slice(0, 1)) {
      limit.when.roles = ["manager"];
      limit.when.amount = { over: "5", under: "" };
    }
    expect(changesBetween(before, after).map(({ path }) => path)).toEqual([
      "limits.0.when.roles",
      "limits.0.when.amount",
    ]);
  });
});
