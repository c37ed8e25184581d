import type { Role } from "@/lib/discretion/schema";
import { addDays } from "@/lib/discretion/windows";
import { addressPart, personName } from "./names";
import { randomOf } from "./random";

export const DEMO_DOMAIN = "demo.leeway.test";
export const DEMO_PASSWORD = "leeway-demo";

export interface Team {
  key: string;
  name: string;
  channels: readonly (readonly [channel: string, weight: number])[];
  agents: number;
}

export const TEAMS: readonly Team[] = [
  {
    key: "phone",
    name: "Phone support",
    channels: [
      ["phone", 9],
      ["email", 1],
    ],
    agents: 8,
  },
  {
    key: "written",
    name: "Email and chat",
    channels: [
      ["chat", 6],
      ["email", 5],
    ],
    agents: 8,
  },
  {
    key: "stores",
    name: "Stores",
    channels: [
      ["in_person", 9],
      ["phone", 1],
    ],
    agents: 7,
  },
  {
    key: "deliveries",
    name: "Deliveries and returns",
    channels: [
      ["phone", 5],
      ["email", 4],
      ["chat", 1],
    ],
    agents: 6,
  },
  {
    key: "nights",
    name: "Evenings and nights",
    channels: [
      ["chat", 5],
      ["phone", 4],
    ],
    agents: 4,
  },
];

export interface Person {
  email: string;
  name: string;
  role: Role;
  /** The team's key. */
  team: string | null;
  /** The line manager's address. */
  manager: string | null;
  /** ISO date. */
  startedOn: string;
  /** One of the four whom visitors sign in as. */
  signsIn: boolean;
}

const address = (name: string) => `${name}@${DEMO_DOMAIN}`;
export const AGENT = address("agent");
export const MANAGER = address("manager");
export const ADMIN = address("admin");
const AUDITOR = address("auditor");

/** Everybody who works in the demo; whoever manages comes before those who are managed. */
export function demoPeople(today: string): Person[] {
  const random = randomOf("employees");
  const since = (fromDays: number, toDays: number) => addDays(today, -random.int(fromDays, toDays));
  const demo = { signsIn: true, manager: ADMIN };
  const people: Person[] = [
    {
      ...demo,
      email: ADMIN,
      name: "Imani Castellanos",
      role: "admin",
      team: null,
      manager: null,
      startedOn: since(2600, 2900),
    },
    {
      ...demo,
      email: AUDITOR,
      name: "Henrik Solberg",
      role: "auditor",
      team: null,
      startedOn: since(900, 1200),
    },
    {
      ...demo,
      email: MANAGER,
      name: "Priyanka Whitfield",
      role: "manager",
      team: "phone",
      startedOn: since(1700, 2000),
    },
  ];
  const taken = new Set(people.map((person) => person.email));
  const somebody = (): Pick<Person, "name" | "email"> => {
    for (;;) {
      const { given, family } = personName(random);
      const email = address(`${addressPart(given)}.${addressPart(family)}`);
      // People who are easily told apart are easier to follow.
      if ([email, given, family].some((part) => taken.has(part))) continue;
      for (const part of [email, given, family]) taken.add(part);
      return { name: `${given} ${family}`, email };
    }
  };
  for (const team of TEAMS.slice(1)) {
    people.push({
      ...somebody(),
      role: "manager",
      team: team.key,
      manager: ADMIN,
      startedOn: since(800, 2600),
      signsIn: false,
    });
  }
  const managerOf = (team: Team) =>
    people.find((person) => person.role === "manager" && person.team === team.key)?.email ?? ADMIN;
  for (const team of TEAMS) {
    const manager = managerOf(team);
    const common = { role: "agent", team: team.key, manager } as const;
    const known: Person[] =
      team.key === "phone"
        ? [{ ...common, email: AGENT, name: "Robin Okonkwo", startedOn: since(420, 520), signsIn: true }]
        : [];
    people.push(...known);
    for (let i = known.length; i < team.agents; i++) {
      people.push({ ...common, ...somebody(), startedOn: since(100, 2200), signsIn: false });
    }
  }
  return people;
}
