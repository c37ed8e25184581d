import { expect, test } from "vitest";
import { createGroups, GROUPS_LISTED, GROUPS_TRACKED } from "./groups";

const ALLOWED = { recorded: "allow", current: "bend", draft: "handover" } as const;
const DENIED = { recorded: "deny", current: "deny", draft: "allow" } as const;

test("requests are summed up by group, the largest first, with what each voice solved without asking", () => {
  const groups = createGroups();
  groups.add("late", ALLOWED, 10);
  groups.add("damaged", ALLOWED, 1);
  groups.add("damaged", DENIED, 2);
  groups.add(null, DENIED, 5);
  expect(groups.read().map(({ key }) => key)).toEqual(["damaged", "late", null]);
  expect(groups.read()[0]).toEqual({
    key: "damaged",
    name: null,
    total: { count: 2, amount: 3 },
    solved: {
      recorded: { count: 1, amount: 1 },
      current: { count: 1, amount: 1 },
      draft: { count: 1, amount: 2 },
    },
  });
});

// Risk: causes are free text; a million of them would fill the memory, or the page, or drop out of the sums.
test("what is beyond the bounds is put together, and nothing is lost", () => {
  const groups = createGroups();
  const many = GROUPS_TRACKED + 70;
  for (let i = 0; i < many; i++) groups.add(`cause ${i}`, ALLOWED, 1);
  groups.add("cause 0", ALLOWED, 1);
  const read = groups.read();
  expect(read).toHaveLength(GROUPS_LISTED + 1);
  expect(read[0]).toMatchObject({ key: "cause 0", total: { count: 2 } });
  const rest = read.at(-1);
  expect(rest).toMatchObject({ key: null, name: null, total: { count: many - GROUPS_LISTED } });
  expect(rest?.others).toBeGreaterThan(0);
  expect(rest?.solved.current.count).toBe(many - GROUPS_LISTED);
  expect(read.reduce((sum, { total }) => sum + total.count, 0)).toBe(many + 1);
});
