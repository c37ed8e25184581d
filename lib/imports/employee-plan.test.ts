import { describe, expect, it } from "vitest";
import { planEmployees, type StoredEmployee, teamKey } from "./employee-plan";
import type { EmployeeField, FileEmployee } from "./employees";
import type { LineFault } from "./types";

const COLUMNS = new Map(
  (["email", "name", "role", "team", "manager"] as const).map((name, index) => [
    name as EmployeeField,
    { index, name },
  ]),
);

function person(email: string, parts: Partial<FileEmployee> = {}): FileEmployee {
  return {
    line: 2,
    email,
    name: email,
    role: null,
    team: undefined,
    manager: undefined,
    startedOn: undefined,
    ...parts,
  };
}

function known(email: string, parts: Partial<StoredEmployee> = {}): StoredEmployee {
  return {
    id: `id of ${email}`,
    email,
    name: email,
    role: "agent",
    active: true,
    teamKey: null,
    manager: null,
    startedOn: null,
    ...parts,
  };
}

function plan(
  employees: FileEmployee[],
  stored: StoredEmployee[] = [],
  teams: { key: string; name: string }[] = [],
) {
  const faults: LineFault[] = [];
  const byEmail = new Map(stored.map((employee) => [employee.email, employee]));
  const planned = planEmployees({ employees, columns: COLUMNS }, byEmail, teams, (fault) =>
    faults.push(fault),
  );
  return { ...planned, faults: faults.map(({ value, problem }) => `${value}: ${problem}`) };
}

describe("employees of a file", () => {
  it("stand in any order; who manages is made first", () => {
    const { people, faults } = plan([
      person("a@x", { manager: "b@x" }),
      person("b@x", { manager: "c@x" }),
      person("c@x"),
    ]);
    expect(people.map(({ email }) => email)).toEqual(["c@x", "b@x", "a@x"]);
    expect(faults).toEqual([]);
  });

  it("may name a manager who is here already", () => {
    const { people } = plan([person("a@x", { manager: "boss@x" })], [known("boss@x")]);
    expect(people.map(({ manager }) => manager)).toEqual(["boss@x"]);
  });

  // Risk: two who manage each other could answer each other's handovers for ever.
  it("are left out where their managers lead back to them, or are nobody", () => {
    const round = plan(
      [person("a@x", { manager: "b@x" }), person("b@x", { manager: "c@x" }), person("d@x")],
      [known("c@x", { manager: "a@x" }), known("a@x")],
    );
    expect(round.people.map(({ email }) => email)).not.toContain("a@x");
    expect(round.faults).toEqual(["b@x: The chain of line managers leads back to this person."]);
    const orphan = plan([person("a@x", { manager: "b@x" }), person("b@x", { manager: "ghost@x" })]);
    expect(orphan.people).toEqual([]);
    expect(orphan.faults).toHaveLength(2);
  });

  it("change only in what the file has a column for", () => {
    const stored = known("a@x", { role: "manager", teamKey: "stores", startedOn: "2020-01-01" });
    const same = plan([person("a@x")], [stored], [{ key: "stores", name: "Stores" }]);
    expect(same.people[0]?.changed).toEqual([]);
    const moved = plan([person("a@x", { name: "Ann", team: null })], [stored]);
    expect(moved.people[0]).toMatchObject({
      changed: ["name", "team"],
      role: "manager",
      startedOn: "2020-01-01",
    });
  });

  it("never leave an organization without an admin", () => {
    const admin = known("a@x", { role: "admin" });
    expect(() => plan([person("a@x", { role: "agent" })], [admin])).toThrow("nobody would be an admin");
    expect(() =>
      plan([person("a@x", { role: "agent" }), person("b@x", { role: "admin" })], [admin]),
    ).not.toThrow();
  });
});

describe("teams of a file", () => {
  it("are found by name or by key, and made once", () => {
    const teams = [{ key: "phone", name: "Phone support" }];
    const { people, newTeams } = plan(
      [
        person("a@x", { team: "Phone support" }),
        person("b@x", { team: "Phone" }),
        person("c@x", { team: "Écran & Son" }),
        person("d@x", { team: "Écran & Son" }),
      ],
      [],
      teams,
    );
    expect(people.map(({ teamKey: key }) => key)).toEqual(["phone", "phone", "ecran-son", "ecran-son"]);
    expect(newTeams).toEqual([{ key: "ecran-son", name: "Écran & Son" }]);
  });

  it("get a key of a policy's letters, whatever their script", () => {
    expect(teamKey("  Night  Desk (EU) ")).toBe("night-desk-eu");
    expect(teamKey("夜勤")).toMatch(/^team-[0-9a-f]{8}$/);
    expect(teamKey("夜勤")).toBe(teamKey("夜勤"));
    expect(teamKey("夜勤")).not.toBe(teamKey("日勤"));
  });
});
