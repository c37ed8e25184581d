import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Colleague, lineOf, standInAt } from "@/lib/handovers/line";

const IDS = ["ada", "ben", "cleo", "dan", "eve", "fay", "gus"];
const someId = fc.constantFrom(...IDS);

/** A house out of a few people: teams, line managers and deputies at random, in circles too. */
const house = fc
  .tuple(
    ...IDS.map((id) =>
      fc.record({
        id: fc.constant(id),
        role: fc.constantFrom("agent", "manager", "admin", "auditor"),
        teamId: fc.constantFrom("north", "south", null),
        managerId: fc.option(someId),
        onDuty: fc.boolean(),
        deputyId: fc.option(someId.filter((other) => other !== id)),
        waiting: fc.integer({ min: 0, max: 3 }),
      }),
    ),
  )
  .map((people) => people as Colleague[]);

const find = (people: readonly Colleague[], id: string) => people.find((one) => one.id === id);

describe("who is asked, one after the other", () => {
  // Risk: a handover waits for somebody who is away, for an auditor, or for whoever asked.
  test("is nobody who is away, never whoever asks, no auditor, and nobody twice", () => {
    fc.assert(
      fc.property(house, someId, (people, asker) => {
        const line = lineOf(asker, people);
        expect(new Set(line).size).toBe(line.length);
        for (const id of line) {
          expect(id).not.toBe(asker);
          expect(find(people, id)).toMatchObject({ onDuty: true });
          expect(find(people, id)?.role).not.toBe("auditor");
        }
      }),
    );
  });

  // Risk: somebody who could have answered is never asked.
  test("is in the end everybody who is on duty", () => {
    fc.assert(
      fc.property(house, someId, (people, asker) => {
        const there = people.filter(({ id, onDuty, role }) => onDuty && id !== asker && role !== "auditor");
        expect([...lineOf(asker, people)].sort()).toEqual(there.map(({ id }) => id).sort());
      }),
    );
  });

  test("begins with the line manager, or with who stands in for them where they are away", () => {
    fc.assert(
      fc.property(house, someId, (people, asker) => {
        const manager = find(people, find(people, asker)?.managerId ?? "");
        if (!manager || manager.id === asker || manager.role === "auditor") return;
        const first = manager.onDuty ? manager : find(people, manager.deputyId ?? "");
        if (!first?.onDuty || first.id === asker || first.role === "auditor") return;
        expect(lineOf(asker, people)[0]).toBe(first.id);
      }),
    );
  });

  test("goes through the team before anybody else, but for deputies of the team", () => {
    const person = (id: string, parts: Partial<Colleague> = {}): Colleague => ({
      id,
      role: "agent",
      teamId: "north",
      managerId: null,
      onDuty: true,
      deputyId: null,
      waiting: 0,
      ...parts,
    });
    const people = [
      person("asker", { managerId: "line" }),
      person("line", { role: "manager", managerId: "head" }),
      person("head", { role: "manager", teamId: null }),
      person("peer"),
      person("lead", { role: "manager", waiting: 2 }),
      person("idle", { role: "manager" }),
      person("away", { onDuty: false, deputyId: "deputy" }),
      person("deputy", { teamId: "south" }),
      person("boss", { role: "admin", teamId: null }),
      person("other", { role: "manager", teamId: "south" }),
    ];
    expect(lineOf("asker", people)).toEqual([
      ...["line", "idle", "lead", "deputy", "peer"],
      ...["head", "other", "boss"],
    ]);
  });
});

describe("the time that somebody has before the next in line is asked", () => {
  test("is half of what is left, and ends before the deadline", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 10_000_000_000 }), (left) => {
        const now = new Date("2026-03-03T10:00:00Z");
        const at = standInAt(now, new Date(now.getTime() + left));
        if (at === null) expect(left).toBeLessThan(60_000);
        else {
          expect(at.getTime()).toBeGreaterThan(now.getTime());
          expect(at.getTime()).toBeLessThan(now.getTime() + left);
        }
      }),
    );
  });
});
